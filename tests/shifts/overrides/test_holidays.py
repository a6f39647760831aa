"""A temporary roster hides the normal one, a holiday changes the hours; lifting brings back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from shifts.faults import NotInRoster
from shifts.history.history import Change, ChangedMeanwhile, Pair, undo, write
from shifts.hours import opening_hours
from shifts.hours.opening_hours import OtherDay
from shifts.models import AGREED, ASKED, OPEN
from shifts.overrides import override_rows, replacing
from shifts.overrides.ending import lift
from shifts.overrides.holidays import OutsideTheTime, TemporarySeat, holiday, temporary
from shifts.overrides.override_rows import EndsBeforeStart, LiftedAlready, LongerThanAYear
from shifts.overrides.override_rules import HasAnother, apply
from shifts.places import PlaceRow
from shifts.planning_models import DatedChange, HiddenPlace, OpeningException, RemovedPlace
from shifts.refusals import DoublePlace
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, add, roster
from tests.shifts.seen import BY_ANA, DAY, EIGHT, at, on, put_long, rows, shown, undone, unversioned

NEW_YORK = ZoneInfo("America/New_York")
STRANGER = 99


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with roster(database_url) as connection:
        _normal(connection)
        yield connection


@pytest.fixture
def on_sqlite(sqlite_url: str) -> Iterator[Connection]:
    with roster(sqlite_url) as connection:
        _normal(connection)
        yield connection


def _normal(connection: Connection) -> None:
    """Ana, then Bo, and an open place over both."""
    add(connection, at(0), at(4), ANA)
    add(connection, at(4), at(8), BO, ASKED)
    add(connection, at(2), at(6), None, OPEN)


def seat(begin: float, end: float, person: int | None, *, agreed: bool = True) -> TemporarySeat:
    return TemporarySeat(at(begin), at(end), person, agreed)


def left(connection: Connection) -> int:
    """How many rows there are of dated changes, hidden places and other days."""
    tables = (DatedChange, HiddenPlace, OpeningException)
    return sum(connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


def test_a_temporary_roster_hides_the_normal_one_and_lookup_is_the_same(
    connection: Connection,
) -> None:
    before = unversioned(connection)
    done = temporary(connection, LINE, at(3), at(5), [seat(3, 4.5, CHI)], **BY_ANA)
    assert shown(connection) == [
        *((0, 3, ANA, AGREED), (2, 3, None, OPEN), (3, 4.5, CHI, AGREED)),
        *((5, 6, None, OPEN), (5, 8, BO, ASKED)),
    ]
    assert [on(connection, hour) for hour in (2.9, 3, 4.5)] == [["Ana"], ["Chi"], []]
    assert undone(connection, done.change_id) == before
    assert left(connection) == 0


def test_lifting_gives_back_exactly_what_was_there(connection: Connection) -> None:
    before = unversioned(connection)
    done = temporary(connection, LINE, at(0), at(5), [seat(1, 2, CHI)], **BY_ANA)
    during = unversioned(connection)
    [chi] = [row for row in rows(connection) if row.person_id == CHI]
    lifted = lift(connection, LINE, done.dated_id or 0, **BY_ANA)
    assert unversioned(connection) == before
    assert lifted.findings == ()
    assert left(connection) == 0
    removed = connection.scalars(select(RemovedPlace.uid)).all()
    assert len(removed) == 1
    assert removed[0].startswith(f"place-{chi.id}@")

    assert undone(connection, lifted.change_id) == during
    lift(connection, LINE, done.dated_id or 0, **BY_ANA)
    assert unversioned(connection) == before


def test_what_somebody_got_meanwhile_stays_theirs_and_what_is_back_is_open(
    connection: Connection,
) -> None:
    done = temporary(connection, LINE, at(0), at(8), [], **BY_ANA)
    add(connection, at(1), at(2), ANA)
    lifted = lift(connection, LINE, done.dated_id or 0, **BY_ANA)
    assert lifted.findings == (HasAnother(ANA, at(1), at(2)),)
    assert shown(connection) == [
        *((0, 1, ANA, AGREED), (1, 2, ANA, AGREED), (1, 2, None, OPEN), (2, 4, ANA, AGREED)),
        *((2, 6, None, OPEN), (4, 8, BO, ASKED)),
    ]


def test_lifting_in_its_middle_leaves_what_has_been(connection: Connection) -> None:
    done = temporary(connection, LINE, at(1), at(6), [seat(1, 6, CHI)], **BY_ANA)
    lift(connection, LINE, done.dated_id or 0, by_id=ANA, now=at(3))
    assert shown(connection) == [
        *((0, 1, ANA, AGREED), (1, 3, CHI, AGREED), (3, 4, ANA, AGREED), (3, 6, None, OPEN)),
        (4, 8, BO, ASKED),
    ]


def test_a_temporary_place_that_somebody_was_moved_out_of_its_time_is_gone_too(
    on_sqlite: Connection,
) -> None:
    done = temporary(on_sqlite, LINE, at(0), at(2), [seat(0, 2, CHI)], **BY_ANA)
    [chi] = [row for row in rows(on_sqlite) if row.person_id == CHI]
    later = Pair(chi, replace(chi, starts_at=at(20), ends_at=at(22)))
    write(on_sqlite, Change(LINE, "move", ANA, EIGHT), [later])
    lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    assert CHI not in [row.person_id for row in rows(on_sqlite)]


@pytest.mark.parametrize("first", [0, 1])
def test_two_temporary_rosters_over_each_other_are_lifted_in_either_order(
    on_sqlite: Connection, first: int
) -> None:
    before = [replace(row, id=None) for row in unversioned(on_sqlite)]
    made = [
        temporary(on_sqlite, LINE, at(1), at(5), [seat(1, 5, CHI)], **BY_ANA),
        temporary(on_sqlite, LINE, at(3), at(7), [seat(3, 7, None)], **BY_ANA),
    ]
    lift(on_sqlite, LINE, made[first].dated_id or 0, **BY_ANA)
    assert [on(on_sqlite, hour) for hour in (1, 3)] == [
        *([["Ana"], []] if first == 0 else [["Chi"], ["Chi"]]),
    ]
    lift(on_sqlite, LINE, made[1 - first].dated_id or 0, **BY_ANA)
    assert [replace(row, id=None) for row in unversioned(on_sqlite)] == before
    assert left(on_sqlite) == 0


def test_a_temporary_roster_that_a_later_change_lies_over_is_lifted_not_undone(
    on_sqlite: Connection,
) -> None:
    first = temporary(on_sqlite, LINE, at(0), at(8), [], **BY_ANA)
    second = temporary(on_sqlite, LINE, at(3), at(7), [seat(3, 7, CHI)], **BY_ANA)
    elsewhere = temporary(on_sqlite, LINE, at(8), at(9), [], **BY_ANA)
    with pytest.raises(ChangedMeanwhile, match="lift"), on_sqlite.begin_nested():
        undo(on_sqlite, LINE, first.change_id, ANA, EIGHT)
    undo(on_sqlite, LINE, second.change_id, ANA, EIGHT)
    undo(on_sqlite, LINE, first.change_id, ANA, EIGHT)
    assert [on(on_sqlite, hour) for hour in (1, 3)] == [["Ana"], ["Ana"]]
    undo(on_sqlite, LINE, elsewhere.change_id, ANA, EIGHT)
    assert left(on_sqlite) == 0


def test_a_replacement_made_while_a_place_was_hidden_holds_when_it_is_back(
    on_sqlite: Connection,
) -> None:
    done = temporary(on_sqlite, LINE, at(0), at(8), [], **BY_ANA)
    replacing.replace(on_sqlite, LINE, at(1), at(2), ANA, CHI, **BY_ANA)
    lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    assert shown(on_sqlite)[:3] == [(0, 1, ANA, AGREED), (1, 2, CHI, ASKED), (2, 4, ANA, AGREED)]


def test_what_a_pattern_makes_later_is_hidden_too_and_comes_back(on_sqlite: Connection) -> None:
    done = temporary(on_sqlite, LINE, at(20), at(30), [], **BY_ANA)
    new = PlaceRow(None, LINE, at(22), at(32), CHI, ASKED, False, 7, "p7:1")
    made = apply([new], override_rows.in_span(on_sqlite, LINE, at(22), at(32)))
    write(on_sqlite, Change(LINE, "add", None, EIGHT), [Pair(None, row) for row in made.places])
    override_rows.keep_hidden(on_sqlite, made.hidden)
    assert shown(on_sqlite)[-1] == (30, 32, CHI, ASKED)
    with pytest.raises(ChangedMeanwhile):
        undo(on_sqlite, LINE, done.change_id, ANA, EIGHT)


def test_lifting_brings_back_what_a_pattern_made_meanwhile(on_sqlite: Connection) -> None:
    done = temporary(on_sqlite, LINE, at(20), at(30), [], **BY_ANA)
    new = PlaceRow(None, LINE, at(22), at(32), CHI, ASKED, False, 7, "p7:1")
    made = apply([new], override_rows.in_span(on_sqlite, LINE, at(22), at(32)))
    write(on_sqlite, Change(LINE, "add", None, EIGHT), [Pair(None, row) for row in made.places])
    override_rows.keep_hidden(on_sqlite, made.hidden)
    lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    last = rows(on_sqlite)[-1]
    assert replace(last, id=None, version=1) == new


def test_a_replacement_that_is_lifted_no_longer_holds_for_what_is_made_later(
    on_sqlite: Connection,
) -> None:
    done = replacing.replace(on_sqlite, LINE, at(1), at(2), ANA, CHI, **BY_ANA)
    there = unversioned(on_sqlite)
    lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    assert (unversioned(on_sqlite), left(on_sqlite)) == (there, 0)


def test_a_holiday_closes_the_line_on_its_local_days_and_can_empty_them(
    connection: Connection,
) -> None:
    monday = date(2027, 6, 7)
    before = unversioned(connection)
    opening_hours.set_day(connection, LINE, monday, OtherDay(note="old"))
    done = holiday(
        *(connection, LINE, monday, monday + DAY, NEW_YORK), hide=True, note="feast", **BY_ANA
    )
    closed = OtherDay(note="feast")
    assert opening_hours.read(connection, LINE).days == {monday: closed, monday + DAY: closed}
    midnight = connection.execute(select(DatedChange.starts_at, DatedChange.ends_at)).one()
    assert tuple(midnight) == (at(-4), at(44))
    assert shown(connection) == []
    assert undone(connection, done.change_id) == before
    assert opening_hours.read(connection, LINE).days == {monday: OtherDay(note="old")}


def test_a_holiday_with_hours_changes_nobodys_place(on_sqlite: Connection) -> None:
    monday = date(2027, 6, 7)
    before = unversioned(on_sqlite)
    times = (time(10), time(12))
    done = holiday(on_sqlite, LINE, monday, monday, NEW_YORK, [times], **BY_ANA)
    assert opening_hours.read(on_sqlite, LINE).days == {monday: OtherDay((times,))}
    assert (unversioned(on_sqlite), done.dated_id) == (before, None)


def test_a_holiday_on_a_day_that_a_zone_skipped_hides_nothing(on_sqlite: Connection) -> None:
    skipped = date(2011, 12, 30)
    apia = ZoneInfo("Pacific/Apia")
    assert holiday(on_sqlite, LINE, skipped, skipped, apia, hide=True, **BY_ANA).dated_id is None


def test_duty_stays_when_peers_places_are_hidden(on_sqlite: Connection) -> None:
    put_long(on_sqlite, 0, 8, ANA, duty=True)
    temporary(on_sqlite, LINE, at(0), at(8), [], **BY_ANA)
    assert (len(rows(on_sqlite)), len(rows(on_sqlite, duty=True))) == (0, 1)
    temporary(on_sqlite, LINE, at(0), at(8), [seat(0, 8, BO)], duty=True, **BY_ANA)
    assert [row.person_id for row in rows(on_sqlite, duty=True)] == [BO]


BAD_SEATS = {
    "an end before the start": ([seat(2, 1, CHI)], EndsBeforeStart, "is not after the start"),
    "outside the time": ([seat(7, 9, CHI)], OutsideTheTime, "from Mon 7 Jun 2027 11:00 on"),
    "somebody twice": ([seat(0, 2, CHI), seat(1, 3, CHI)], DoublePlace, "Chi has two places"),
    "somebody unknown": ([seat(0, 2, STRANGER)], NotInRoster, "number 99"),
}


@pytest.mark.parametrize("bad", BAD_SEATS.values(), ids=BAD_SEATS.keys())
def test_a_temporary_roster_that_cannot_be_is_refused_by_name(
    on_sqlite: Connection, bad: tuple[list[TemporarySeat], type[Exception], str]
) -> None:
    seats, fault, words = bad
    before = rows(on_sqlite)
    with pytest.raises(fault, match=words):
        temporary(on_sqlite, LINE, at(0), at(8), seats, **BY_ANA)
    assert (rows(on_sqlite), left(on_sqlite)) == (before, 0)


def test_two_open_temporary_places_at_once_are_two_seats(on_sqlite: Connection) -> None:
    temporary(on_sqlite, LINE, at(0), at(8), [seat(0, 30 / 4, None), seat(0, 8, None)], **BY_ANA)
    assert len(rows(on_sqlite)) == 2


def test_a_temporary_roster_or_holiday_of_more_than_a_year_is_refused(
    on_sqlite: Connection,
) -> None:
    with pytest.raises(LongerThanAYear):
        temporary(on_sqlite, LINE, at(0), at(0) + 368 * DAY, [], **BY_ANA)
    first = date(2027, 6, 7)
    with pytest.raises(LongerThanAYear):
        holiday(on_sqlite, LINE, first, first + 367 * DAY, NEW_YORK, **BY_ANA)
    with pytest.raises(EndsBeforeStart, match="last day, 2027-06-06, is before"):
        holiday(on_sqlite, LINE, first, first - DAY, NEW_YORK, **BY_ANA)


def test_what_is_lifted_cannot_be_lifted_again_nor_by_another_line(
    on_sqlite: Connection,
) -> None:
    done = temporary(on_sqlite, LINE, at(0), at(8), [], **BY_ANA)
    with pytest.raises(LiftedAlready):
        lift(on_sqlite, OTHER_LINE, done.dated_id or 0, **BY_ANA)
    lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    with pytest.raises(LiftedAlready, match="lifted already"):
        lift(on_sqlite, LINE, done.dated_id or 0, **BY_ANA)
    with pytest.raises(ChangedMeanwhile):
        undo(on_sqlite, LINE, done.change_id, ANA, EIGHT)


def test_a_temporary_place_of_sixty_hours_is_in_pieces(on_sqlite: Connection) -> None:
    temporary(on_sqlite, LINE, at(10), at(70), [seat(10, 70, CHI)], **BY_ANA)
    pieces = [row for row in rows(on_sqlite) if row.person_id == CHI]
    assert [row.ends_at - row.starts_at for row in pieces] == [
        *(timedelta(hours=25), timedelta(hours=25), timedelta(hours=10)),
    ]
