"""Dated changes on the roster that is there: somebody is replaced, or taken off."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from shifts import places
from shifts.faults import Fault
from shifts.history import history
from shifts.history.history import Change
from shifts.models import AGREED, ASKED, OPEN, PlaceState
from shifts.overrides import override_rows, override_rules
from shifts.overrides.override_rows import NothingThere, check_span, in_words, lock_people, name_of
from shifts.overrides.override_rules import REMOVE, REPLACE, DatedRow, HasAnother
from shifts.places import PlaceRow
from shifts.planning_models import HiddenPlace


class SamePerson(Fault):
    """Somebody was to be replaced by themselves."""


@dataclass(frozen=True)
class Done:
    """What was done: the change's id for undo, the dated change's for lifting (None: none kept).

    `findings`: where somebody could not have the place, so that it is open.
    """

    change_id: int
    dated_id: int | None
    findings: tuple[HasAnother, ...] = ()


def replace(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    leaves: int,
    comes: int,
    *,
    by_id: int | None,
    now: datetime,
    agreed: bool = False,
    duty: bool = False,
) -> Done:
    """Within [begin, end), UTC, one person's places are another's: cut exactly at its borders.

    Who comes is asked, unless the coordinator holds their yes (`agreed`); where they have a
    place of that kind already, the place is open. Places that patterns make later obey it too.
    Raises EndsBeforeStart, LongerThanAYear, NotInRoster, SamePerson or NothingThere;
    ChangedMeanwhile when somebody was faster.
    """
    check_span(connection, line_id, begin, end)
    if leaves == comes:
        name = name_of(connection, leaves)
        raise SamePerson(f"{name} cannot stand in for {name}; name somebody else.")
    lock_people(connection, line_id, (leaves, comes))
    row = DatedRow(0, REPLACE, duty, begin, end, leaves, comes, agreed)
    return _done(connection, line_id, row, by_id, now)


def remove(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    leaves: int,
    *,
    by_id: int | None,
    now: datetime,
    duty: bool = False,
) -> Done:
    """Within [begin, end), UTC, one person's places are open: exactly that gap, no more.

    Places that patterns make later obey it too. Raises as `replace` does.
    """
    check_span(connection, line_id, begin, end)
    lock_people(connection, line_id, (leaves,))
    row = DatedRow(0, REMOVE, duty, begin, end, leaves)
    return _done(connection, line_id, row, by_id, now)


def state_of(person_id: int | None, agreed: bool) -> PlaceState:
    """The state of a new place: nobody is on before their own yes is held."""
    if person_id is None:
        return OPEN
    return AGREED if agreed else ASKED


def _done(
    connection: Connection, line_id: int, row: DatedRow, by_id: int | None, now: datetime
) -> Done:
    there = places.in_span(connection, line_id, row.starts_at, row.ends_at, duty=row.duty)
    if not _concerns_any(connection, line_id, row, there):
        name = name_of(connection, row.leaves_id)
        starts, ends = (in_words(connection, line_id, at) for at in (row.starts_at, row.ends_at))
        raise NothingThere(f"{name} has no place from {starts} to {ends}; choose another time.")
    change, kept = override_rows.store(connection, line_id, row)
    applied = override_rules.apply(there, [change])
    pairs = history.pairs_of(there, applied.places)
    written = history.write(connection, Change(line_id, row.kind, by_id, now), pairs, [kept])
    return Done(written, change.id, tuple(applied.findings))


def _concerns_any(
    connection: Connection, line_id: int, row: DatedRow, there: list[PlaceRow]
) -> bool:
    if any(place.person_id == row.leaves_id for place in there):
        return True
    hidden = select(HiddenPlace.id).where(
        HiddenPlace.line_id == line_id,
        HiddenPlace.person_id == row.leaves_id,
        HiddenPlace.duty.is_(row.duty),
        HiddenPlace.starts_at < row.ends_at,
        HiddenPlace.ends_at > row.starts_at,
    )
    if connection.scalar(hidden.limit(1)) is not None:
        return True
    return override_rows.more_to_come(connection, line_id, row.ends_at, duty=row.duty)
