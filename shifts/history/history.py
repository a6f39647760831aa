"""The one way a change of places is written: each row as it was and as it is, so it can be undone.

Every change has a name (`kind`): take, drop, replace, … A row is changed only while it is as the
change saw it (id and version): two who change one place at once cannot both succeed, and nothing
is overwritten unseen.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypedDict

from sqlalchemy import Connection, delete, insert, select, update

from shifts.faults import Fault
from shifts.history import related_rows
from shifts.history.pattern_undo import refuse_gone_on
from shifts.history.related_rows import RelatedRow
from shifts.history.undo_rules import hides_under_others, refuse_double
from shifts.models import Line, Place, PlaceState
from shifts.places import PlaceRow
from shifts.planning_models import RemovedPlace, RosterChange

KEPT_FOR = timedelta(days=30)
"""How long a change can be undone, unless its shift is over sooner."""
SEEN_FOR = timedelta(days=90)
"""How long a change can be seen; after that only its month's count of its kind is kept."""
UNDO = "undo"


class ChangedMeanwhile(Fault):
    """A place is no longer as it was when the change was thought out; nothing was done."""


class NothingToUndo(Fault):
    """There is no change of theirs that could be undone."""


@dataclass(frozen=True)
class Change:
    """One change: its name, who made it (None: the command line) and when (UTC).

    `forget_at`: when it is erased, if sooner than usual, without being counted; who gave what up
    is nobody's business once the shift has begun. `undo_until`: until when it can be undone, if
    not as long as usual.
    """

    line_id: int
    kind: str
    by_id: int | None
    made_at: datetime
    forget_at: datetime | None = None
    undo_until: datetime | None = None


@dataclass(frozen=True)
class Pair:
    """One place before (None: it is new) and after the change (None: it is removed)."""

    before: PlaceRow | None
    after: PlaceRow | None


class PlaceInJson(TypedDict):
    """A place as a change remembers it: its instants in ISO 8601, UTC."""

    id: int | None
    line_id: int
    starts_at: str
    ends_at: str
    person_id: int | None
    state: PlaceState
    duty: bool
    pattern_id: int | None
    origin: str | None
    version: int


def write(
    connection: Connection, change: Change, pairs: Sequence[Pair], done: Sequence[RelatedRow] = ()
) -> int:
    """Make every place what it is after the change, and remember it; the id of the change.

    `done` are rows of other tables that the change has made or taken away already (related_rows):
    they are remembered too, and undone with it. Raises ChangedMeanwhile when a place is not as
    before: the caller's transaction must end.
    """
    changed = [pair for pair in pairs if pair.before != pair.after]
    written = [Pair(one.before, _write_one(connection, change, one)) for one in changed]
    entries: list[Pair | RelatedRow] = [*written, *done]
    record = {
        "line_id": change.line_id,
        "made_at": change.made_at,
        "by_id": change.by_id,
        "kind": change.kind,
        "places": json.dumps([asdict(one) for one in entries], default=_in_json),
        "undo_until": _undo_until(change, entries),
        "forget_at": change.forget_at or change.made_at + SEEN_FOR,
        "counted": change.forget_at is None,
    }
    made = connection.execute(insert(RosterChange).values(record).returning(RosterChange.id))
    return int(made.scalar_one())


def pairs_of(before: Sequence[PlaceRow], after: Sequence[PlaceRow]) -> list[Pair]:
    """Rows before and after brought together by id; rows without an id are new."""
    later = {row.id: row for row in after if row.id is not None}
    kept = [Pair(row, later.get(row.id or 0)) for row in before]
    return [*kept, *(Pair(None, row) for row in after if row.id is None)]


def uid(calendar_key: str, place_id: int) -> str:
    """The name of a place in calendars: the same for as long as there is the place."""
    return f"place-{place_id}@{calendar_key}.warmline"


def id_in(uid: str) -> int:
    """The place that `uid` names."""
    return int(uid.removeprefix("place-").partition("@")[0])


def undo(
    connection: Connection, line_id: int, change_id: int, by_id: int | None, now: datetime
) -> str:
    """Undo one change, whoever made it; its kind. An undo is a change, and can be undone.

    It can be undone for as long as what it undid. Raises NothingToUndo, ChangedMeanwhile,
    PatternWentOn, or DoublePlace when somebody whose place would be back has another one by now.
    """
    taken = update(RosterChange).where(
        RosterChange.id == change_id,
        RosterChange.line_id == line_id,
        RosterChange.undone.is_(False),
        RosterChange.undo_until > now,
    )
    done = taken.values(undone=True).returning(RosterChange.__table__)
    row = connection.execute(done).first()
    if row is None:
        raise NothingToUndo("That change is undone already, or forgotten.")
    did = _as_undos_left_it(connection, line_id, change_id, remembered(row.places))
    back = [Pair(one.after, one.before) for one in did]
    besides = remembered_beside(row.places)
    gone = {one.before.id for one in back if one.before is not None}
    refuse_double(connection, line_id, list(_after(back)), gone)
    if hides_under_others(connection, besides):
        raise ChangedMeanwhile(
            "Another change was made for that time since; lift this one instead."
        )
    refuse_gone_on(connection, besides)
    try:
        turned = related_rows.turned_back(connection, besides)
    except related_rows.NoLonger as error:
        raise ChangedMeanwhile("Too much has changed since to undo that; look again.") from error
    sooner = None if row.counted else row.forget_at
    write(connection, Change(line_id, UNDO, by_id, now, sooner, row.undo_until), back, turned)
    return str(row.kind)


def _as_undos_left_it(
    connection: Connection, line_id: int, change_id: int, pairs: Iterable[Pair]
) -> Iterator[Pair]:
    """What a change did, as undoing later changes has left it: the same rows, other versions."""
    undos = select(RosterChange.places).where(
        RosterChange.line_id == line_id, RosterChange.kind == UNDO, RosterChange.id > change_id
    )
    undone = connection.scalars(undos.order_by(RosterChange.id))
    left = {row.id: row for one in undone for row in _after(remembered(one))}
    for pair in pairs:
        then = pair.after
        now = None if then is None else left.get(then.id)
        alike = then is not None and now is not None and replace(now, version=then.version) == then
        yield Pair(pair.before, now) if alike else pair


def _after(pairs: Iterable[Pair]) -> Iterator[PlaceRow]:
    return (pair.after for pair in pairs if pair.after is not None)


def remembered(places: str) -> list[Pair]:
    """What a change did to places, from `RosterChange.places`."""
    entries = (one for one in json.loads(places) if "table" not in one)
    return [Pair(_row(one["before"]), _row(one["after"])) for one in entries]


def remembered_beside(places: str) -> list[RelatedRow]:
    """What a change did to rows of other tables, from `RosterChange.places`."""
    return [related_rows.from_json(one) for one in json.loads(places) if "table" in one]


def _undo_until(change: Change, entries: Sequence[Pair | RelatedRow]) -> datetime:
    """A day after its last shift is over; 30 days after it was made, or when it says, at most.

    One that is of no shift, but of other hours for example, 30 days after it was made.
    """
    pairs = [one for one in entries if isinstance(one, Pair)]
    rows = [row for pair in pairs for row in (pair.before, pair.after) if row is not None]
    longest = change.made_at + KEPT_FOR
    shifts_over = max((row.ends_at for row in rows), default=change.made_at) + timedelta(days=1)
    over = longest if entries and not rows else shifts_over
    said = (one for one in (change.forget_at, change.undo_until) if one is not None)
    return min(over, longest, *said)


def _write_one(connection: Connection, change: Change, pair: Pair) -> PlaceRow | None:
    if pair.before is None:
        return _add(connection, change, pair.after) if pair.after else None
    if pair.after is None:
        _remove(connection, change, pair.before)
        return None
    return _update(connection, pair.before, pair.after)


def _add(connection: Connection, change: Change, row: PlaceRow) -> PlaceRow:
    """A new place; one that was removed comes back under its old id."""
    values = asdict(row)
    if row.id is None:
        del values["id"]
    else:
        _no_longer_removed(connection, change.line_id, row.id)
    made = connection.execute(insert(Place).values(values).returning(Place.id))
    return replace(row, id=made.scalar_one())


def _no_longer_removed(connection: Connection, line_id: int, place_id: int) -> None:
    """Raises ChangedMeanwhile when the place is back already."""
    if connection.scalar(select(Place.id).where(Place.id == place_id)) is not None:
        raise ChangedMeanwhile("That shift is back on the roster already; look again.")
    named = uid(_calendar_key(connection, line_id), place_id)
    of_line = (RemovedPlace.line_id == line_id, RemovedPlace.uid == named)
    connection.execute(delete(RemovedPlace).where(*of_line))


def _update(connection: Connection, before: PlaceRow, after: PlaceRow) -> PlaceRow:
    written = replace(after, id=before.id, version=before.version + 1)
    values = {key: value for key, value in asdict(written).items() if key != "id"}
    as_it_was = (Place.id == before.id, Place.version == before.version)
    if connection.execute(update(Place).where(*as_it_was).values(values)).rowcount != 1:
        raise ChangedMeanwhile("Somebody has changed that shift meanwhile; look again.")
    return written


def _remove(connection: Connection, change: Change, row: PlaceRow) -> None:
    as_it_was = (Place.id == row.id, Place.version == row.version)
    if connection.execute(delete(Place).where(*as_it_was)).rowcount != 1:
        raise ChangedMeanwhile("Somebody has changed that shift meanwhile; look again.")
    gone = {
        "line_id": row.line_id,
        "uid": uid(_calendar_key(connection, row.line_id), row.id or 0),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "person_id": row.person_id,
        "sequence": row.version,
        "removed_at": change.made_at,
    }
    connection.execute(insert(RemovedPlace).values(gone))


def _calendar_key(connection: Connection, line_id: int) -> str:
    return connection.execute(select(Line.calendar_key).where(Line.id == line_id)).scalar_one()


def _in_json(value: date) -> str:
    return value.isoformat()


def _row(values: PlaceInJson | None) -> PlaceRow | None:
    if values is None:
        return None
    return PlaceRow(
        values["id"],
        values["line_id"],
        datetime.fromisoformat(values["starts_at"]),
        datetime.fromisoformat(values["ends_at"]),
        values["person_id"],
        values["state"],
        values["duty"],
        values["pattern_id"],
        values["origin"],
        values["version"],
    )
