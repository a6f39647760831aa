"""Places as they go out: in a stream, by start, the pieces of longer shifts as one."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from shifts.models import AGREED, DRAFT, ON_STATES, Place, PlaceState
from shifts.who_is_on import LONGEST_PLACE


@dataclass(frozen=True, slots=True, order=True)
class ShownShift:
    """A shift that one person holds (None: nobody): UTC; `id` is its first place's."""

    starts_at: datetime
    ends_at: datetime
    id: int
    person_id: int | None
    state: PlaceState
    duty: bool
    version: int
    """The highest of its places', so that a calendar sees every change."""


_Unfinished = dict[tuple[datetime, int | None, PlaceState, bool], list[ShownShift]]
"""By what a place that goes on with them has: its start, person, state and kind."""


def whole_shifts(
    connection: Connection, line_id: int, *, as_held: bool = False, duty_too: bool = False
) -> Iterator[ShownShift]:
    """Every place but drafts, by start; `as_held`: wanted cover is agreed, still theirs."""
    rows = connection.execute(_query(line_id, duty_too), execution_options={"yield_per": 1000})
    places = (ShownShift(*row) for row in rows)
    return joined(map(_listed, places) if as_held else places)


def number_of_places(connection: Connection, line_id: int) -> int:
    """How many places there are to go out, at most."""
    query = select(func.count()).select_from(Place).where(Place.line_id == line_id)
    return connection.execute(query).scalar_one()


def joined(places: Iterable[ShownShift]) -> Iterator[ShownShift]:
    """Places by start with those that continue one of exactly 25 hours joined to it, by start.

    Only as much is held back as the longest unfinished shift covers.
    """
    unfinished: _Unfinished = {}
    done: list[ShownShift] = []
    for place in places:
        _give_up(unfinished, done, place.starts_at)
        key = (place.starts_at, place.person_id, place.state, place.duty)
        begun = unfinished.get(key)
        shift = _continued(begun.pop(), place) if begun else place
        if place.ends_at - place.starts_at == LONGEST_PLACE:
            unfinished.setdefault((place.ends_at, *key[1:]), []).append(shift)
        else:
            heapq.heappush(done, shift)
        yield from _ready(unfinished, done)
    _give_up(unfinished, done, None)
    yield from _ready(unfinished, done)


def _query(
    line_id: int, duty_too: bool
) -> Select[datetime, datetime, int, int | None, PlaceState, bool, int]:
    columns = (Place.starts_at, Place.ends_at, Place.id, Place.person_id, Place.state)
    query = select(*columns, Place.duty, Place.version).where(
        Place.line_id == line_id, Place.state != DRAFT
    )
    query = query if duty_too else query.where(Place.duty.is_(False))
    return query.order_by(Place.starts_at, Place.ends_at, Place.id)


def _listed(shift: ShownShift) -> ShownShift:
    return replace(shift, state=AGREED) if shift.state in ON_STATES else shift


def _continued(shift: ShownShift, piece: ShownShift) -> ShownShift:
    return replace(shift, ends_at=piece.ends_at, version=max(shift.version, piece.version))


def _give_up(unfinished: _Unfinished, done: list[ShownShift], now: datetime | None) -> None:
    """What nothing can continue any more is done; keys were added by their instant."""
    over = [key for key in unfinished if now is None or key[0] < now or not unfinished[key]]
    for key in over:
        for shift in unfinished.pop(key):
            heapq.heappush(done, shift)


def _ready(unfinished: _Unfinished, done: list[ShownShift]) -> Iterator[ShownShift]:
    """What starts no later than whatever is unfinished."""
    begun = [shift.starts_at for shifts in unfinished.values() for shift in shifts]
    first = min(begun, default=None)
    while done and (first is None or done[0].starts_at <= first):
        yield heapq.heappop(done)
