"""What is counted of everybody, and which numbers a note is one more of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.shifts.rosters import LINE, OTHER_LINE, roster
from warmline.counts import counting
from warmline.counts.counting import Noted
from warmline.models.counts import WHAT, DayCount

NEW_YORK = ZoneInfo("America/New_York")
EVENING = datetime(2030, 3, 4, 23, 30, tzinfo=UTC)
"""A Monday, half past six in the evening in New York."""
MONDAY = date(2030, 3, 4)
BEFORE_FALL_BACK = datetime(2030, 11, 3, 5, 59, 50, tzinfo=UTC)
"""Ten seconds before two o'clock becomes one o'clock in New York."""
BANDS = (*(name for _, name in counting.WAITS), counting.LEFT_EARLY, counting.LEFT_LATER, "")


def waited(seconds: float, came: float | None = None, began: datetime = EVENING) -> str:
    """The band of somebody who came at half past six; it was over so many seconds later."""
    came_at = None if came is None else began + timedelta(seconds=came)
    ended = began + timedelta(seconds=seconds)
    return counting.wait_band(began, came_at, ended, answered=came is not None)


@pytest.mark.parametrize(
    ("seconds", "band"),
    [
        (-1, "waited 30 s"),
        (0, "waited 30 s"),
        (30, "waited 30 s"),
        (30.1, "waited 2 min"),
        (120, "waited 2 min"),
        (121, "waited longer"),
        (90_000, "waited longer"),
    ],
)
def test_whoever_was_answered_waited_up_to_so_long(seconds: float, band: str) -> None:
    assert waited(100_000, seconds) == band


@pytest.mark.parametrize(
    ("seconds", "band"), [(0, "left early"), (19.9, "left early"), (20, "left later")]
)
def test_whoever_left_before_anybody_came_had_waited_or_had_not(seconds: float, band: str) -> None:
    assert waited(seconds) == band


def test_how_long_somebody_waited_is_empty_where_it_is_not_known() -> None:
    assert counting.wait_band(EVENING, None, EVENING, answered=True) == ""


def test_the_night_when_clocks_go_back_makes_no_wait_longer() -> None:
    assert waited(7200, 25, BEFORE_FALL_BACK) == "waited 30 s"


def test_a_note_is_one_more_of_each_number_and_whatever_it_lacks_is_none() -> None:
    spoken = Noted(MONDAY, 18, "voice", "es", "waited 30 s", "5 to 15 min", True)
    assert list(counting.of_note(spoken)) == [
        *("offered", "answered", "answered es", "hour 18 offered"),
        *("waited 30 s", "took 5 to 15 min"),
    ]
    missed = Noted(MONDAY, 18, "text", "en", "", "none", False)
    assert list(counting.of_note(missed)) == [
        *("offered", "not reached", "not reached en", "hour 18 offered"),
        *("hour 18 not reached", "by text"),
    ]


NOTED = st.builds(
    Noted,
    day=st.dates(),
    hour=st.integers(0, 23),
    channel=st.sampled_from(("voice", "text")),
    language=st.text(min_size=1, max_size=8),
    wait=st.sampled_from(BANDS),
    length=st.sampled_from((*counting.LENGTHS, counting.NO_LENGTH)),
    answered=st.booleans(),
)


@given(NOTED)
def test_every_name_has_room_and_none_counts_twice(noted: Noted) -> None:
    named = list(counting.of_note(noted))
    assert len(set(named)) == len(named)
    assert all(len(name) <= (WHAT.length or 0) for name in named)


@pytest.mark.parametrize(
    ("day", "hour", "of_week"),
    [(MONDAY, 0, 0), (MONDAY, 18, 18), (date(2030, 3, 10), 23, 167)],
)
def test_the_week_begins_on_monday_at_midnight(day: date, hour: int, of_week: int) -> None:
    assert counting.hour_of_week(day, hour) == of_week


def test_sums_add_up_by_line_and_are_dated_by_day_alone(database_url: str) -> None:
    with roster(database_url) as db:
        for line in (LINE, LINE, OTHER_LINE):
            counting.count_offered(db, line, EVENING, NEW_YORK)
            late = EVENING + timedelta(hours=6)
            counting.count_over(db, line, late, NEW_YORK, answered=False)
        of_line = select(DayCount.day, DayCount.what, DayCount.number)
        rows = db.execute(of_line.where(DayCount.line_id == LINE)).all()
    assert sorted(tuple(row) for row in rows) == [
        (MONDAY, "offered", 2),
        (date(2030, 3, 5), "not reached", 2),
    ]
