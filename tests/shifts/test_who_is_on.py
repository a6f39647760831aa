"""Who is on and who is next, on both databases."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, text

from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Person, Place
from shifts.who_is_on import (
    Stretch,
    next_on,
    next_places,
    on_places,
    pieces,
    stretches,
    who_is_on,
)
from tests.shifts.rosters import ANA, BO, LINE, OTHER_LINE, add, roster

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def names(connection: Connection, at: datetime) -> list[str]:
    return [one.name for one in who_is_on(connection, LINE, at)]


def test_a_shift_begins_with_its_first_instant_and_is_over_at_its_end(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(4), ANA)
        assert names(connection, NOON - timedelta(microseconds=1)) == []
        assert names(connection, NOON) == ["Ana"]
        assert names(connection, NOON + hours(4) - timedelta(microseconds=1)) == ["Ana"]
        assert names(connection, NOON + hours(4)) == []


@pytest.mark.parametrize(
    ("state", "expected"), [(AGREED, ["Ana"]), (COVER_WANTED, ["Ana"]), (ASKED, []), (DRAFT, [])]
)
def test_only_who_said_yes_is_on(database_url: str, state: str, expected: list[str]) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(4), ANA, state)
        assert names(connection, NOON + hours(1)) == expected


def test_an_open_place_and_another_lines_place_put_nobody_on(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(4), None, OPEN)
        add(connection, NOON, NOON + hours(4), ANA, line_id=OTHER_LINE)
        assert names(connection, NOON + hours(1)) == []


def test_the_longest_place_is_found_to_its_last_hour(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(25), ANA)
        assert names(connection, NOON + hours(24.9)) == ["Ana"]


def test_until_follows_places_that_adjoin_and_stops_at_a_pause(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(4), ANA)
        add(connection, NOON + hours(4), NOON + hours(8), ANA, COVER_WANTED)
        add(connection, NOON + hours(8), NOON + hours(9), ANA)
        add(connection, NOON + hours(9), NOON + hours(10), ANA, ASKED)
        add(connection, NOON, NOON + hours(3), BO)
        add(connection, NOON + hours(4), NOON + hours(5), BO)
        ana, bo = who_is_on(connection, LINE, NOON + hours(1))
        assert (ana.name, ana.starts_at, ana.until) == ("Ana", NOON, NOON + hours(9))
        assert (bo.name, bo.until) == ("Bo", NOON + hours(3))


def test_those_asked_about_may_be_narrowed_to_some_persons(database_url: str) -> None:
    some = select(Person.id).where(Person.id == BO)
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(4), ANA)
        add(connection, NOON + hours(1), NOON + hours(4), BO)
        on = who_is_on(connection, LINE, NOON + hours(2), among=some)
        assert [one.name for one in on] == ["Bo"]
        assert next_on(connection, LINE, NOON - hours(1), among=some) == NOON + hours(1)


def test_next_on_is_the_earliest_agreed_start_within_the_week(database_url: str) -> None:
    with roster(database_url) as connection:
        assert next_on(connection, LINE, NOON) is None
        add(connection, NOON, NOON + hours(4), ANA)
        add(connection, NOON + hours(5), NOON + hours(6), ANA, ASKED)
        add(connection, NOON + hours(6), NOON + hours(7), None, OPEN)
        add(connection, NOON + hours(200), NOON + hours(201), BO)
        assert next_on(connection, LINE, NOON) is None
        add(connection, NOON + hours(100), NOON + hours(101), BO, COVER_WANTED)
        assert next_on(connection, LINE, NOON) == NOON + hours(100)
        assert next_on(connection, LINE, NOON, within=hours(99)) is None


def test_a_persons_next_shifts_are_shown_whole_and_without_the_present_one(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(1), ANA)
        add(connection, NOON + hours(1), NOON + hours(2), ANA)
        add(connection, NOON + hours(24), NOON + hours(49), ANA)
        add(connection, NOON + hours(49), NOON + hours(60), ANA)
        add(connection, NOON + hours(70), NOON + hours(71), ANA)
        add(connection, NOON + hours(80), NOON + hours(81), ANA)
        add(connection, NOON + hours(3), NOON + hours(4), BO)
        coming = next_places(connection, LINE, ANA, NOON, most=2)
        assert coming == [
            Stretch(NOON + hours(24), NOON + hours(60)),
            Stretch(NOON + hours(70), NOON + hours(71)),
        ]


def test_a_stretch_ends_where_the_next_place_does_not_adjoin() -> None:
    ten, eleven, noon, one = (NOON + hours(count) for count in (-2, -1, 0, 1))
    joined = stretches([Stretch(ten, eleven), Stretch(eleven, noon), Stretch(one, one + hours(1))])
    assert list(joined) == [Stretch(ten, noon), Stretch(one, one + hours(1))]


@given(length=st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=40)))
def test_pieces_adjoin_cover_the_whole_and_none_is_longer_than_a_day_of_25_hours(
    length: timedelta,
) -> None:
    cut = pieces(NOON, NOON + length)
    assert cut[0][0] == NOON
    assert cut[-1][1] == NOON + length
    assert all(first[1] == second[0] for first, second in itertools.pairwise(cut))
    assert all(timedelta(0) < end - start <= hours(25) for start, end in cut)


def test_who_is_on_reads_one_short_range_of_the_covering_index(database_url: str) -> None:
    with roster(database_url) as connection:
        many = [
            {
                "line_id": LINE,
                "starts_at": NOON + hours(index),
                "ends_at": NOON + hours(index + 2),
                "person_id": ANA,
                "state": AGREED,
            }
            for index in range(-3000, 3000)
        ]
        connection.execute(insert(Place), many)
        plan = query_plan(connection, NOON)
        assert "ix_place_on" in plan
        assert "SCAN place" not in plan
        assert "Seq Scan on place" not in plan


def query_plan(connection: Connection, now: datetime) -> str:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text("ANALYZE place"))
    query = on_places(LINE, now).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    values: object = query.params
    if sqlite:
        values = tuple(
            value.replace(tzinfo=None) if isinstance(value, datetime) else value
            for value in (query.params[name] for name in query.positiontup or ())
        )
    rows = connection.exec_driver_sql(explain + str(query), values)  # type: ignore[arg-type] # a tuple on SQLite, a dict on PostgreSQL
    return "\n".join(str(row[-1]) for row in rows)
