"""Seats of patterns as places: who gets which, so that nobody is on twice; rows in, rows out."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from shifts.local_time import Span
from shifts.models import AGREED, ASKED, DRAFT, OPEN, PlaceState
from shifts.overrides.override_rules import DatedRow, HasAnother, HiddenRow, apply
from shifts.patterns.occurrences import occurrences
from shifts.patterns.rule import Rule
from shifts.places import PlaceRow, freed, without
from shifts.who_is_on import LONGEST_PLACE, pieces

IN_ORDER = attrgetter("starts_at", "pattern_id", "origin")


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A pattern as it is stored; what starts before `made_until` (UTC) exists as places."""

    id: int
    line_id: int
    name: str
    duty: bool
    rule: Rule
    made_until: datetime | None
    ended: bool
    version: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of an occurrence: half-open, UTC, of any length; nobody's where open.

    `origin` names the occurrence and the seat, whatever becomes of its place.
    """

    pattern_id: int
    origin: str
    starts_at: datetime
    ends_at: datetime
    person_id: int | None


@dataclass(frozen=True)
class Made:
    """Places of patterns, those hidden by a dated change, and what could not be as wanted."""

    places: list[PlaceRow] = field(default_factory=list)
    hidden: list[HiddenRow] = field(default_factory=list)
    already_on: list[HasAnother] = field(default_factory=list)


class Taken:
    """When each person has a place of one kind (peer or duty), in whatever state but draft."""

    def __init__(self, places: Iterable[PlaceRow] = ()) -> None:
        self._spans: dict[tuple[int, bool], list[Span]] = defaultdict(list)
        for place in sorted(places, key=lambda one: one.starts_at):
            self.add(place)

    def add(self, place: PlaceRow) -> None:
        """Take up a place of at most 25 hours; an open one or a draft takes nobody's time."""
        if place.person_id is None or place.state == DRAFT:
            return
        spans = self._spans[place.person_id, place.duty]
        span = place.starts_at, place.ends_at
        spans.insert(bisect_right(spans, span), span)

    def free(self, person_id: int, span: Span, *, duty: bool) -> list[Span]:
        """What of a span the person has no place in, in order."""
        spans = self._spans.get((person_id, duty), [])
        first = bisect_left(spans, (span[0] - LONGEST_PLACE,))
        return without(span, spans[first : bisect_left(spans, (span[1],))])


def seats(
    pattern: PatternRow, rule: Rule, zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[Seat]:
    """The seats that share an instant with [begin, end), whole, by start."""
    for one in occurrences(rule, zone, begin, end):
        origin = f"p{pattern.id}:{one.starts_at:%Y%m%dT%H%MZ}"
        span = one.starts_at, one.ends_at
        for person_id in one.persons:
            yield Seat(pattern.id, f"{origin}:{person_id}:1", *span, person_id)
        for number in range(1, one.open_places + 1):
            yield Seat(pattern.id, f"{origin}:open:{number}", *span, None)


def settle(
    wanted: Iterable[Seat],
    patterns: Sequence[PatternRow],
    yes: set[tuple[int, int]],
    taken: Taken,
    changes: Sequence[DatedRow] = (),
) -> Made:
    """Places for seats, in order of their start; `taken` learns of each that is somebody's.

    `yes` holds (pattern, person) pairs: who said yes to a whole pattern is agreed, others are
    asked. Dated changes are done to each place. Who has a place then already gets only what is
    free. Deciding in order of start makes two steps ahead the same as one long one.
    """
    by_id = {one.id: one for one in patterns}
    made = Made()
    for seat in sorted(wanted, key=IN_ORDER):
        pattern = by_id[seat.pattern_id]
        state = AGREED if (pattern.id, seat.person_id) in yes else ASKED
        whole = _place(seat, pattern, OPEN if seat.person_id is None else state)
        near = [one for one in changes if one.starts_at < seat.ends_at]
        near = [one for one in near if one.ends_at > seat.starts_at]
        for place in _changed(whole, near, made) if near else (whole,):
            for row in _if_free(place, seat, taken, made):
                taken.add(row)
                made.places.append(row)
    return made


def _place(seat: Seat, pattern: PatternRow, state: PlaceState) -> PlaceRow:
    return PlaceRow(
        id=None,
        line_id=pattern.line_id,
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        person_id=seat.person_id,
        state=state,
        duty=pattern.duty,
        pattern_id=pattern.id,
        origin=seat.origin,
    )


def _changed(whole: PlaceRow, changes: Sequence[DatedRow], made: Made) -> list[PlaceRow]:
    """A seat's place after the dated changes that concern it; each part at most 25 hours.

    Whether its persons are free is asked later: what is hidden or handed on takes no one's time.
    """
    applied = apply(list(_in_pieces(whole)), changes)
    made.hidden.extend(applied.hidden)
    return applied.places


def _if_free(place: PlaceRow, seat: Seat, taken: Taken, made: Made) -> Iterator[PlaceRow]:
    """The parts of a place for which its person is free; what a dated change gave away is open."""
    if place.person_id is None:
        yield from _in_pieces(place)
        return
    span = place.starts_at, place.ends_at
    free = taken.free(place.person_id, span, duty=place.duty)
    if free == [span]:
        yield from _in_pieces(place)
        return
    for begin, end in free:
        yield from _in_pieces(replace(place, starts_at=begin, ends_at=end))
    for begin, end in without(span, free):
        made.already_on.append(HasAnother(place.person_id, begin, end))
        if place.person_id != seat.person_id:
            yield from _in_pieces(freed(replace(place, starts_at=begin, ends_at=end)))


def _in_pieces(place: PlaceRow) -> Iterable[PlaceRow]:
    if place.ends_at - place.starts_at <= LONGEST_PLACE:
        return (place,)
    spans = pieces(place.starts_at, place.ends_at)
    return [replace(place, starts_at=begin, ends_at=end) for begin, end in spans]
