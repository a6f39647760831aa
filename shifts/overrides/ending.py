"""Lifting a dated change: what it hid is back, what was put in its place is gone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select

from shifts import places
from shifts.history import history, related_rows
from shifts.history.history import Change, Pair
from shifts.history.related_rows import RelatedRow
from shifts.models import Place
from shifts.overrides import override_rows
from shifts.overrides.holidays import origin
from shifts.overrides.override_rows import LiftedAlready
from shifts.overrides.override_rules import CUT_AT_END, HasAnother
from shifts.overrides.restored_places import brought_back
from shifts.places import PlaceQuery, PlaceRow
from shifts.planning_models import DatedChange, HiddenPlace, RemovedPlace

SECOND = timedelta(seconds=1)
HIDDEN = (
    *(HiddenPlace.line_id, HiddenPlace.starts_at, HiddenPlace.ends_at, HiddenPlace.person_id),
    *(HiddenPlace.state, HiddenPlace.duty, HiddenPlace.pattern_id, HiddenPlace.origin),
    HiddenPlace.version,
)


class _Dated(NamedTuple):
    """The dated change that is lifted: half-open [starts_at, ends_at), UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime
    duty: bool


@dataclass(frozen=True)
class Lifted:
    """What was done: the change's id for undo.

    `findings`: where somebody got another place meanwhile, so that the one that is back is open.
    """

    change_id: int
    findings: tuple[HasAnother, ...]


def lift(
    connection: Connection, line_id: int, dated_id: int, *, by_id: int | None, now: datetime
) -> Lifted:
    """From `now` on the normal roster is back, and the temporary places are gone.

    What somebody got meanwhile stays theirs; later dated changes hold for what comes back. A
    replacing or removing change has hidden nothing: it no longer holds for what patterns make,
    the places it changed stay as they are. Raises LiftedAlready or ChangedMeanwhile.
    """
    change = _change(connection, line_id, dated_id)
    gone = _temporary(connection, line_id, dated_id, now)
    hidden = _hidden(connection, line_id, dated_id, now)
    override_rows.lock_people(connection, line_id, (row.person_id for row in hidden))
    removed = {row.id for row in gone}
    near = (change.starts_at - SECOND, change.ends_at + SECOND)
    there = places.in_span(connection, line_id, *near, duty=change.duty)
    present = [row for row in there if row.id not in removed]
    later = [row for row in override_rows.in_span(connection, line_id, *near) if row.id > dated_id]
    back = brought_back(hidden, present, later)
    done = [
        *_taken(connection, line_id, dated_id),
        *override_rows.keep_hidden(connection, back.hidden),
    ]
    pairs = [*(_ended(row, now) for row in gone), *_pairs(present, back.places)]
    written = history.write(connection, Change(line_id, "lift", by_id, now), pairs, done)
    return Lifted(written, tuple(back.findings))


def _change(connection: Connection, line_id: int, dated_id: int) -> _Dated:
    """The change, locked, so that only one can lift it."""
    query = select(DatedChange.id, DatedChange.starts_at, DatedChange.ends_at, DatedChange.duty)
    wanted = query.where(DatedChange.id == dated_id, DatedChange.line_id == line_id)
    change = connection.execute(wanted.with_for_update()).first()
    if change is None:
        raise LiftedAlready("That change is lifted already, or there never was one.")
    return _Dated(*change)


def _temporary(
    connection: Connection, line_id: int, dated_id: int, now: datetime
) -> list[PlaceRow]:
    """The places of a temporary roster that are not over."""
    query: PlaceQuery = select(*places.COLUMNS).where(
        Place.line_id == line_id, Place.origin == origin(dated_id), Place.ends_at > now
    )
    return [PlaceRow(*row) for row in connection.execute(query.order_by(Place.id))]


def _ended(row: PlaceRow, now: datetime) -> Pair:
    return Pair(row, replace(row, ends_at=now) if row.starts_at < now else None)


def _hidden(connection: Connection, line_id: int, dated_id: int, now: datetime) -> list[PlaceRow]:
    """What the change hides from `now` on; whole places with the ids they had."""
    query = select(*HIDDEN).where(
        HiddenPlace.dated_change_id == dated_id, HiddenPlace.ends_at > now
    )
    rows = [
        PlaceRow(None, *row)
        for row in connection.execute(query.order_by(HiddenPlace.starts_at, HiddenPlace.id))
    ]
    former = _former_ids(connection, line_id, rows)
    return [
        _from(row, now) if row.starts_at < now else replace(row, id=_former_id(former, row))
        for row in rows
    ]


def _from(row: PlaceRow, now: datetime) -> PlaceRow:
    """What is left of a hidden place from `now` on; there it is not mended."""
    sides = -row.version & CUT_AT_END if row.version < 0 else 0
    return replace(row, starts_at=now, version=-sides or 1)


def _former_ids(
    connection: Connection, line_id: int, rows: Sequence[PlaceRow]
) -> dict[tuple[object, ...], list[int]]:
    """Ids of removed places, by what they were: calendars then know those that come back."""
    former: dict[tuple[object, ...], list[int]] = defaultdict(list)
    if not rows:
        return former
    kept = (RemovedPlace.starts_at, RemovedPlace.ends_at, RemovedPlace.person_id)
    query = select(RemovedPlace.uid, *kept, RemovedPlace.sequence).where(
        RemovedPlace.line_id == line_id,
        RemovedPlace.starts_at >= rows[0].starts_at,
        RemovedPlace.starts_at <= rows[-1].starts_at,
    )
    for named, *what in connection.execute(query.order_by(RemovedPlace.id.desc())):
        former[tuple(what)].append(history.id_in(named))
    return former


def _former_id(former: dict[tuple[object, ...], list[int]], row: PlaceRow) -> int | None:
    ids = former[row.starts_at, row.ends_at, row.person_id, row.version]
    return ids.pop() if ids else None


def _taken(connection: Connection, line_id: int, dated_id: int) -> list[RelatedRow]:
    """The change and what it hid; temporary places that another change hides go with it."""
    theirs = (HiddenPlace.line_id == line_id, HiddenPlace.origin == origin(dated_id))
    hidden = or_(HiddenPlace.dated_change_id == dated_id, and_(*theirs))
    return [
        *related_rows.take(connection, HiddenPlace, hidden),
        *related_rows.take(connection, DatedChange, DatedChange.id == dated_id),
    ]


def _pairs(present: Sequence[PlaceRow], after: Sequence[PlaceRow]) -> list[Pair]:
    """As history.pairs_of, with places that come back under the ids they had."""
    there = {row.id for row in present}
    named = [Pair(None, row) for row in after if row.id is not None and row.id not in there]
    return [*history.pairs_of(present, after), *named]
