"""Whoever shows a volunteer's number is taken for them: they hear of what was done, at once."""

import pytest

from tests.stories.test_volunteer_menu import in_menu
from tests.stories.test_volunteer_shifts_by_key import in_list
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import Town
from warmline.simulator import Phone

FORGED = ("TN-Validation-Passed-B", "TN-Validation-Failed-A", "No-TN-Validation", "", None)
NOT_YOU = "Was it not you?"


def told(phone: Phone) -> list[str]:
    return [text.body for text in phone.texts if NOT_YOU in text.body]


def alarms(phone: Phone) -> list[str]:
    return [text.body for text in phone.texts if "three or more came off" in text.body]


def calls_off(town: Town, name: str, verstat: str | None) -> Phone:
    """Somebody who shows this number has its owner taken off."""
    phone = town.phone(name)
    phone.verstat = verstat
    in_menu_of(town, phone)
    phone.press("2")
    town.until_hears(phone, "You're off. Rest well.")
    phone.hang_up()
    town.wait(3)
    return phone


def in_menu_of(town: Town, phone: Phone) -> None:
    phone.dial("+14135550100")
    town.until_hears(phone, "press 1")
    phone.press("1")
    town.until_hears(phone, "1: on now. 2: off.")


@pytest.mark.parametrize("verstat", FORGED)
def test_off_by_a_call_that_nobody_vouches_for_is_told_to_the_number_at_once(
    sqlite_town: Town, verstat: str | None
) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana")
    calls_off(town, "Ana", verstat)
    [said] = told(ana)
    assert said == (
        "Riverside: a call from your number took you off just now. Was it not you? IN = on again."
    )
    assert "you are on until" in writes(town, ana, "IN")[0]


def test_who_calls_with_a_number_that_is_vouched_for_hears_nothing_more(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=None)
    in_menu(town)
    ana.press("2")
    town.until_hears(ana, "You're not on right now.")
    ana.hang_up()
    town.volunteer("Bo")
    calls_off(town, "Bo", "TN-Validation-Passed-A")
    assert told(ana) == told(town.phone("Bo")) == []


def test_nothing_is_told_where_nothing_was_changed(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=None)
    ana.verstat = None
    in_list(town, ana, "7")
    town.until_hears(ana, "2: I'm sick.")
    ana.press("2")
    town.until_hears(ana, "You are free until Tuesday, noon.")
    town.until_hears(ana, "4: my next shifts.")
    ana.press("2")
    town.until_hears(ana, "You're not on right now.")
    town.wait(3)
    assert told(ana) == []


def test_a_shift_given_back_by_such_a_call_comes_back_with_undo(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    ana.verstat = ""
    in_list(town, ana, "7")
    town.until_hears(ana, "1: give a shift back.")
    ana.press("1")
    town.until_hears(ana, "is yours.")
    ana.press("1")
    town.until_hears(ana, "You are free of Tuesday from 2 PM to 5 PM.")
    ana.hang_up()
    town.wait(3)
    [said] = told(ana)
    assert "a call freed you of Tue 5 Mar 2 PM-5 PM. Was it not you? UNDO" in said
    assert "undone. Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "UNDO")[0]
    assert "1 Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "SHIFTS")[0]


def test_sick_and_away_by_such_a_call_are_taken_back_as_it_says(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=(10, 12))
    ana.verstat = None
    in_list(town, ana, "7")
    town.until_hears(ana, "2: I'm sick.")
    ana.press("2")
    town.until_hears(ana, "You are free until Tuesday, noon.")
    town.until_hears(ana, "4: my next shifts.")
    ana.press("8")
    town.until_hears(ana, "3: for a week.")
    ana.press("2")
    town.until_hears(ana, "You are away until Tuesday night.")
    ana.hang_up()
    town.wait(3)
    sick, away = told(ana)
    assert "a call freed you until Tue noon. Was it not you? UNDO takes it back" in sick
    assert "away until Tue 5 Mar. Was it not you? NO 1 takes it back" in away
    assert "you are not away" in writes(town, ana, "NO 1")[0]
    assert "undone. Tue 5 Mar" in writes(town, ana, "UNDO")[0]


def test_by_text_the_one_answer_says_what_was_done_and_how_to_take_it_back(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", -1, 3)
    writes(town, ana, "SHIFTS")
    ways = {
        "DROP 1": "UNDO takes it back",
        "UNDO": "undone",
        "OUT": "IN = on again",
        "AWAY 20 MAR": "takes it back",
        "PAUSE 90": "BACK = earlier",
        "SICK": "Rest well.",
        "LEAVE": "LEAVE again within ten minutes erases you",
    }
    for body, back in ways.items():
        [said] = writes(town, ana, body)
        assert back in said, body
    assert told(ana) == []


def test_sick_by_text_teaches_undo_where_undo_works(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana", on=(10, 12))
    assert "Rest well. UNDO takes it back." in writes(town, ana, "SICK")[0]
    assert "undone" in writes(town, ana, "UNDO")[0]
    bo = town.volunteer("Bo")
    assert writes(town, bo, "SICK") == ["Riverside: you're free until Tue noon. Rest well."]


def test_three_within_ten_minutes_are_told_to_whoever_is_on_duty_once(town: Town) -> None:
    dee = town.volunteer("Dee", on=None)
    town.duty("Dee", -1, 5)
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo", on=(10, 12))
    for name in ("Chi", "Eli"):
        town.volunteer(name)
    writes(town, ana, "OUT")
    writes(town, ana, "IN")
    writes(town, ana, "OUT")
    writes(town, bo, "SICK")
    assert alarms(dee) == [], "two people, however often"
    calls_off(town, "Chi", None)
    [said] = alarms(dee)
    assert not any(name in said for name in ("Ana", "Bo", "Chi"))
    writes(town, town.phone("Eli"), "OUT")
    assert len(alarms(dee)) == 1


def test_far_apart_or_at_the_end_of_a_shift_or_proven_they_are_no_alarm(sqlite_town: Town) -> None:
    town = sqlite_town
    dee = town.volunteer("Dee", on=None)
    town.duty("Dee", -1, 9)
    for name in ("Ana", "Bo", "Chi"):
        town.volunteer(name, on=(-1, 0.4))
        assert "you are off" in writes(town, town.phone(name), "OUT")[0]
    for name in ("Ana", "Bo", "Chi"):
        town.shift(name, 0, 2)
        calls_off(town, name, "TN-Validation-Passed-A")
    for name in ("Ana", "Bo", "Chi"):
        town.shift(name, -0.5, 4)
        writes(town, town.phone(name), "OUT")
        town.wait(360)
    assert alarms(dee) == []


def test_who_is_erased_by_their_word_hears_so_and_how_to_come_back(sqlite_town: Town) -> None:
    town = sqlite_town
    ana = town.volunteer("Ana")
    writes(town, ana, "LEAVE")
    [said] = writes(town, ana, "LEAVE")
    assert "Not you? JOIN = come back" in said
