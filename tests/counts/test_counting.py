"""What of the counts moves when a call or a talk by text is over."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.shifts.rosters import LINE, OTHER_LINE, roster
from warmline.counts import counting
from warmline.counts.counting import TEXT, VOICE, Over
from warmline.models.counts import WHAT, DayCount, WeekCount

NEW_YORK = ZoneInfo("America/New_York")
EVENING = datetime(2030, 3, 4, 23, 30, tzinfo=UTC)
"""A Monday, half past six in the evening in New York."""
BEFORE_FALL_BACK = datetime(2030, 11, 3, 5, 59, 50, tzinfo=UTC)
"""Ten seconds before two o'clock becomes one o'clock in New York."""


def over(seconds: float, came: float | None = None, channel: str = VOICE) -> Over:
    """Somebody called at half past six, and it was over so many seconds later."""
    ended = EVENING + timedelta(seconds=seconds)
    came_at = None if came is None else EVENING + timedelta(seconds=came)
    return Over(channel, "en", EVENING, came_at, ended, came is not None, NEW_YORK)


@pytest.mark.parametrize(
    ("waited", "band"),
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
def test_whoever_was_answered_waited_up_to_so_long(waited: float, band: str) -> None:
    assert list(counting.of_day(over(100_000, waited))) == ["answered", "answered en", band]


@pytest.mark.parametrize(
    ("seconds", "band"), [(0, "left early"), (19.9, "left early"), (20, "left later")]
)
def test_whoever_left_before_anybody_came_had_waited_or_had_not(seconds: float, band: str) -> None:
    assert list(counting.of_day(over(seconds))) == ["not reached", "not reached en", band]


def test_texts_count_apart_but_for_the_language() -> None:
    named = ["text answered", "answered en", "text waited 30 s"]
    assert list(counting.of_day(over(60, 5, TEXT))) == named
    assert list(counting.of_week(over(60, 5, TEXT))) == ["text offered"]
    assert list(counting.of_week(over(60, None, TEXT))) == ["text offered", "text not reached"]


@given(
    st.sampled_from(counting.CHANNELS),
    st.text(min_size=1, max_size=8),
    st.timedeltas(),
    st.none() | st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    st.booleans(),
)
def test_every_name_has_room_and_none_counts_twice(
    channel: str, language: str, lasted: timedelta, came: timedelta | None, answered: bool
) -> None:
    lasted = min(max(lasted, timedelta(days=-9)), timedelta(days=9))
    came_at = None if came is None else EVENING + came
    one = Over(channel, language, EVENING, came_at, EVENING + lasted, answered, NEW_YORK)
    for named in (list(counting.of_day(one)), list(counting.of_week(one))):
        assert len(set(named)) == len(named)
        assert all(len(name) <= (WHAT.length or 0) for name in named)


def test_the_night_when_clocks_go_back_makes_no_wait_longer() -> None:
    began = BEFORE_FALL_BACK
    came = began + timedelta(seconds=25)
    one = Over(VOICE, "en", began, came, came + timedelta(hours=2), True, NEW_YORK)
    assert "waited 30 s" in list(counting.of_day(one))


@pytest.mark.parametrize(
    ("local", "hour"),
    [
        (datetime(2030, 3, 4, 0, 0, tzinfo=NEW_YORK), 0),
        (datetime(2030, 3, 4, 18, 59, tzinfo=NEW_YORK), 18),
        (datetime(2030, 3, 10, 23, 59, tzinfo=NEW_YORK), 167),
    ],
)
def test_the_week_begins_on_monday_at_midnight(local: datetime, hour: int) -> None:
    assert counting.hour_of_week(local) == hour


def test_counts_add_up_by_line_and_are_dated_by_day_alone(database_url: str) -> None:
    late = Over(VOICE, "es", EVENING, None, EVENING + timedelta(hours=6), False, NEW_YORK)
    with roster(database_url) as db:
        for line in (LINE, LINE, OTHER_LINE):
            counting.count_offered(db, line, VOICE, EVENING, NEW_YORK)
            counting.count_over(db, line, late)
        of_line = select(DayCount.day, DayCount.what, DayCount.number)
        rows = db.execute(of_line.where(DayCount.line_id == LINE)).all()
        week = db.execute(select(WeekCount.__table__).where(WeekCount.line_id == LINE)).all()
    monday, tuesday = date(2030, 3, 4), date(2030, 3, 5)
    assert sorted(tuple(row) for row in rows) == [
        (monday, "offered", 2),
        (tuesday, "left later", 2),
        (tuesday, "not reached", 2),
        (tuesday, "not reached es", 2),
    ]
    assert sorted(tuple(row) for row in week) == [
        (LINE, date(2030, 3, 1), 18, "not reached", 2),
        (LINE, date(2030, 3, 1), 18, "offered", 2),
    ]
