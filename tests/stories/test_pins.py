"""A PIN of one's own choice: before the menu of a call whose number nobody vouches for."""

import pytest
from sqlalchemy import func, select

from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.models.sign_in import Attempt, Pin
from warmline.sign_in import pins
from warmline.simulator import Phone

PIN = "271828"
ASKED = "Please key in the six digits of your PIN."


def chosen(town: Town, name: str) -> None:
    with town.parts.database.writing() as db:
        pins.choose(db, town.parts.seal, town.people[name], PIN)


def at_the_menu(town: Town, phone: Phone, verstat: str | None, then: str) -> Phone:
    """They ring the line, press 1, and hear this."""
    phone.verstat = verstat
    phone.dial(LINE)
    town.until_hears(phone, "For your shifts, press 1.")
    phone.press("1")
    town.until_hears(phone, then)
    return phone


def test_who_has_one_keys_it_in_where_the_number_may_be_forged(town: Town) -> None:
    ana = town.volunteer("Ana")
    chosen(town, "Ana")
    at_the_menu(town, ana, None, ASKED).press(PIN)
    town.until_hears(ana, "1: on now. 2: off.")
    ana.press("2")
    town.until_hears(ana, "You're off.")
    town.wait(5)
    assert ana.texts == [], "whoever knows it has proven who they are"
    assert PIN not in town.everything_written()
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Attempt)) == 0, "it was no guess"


@pytest.mark.parametrize("verstat", ["TN-Validation-Passed-A", None])
def test_it_is_not_asked_of_proven_numbers_nor_of_who_has_chosen_none(
    sqlite_town: Town, verstat: str | None
) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana")
    if verstat:
        chosen(town, "Ana")
    at_the_menu(town, ana, verstat, "1: on now. 2: off.")
    assert not ana.has_heard("PIN")


def test_after_three_tries_they_are_a_caller_like_any_other(sqlite_town: Town) -> None:
    town = sqlite_town
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    chosen(town, "Ana")
    at_the_menu(town, ana, "TN-Validation-Failed-C", ASKED)
    for wrong, then in (("000000", ASKED), ("271829", ASKED), ("27182", "That's not it.")):
        ana.press(wrong)
        town.until_hears(ana, then)
    town.until_hears(ana, "That was enough tries. For your shifts, text us")
    town.until_talking(ana, bo)
    assert not ana.has_heard("1: on now.")
    assert "until 9 PM" in writes(town, ana, "IN")[0], "her texts go on"


def test_who_keys_in_nothing_is_a_caller(sqlite_town: Town) -> None:
    town = sqlite_town
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    chosen(town, "Ana")
    at_the_menu(town, ana, None, ASKED)
    town.until_talking(ana, bo)


def test_of_all_guesses_of_a_day_nine_are_compared_and_the_owner_is_in_by_their_own_phone(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana")
    chosen(town, "Ana")
    for _ in range(3):
        at_the_menu(town, ana, None, ASKED)
        for then in (ASKED, ASKED, "That was enough tries."):
            ana.press("314159")
            town.until_hears(ana, then)
        ana.hang_up()
        town.wait(5)
    at_the_menu(town, ana, None, "That was enough tries.")
    ana.hang_up()
    town.wait(5)
    at_the_menu(town, ana, "TN-Validation-Passed-A", "1: on now. 2: off.")
    ana.hang_up()
    town.hours_pass(25)
    at_the_menu(town, ana, None, ASKED).press(PIN)
    town.until_hears(ana, "1: on now. 2: off.")


def test_in_spanish_it_is_asked_in_spanish(sqlite_url: str) -> None:
    with town_on(sqlite_url, languages="en,es") as town:
        ana = town.volunteer("Ana", languages="es")
        chosen(town, "Ana")
        ana.verstat = None
        ana.dial(LINE)
        town.until_hears(ana, "Para sus turnos, oprima 1.")
        ana.press("1")
        town.until_hears(ana, "Marque los seis dígitos de su PIN.")


def test_who_leaves_leaves_no_pin(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=None)
    chosen(town, "Ana")
    writes(town, ana, "LEAVE")
    writes(town, ana, "LEAVE")
    with town.parts.database.reading() as db:
        assert db.scalar(select(Pin.person_id)) is None


@pytest.mark.parametrize(
    ("given", "good"),
    [
        (PIN, True),
        ("012346", True),
        ("111111", False),
        ("123456", False),
        ("654321", False),
        (NUMBERS["Ana"][-6:], False),
        ("27182", False),
        ("2718281", False),
        ("²71828", False),
        ("27 828", False),
        ("", False),
    ],
)
def test_what_everybody_tries_first_is_no_pin(given: str, good: bool) -> None:
    assert pins.is_a_pin(given, NUMBERS["Ana"]) is good
