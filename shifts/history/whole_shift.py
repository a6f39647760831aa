"""A place with the pieces that belong to it: one shift, as it is shown, claimed and given up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from shifts.history.history import Pair, pairs_of
from shifts.local_time import Span
from shifts.models import DRAFT
from shifts.places import PlaceRow, by_ids, cut, in_span, within
from shifts.refusals import NoSuchPlace, NotPartOfIt, StillADraft
from shifts.who_is_on import LONGEST_PLACE

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class WholeShift:
    """One place, or the adjoining pieces of a shift of more than 25 hours, in order."""

    pieces: tuple[PlaceRow, ...]

    @property
    def first(self) -> PlaceRow:
        """The piece that says whose the shift is, in which state, and of which kind."""
        return self.pieces[0]

    @property
    def span(self) -> Span:
        """Half-open [start, end), UTC."""
        return self.pieces[0].starts_at, self.pieces[-1].ends_at

    @property
    def ids(self) -> frozenset[int | None]:
        """The ids of its places."""
        return frozenset(piece.id for piece in self.pieces)

    def part(self, wanted: Span | None) -> Span:
        """The wanted part of it, or the whole; raises NotPartOfIt."""
        begin, end = wanted or self.span
        if not self.span[0] <= begin < end <= self.span[1]:
            raise NotPartOfIt("That part does not lie within the shift; say one that does.")
        return begin, end

    def as_one(self, part: Span, person_id: int) -> PlaceRow:
        """A part of it as one place of somebody's."""
        return replace(self.first, person_id=person_id, starts_at=part[0], ends_at=part[1])

    def changed(self, part: Span, change: Callable[[PlaceRow], PlaceRow]) -> list[Pair]:
        """The shift cut at the borders of a part, and what lies in the part changed."""
        rows = [row for piece in self.pieces for row in cut(piece, *part)]
        return pairs_of(self.pieces, [change(row) if within(row, *part) else row for row in rows])


def whole_shift(connection: Connection, line_id: int, place_id: int) -> WholeShift:
    """The shift that a place belongs to; raises NoSuchPlace, StillADraft."""
    place = by_ids(connection, line_id, [place_id]).get(place_id)
    if place is None:
        raise NoSuchPlace("That shift is not on this line's roster, or not any more.")
    if place.state == DRAFT:
        raise StillADraft("That shift is still being planned; it is not on the roster yet.")
    return with_its_pieces(connection, place)


def with_its_pieces(connection: Connection, place: PlaceRow) -> WholeShift:
    """The shift that a place is a piece of, or the whole of.

    Only a place of exactly 25 hours is continued by another (see place_listing.joined).
    """
    found = [place]
    while before := _before(connection, found[0]):
        found.insert(0, before)
    while after := _after(connection, found[-1]):
        found.append(after)
    return WholeShift(tuple(found))


def _before(connection: Connection, place: PlaceRow) -> PlaceRow | None:
    alike = _alike(connection, place, place.starts_at - LONGEST_PLACE)
    return next((one for one in alike if one.ends_at == place.starts_at), None)


def _after(connection: Connection, place: PlaceRow) -> PlaceRow | None:
    if place.ends_at - place.starts_at != LONGEST_PLACE:
        return None
    return next(iter(_alike(connection, place, place.ends_at)), None)


def written_id(connection: Connection, place: PlaceRow) -> int:
    """The id of a place that has just been written."""
    if place.id is not None:
        return place.id
    alike = _alike(connection, place, place.starts_at)
    return max(one.id or 0 for one in alike if one.ends_at == place.ends_at)


def _alike(connection: Connection, place: PlaceRow, starts_at: datetime) -> list[PlaceRow]:
    """The places that start then and have everything else in common with one but their ends."""
    there = in_span(connection, place.line_id, starts_at, starts_at + INSTANT, duty=place.duty)
    kind = (place.person_id, place.state, place.pattern_id, place.origin)
    return [
        one
        for one in there
        if one.starts_at == starts_at
        and (one.person_id, one.state, one.pattern_id, one.origin) == kind
    ]
