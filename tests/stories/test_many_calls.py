"""A flood is slowed by a key or a wait; nobody is refused, withheld numbers are no class apart."""

import pytest

from tests.stories.town import LINE, Town
from warmline.conversations.arrivals.many_calls import MANY, WAIT
from warmline.simulator import Phone

MANY_WORDS = "Very many are calling at this moment."


def flood(town: Town) -> None:
    """Many phones call within a minute, and stay."""
    for number in range(MANY):
        town.network.phone(f"+1413555{2000 + number}", f"Caller {number}").dial(LINE)
        town.wait(1)


@pytest.mark.parametrize("withheld", [False, True])
@pytest.mark.parametrize("key", ["1", None])
def test_a_person_goes_on_with_a_key_or_after_a_wait(
    sqlite_town: Town, withheld: bool, key: str | None
) -> None:
    town = sqlite_town
    flood(town)
    cal = town.phone("Cal")
    if key:
        cal.when_hears("We'll still put you through.", press=key, once=True)
    cal.dial(LINE, withheld=withheld)
    town.until_hears(cal, MANY_WORDS)
    began = town.network.now()
    town.until_hears(cal, "Nobody is here")
    took = (town.network.now() - began).total_seconds()
    assert took < WAIT if key else took >= WAIT


def test_an_evening_with_many_callers_is_no_flood(sqlite_town: Town) -> None:
    town = sqlite_town
    for number in range(MANY - 1):
        town.network.phone(f"+1413555{2000 + number}", f"Caller {number}").dial(LINE)
    town.wait(2)
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "Nobody is here")
    assert not cal.has_heard(MANY_WORDS)


def test_whoever_is_on_the_roster_reaches_their_shifts_meanwhile(sqlite_town: Town) -> None:
    town = sqlite_town
    ana: Phone = town.volunteer("Ana", on=None)
    flood(town)
    ana.dial(LINE)
    town.until_hears(ana, "For your shifts, press 1.")
