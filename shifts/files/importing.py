"""A file comes in: compared with the roster, refused where it cannot be, then written whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, literal, select

from shifts.faults import BadLine, BadLines
from shifts.files.comparing import ADDED, CHANGED, NOW_AGREED, REMOVED, SEAT, OwnSpan, own_spans
from shifts.files.staging import file_change, file_place
from shifts.history.history import Change, Pair, write
from shifts.models import Person, Place, PlaceState
from shifts.places import COLUMNS, PlaceRow

IMPORT = "import"
KEPT_WHOLE = 2000
"""Up to so many changes are one in the history, and undone at once; what a larger import adds
is not kept there, place by place, beside the places."""


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do, to places; `stands` says in words what it left alone."""

    added: int
    agreed: int
    already: int
    changed: int = 0
    removed: int = 0
    stands: tuple[str, ...] = ()


class _Planned(NamedTuple):
    """A change as it is planned, and the place after it: UTC, half-open."""

    change_id: int
    kind: str
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: PlaceState
    duty: bool
    origin: str | None


_OWN = len(_Planned._fields)


def lock_people(connection: Connection, line_id: int) -> dict[int, str]:
    """Everybody's name; nobody's places change by another way until the import is done."""
    query = select(Person.id, Person.name).where(Person.line_id == line_id)
    rows = connection.execute(query.order_by(Person.id).with_for_update())
    return {row.id: row.name for row in rows}


def finish(
    connection: Connection,
    line_id: int,
    names: Mapping[int, str],
    column: str,
    now: datetime,
    *,
    dry_run: bool,
    stands: Sequence[str] = (),
    by_id: int | None = None,
) -> Imported:
    """Do what is planned, unless it is a dry run; what is done, or would be.

    `names` are those of persons who are not on the roster yet (a dry run's). Raises BadFile, which
    names lines and `column`, when a person would be on twice at one instant.
    """
    people = lock_people(connection, line_id)
    refuse_overlaps(connection, line_id, {**people, **names}, column)
    done = outcome(connection, tuple(stands))
    if not dry_run:
        carry_out(connection, line_id, now, by_id)
    return done


def refuse_overlaps(
    connection: Connection, line_id: int, names: Mapping[int, str], column: str
) -> None:
    """Raise BadFile when a person would be on twice at one instant, and the file has a part in it.

    Being on duty is apart from being on for calls: one may be both.
    """
    bad = BadLines()
    spans = connection.execute(
        own_spans(connection, line_id), execution_options={"yield_per": 1000}
    )
    rows = (OwnSpan(*row) for row in spans)
    for (person, _), own in groupby(rows, key=lambda row: (row.person_id, row.duty)):
        for fault in overlaps(own, names.get(person, "somebody"), column):
            bad.append(fault)
    bad.refuse()


def overlaps(own: Iterable[OwnSpan], name: str, column: str) -> Iterator[BadLine]:
    """One person's spans, by start, that share an instant; line 0 stands for the roster itself."""
    furthest, holder = None, 0
    for span in own:
        if furthest is not None and span.starts_at < furthest and (span.line or holder):
            other = min(span.line, holder)
            where = f"line {other}" if other else "the roster"
            why = f"{name} has a place then in {where} too"
            yield BadLine(max(span.line, holder), column, why)
        if furthest is None or span.ends_at > furthest:
            furthest, holder = span.ends_at, span.line


def outcome(connection: Connection, stands: tuple[str, ...] = ()) -> Imported:
    """What is planned, in numbers of places."""
    kinds = select(file_change.c.kind, func.count().label("number")).group_by(file_change.c.kind)
    planned = {row.kind: row.number for row in connection.execute(kinds)}
    staged = connection.execute(select(func.count()).select_from(file_place)).scalar_one()
    added, agreed = planned.get(ADDED, 0), planned.get(NOW_AGREED, 0)
    changed, removed = planned.get(CHANGED, 0), planned.get(REMOVED, 0)
    already = max(0, staged - added - agreed - changed)
    return Imported(added, agreed, already, changed, removed, stands)


def carry_out(
    connection: Connection, line_id: int, now: datetime, by_id: int | None = None
) -> None:
    """Do what is planned: changes as one change that can be undone, many new places at once."""
    number = connection.execute(select(func.count()).select_from(file_change)).scalar_one()
    small = number <= KEPT_WHOLE
    change = Change(line_id, IMPORT, by_id, now)
    for pairs in _pairs(connection, line_id, added_too=small):
        write(connection, change, pairs)
    if not small:
        _add_at_once(connection, line_id)


def _pairs(connection: Connection, line_id: int, *, added_too: bool) -> Iterator[list[Pair]]:
    query = (
        select(file_change.c.id.label("change_id"), file_change.c.kind, *_after(), *COLUMNS)
        .outerjoin(Place, Place.id == file_change.c.place_id)
        .order_by(file_change.c.id)
        .limit(KEPT_WHOLE)
    )
    query = query if added_too else query.where(file_change.c.kind != ADDED)
    last = 0
    while rows := connection.execute(query.where(file_change.c.id > last)).all():
        split = ((_Planned(*row[:_OWN]), row[_OWN:]) for row in rows)
        yield [
            _pair(line_id, planned, None if there[0] is None else PlaceRow(*there))
            for planned, there in split
        ]
        last = rows[-1].change_id


def _after() -> list[ColumnElement[object]]:
    return [file_change.c[name].label(f"{name}_after") for name in SEAT]


def _pair(line_id: int, row: _Planned, before: PlaceRow | None) -> Pair:
    after = {name: getattr(row, name) for name in SEAT}
    if before is None:
        return Pair(None, PlaceRow(id=None, line_id=line_id, **after))
    return Pair(before, None if row.kind == REMOVED else replace(before, **after))


def _add_at_once(connection: Connection, line_id: int) -> None:
    seat = [file_change.c[name] for name in SEAT]
    new = select(literal(line_id), *seat, literal(1)).where(file_change.c.kind == ADDED)
    rows = new.order_by(file_change.c.id)
    columns = ["line_id", *SEAT, "version"]
    connection.execute(insert(Place).from_select(columns, rows))
