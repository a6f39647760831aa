"""Dated changes as a rule: what replacing, removing and hiding for an interval does to places."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from shifts.local_time import Span
from shifts.models import AGREED, ASKED, DRAFT
from shifts.places import PlaceRow, cut, freed, within, without
from shifts.planning_models import ChangeKind
from shifts.who_is_on import LONGEST_PLACE

REPLACE: Final[ChangeKind] = "replace"
REMOVE: Final[ChangeKind] = "remove"
HIDE: Final[ChangeKind] = "hide"

CUT_AT_START: Final = 1
CUT_AT_END: Final = 2
"""A hidden part has no version: it says instead, negated, at which sides it was cut."""


@dataclass(frozen=True, slots=True)
class DatedRow:
    """One dated change: half-open [starts_at, ends_at), UTC; kinds as in DatedChange.

    `agreed`: the coordinator holds the yes of who comes; otherwise they are asked.
    """

    id: int
    kind: ChangeKind
    duty: bool
    starts_at: datetime
    ends_at: datetime
    leaves_id: int | None = None
    comes_id: int | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A place, or a part of one, that a dated change hides.

    `place.version` is the place's own when it is hidden whole; of a part see CUT_AT_START.
    """

    change_id: int
    place: PlaceRow


@dataclass(frozen=True, slots=True)
class HasAnother:
    """A finding: who was to have a place has another one then, and does not get it.

    UTC, half-open.
    """

    person_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """Places after dated changes, by start; what is hidden, and what could not be as wanted."""

    places: list[PlaceRow] = field(default_factory=list)
    hidden: list[HiddenRow] = field(default_factory=list)
    findings: list[HasAnother] = field(default_factory=list)


def apply(
    rows: Sequence[PlaceRow], changes: Sequence[DatedRow], held: Sequence[PlaceRow] = ()
) -> Applied:
    """Places (each at most 25 hours) with dated changes done to them in the order of their ids.

    Cuts are exact. Of a place that is cut, what stays as it was keeps the id. `held` are other
    places of the line, untouched: nobody is given a place while they have one of that kind.
    """
    applied = Applied(sorted(rows, key=_start))
    for change in sorted(changes, key=lambda one: one.id):
        _apply_one(applied, change, held)
    return applied


def _apply_one(applied: Applied, change: DatedRow, held: Sequence[PlaceRow]) -> None:
    places = applied.places
    first = bisect_right(places, change.starts_at - LONGEST_PLACE, key=_start)
    last = bisect_left(places, change.ends_at, key=_start)
    near = places[first:last]
    taken = [_span(one) for one in (*near, *held) if _has(one, change.comes_id, change)]
    after: list[PlaceRow] = []
    for place in near:
        if not _concerns(change, place):
            after.append(place)
            continue
        inside, outside = _apart(place, change)
        after += outside
        if change.kind == HIDE:
            applied.hidden.append(HiddenRow(change.id, _as_hidden(inside, place)))
        elif change.kind == REMOVE:
            after.append(_given(inside, None, change))
        else:
            after += _replaced(inside, change, taken, applied.findings)
    places[first:last] = sorted(after, key=_start)


def _replaced(
    inside: PlaceRow, change: DatedRow, taken: list[Span], findings: list[HasAnother]
) -> Iterator[PlaceRow]:
    """The place in the other's hands, but open for as long as they have another one.

    What they get here is added to `taken`.
    """
    draft = inside.state == DRAFT
    for part, free in parts(inside, [] if draft else list(taken)):
        if free:
            taken += [] if draft else [_span(part)]
            yield _given(part, change.comes_id, change)
            continue
        findings.append(HasAnother(change.comes_id or 0, *_span(part)))
        yield freed(part)


def parts(place: PlaceRow, taken: Sequence[Span]) -> Iterator[tuple[PlaceRow, bool]]:
    """A place cut where other spans begin and end, in order; whether each part is free of them.

    The first part keeps the id.
    """
    whole = _span(place)
    free = without(whole, taken)
    for number, (begin, end) in enumerate(sorted([*free, *without(whole, free)])):
        part = replace(place, starts_at=begin, ends_at=end)
        part = part if number == 0 else replace(part, id=None, version=1)
        yield part, (begin, end) in free


def _given(place: PlaceRow, person_id: int | None, change: DatedRow) -> PlaceRow:
    """The place in somebody's hands (None: open); a draft stays a draft: nobody sees it yet."""
    if place.state == DRAFT:
        return replace(place, person_id=person_id)
    if person_id is None:
        return freed(place)
    return replace(place, person_id=person_id, state=AGREED if change.agreed else ASKED)


def _concerns(change: DatedRow, place: PlaceRow) -> bool:
    meets = place.starts_at < change.ends_at and change.starts_at < place.ends_at
    theirs = place.person_id is not None and place.person_id == change.leaves_id
    return meets and place.duty == change.duty and (change.kind == HIDE or theirs)


def _has(place: PlaceRow, person_id: int | None, change: DatedRow) -> bool:
    """Whether somebody has the place; drafts do not count."""
    theirs = person_id is not None and place.person_id == person_id
    return theirs and place.duty == change.duty and place.state != DRAFT


def _apart(place: PlaceRow, change: DatedRow) -> tuple[PlaceRow, list[PlaceRow]]:
    """The part inside the change, and the parts outside: they have the id, if there are any."""
    parts = list(cut(place, change.starts_at, change.ends_at))
    inside = next(one for one in parts if within(one, change.starts_at, change.ends_at))
    outside = [one for one in parts if one is not inside]
    if outside and inside is parts[0]:
        outside[0] = replace(outside[0], id=place.id, version=place.version)
        inside = replace(inside, id=None, version=1)
    return inside, outside


def _as_hidden(inside: PlaceRow, place: PlaceRow) -> PlaceRow:
    sides = CUT_AT_START * (inside.starts_at > place.starts_at)
    sides += CUT_AT_END * (inside.ends_at < place.ends_at)
    return replace(inside, version=-sides) if sides else inside


def _span(place: PlaceRow) -> Span:
    return place.starts_at, place.ends_at


def _start(place: PlaceRow) -> datetime:
    return place.starts_at
