"""Times away and limits of their own: said, shown, taken back; never dropping a shift."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select

from shifts.claims.findings import Limits
from shifts.claims.own_limits import (
    AwayBackwards,
    AwayOver,
    AwayTooFar,
    AwayTooLong,
    LimitOutOfRange,
    NoSuchAway,
    add_away,
    aways,
    forget_aways,
    limits_of,
    local_days,
    remove_away,
    set_limit,
)
from shifts.faults import NotInRoster
from shifts.models import AGREED, ASKED, DRAFT, Away, Place
from tests.shifts.rosters import ANA, BO, LINE, OTHER_LINE, add, roster

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def on_duty(connection: Connection, begin: datetime, end: datetime, person: int) -> None:
    row = {"line_id": LINE, "starts_at": begin, "ends_at": end, "person_id": person}
    connection.execute(insert(Place).values(row | {"state": AGREED, "duty": True}))


def test_setting_away_returns_the_places_in_it_and_drops_none(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(1), ANA)
        add(connection, NOON + hours(20), NOON + hours(24), ANA, ASKED)
        add(connection, NOON + hours(22), NOON + hours(26), ANA, DRAFT)
        add(connection, NOON + hours(20), NOON + hours(24), BO)
        add(connection, NOON + hours(48), NOON + hours(52), ANA)
        on_duty(connection, NOON + hours(2), NOON + hours(9), ANA)
        before = connection.execute(select(Place.__table__)).all()
        told = add_away(connection, LINE, ANA, (NOON, NOON + hours(48)), NOON)
        fallen = [((one.starts_at - NOON) / hours(1), one.duty) for one in told.places]
        assert fallen == [(-1, False), (2, True), (20, False)]
        assert connection.execute(select(Place.__table__)).all() == before


def test_times_away_are_shown_until_they_are_over_and_then_forgotten(database_url: str) -> None:
    with roster(database_url) as connection:
        later = add_away(connection, LINE, ANA, (NOON + hours(9), NOON + hours(10)), NOON).away
        sooner = add_away(connection, LINE, ANA, (NOON, NOON + hours(2)), NOON).away
        add_away(connection, LINE, BO, (NOON, NOON + hours(3)), NOON)
        assert aways(connection, LINE, ANA, NOON) == [sooner, later]
        assert aways(connection, LINE, ANA, NOON + hours(2)) == [later]
        assert aways(connection, OTHER_LINE, ANA, NOON) == []
        assert forget_aways(connection, NOON + hours(3)) == 2
        assert aways(connection, LINE, ANA, NOON) == [later]


def test_saying_the_same_time_away_twice_is_saying_it_once(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        first = add_away(connection, LINE, ANA, (NOON, NOON + hours(9)), NOON).away
        within = add_away(connection, LINE, ANA, (NOON + hours(1), NOON + hours(9)), NOON).away
        assert within == first
        assert len(connection.execute(select(Away.id)).all()) == 1


def test_a_time_away_is_taken_back_by_whose_it_is(database_url: str) -> None:
    with roster(database_url) as connection:
        away = add_away(connection, LINE, ANA, (NOON, NOON + hours(9)), NOON).away
        for line, person in ((LINE, BO), (OTHER_LINE, ANA)):
            with pytest.raises(NoSuchAway):
                remove_away(connection, line, person, away.id)
        assert remove_away(connection, LINE, ANA, away.id) == away
        with pytest.raises(NoSuchAway):
            remove_away(connection, LINE, ANA, away.id)


@pytest.mark.parametrize(
    ("begin", "end", "fault"),
    [
        (1, 1, AwayBackwards),
        (2, 1, AwayBackwards),
        (-3, 0, AwayOver),
        (0, 400 * 24 + 1, AwayTooLong),
    ],
)
def test_impossible_times_away_are_refused_by_name(
    sqlite_url: str, begin: float, end: float, fault: type[Exception]
) -> None:
    with roster(sqlite_url) as connection, pytest.raises(fault):
        add_away(connection, LINE, ANA, (NOON + hours(begin), NOON + hours(end)), NOON)


def test_nobody_is_away_from_a_line_that_is_not_theirs(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        with pytest.raises(NotInRoster):
            add_away(connection, OTHER_LINE, ANA, (NOON, NOON + hours(1)), NOON)
        with pytest.raises(NotInRoster):
            set_limit(connection, OTHER_LINE, ANA, "rest_hours", 8)


@pytest.mark.parametrize(
    ("first", "last", "begin", "length"),
    [
        (date(2026, 12, 5), date(2026, 12, 5), datetime(2026, 12, 5, 5, tzinfo=UTC), 24),
        (date(2026, 3, 8), date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC), 23),
        (date(2026, 10, 31), date(2026, 11, 2), datetime(2026, 10, 31, 4, tzinfo=UTC), 73),
    ],
)
def test_local_days_are_as_long_as_the_clocks_make_them(
    first: date, last: date, begin: datetime, length: int
) -> None:
    assert local_days(first, last, NEW_YORK) == (begin, begin + hours(length))


def test_a_skipped_day_is_no_time_at_all_and_days_go_forward() -> None:
    begin, end = local_days(date(2011, 12, 29), date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
    assert end - begin == hours(24)
    with pytest.raises(AwayBackwards, match="2026-12-04, is before the first, 2026-12-05"):
        local_days(date(2026, 12, 5), date(2026, 12, 4), NEW_YORK)


@pytest.mark.parametrize(
    ("first", "last"), [(date.min, date.min), (date.max, date.max), (date(2026, 3, 2), date.max)]
)
def test_days_that_no_calendar_of_the_line_has_are_refused(first: date, last: date) -> None:
    with pytest.raises(AwayTooFar, match="from 1970-01-01 to 2199-12-31"):
        local_days(first, last, NEW_YORK)


def test_limits_are_set_shown_and_cleared_one_by_one(database_url: str) -> None:
    with roster(database_url) as connection:
        assert limits_of(connection, LINE, ANA) == Limits()
        set_limit(connection, LINE, ANA, "most_hours_a_week", 12)
        set_limit(connection, LINE, ANA, "rest_hours", 0)
        assert set_limit(connection, LINE, ANA, "most_talks_a_shift", 4) == Limits(12, 0, 4)
        assert set_limit(connection, LINE, ANA, "most_hours_a_week", None) == Limits(None, 0, 4)
        assert limits_of(connection, LINE, BO) == Limits()


@pytest.mark.parametrize(
    ("name", "possible", "impossible", "words"),
    [
        ("most_hours_a_week", (1, 168), (0, 169, -1), "1 to 168 can"),
        ("rest_hours", (0, 48), (-1, 49), "0 to 48 can"),
        ("most_talks_a_shift", (1, 50), (0, 51), "1 to 50 can"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_those_that_can(
    sqlite_url: str, name: str, possible: tuple[int, ...], impossible: tuple[int, ...], words: str
) -> None:
    with roster(sqlite_url) as connection:
        for number in possible:
            set_limit(connection, LINE, ANA, name, number)
        before = limits_of(connection, LINE, ANA)
        for number in impossible:
            with pytest.raises(LimitOutOfRange, match=words):
                set_limit(connection, LINE, ANA, name, number)
        assert limits_of(connection, LINE, ANA) == before
