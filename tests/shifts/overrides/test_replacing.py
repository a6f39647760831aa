"""Somebody is replaced, taken off or added on the roster that is there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from shifts.faults import NotInRoster
from shifts.models import AGREED, ASKED, OPEN, Place
from shifts.overrides import override_rows, replacing
from shifts.overrides.ending import lift
from shifts.overrides.holidays import temporary
from shifts.overrides.override_rows import EndsBeforeStart, LongerThanAYear, NothingThere
from shifts.overrides.override_rules import DatedRow, HasAnother
from shifts.overrides.replacing import SamePerson
from shifts.planning_models import DatedChange, Pattern
from shifts.who_is_on import who_is_on
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, add, roster
from tests.shifts.seen import BY_ANA, DAY, at, on, shown, undone, unversioned

STRANGER = 99


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with roster(database_url) as connection:
        yield connection


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Connection]:
    with roster(sqlite_url) as connection:
        yield connection


def test_a_replacement_in_the_middle_is_exact_to_the_second_and_undone_exactly(
    connection: Connection,
) -> None:
    """RC17."""
    add(connection, at(0), at(2), ANA)
    before = unversioned(connection)
    done = replacing.replace(connection, LINE, at(0.5), at(0.75), ANA, BO, agreed=True, **BY_ANA)
    assert [on(connection, hour) for hour in (0.4, 0.5, 0.75)] == [["Ana"], ["Bo"], ["Ana"]]
    assert on(connection, 0.75 - 1 / 3600) == ["Bo"]
    assert connection.scalars(select(DatedChange.kind)).all() == ["replace"]
    assert undone(connection, done.change_id) == before
    assert connection.scalar(select(func.count()).select_from(DatedChange)) == 0


def test_who_is_taken_off_leaves_exactly_that_hole(connection: Connection) -> None:
    """RC19."""
    add(connection, at(0), at(2), ANA)
    before = unversioned(connection)
    done = replacing.remove(connection, LINE, at(0.5), at(0.75), ANA, **BY_ANA)
    assert [on(connection, hour) for hour in (0.4, 0.5, 0.75)] == [["Ana"], [], ["Ana"]]
    assert shown(connection)[1] == (0.5, 0.75, None, OPEN)
    assert undone(connection, done.change_id) == before


def test_one_replacement_over_four_shifts_cuts_only_the_outer_two(connection: Connection) -> None:
    """RC21."""
    for begin, end in ((1, 3), (3, 4), (4, 9), (9, 11)):
        add(connection, at(begin), at(end), ANA)
    replacing.replace(connection, LINE, at(2), at(10), ANA, BO, agreed=True, **BY_ANA)
    assert [on(connection, hour) for hour in (2, 3, 10)] == [["Bo"], ["Bo"], ["Ana"]]
    [bo] = who_is_on(connection, LINE, at(2))
    assert (bo.starts_at, bo.until) == (at(2), at(10))
    assert [row[:2] for row in shown(connection)] == [
        *((1, 2), (2, 3), (3, 4), (4, 9), (9, 10), (10, 11)),
    ]


def test_who_comes_is_asked_and_not_on_before_their_own_yes(on_sqlite: Connection) -> None:
    add(on_sqlite, at(0), at(2), ANA)
    replacing.replace(on_sqlite, LINE, at(0), at(1), ANA, BO, **BY_ANA)
    assert shown(on_sqlite) == [(0, 1, BO, ASKED), (1, 2, ANA, AGREED)]
    assert on(on_sqlite, 0) == []


def test_where_who_comes_is_on_already_the_place_is_open_and_it_is_said(
    on_sqlite: Connection,
) -> None:
    add(on_sqlite, at(0), at(4), ANA)
    add(on_sqlite, at(1), at(2), BO)
    done = replacing.replace(on_sqlite, LINE, at(0), at(3), ANA, BO, **BY_ANA)
    assert done.findings == (HasAnother(BO, at(1), at(2)),)
    assert (1, 2, None, OPEN) in shown(on_sqlite)


def test_a_change_is_kept_for_places_that_a_pattern_will_make(connection: Connection) -> None:
    pattern = {"line_id": LINE, "name": "Nights", "rule": "{}", "made_until": at(10)}
    connection.execute(insert(Pattern), [pattern])
    done = replacing.replace(connection, LINE, at(20), at(30), ANA, BO, **BY_ANA)
    kept = [DatedRow(done.dated_id or 0, "replace", False, at(20), at(30), ANA, BO)]
    assert override_rows.in_span(connection, LINE, at(29), at(99)) == kept
    assert override_rows.in_span(connection, LINE, at(30), at(99)) == []
    assert override_rows.in_span(connection, OTHER_LINE, at(0), at(99)) == []
    with pytest.raises(NothingThere, match="Ana has no place from Mon 7 Jun 2027 04:00"):
        replacing.remove(connection, LINE, at(0), at(5), ANA, **BY_ANA)
    connection.execute(update(Pattern).values(ended=True))
    with pytest.raises(NothingThere):
        replacing.remove(connection, LINE, at(20), at(30), ANA, **BY_ANA)


def test_a_yes_that_the_coordinator_holds_is_kept_for_what_patterns_make_and_for_what_comes_back(
    connection: Connection,
) -> None:
    add(connection, at(20), at(30), ANA)
    hidden = temporary(connection, LINE, at(20), at(30), [], **BY_ANA)
    done = replacing.replace(connection, LINE, at(20), at(30), ANA, BO, agreed=True, **BY_ANA)
    [_, kept] = override_rows.in_span(connection, LINE, at(20), at(30))
    assert kept == DatedRow(
        done.dated_id or 0, "replace", False, at(20), at(30), ANA, BO, agreed=True
    )
    lift(connection, LINE, hidden.dated_id or 0, **BY_ANA)
    assert shown(connection) == [(20, 30, BO, AGREED)]


Refused = tuple[Callable[..., object], tuple[Any, ...], type[Exception], str]
REFUSALS: dict[str, Refused] = {
    "an end before the start": (
        *(replacing.replace, (at(2), at(1), ANA, BO), EndsBeforeStart),
        "The end, Mon 7 Jun 2027 05:00, is not after the start, Mon 7 Jun 2027 06:00",
    ),
    "a year and two days": (
        *(replacing.remove, (at(0), at(0) + 368 * DAY, ANA), LongerThanAYear, "a year at most"),
    ),
    "somebody unknown leaves": (
        *(replacing.remove, (at(0), at(1), STRANGER), NotInRoster, "number 99"),
    ),
    "somebody unknown comes": (
        *(replacing.replace, (at(0), at(1), ANA, STRANGER), NotInRoster, "number 99"),
    ),
    "by themselves": (
        *(replacing.replace, (at(0), at(1), ANA, ANA), SamePerson, "Ana cannot stand in for Ana"),
    ),
    "nothing there": (
        *(replacing.replace, (at(0), at(1), BO, CHI), NothingThere, "Bo has no place from"),
    ),
}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_has_a_name_and_says_what_and_where(
    on_sqlite: Connection, refused: Refused
) -> None:
    change, arguments, fault, words = refused
    add(on_sqlite, at(0), at(2), ANA)
    with pytest.raises(fault, match=words):
        change(on_sqlite, LINE, *arguments, **BY_ANA)
    assert shown(on_sqlite) == [(0, 2, ANA, AGREED)]


def test_people_of_another_line_are_not_of_this_ones_roster(on_sqlite: Connection) -> None:
    with pytest.raises(NotInRoster):
        replacing.remove(on_sqlite, OTHER_LINE, at(0), at(1), ANA, **BY_ANA)


def test_changes_long_over_are_forgotten(connection: Connection) -> None:
    add(connection, at(0), at(2), ANA)
    replacing.remove(connection, LINE, at(0), at(1), ANA, **BY_ANA)
    assert override_rows.forget(connection, at(0) + 30 * DAY) == 0
    assert override_rows.forget(connection, at(1) + 30 * DAY) == 1
    assert connection.scalar(select(func.count()).select_from(Place)) == 2
