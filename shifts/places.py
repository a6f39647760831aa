"""Places as rows: read for an interval, cut into parts, taken up by the rules as plain values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Select, select

from shifts.local_time import Span
from shifts.models import ON_STATES, OPEN, Place, PlaceState
from shifts.who_is_on import LONGEST_PLACE


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place: half-open [starts_at, ends_at), UTC; `id` None when it is not written yet."""

    id: int | None
    line_id: int
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: PlaceState
    duty: bool = False
    pattern_id: int | None = None
    origin: str | None = None
    version: int = 1

    @property
    def on(self) -> bool:
        """Whether its holder is on shift during it."""
        return self.state in ON_STATES


COLUMNS = (
    *(Place.id, Place.line_id, Place.starts_at, Place.ends_at, Place.person_id, Place.state),
    *(Place.duty, Place.pattern_id, Place.origin, Place.version),
)
PlaceQuery = Select[
    int, int, datetime, datetime, int | None, PlaceState, bool, int | None, str | None, int
]
"""A statement that reads these columns, in this order."""


def in_span(
    connection: Connection, line_id: int, begin: datetime, end: datetime, *, duty: bool = False
) -> list[PlaceRow]:
    """The places that share an instant with [begin, end), by start; of peers, or of duty."""
    query = rows().where(
        Place.line_id == line_id,
        Place.duty.is_(duty),
        Place.starts_at > begin - LONGEST_PLACE,
        Place.starts_at < end,
        Place.ends_at > begin,
    )
    return [PlaceRow(*row) for row in connection.execute(query)]


def of_person(
    connection: Connection,
    line_id: int,
    person_id: int,
    begin: datetime,
    end: datetime,
    *,
    duty: bool = False,
) -> list[PlaceRow]:
    """One person's places, in any state, that share an instant with [begin, end), by start."""
    query = rows().where(
        Place.line_id == line_id,
        Place.person_id == person_id,
        Place.duty.is_(duty),
        Place.starts_at > begin - LONGEST_PLACE,
        Place.starts_at < end,
        Place.ends_at > begin,
    )
    return [PlaceRow(*row) for row in connection.execute(query)]


def by_ids(connection: Connection, line_id: int, ids: Iterable[int]) -> dict[int, PlaceRow]:
    """Places of a line by their ids; those that are gone are left out."""
    query = rows().where(Place.line_id == line_id, Place.id.in_(list(ids)))
    return {row.id: PlaceRow(*row) for row in connection.execute(query)}


def rows() -> PlaceQuery:
    """Places in the columns of a PlaceRow, by start."""
    return select(*COLUMNS).order_by(Place.starts_at, Place.ends_at, Place.id)


def cut(place: PlaceRow, begin: datetime, end: datetime) -> Iterator[PlaceRow]:
    """A place in up to three parts at the borders of [begin, end); the first part keeps its id.

    Parts of one place share its person, state, pattern and origin.
    """
    borders = [at for at in (begin, end) if place.starts_at < at < place.ends_at]
    starts = [place.starts_at, *borders]
    ends = [*borders, place.ends_at]
    for number, (starts_at, ends_at) in enumerate(zip(starts, ends, strict=True)):
        part = replace(place, starts_at=starts_at, ends_at=ends_at)
        yield part if number == 0 else replace(part, id=None, version=1)


def within(place: PlaceRow, begin: datetime, end: datetime) -> bool:
    """Whether the whole of a place lies in [begin, end)."""
    return begin <= place.starts_at and place.ends_at <= end


def freed(place: PlaceRow) -> PlaceRow:
    """The place with nobody in it: open."""
    return replace(place, person_id=None, state=OPEN)


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span when others are taken from it, in order."""
    left, (begin, end) = [], span
    for starts, ends in sorted(taken):
        if starts >= end:
            break
        if starts > begin:
            left.append((begin, starts))
        begin = max(begin, ends)
    if begin < end:
        left.append((begin, end))
    return left
