"""The typical week: by hour, in the line's time, as often as each hour came."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert

from shifts.models import ASKED, OPEN
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, add, roster
from warmline.counts import reports, typical_week
from warmline.counts.typical_week import HOURS, TypicalWeek, by_day, peers_by_hour, typical
from warmline.models.counts import DayCount
from warmline.models.privacy import Note

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2030, 3, 4)
MARCH, APRIL = date(2030, 3, 1), date(2030, 4, 1)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def note(when: date, *, answered: bool = True) -> dict[str, object]:
    """A note of a call at six in the evening."""
    told = {"line_id": LINE, "day": when, "hour": 18, "language": "en", "answered": answered}
    return told | {"length": "none", "promise_version": 1, "wait": "", "channel": "voice"}


def came(db: Connection, when: date, number: int) -> None:
    row = {"line_id": LINE, "day": when, "what": "offered", "number": number}
    db.execute(insert(DayCount).values(row))


def week_of(db: Connection, begin: date, end: date, today: date, line: int = LINE) -> TypicalWeek:
    noted = reports.read_noted(db, line, begin, end)
    return typical_week.read(db, line, noted, reports.speaks_for(db, line, noted).all, today)


def test_callers_an_hour_are_those_of_the_hours_that_came(database_url: str) -> None:
    with roster(database_url) as db:
        came(db, MONDAY, 5)
        db.execute(insert(Note), [note(MONDAY)] * 3)
        db.execute(insert(Note), [note(MONDAY + WEEK, answered=False)] * 2)
        week = week_of(db, MARCH, APRIL, MONDAY + 8 * DAY)
        assert week_of(db, MARCH, APRIL, MONDAY, OTHER_LINE).offered == (0,) * HOURS
    assert week.offered[18] == 5
    assert week.not_reached[18] == 2
    assert week.times[18] == 2
    assert week.times[2 * 24] == 1
    assert week.callers_an_hour()[18] == 2.5
    assert week.missed_an_hour()[18] == 1
    assert sum(week.offered) == 5
    assert not week.few


def test_whoever_said_nothing_is_taken_to_come_when_others_do(database_url: str) -> None:
    with roster(database_url) as db:
        came(db, MONDAY, 20)
        db.execute(insert(Note), [note(MONDAY)] * 5)
        week = week_of(db, MARCH, APRIL, MONDAY)
    assert week.offered[18] == 5
    assert week.callers_an_hour()[18] == 20


def test_days_before_the_line_began_to_count_are_not_taken_for_quiet_ones(
    database_url: str,
) -> None:
    with roster(database_url) as db:
        came(db, MONDAY, 5)
        db.execute(insert(Note), [note(MONDAY)] * 5)
        week = week_of(db, date(2029, 11, 1), APRIL, MONDAY)
        assert sum(week.times) == 24
        assert week.callers_an_hour()[18] == 5


def test_an_hour_that_has_not_come_has_no_callers() -> None:
    week = typical({}, 0, MONDAY, MONDAY)
    assert week.times == (0,) * HOURS
    assert set(week.callers_an_hour()) == {0.0}
    assert not week.few


@pytest.mark.parametrize("days", range(16))
@pytest.mark.parametrize("begin", [MONDAY, MONDAY + 3 * DAY, MONDAY + 6 * DAY])
def test_each_day_makes_its_own_hours_come_once_more(begin: date, days: int) -> None:
    week = typical({}, 0, begin, begin + days * DAY)
    came = [0] * 7
    for number in range(days):
        came[(begin + number * DAY).weekday()] += 1
    assert [day[0] for day in by_day(week.times)] == came
    assert all(len(set(day)) == 1 for day in by_day(week.times))


def test_a_week_is_seven_days_of_twenty_four_hours() -> None:
    days = by_day(range(HOURS))
    assert [day[0] for day in days] == [0, 24, 48, 72, 96, 120, 144]
    assert {len(day) for day in days} == {24}


def local(hour: float) -> datetime:
    """So many hours after that Monday's midnight in New York."""
    return datetime(2030, 3, 4, 5, tzinfo=UTC) + hour * HOUR


def test_who_is_on_for_a_part_of_an_hour_alone_does_not_fill_it() -> None:
    on = peers_by_hour(
        [(local(18), local(21)), (local(18.5), local(20.5)), (local(-2), local(1))],
        MONDAY,
        NEW_YORK,
    )
    assert on[0:2] == [1, 0]
    assert on[17:22] == [0, 1, 2, 1, 0]
    assert len(on) == HOURS


def test_whoever_goes_when_the_next_comes_leaves_no_gap() -> None:
    on = peers_by_hour([(local(18), local(18.5)), (local(18.5), local(19))], MONDAY, NEW_YORK)
    assert on[17:20] == [0, 1, 0]


def test_hours_of_the_week_in_which_clocks_go_forward_are_the_walls() -> None:
    # On that Sunday two o'clock is skipped; noon is eleven hours after midnight.
    sunday = 6 * 24
    on = peers_by_hour([(local(sunday + 11), local(sunday + 12))], MONDAY, NEW_YORK)
    assert [hour for hour, number in enumerate(on) if number] == [sunday + 12]


def test_peers_on_are_those_of_the_roster_without_who_has_not_agreed(database_url: str) -> None:
    with roster(database_url) as db:
        add(db, local(18), local(20), ANA)
        add(db, local(19), local(20), BO)
        add(db, local(18), local(20), CHI, ASKED)
        add(db, local(18), local(20), None, OPEN)
        on = typical_week.peers_on(db, LINE, MONDAY, NEW_YORK)
    assert on[17:21] == [0, 1, 2, 0]
    assert sum(on) == 3
