"""Coming on and going off: one place at a time, and gaps where somebody left."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from shifts.claims.presence import AlreadyOver, NotOn, TooLong, come_on, go_off
from shifts.faults import NotInRoster
from shifts.models import AGREED, ASKED, COVER_WANTED, OPEN, Place
from shifts.who_is_on import who_is_on
from tests.examples import examples
from tests.shifts.rosters import ANA, BO, LINE, OTHER_LINE, add, begin, roster
from warmline.database.engine import Database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Shown = tuple[float, float, int | None, str]


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def places(connection: Connection) -> list[Shown]:
    """Every place as hours after noon, whose and in which state."""
    query = select(Place.starts_at, Place.ends_at, Place.person_id, Place.state)
    rows = connection.execute(query.order_by(Place.starts_at, Place.ends_at))
    return [((a - NOON) / hours(1), (b - NOON) / hours(1), who, state) for a, b, who, state in rows]


def test_coming_on_without_a_shift_is_a_place_of_two_hours(database_url: str) -> None:
    with roster(database_url) as connection:
        presence = come_on(connection, LINE, ANA, NOON)
        assert (presence.until, presence.already) == (NOON + hours(2), False)
        assert places(connection) == [(0, 2, ANA, AGREED)]


def test_coming_on_until_a_time_of_their_own_is_possible_up_to_twelve_hours(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        assert come_on(connection, LINE, ANA, NOON, NOON + hours(12)).until == NOON + hours(12)
        with pytest.raises(TooLong, match="12 hours"):
            come_on(connection, LINE, BO, NOON, NOON + hours(12.1))
        with pytest.raises(AlreadyOver):
            come_on(connection, LINE, BO, NOON, NOON)
        assert len(places(connection)) == 1


def test_who_is_on_already_hears_until_when_and_nothing_changes(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(1), ANA)
        add(connection, NOON + hours(1), NOON + hours(3), ANA)
        before = places(connection)
        presence = come_on(connection, LINE, ANA, NOON, NOON + hours(8))
        assert (presence.until, presence.already) == (NOON + hours(3), True)
        assert places(connection) == before


def test_coming_on_ends_where_their_own_next_shift_begins(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON + hours(1), NOON + hours(5), ANA)
        assert come_on(connection, LINE, ANA, NOON).until == NOON + hours(5)
        assert places(connection) == [(0, 1, ANA, AGREED), (1, 5, ANA, AGREED)]


def test_a_shift_they_were_only_asked_for_is_not_counted_as_theirs_until(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON + hours(1), NOON + hours(5), ANA, ASKED)
        assert come_on(connection, LINE, ANA, NOON).until == NOON + hours(1)


def test_coming_on_during_a_shift_one_was_asked_for_says_yes_to_it(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(5), ANA, ASKED)
        presence = come_on(connection, LINE, ANA, NOON)
        assert (presence.until, presence.already) == (NOON + hours(5), False)
        assert places(connection) == [(-1, 5, ANA, AGREED)]
        assert connection.scalar(select(Place.version)) == 2


def test_nobody_comes_on_a_line_that_is_not_theirs(database_url: str) -> None:
    with roster(database_url) as connection, pytest.raises(NotInRoster):
        come_on(connection, OTHER_LINE, ANA, NOON)


@pytest.mark.both_databases
def test_two_at_once_give_one_place(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as connection:
        begin(connection)
    together = Barrier(4)

    def come() -> bool:
        together.wait()
        with database.writing() as connection:
            return come_on(connection, LINE, ANA, NOON).already

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(job.result() for job in [pool.submit(come) for _ in range(4)])
    assert answers == [False, True, True, True]
    with database.reading() as connection:
        assert places(connection) == [(0, 2, ANA, AGREED)]
    database.close()


def test_going_off_leaves_the_rest_of_the_shift_open(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(3), ANA, COVER_WANTED)
        add(connection, NOON - hours(1), NOON + hours(3), BO)
        add(connection, NOON + hours(3), NOON + hours(6), ANA)
        off = go_off(connection, LINE, ANA, NOON)
        assert off.next_at == NOON + hours(3)
        assert places(connection) == [
            (-1, 0, ANA, COVER_WANTED),
            (-1, 3, BO, AGREED),
            (0, 3, None, OPEN),
            (3, 6, ANA, AGREED),
        ]


def test_going_off_raises_the_version_of_the_place_that_was_cut(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(3), ANA)
        go_off(connection, LINE, ANA, NOON)
        assert connection.scalar(select(Place.version).where(Place.person_id == ANA)) == 2


def test_going_off_in_a_long_shift_gives_up_its_later_pieces_too(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(20), NOON + hours(5), ANA)
        add(connection, NOON + hours(5), NOON + hours(30), ANA)
        add(connection, NOON + hours(30), NOON + hours(40), ANA)
        go_off(connection, LINE, ANA, NOON)
        assert places(connection) == [
            (-20, 0, ANA, AGREED),
            (0, 25, None, OPEN),
            (25, 40, None, OPEN),
        ]


def test_going_off_in_the_first_instant_leaves_the_whole_shift_open(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + hours(3), ANA)
        assert go_off(connection, LINE, ANA, NOON).next_at is None
        assert places(connection) == [(0, 3, None, OPEN)]


def test_who_is_not_on_cannot_go_off(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON - hours(1), NOON + hours(3), ANA, ASKED)
        with pytest.raises(NotOn, match="not on now"):
            go_off(connection, LINE, ANA, NOON)


moves = st.lists(
    st.tuples(
        st.sampled_from(["on", "off"]),
        st.sampled_from([ANA, BO]),
        st.integers(0, 8),
        st.one_of(st.none(), st.integers(1, 12)),
    ),
    max_size=12,
)
held = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 25), st.sampled_from([AGREED, ASKED])), max_size=4
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@given(held=held, moves=moves)
@examples(40, one_database=True)
def test_no_instant_has_a_person_twice_whatever_they_do(
    database: Database,
    held: list[tuple[int, int, str]],
    moves: list[tuple[str, int, int, int | None]],
) -> None:
    with scratch(database) as connection:
        begun = 0
        for gap, length, state in held:
            start, begun = begun + gap, begun + gap + length
            add(connection, NOON + hours(start), NOON + hours(begun), ANA, state)
        now = NOON
        for what, who, wait, wanted in moves:
            now += hours(wait)
            move(connection, what, who, now, wanted)
            assert_nobody_twice(connection)


@contextmanager
def scratch(database: Database) -> Iterator[Connection]:
    """A small roster, of which nothing is left afterwards."""
    with database.writing() as connection:
        begin(connection)
        yield connection
        connection.rollback()


def move(connection: Connection, what: str, who: int, now: datetime, wanted: int | None) -> None:
    if what == "on":
        until = None if wanted is None else now + hours(wanted)
        told = come_on(connection, LINE, who, now, until).until
        on = {one.person_id: one.until for one in who_is_on(connection, LINE, now)}
        assert on[who] == told
    elif who in {one.person_id for one in who_is_on(connection, LINE, now)}:
        go_off(connection, LINE, who, now)
        assert who not in {one.person_id for one in who_is_on(connection, LINE, now)}


def assert_nobody_twice(connection: Connection) -> None:
    there = places(connection)
    for person in (ANA, BO):
        own = [(start, end) for start, end, who, _ in there if who == person]
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(own))
