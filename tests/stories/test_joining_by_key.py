"""Whoever waits can ask to join by a key; nothing is kept without it, and their place is."""

from sqlalchemy import func, select

from tests.stories.town import LINE, Town
from warmline.models.people import Joining
from warmline.simulator import Phone


def waits(town: Town, *, withheld: bool = False) -> Phone:
    """Ana is in a talk, so that Cal waits and looks at the other choices."""
    ana, dot, cal = town.volunteer("Ana"), town.phone("Dot"), town.phone("Cal")
    dot.dial(LINE)
    takes(town, ana)
    town.until_talking(dot, ana)
    cal.dial(LINE, withheld=withheld)
    town.until_hears(cal, "We're looking for someone now.")
    town.wait(14)
    cal.press("0")
    town.until_hears(cal, "For other choices, press 0.")
    cal.press("0")
    town.until_hears(cal, "as a volunteer, press 6")
    cal.press("6")
    town.until_hears(cal, "To be rung, press 1")
    return cal


def takes(town: Town, peer: Phone) -> None:
    town.until_rings(peer)
    peer.pick_up()
    town.until_hears(peer, "Press 1")
    peer.press("1")


def joining(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Joining)) or 0


def test_a_caller_who_presses_1_is_rung_within_a_week_and_still_put_through(town: Town) -> None:
    cal = waits(town)
    assert "only when they say yes" in cal.words
    assert "at most 30 days" in cal.words
    assert joining(town) == 0
    cal.press("1")
    town.until_hears(cal, "Someone will call you within a week. Text LEAVE")
    assert joining(town) == 1
    bo = town.volunteer("Bo")
    takes(town, bo)
    town.until_talking(cal, bo)
    cal.hang_up()
    cal.write(LINE, "LEAVE")
    town.wait(5)
    assert joining(town) == 0


def test_a_number_that_is_withheld_is_told_how_else_and_nothing_is_kept(town: Town) -> None:
    cal = waits(town, withheld=True)
    cal.press("1")
    town.until_hears(cal, "Text JOIN to this number")
    assert joining(town) == 0


def test_whoever_presses_nothing_goes_on_waiting(town: Town) -> None:
    cal = waits(town)
    town.until_hears(cal, "We're still waiting with you")
    assert joining(town) == 0
    assert cal.is_in_call
