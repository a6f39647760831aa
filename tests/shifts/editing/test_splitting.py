"""A shift is split in two, and that is undone."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Connection, insert

from shifts.editing.splitting import SplitOutside, split
from shifts.models import AGREED, Place
from shifts.place_listing import whole_shifts
from shifts.places import PlaceRow, cut
from shifts.refusals import NoSuchPlace
from shifts.who_is_on import who_is_on
from tests.shifts.rosters import ANA, LINE, OTHER_LINE, roster
from tests.shifts.seen import BY_ANA, at, put_long, rows, undone, unversioned

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


def test_a_shift_of_sixty_hours_is_split_where_one_says_and_both_parts_are_whole(
    connection: Connection,
) -> None:
    put_long(connection, 0, 60, ANA)
    before = unversioned(connection)
    place = before[0].id or 0
    change = split(connection, LINE, place, at(30), **BY_ANA)
    shifts = whole_shifts(connection, LINE)
    assert [(one.starts_at, one.ends_at) for one in shifts] == [
        *((at(0), at(30)), (at(30), at(60))),
    ]
    assert undone(connection, change) == before
    with pytest.raises(SplitOutside, match="25 hours after it begins"):
        split(connection, LINE, place, at(50), **BY_ANA)
    with pytest.raises(SplitOutside, match=r"to Wed 9 Jun 2027 16:00"):
        split(connection, LINE, place, at(60), **BY_ANA)
