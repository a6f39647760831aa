"""Hours that nobody can cover are cut out of the opening hours, and nothing else is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shifts.hours import opening_hours, weekly
from shifts.hours.closing import closed_between
from shifts.hours.opening_hours import Hours, OtherDay
from shifts.local_time import DAY

ZONE = ZoneInfo("America/New_York")
FRIDAY = date(2027, 6, 11)


def at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def said(changed: dict[date, OtherDay]) -> dict[str, str]:
    return {f"{day:%a %d}": str(other) for day, other in changed.items()}


@pytest.mark.parametrize(
    ("windows", "begin", "end", "left"),
    [
        ("daily 18:00-23:00", "18:00", "23:00", {"Fri 11": "closed (Snow)"}),
        ("daily 18:00-23:00", "20:00", "21:30", {"Fri 11": "18:00-20:00, 21:30-23:00 (Snow)"}),
        ("daily 18:00-23:00", "12:00", "19:00", {"Fri 11": "19:00-23:00 (Snow)"}),
        ("daily 18:00-23:00", "02:00", "18:00", {}),
        ("sat 18:00-23:00", "18:00", "23:00", {}),
        ("", "20:00", "23:30", {"Fri 11": "00:00-20:00, 23:30-24:00 (Snow)"}),
    ],
)
def test_hours_are_cut_out_of_a_day(
    windows: str, begin: str, end: str, left: dict[str, str]
) -> None:
    week = Hours(tuple(weekly.window(one) for one in windows.split(";") if one))
    changed = closed_between(week, at(FRIDAY, begin), at(FRIDAY, end), ZONE, "Snow")
    assert said(changed) == left


def test_what_is_left_after_midnight_stands_with_the_next_day() -> None:
    week = Hours((weekly.window("daily 20:00-04:00"),))
    changed = closed_between(week, at(FRIDAY, "20:00"), at(FRIDAY + DAY, "02:00"), ZONE)
    assert said(changed) == {"Fri 11": "closed", "Sat 12": "02:00-04:00, 20:00-04:00"}


def test_a_day_that_differs_already_keeps_what_was_said_of_it() -> None:
    differs = Hours(days={FRIDAY: OtherDay(((at(FRIDAY, "08:00").time(),) * 2,), "Fair")})
    changed = closed_between(differs, at(FRIDAY, "08:00"), at(FRIDAY + DAY, "08:00"), ZONE, "Snow")
    assert changed[FRIDAY].note == "Fair"


@given(
    st.sampled_from(["daily 20:00-04:00", "fri,sat 12:00-02:00", "daily 00:00-24:00", ""]),
    st.integers(0, 6 * 96),
    st.integers(1, 96),
    st.sampled_from([date(2027, 6, 7), date(2027, 3, 10), date(2027, 11, 3)]),
)
def test_no_other_hour_opens_or_closes(
    windows: str, first: int, quarters: int, monday: date
) -> None:
    """Also around the nights on which the clocks change, cut at full hours of UTC."""
    week = Hours((weekly.window(windows),) if windows else ())
    start = at(monday, "12:00")
    begin = start + first // 4 * timedelta(hours=1)
    end = begin + (quarters + 3) // 4 * timedelta(hours=1)
    # An hour that a clock shows twice cannot be written as an opening time.
    assume(not _twice(begin) and not _twice(end))
    reach = (start - 3 * DAY, start + 12 * DAY)
    before = opening_hours.open_spans(week, *reach, ZONE)
    changed = Hours(week.weekly, closed_between(week, begin, end, ZONE))
    after = opening_hours.open_spans(changed, *reach, ZONE)
    cut = [
        piece
        for one in before
        for piece in ((one[0], min(one[1], begin)), (max(one[0], end), one[1]))
        if piece[0] < piece[1]
    ]
    assert after == opening_hours.merged(cut)


def _twice(instant: datetime) -> bool:
    local = instant.astimezone(ZONE)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
