"""A call that was counted has a number, said only if wanted, with which anybody can erase it."""

import pytest

from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, Town
from warmline.simulator import Phone

OFFERS = {
    "asked": "5 counts this call",
    "counted": "For a number with which to erase it later, press 8.",
    "number": "press 0, then 7.",
    "menu": "For other choices, press 0.",
    "key in": "Please key in the eight digits of your number.",
}


def number_heard(phone: Phone) -> str:
    """The eight digits of the words in which the number was said."""
    said = next(words for _, words in reversed(phone.heard) if "Your number is" in words)
    digits = "".join(one for one in said.partition("Once more")[0] if one.isdigit())
    assert len(digits) == 8
    return digits


def waits(town: Town, phone: Phone, **keys: str) -> None:
    """They call and wait; each key is pressed once, after the words that offer it."""
    for words, key in keys.items():
        phone.when_hears(OFFERS[words], press=key, once=True)
    phone.dial(LINE)


def counted_call(town: Town, cal: Phone) -> str:
    """A call of Cal's that nobody takes, counted; the number that was said for it."""
    waits(town, cal, asked="5", counted="8")
    town.until_hears(cal, "Your number is")
    number = number_heard(cal)
    town.wait(30)
    cal.hang_up()
    town.wait(10)
    return number


@pytest.fixture
def ana(town: Town) -> Phone:
    """Somebody is on, and talks with Gus; callers are patient."""
    town.set_rules(patience_seconds=1800)
    ana = town.volunteer("Ana", breather=0).picks_up(after=2)
    ana.when_hears("Press 1", press="1")
    town.phone("Gus").dial(LINE)
    town.until_talking(town.phone("Gus"), ana)
    return ana


@pytest.mark.usefixtures("ana")
def test_the_number_is_said_when_wanted_and_erases_the_count_by_text(town: Town) -> None:
    number = counted_call(town, town.phone("Cal"))
    assert len(town.notes()) == 1
    assert number not in town.everything_written()
    assert "is erased" in writes(town, town.phone("Dot"), f"FORGET {number}")[-1]
    assert town.notes() == []


def test_it_is_said_too_when_nobody_was_found_and_what_next_is_asked(town: Town) -> None:
    town.volunteer("Ana")
    cal = town.phone("Cal")
    waits(town, cal, asked="5")
    town.until_hears(cal, "No one could pick up")
    cal.when_hears("If you press nothing", press="8", once=True)
    town.until_hears(cal, "Your number is")
    number = number_heard(cal)
    cal.hang_up()
    town.wait(10)
    assert "is erased" in writes(town, town.phone("Dot"), f"FORGET {number}")[-1]
    assert town.notes() == []


@pytest.mark.usefixtures("ana")
def test_it_is_keyed_in_too_and_the_place_in_the_queue_is_kept(town: Town) -> None:
    number = counted_call(town, town.phone("Cal"))
    dot = town.phone("Dot")
    waits(town, dot)
    for keys, said in (("00000000", "know that number here"), (number, "That count is erased.")):
        dot.when_hears("We're still waiting with you.", press="0", once=True)
        dot.when_hears(OFFERS["menu"], press="7", once=True)
        dot.when_hears(OFFERS["key in"], press=keys, once=True)
        town.until_hears(dot, said)
    assert town.notes() == []
    town.phone("Gus").hang_up()
    town.until_talking(dot, town.phone("Ana"), within=300)


@pytest.mark.usefixtures("ana")
def test_without_a_yes_there_is_no_number_and_without_8_none_is_said(town: Town) -> None:
    cal = town.phone("Cal")
    waits(town, cal, asked="8")
    town.until_hears(cal, "5 counts this call")
    town.wait(20)
    cal.press("5")
    town.until_hears(cal, "this call is counted")
    town.wait(20)
    cal.hang_up()
    town.wait(10)
    assert not any("Your number is" in said for _, said in cal.heard)
    assert len(town.notes()) == 1


@pytest.mark.usefixtures("ana")
def test_taken_back_there_is_nothing_that_the_number_could_erase(town: Town) -> None:
    cal = town.phone("Cal")
    waits(town, cal, asked="5", counted="8", number="5")
    town.until_hears(cal, "this call is not counted")
    number = number_heard(cal)
    cal.hang_up()
    town.wait(10)
    assert town.notes() == []
    assert "not known" in writes(town, town.phone("Dot"), f"FORGET {number}")[-1]
