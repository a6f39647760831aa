"""The occurrences that a calendar file and the roster say differently, brought together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Column, Connection, Select, bindparam, exists, insert, select, update

from shifts.files.comparing import CHANGED, NOW_AGREED, REMOVED, SEAT
from shifts.files.staging import (
    AT_A_TIME,
    file_change,
    file_event,
    file_met,
    file_place,
    file_there,
)
from shifts.history.history import Pair
from shifts.history.whole_shift import whole_shift
from shifts.ical.merging import Met, WantedSeat, merged, paired
from shifts.models import AGREED, Place, PlaceState
from shifts.places import COLUMNS, PlaceRow


class _Piece(NamedTuple):
    """A staged place of at most 25 hours: UTC, half-open [starts_at, ends_at)."""

    id: int
    line: int
    occurrence: str
    origin: str
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: PlaceState
    duty: bool


OCCURRENCES_AT_A_TIME = EVENTS_AT_A_TIME = 500


def pair_what_moved(connection: Connection) -> None:
    """An occurrence that is gone and one that is new are one that moved, if they are near.

    Whoever moves an event, or a whole series, gives it another start; its places are the same.
    """
    there, event = file_there.c, file_event.c
    rename = update(file_there).where(there.occurrence == bindparam("old"), ~there.met)
    for keys in _with_both(connection):
        old = _loose(connection, _gone().where(there.uid_key.in_(keys)))
        new = _loose(connection, _new().where(event.uid_key.in_(keys)))
        moved = [
            {"old": was, "new": now}
            for key in keys
            for was, now in paired(old.get(key, []), new.get(key, []))
        ]
        if moved:
            connection.execute(rename.values(occurrence=bindparam("new")), moved)


def _with_both(connection: Connection) -> Iterator[Sequence[str]]:
    """The keys of events with places that are gone from the file, some at a time."""
    key = file_there.c.uid_key
    query = _gone().with_only_columns(key).distinct().order_by(key).limit(EVENTS_AT_A_TIME)
    last = ""
    while found := connection.scalars(query.where(key > last)).all():
        yield found
        last = found[-1]


def _gone() -> Select[str, str]:
    """The occurrences that are on the roster alone, of events that the file has as a whole."""
    there, event = file_there.c, file_event.c
    in_the_file = exists().where(file_place.c.occurrence == there.occurrence)
    return (
        select(there.uid_key, there.occurrence)
        .distinct()
        .join(file_event, event.uid_key == there.uid_key)
        .where(event.occurrence.is_(None), ~there.met, ~in_the_file)
    )


def _new() -> Select[str, str]:
    """The occurrences that are in the file alone, not changed ones of their own."""
    staged, event = file_place.c, file_event.c
    known = exists().where(file_there.c.occurrence == staged.occurrence)
    return (
        select(event.uid_key, staged.occurrence)
        .distinct()
        .join(file_place, event.id == staged.event)
        .where(event.occurrence.is_(None), ~staged.met, ~known)
    )


def _loose(connection: Connection, query: Select[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.uid_key].append(row.occurrence)
    return found


def merge_what_differs(connection: Connection, line_id: int, now: datetime) -> list[str]:
    """Plan what becomes of places whose occurrence has staged ones that were not met yet.

    In words, what was left as it is here because it was changed here too.
    """
    stands: list[str] = []
    for occurrences in _differing(connection):
        seats = _seats(connection, occurrences)
        groups = _groups(connection, line_id, occurrences)
        found = [met for one in occurrences for met in merged(seats[one], groups.get(one, []), now)]
        _note(connection, found)
        stands += [_in_words(met) for met in found if met.pairs is None]
    return stands


def _differing(connection: Connection) -> Iterator[Sequence[str]]:
    """The names of those occurrences, some at a time."""
    staged, there = file_place.c, file_there.c
    query = (
        select(staged.occurrence)
        .distinct()
        .join(file_there, there.occurrence == staged.occurrence)
        .where(~staged.met, ~there.met)
        .order_by(staged.occurrence)
        .limit(OCCURRENCES_AT_A_TIME)
    )
    last = ""
    while found := connection.scalars(query.where(staged.occurrence > last)).all():
        yield found
        last = found[-1]


def _seats(connection: Connection, occurrences: Sequence[str]) -> dict[str, list[WantedSeat]]:
    staged = file_place.c
    query = (
        select(*(staged[name] for name in _Piece._fields))
        .where(staged.occurrence.in_(occurrences), ~staged.met)
        .order_by(staged.occurrence, staged.origin, staged.starts_at)
    )
    found: dict[str, list[WantedSeat]] = defaultdict(list)
    rows = map(_Piece._make, connection.execute(query))
    for (occurrence, _), pieces in groupby(rows, lambda row: (row.occurrence, row.origin)):
        found[occurrence].append(_seat(list(pieces)))
    return found


def _seat(pieces: Sequence[_Piece]) -> WantedSeat:
    first = pieces[0]
    return WantedSeat(
        ids=tuple(piece.id for piece in pieces),
        line=first.line,
        spans=tuple((piece.starts_at, piece.ends_at) for piece in pieces),
        person_id=first.person_id,
        state=first.state,
        duty=first.duty,
        origin=first.origin,
    )


def _groups(
    connection: Connection, line_id: int, occurrences: Sequence[str]
) -> dict[str, list[list[PlaceRow]]]:
    """The roster's places of each occurrence, those with one origin together."""
    there = file_there.c
    query = (
        select(there.occurrence, there.origin.label("said"), *COLUMNS)
        .join(Place, Place.id == there.place_id)
        .where(there.occurrence.in_(occurrences), ~there.met)
        .order_by(there.occurrence, there.origin, Place.starts_at)
    )
    found: dict[str, list[list[PlaceRow]]] = defaultdict(list)
    rows = connection.execute(query).all()
    for (occurrence, said), group in groupby(rows, lambda row: (row.occurrence, row.said)):
        places = [PlaceRow(*row[-len(COLUMNS) :]) for row in group]
        if said is None:
            places = list(whole_shift(connection, line_id, places[0].id or 0).pieces)
        found[occurrence].append(places)
    return found


def _note(connection: Connection, found: Iterable[Met]) -> None:
    changes, pairs, staged, there = [], [], [], []
    for met in found:
        changes += [_change(met, pair) for pair in met.pairs or () if _differs(pair)]
        pairs += [
            {"file_id": one, "place_id": place.id}
            for one, place in zip(met.seat.ids, met.places, strict=False)
        ]
        staged += list(met.seat.ids)
        there += [place.id for place in met.places]
    if changes:
        connection.execute(insert(file_change), changes)
    if pairs:
        connection.execute(insert(file_met), pairs)
    _settle(connection, file_place.c.id, staged)
    _settle(connection, file_there.c.place_id, there)


def _settle(connection: Connection, column: Column[int], ids: Sequence[int | None]) -> None:
    for begin in range(0, len(ids), AT_A_TIME):
        some = ids[begin : begin + AT_A_TIME]
        connection.execute(update(column.table).where(column.in_(some)).values(met=True))


def _differs(pair: Pair) -> bool:
    """Whether more than the origin is another: that alone is no change to anybody."""
    if pair.before is None or pair.after is None:
        return True
    return _of_people(pair.before) != _of_people(pair.after)


def _of_people(row: PlaceRow) -> tuple[datetime, datetime, int | None, PlaceState, bool]:
    return row.starts_at, row.ends_at, row.person_id, row.state, row.duty


def _change(met: Met, pair: Pair) -> dict[str, object]:
    shown = pair.after or pair.before or met.places[0]
    return {
        "kind": _kind(pair.before, pair.after),
        "line": met.seat.line,
        "place_id": pair.before.id if pair.before else None,
        **{name: getattr(shown, name) for name in SEAT},
    }


def _kind(before: PlaceRow | None, after: PlaceRow | None) -> str:
    if after is None:
        return REMOVED
    if before is None or before.state == after.state or after.state != AGREED:
        return CHANGED
    same = before.starts_at, before.ends_at, before.person_id, before.duty
    again = after.starts_at, after.ends_at, after.person_id, after.duty
    return NOW_AGREED if same == again else CHANGED


def _in_words(met: Met) -> str:
    return f"line {met.seat.line}: this shift was changed here since, and that stands"
