"""A place is split, joined with another, or put at another time; every such change is undone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Connection, insert

from shifts.editing.splitting import (
    NotAdjoining,
    NotAlike,
    SplitOutside,
    TooLongTogether,
    join,
    move,
    split,
)
from shifts.history.history import ChangedMeanwhile
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Place
from shifts.overrides import replacing
from shifts.overrides.override_rows import EndsBeforeStart
from shifts.places import PlaceRow, cut
from shifts.refusals import DoublePlace, NoSuchPlace
from shifts.who_is_on import Seat, who_is_on, whole
from tests.shifts.rosters import ANA, BO, LINE, OTHER_LINE, add, roster
from tests.shifts.seen import BY_ANA, at, rows, shown, undone, unversioned

NOWHERE = 999


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with roster(database_url) as connection:
        yield connection


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Connection]:
    with roster(sqlite_url) as connection:
        yield connection


def of_pattern(connection: Connection) -> int:
    """A place of a pattern, from eight to noon; its id."""
    place = PlaceRow(None, LINE, at(0), at(4), ANA, AGREED, pattern_id=7, origin="p7:1")
    values = {name: getattr(place, name) for name in PlaceRow.__slots__ if name != "id"}
    made = connection.execute(insert(Place).values(values).returning(Place.id))
    return int(made.scalar_one())


def test_a_split_place_is_two_and_both_keep_their_pattern_and_origin(
    connection: Connection,
) -> None:
    place = of_pattern(connection)
    before = unversioned(connection)
    change = split(connection, LINE, place, at(1.5), **BY_ANA)
    first, second = rows(connection)
    assert (first.id, first.ends_at, second.starts_at) == (place, at(1.5), at(1.5))
    for part in (first, second):
        assert (part.person_id, part.state, part.pattern_id, part.origin) == (
            *(ANA, AGREED, 7, "p7:1"),
        )
    [ana] = who_is_on(connection, LINE, at(1))
    assert ana.until == at(4)
    assert undone(connection, change) == before


def test_what_was_split_is_joined_again_whichever_is_named_first(connection: Connection) -> None:
    place = of_pattern(connection)
    before = unversioned(connection)
    split(connection, LINE, place, at(1.5), **BY_ANA)
    first, second = (row.id or 0 for row in rows(connection))
    halves = unversioned(connection)
    change = join(connection, LINE, second, first, **BY_ANA)
    assert unversioned(connection) == before
    assert undone(connection, change) == halves


@given(some.lists(some.integers(1, 23), min_size=1, max_size=5, unique=True))
def test_however_a_day_is_split_it_has_no_seam(hours: list[int]) -> None:
    day = PlaceRow(1, LINE, at(0), at(24), ANA, AGREED)
    parts = [day]
    for hour in hours:
        parts = [part for one in parts for part in cut(one, at(hour), at(24))]
    assert [one.starts_at for one in parts[1:]] == [one.ends_at for one in parts[:-1]]


@pytest.mark.parametrize("hour", [0, 4, -1, 5])
def test_a_place_is_split_only_where_both_parts_last(on_sqlite: Connection, hour: int) -> None:
    place = of_pattern(on_sqlite)
    with pytest.raises(SplitOutside, match=r"from Mon 7 Jun 2027 04:00 to Mon 7 Jun 2027 08:00"):
        split(on_sqlite, LINE, place, at(hour), **BY_ANA)


def test_what_is_not_there_is_not_changed(on_sqlite: Connection) -> None:
    place = of_pattern(on_sqlite)
    for line, one in ((LINE, NOWHERE), (OTHER_LINE, place)):
        with pytest.raises(NoSuchPlace):
            split(on_sqlite, line, one, at(1), **BY_ANA)
        with pytest.raises(NoSuchPlace):
            join(on_sqlite, line, place, one, **BY_ANA)
        with pytest.raises(NoSuchPlace):
            move(on_sqlite, line, one, 1, at(1), at(2), **BY_ANA)


UNLIKE = {
    "apart": ((0, 2, ANA, AGREED), (3, 4, ANA, AGREED), NotAdjoining, "ends Mon 7 Jun 2027 06:00"),
    "the same": ((0, 2, None, OPEN), (0, 2, None, OPEN), NotAdjoining, "join two that adjoin"),
    "of two persons": ((0, 2, ANA, AGREED), (2, 4, BO, AGREED), NotAlike, "whose they are"),
    "in two states": ((0, 2, ANA, AGREED), (2, 4, ANA, ASKED), NotAlike, "what was agreed"),
    "too long": ((0, 13, ANA, AGREED), (13, 26, ANA, AGREED), TooLongTogether, "25 hours"),
}


@pytest.mark.parametrize("pair", UNLIKE.values(), ids=UNLIKE.keys())
def test_places_that_do_not_fit_are_not_joined(
    on_sqlite: Connection,
    pair: tuple[
        tuple[int, int, int | None, str], tuple[int, int, int | None, str], type[Exception], str
    ],
) -> None:
    *both, fault, words = pair
    for begin, end, person, state in both:
        add(on_sqlite, at(begin), at(end), person, state)
    first, second = (row.id or 0 for row in rows(on_sqlite))
    with pytest.raises(fault, match=words):
        join(on_sqlite, LINE, first, second, **BY_ANA)


def test_a_place_is_not_joined_with_itself(on_sqlite: Connection) -> None:
    place = of_pattern(on_sqlite)
    with pytest.raises(NotAdjoining):
        join(on_sqlite, LINE, place, place, **BY_ANA)


def test_a_place_at_another_time_is_asked_about_again_and_undone(connection: Connection) -> None:
    place = of_pattern(connection)
    before = unversioned(connection)
    change = move(connection, LINE, place, 1, at(24), at(28), **BY_ANA)
    assert shown(connection) == [(24, 28, ANA, ASKED)]
    [moved] = rows(connection)
    assert (moved.id, moved.version, moved.pattern_id, moved.origin) == (place, 2, 7, "p7:1")
    assert undone(connection, change) == before


@pytest.mark.parametrize(
    ("begin", "end", "agreed", "state"),
    [
        *((1, 3, False, AGREED), (0, 5, False, ASKED), (-1, 4, False, ASKED)),
        *((2, 6, True, AGREED), (0, 4, False, AGREED)),
    ],
)
def test_a_yes_holds_for_the_time_it_was_said_to(
    on_sqlite: Connection, begin: int, end: int, agreed: bool, state: str
) -> None:
    place = of_pattern(on_sqlite)
    move(on_sqlite, LINE, place, 1, at(begin), at(end), agreed=agreed, **BY_ANA)
    assert shown(on_sqlite) == [(begin, end, ANA, state)]


@pytest.mark.parametrize(("person", "state"), [(None, OPEN), (None, DRAFT), (ANA, ASKED)])
def test_where_nobody_has_said_yes_the_state_stays(
    on_sqlite: Connection, person: int | None, state: str
) -> None:
    add(on_sqlite, at(0), at(2), person, state)
    [place] = rows(on_sqlite)
    move(on_sqlite, LINE, place.id or 0, 1, at(5), at(6), **BY_ANA)
    assert shown(on_sqlite) == [(5, 6, person, state)]


def test_who_saw_an_older_version_moves_nothing(connection: Connection) -> None:
    place = of_pattern(connection)
    move(connection, LINE, place, 1, at(0), at(5), **BY_ANA)
    with pytest.raises(ChangedMeanwhile, match="meanwhile"):
        move(connection, LINE, place, 1, at(0), at(6), **BY_ANA)
    assert shown(connection) == [(0, 5, ANA, ASKED)]


def test_a_longer_place_of_sixty_hours_becomes_pieces_and_one_again(on_sqlite: Connection) -> None:
    place = of_pattern(on_sqlite)
    before = unversioned(on_sqlite)
    change = move(on_sqlite, LINE, place, 1, at(0), at(60), agreed=True, **BY_ANA)
    assert [row.ends_at - row.starts_at for row in rows(on_sqlite)] == [
        *(timedelta(hours=25), timedelta(hours=25), timedelta(hours=10)),
    ]
    assert {row.origin for row in rows(on_sqlite)} == {"p7:1"}
    assert undone(on_sqlite, change) == before


def test_a_shift_of_sixty_hours_is_moved_and_shortened_as_one(connection: Connection) -> None:
    done = replacing.add(connection, LINE, at(0), at(60), ANA, agreed=True, **BY_ANA)
    before = unversioned(connection)
    first, second, _ = (row.id or 0 for row in rows(connection))
    moved = move(connection, LINE, second, 1, at(10), at(70), agreed=True, **BY_ANA)
    assert [row[:2] for row in shown(connection)] == [(10, 35), (35, 60), (60, 70)]
    shorter = move(connection, LINE, first, 2, at(20), at(30), **BY_ANA)
    assert shown(connection) == [(20, 30, ANA, AGREED)]
    undone(connection, shorter)
    assert undone(connection, moved) == before
    assert undone(connection, done.change_id) == []


def test_a_shift_of_sixty_hours_is_split_where_one_says_and_both_parts_are_whole(
    connection: Connection,
) -> None:
    replacing.add(connection, LINE, at(0), at(60), ANA, agreed=True, **BY_ANA)
    before = unversioned(connection)
    place = before[0].id or 0
    change = split(connection, LINE, place, at(30), **BY_ANA)
    seats = [Seat(one.starts_at, one.ends_at, one.person_id, one.state) for one in rows(connection)]
    assert [(one.starts_at, one.ends_at) for one in whole(seats)] == [
        *((at(0), at(30)), (at(30), at(60))),
    ]
    assert undone(connection, change) == before
    with pytest.raises(SplitOutside, match="25 hours after it begins"):
        split(connection, LINE, place, at(50), **BY_ANA)
    with pytest.raises(SplitOutside, match=r"to Wed 9 Jun 2027 16:00"):
        split(connection, LINE, place, at(60), **BY_ANA)


def test_a_place_is_not_moved_over_another_of_the_same_person(on_sqlite: Connection) -> None:
    place = of_pattern(on_sqlite)
    add(on_sqlite, at(6), at(8), ANA, COVER_WANTED)
    with pytest.raises(DoublePlace, match="Ana has a place from Mon 7 Jun 2027 10:00"):
        move(on_sqlite, LINE, place, 1, at(5), at(7), **BY_ANA)
    move(on_sqlite, LINE, place, 1, at(2), at(6), **BY_ANA)


def test_a_place_does_not_end_before_it_begins(on_sqlite: Connection) -> None:
    place = of_pattern(on_sqlite)
    with pytest.raises(EndsBeforeStart):
        move(on_sqlite, LINE, place, 1, at(5), at(5), **BY_ANA)
