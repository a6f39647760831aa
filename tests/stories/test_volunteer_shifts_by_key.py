"""Everything a shift needs has a key too: asked, open, given back, sick, away; by phone alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from shifts.models import Place
from tests.databases import Databases
from tests.stories.test_faults import a_town
from tests.stories.test_volunteer_texts import open_place, writes
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import LINE, Town, town_on
from warmline.simulator import Phone


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def in_list(town: Town, phone: Phone, key: str) -> None:
    """They ring the line, press 1 for their shifts, and then this key."""
    phone.dial(LINE)
    town.until_hears(phone, "For your shifts, press 1.")
    phone.press("1")
    town.until_hears(phone, "4: my next shifts.")
    phone.press(key)


def test_5_what_was_asked_is_answered_one_by_one(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    ask(town, "Ana", (20, 23), (44, 47), (68, 71))
    in_list(town, ana, "5")
    town.until_hears(ana, "You are asked for Tuesday from 2 PM to 5 PM. 1: yes. 2: no.")
    ana.press("1")
    town.until_hears(ana, "It is yours: Tuesday from 2 PM to 5 PM.")
    town.until_hears(ana, "asked for Wednesday from 2 PM")
    ana.press("2")
    town.until_hears(ana, "No is fine.")
    town.until_hears(ana, "asked for Thursday")
    town.until_hears(ana, "That was all.")
    town.until_hears(ana, "4: my next shifts.")
    ana.press("5")
    town.until_hears(ana, "asked for Thursday")
    ana.hang_up()
    assert "1 Tue 5 Mar 2 PM-5 PM, 2 Thu 7 Mar 2 PM-5 PM (asked)" in writes(town, ana, "SHIFTS")[0]


def test_6_an_open_place_is_taken_or_the_next_one_heard(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    for day in (0, 1, 9):
        open_place(town, 20 + 24 * day, 23 + 24 * day)
    in_list(town, ana, "6")
    town.until_hears(ana, "Tuesday from 2 PM to 5 PM needs someone.")
    ana.press("2")
    town.until_hears(ana, "Wednesday from 2 PM to 5 PM needs someone.")
    ana.press("1")
    town.until_hears(ana, "It is yours: Wednesday")
    town.until_hears(ana, "Thursday, March 14 from 3 PM to 6 PM needs someone.")
    ana.hang_up()
    assert "1 Wed 6 Mar" in writes(town, ana, "SHIFTS")[0]


def test_6_who_is_too_late_is_told_and_hears_the_next(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    open_place(town, 20, 23)
    open_place(town, 44, 47)
    in_list(town, ana, "6")
    town.until_hears(ana, "Tuesday from 2 PM")
    bo.write(LINE, "OPEN")
    bo.write(LINE, "TAKE TUE")
    town.wait(2)
    ana.press("1")
    town.until_hears(ana, "That one's taken now.")
    assert "no shifts" in writes(town, ana, "SHIFTS")[0]


def test_7_a_shift_is_given_back_or_all_until_tomorrow_noon(town: Town) -> None:
    ana = town.volunteer("Ana", on=(10, 12))
    town.shift("Ana", 20, 23)
    in_list(town, ana, "7")
    town.until_hears(ana, "1: give a shift back. 2: I'm sick.")
    ana.press("1")
    town.until_hears(ana, "Tuesday from 4 AM to 6 AM is yours.")
    town.until_hears(ana, "Tuesday from 2 PM to 5 PM is yours.")
    ana.press("1")
    town.until_hears(ana, "You are free of Tuesday from 2 PM to 5 PM.")
    town.until_hears(ana, "4: my next shifts.")
    ana.press("7")
    town.until_hears(ana, "2: I'm sick.")
    ana.press("2")
    town.until_hears(ana, "You are free until Tuesday, noon. Rest well.")
    ana.hang_up()
    assert "no shifts" in writes(town, ana, "SHIFTS")[0]


def test_8_away_for_some_days_and_what_is_theirs_then_is_asked_about(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 24 * 9, 24 * 9 + 3)
    in_list(town, ana, "8")
    town.until_hears(ana, "3: for a week.")
    ana.press("2")
    town.until_hears(ana, "You are away until Tuesday night.")
    town.until_hears(ana, "Tuesday from 2 PM to 5 PM is yours.")
    town.until_hears(ana, "That was all.")
    town.until_hears(ana, "4: my next shifts.")
    ana.press("8")
    town.until_hears(ana, "4: there after all.")
    ana.press("4")
    town.until_hears(ana, "You are there after all.")
    ana.hang_up()
    assert "Tue 5 Mar" in writes(town, ana, "SHIFTS")[0]
    assert "not away at any time" in writes(town, ana, "AWAY")[0]


def test_nothing_to_hear_is_said_and_other_keys_lead_back(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    in_list(town, ana, "5")
    town.until_hears(ana, "Nothing is asked of you just now.")
    for key, words in (("6", "No place needs someone"), ("7", "1: give a shift back")):
        town.until_hears(ana, "4: my next shifts.")
        ana.press(key)
        town.until_hears(ana, words)
    ana.press("9")
    town.until_hears(ana, "4: my next shifts.")


def test_the_keys_in_spanish(town: Town) -> None:
    ana = town.volunteer("Ana", on=None, languages="es")
    ask(town, "Ana", (20, 23))
    ana.dial(LINE)
    town.until_hears(ana, "oprima 1")
    ana.press("1")
    town.until_hears(ana, "4: mis próximos turnos.")
    ana.press("5")
    town.until_hears(ana, "Le preguntan por el martes de las 2")
    ana.press("1")
    town.until_hears(ana, "Es suyo: el martes")


def test_a_menu_whose_every_request_comes_twice_does_everything_once(databases: Databases) -> None:
    with a_town(databases) as town:
        town.network.faults.webhooks_twice = True
        ana = town.volunteer("Ana", on=(10, 12))
        ask(town, "Ana", (20, 23), (44, 47), (68, 71))
        in_list(town, ana, "5")
        for day, key in (("Tuesday", "1"), ("Wednesday", "2"), ("Thursday", "1")):
            town.until_hears(ana, f"asked for {day}")
            ana.press(key)
        town.until_hears(ana, "It is yours: Thursday")
        town.until_hears(ana, "4: my next shifts.")
        ana.hang_up()
        with town.parts.database.reading() as db:
            states = db.scalars(select(Place.state).order_by(Place.starts_at)).all()
        assert states == ["agreed", "agreed", "open", "agreed"]
