"""The wire misbehaves: requests and callbacks come twice, late, out of order, or get lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from tests.databases import Databases
from tests.stories.town import LINE, Town, town_on
from warmline.simulator import Phone
from warmline.telephony.port import RETRY_OVERRIDES

Story = Callable[[Town], None]


def calls(town: Town, name: str = "Cal") -> Phone:
    """Somebody calls and skips the promise."""
    phone = town.phone(name).when_hears("Our promise", press="#", once=True)
    phone.dial(LINE)
    return phone


def counted(town: Town) -> Phone:
    """Cal calls, and says at once that the call may be counted."""
    cal = town.phone("Cal").when_hears("5 counts this call", press="5", once=True)
    cal.dial(LINE)
    return cal


def takes(town: Town, name: str, after: float = 3) -> Phone:
    """A volunteer who takes what is offered."""
    there = town.phone(name) if name in town.people else town.volunteer(name)
    return there.picks_up(after).when_hears("Press 1 to take it", press="1")


def taken_while_the_promise_is_heard_to_its_end(town: Town) -> None:
    ana, cal = takes(town, "Ana"), town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.hang_up()


def asks_to_be_called_back_and_is(town: Town) -> None:
    ana, cal, dot = takes(town, "Ana"), town.phone("Cal"), calls(town, "Dot")
    town.until_talking(dot, ana)
    cal.when_hears("Our promise", press="#", once=True)
    cal.when_hears("To be called back, press 4.", press="4", once=True)
    cal.when_hears("within two hours: press 1.", press="1", once=True)
    cal.when_hears("Press it now.", press="6", once=True)
    cal.when_hears("Press your key.", press="6", once=True)
    cal.dial(LINE)
    town.until_hears(cal, "Noted.")
    cal.hang_up()
    cal.picks_up(after=3)
    dot.hang_up()
    town.until_talking(cal, ana, 900)
    cal.hang_up()


def counted_then_ended_kindly_then_somebody_else(town: Town) -> None:
    ana, cal = takes(town, "Ana", after=12), counted(town)
    town.until_talking(cal, ana)
    ana.when_hears("9: end kindly", press="9")
    ana.press("*")
    town.until_hears(cal, "press 1.")
    bo = takes(town, "Bo")
    cal.press("1")
    town.until_talking(cal, bo)
    cal.hang_up()


def counted_and_taken_back(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = counted(town)
    cal.when_hears("5 takes it back.", press="5", once=True)
    town.until_hears(cal, "not counted.")
    town.wait(12)
    cal.press("0")
    town.until_hears(cal, "Your place is kept.")
    cal.press("1")
    town.until_hears(cal, "Our promise")
    town.wait(3)
    cal.hang_up()


def passed_and_taken_by_another(town: Town) -> None:
    town.volunteer("Ana").picks_up(after=2).when_hears("2 to pass", press="2")
    bo, cal = takes(town, "Bo", after=10), calls(town)
    town.until_talking(cal, bo)
    bo.when_hears("7: a line was crossed", press="7")
    bo.press("*")
    town.until_over(cal)


def nobody_picks_up_and_looking_on(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    town.volunteer("Bo").has_voicemail(after=3)
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal = calls(town)
    town.until_hears(cal, "No one could pick up", within=300)
    cal.press("2")
    town.until_hears(cal, "Once more.")
    town.until_hears(cal, "No one could pick up")
    cal.press("1")
    town.until_hears(cal, "No one could pick up", within=300)
    town.until_over(cal, within=300)


def nobody_on(town: Town) -> None:
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_over(cal)


def cut_off_and_back(town: Town) -> None:
    ana, cal = takes(town, "Ana"), calls(town)
    town.until_talking(cal, ana)
    ana.when_hears("go back to it", press="1")
    ana.hang_up()
    town.until_talking(cal, ana)
    cal.press("*")
    town.until_hears(cal, "1: back")
    cal.press("1")
    town.until_talking(cal, ana)
    ana.press("*")
    town.until_talking(cal, ana)
    town.wait(400)
    cal.when_hears("9: goodbye.", press="9")
    cal.press("*")
    town.until_over(cal)


def cut_off_and_passed_on(town: Town) -> None:
    ana, cal = takes(town, "Ana"), calls(town)
    town.until_talking(cal, ana)
    ana.when_hears("someone else takes it", press="2")
    bo = takes(town, "Bo", after=5)
    ana.hang_up()
    town.until_talking(cal, bo)
    cal.when_hears("2: someone else, please", press="2")
    cal.press("*")
    town.until_over(cal, within=400)


def two_callers_and_one_too_late(town: Town) -> None:
    ana, bo, cal = takes(town, "Ana", after=5), takes(town, "Bo", after=9), calls(town)
    town.until_talking(cal, ana)
    town.until_over(bo)
    dot = calls(town, "Dot")
    town.until_talking(dot, bo)
    dot.hang_up()
    cal.hang_up()


def the_volunteers_menu(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    ana.when_hears("For your shifts, press 1.", press="1", once=True)
    ana.dial(LINE)
    for key in "14323319":
        town.until_hears(ana, "4: my next shifts.")
        ana.press(key)
        town.wait(2)
    ana.hang_up()


STORIES: dict[str, Story] = {
    story.__name__: story
    for story in (
        counted_then_ended_kindly_then_somebody_else,
        counted_and_taken_back,
        passed_and_taken_by_another,
        nobody_picks_up_and_looking_on,
        nobody_on,
        cut_off_and_back,
        cut_off_and_passed_on,
        two_callers_and_one_too_late,
        the_volunteers_menu,
        taken_while_the_promise_is_heard_to_its_end,
        asks_to_be_called_back_and_is,
    )
}


@contextmanager
def a_town(databases: Databases) -> Iterator[Town]:
    """As `provision` points the number here: whatever goes wrong is asked for again."""
    with databases.migrated() as url, town_on(url) as town:
        base = town.parts.settings.public_url
        town.network.add_number(
            LINE,
            voice_url=f"{base}/voice{RETRY_OVERRIDES}",
            status_url=f"{base}/voice/status{RETRY_OVERRIDES}",
            fallback_url=f"{base}/voice/fallback{RETRY_OVERRIDES}",
        )
        yield town


def ends(town: Town) -> None:
    """Whoever still talks hangs up, and the clock runs on until nothing is left to come."""
    town.wait(5)
    for phone in phones(town):
        if phone.is_in_call:
            phone.hang_up()
    town.wait(90)
    assert town.live_rows() == {}, town.network.story()
    town.wait(120)
    assert town.network.records() == [], "the provider keeps nothing of it either"


def phones(town: Town) -> list[Phone]:
    return [town.phone(name) for name in ("Ana", "Bo", "Cal", "Dot")]


def told(databases: Databases, story: Story, **faults: object) -> tuple[str, list[str]]:
    """A story played from beginning to end: the rows that stay, and who heard what and when."""
    with a_town(databases) as town:
        for name, value in faults.items():
            setattr(town.network.faults, name, value)
        story(town)
        ends(town)
        return town.everything_written(), heard_by_all(town)


def heard_by_all(town: Town) -> list[str]:
    return [
        f"{phone.name} {at:%H:%M:%S.%f} {words}"
        for phone in phones(town)
        for at, words in phone.heard
    ]


@cache
def as_ever(databases: Databases, story: str) -> tuple[str, list[str]]:
    """The story told once where nothing goes wrong, for all who compare."""
    return told(databases, STORIES[story])


TWICE: dict[str, object] = {"webhooks_twice": True, "callbacks_twice": True}


@pytest.mark.parametrize("story", STORIES)
def test_a_call_whose_every_request_comes_twice_has_the_same_words_and_leaves_the_same_rows(
    story: str, databases: Databases
) -> None:
    twice = told(databases, STORIES[story], **TWICE)
    assert twice == as_ever(databases, story)


@pytest.mark.parametrize("story", ["cut_off_and_passed_on", "two_callers_and_one_too_late"])
def test_on_postgresql_too_requests_that_come_twice_change_nothing(
    story: str, postgresql_databases: Databases
) -> None:
    """Where two steps meet, its locks decide otherwise than SQLite's one writer."""
    twice = told(postgresql_databases, STORIES[story], **TWICE)
    assert twice == as_ever(postgresql_databases, story)


HARMLESS: dict[str, dict[str, object]] = {
    "callbacks late and out of order": {"callbacks_late": 2.0, "callbacks_out_of_order": 1.5},
    "answers lost": {"answers_lost": 4},
    "the provider slow and deaf": {"creates_lost": 1, "requests_refused": 2},
}


@pytest.mark.parametrize("fault", HARMLESS)
@pytest.mark.parametrize("story", STORIES)
def test_whatever_the_wire_does_the_call_goes_on_and_leaves_nothing_behind(
    story: str, fault: str, sqlite_databases: Databases
) -> None:
    told(sqlite_databases, STORIES[story], **HARMLESS[fault])
