"""Places that come back after they were hidden: nobody is on twice, cut places are whole again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from shifts.local_time import Span
from shifts.models import DRAFT
from shifts.overrides import override_rules
from shifts.overrides.override_rules import (
    CUT_AT_END,
    CUT_AT_START,
    Applied,
    DatedRow,
    HasAnother,
    HiddenRow,
)
from shifts.places import PlaceRow, freed
from shifts.who_is_on import LONGEST_PLACE

Seam = tuple[datetime, int, tuple[object, ...]]
"""An instant at which a place was cut, the side of the hidden part, and what both parts share."""


def brought_back(
    hidden: Sequence[PlaceRow],
    present: Sequence[PlaceRow],
    later: Sequence[DatedRow],
) -> Applied:
    """The places that are there and those that come back, mended where they had been cut.

    `hidden` as in HiddenRow.place. Who has a place in `present` has none that comes back.
    """
    seams = [seam for row in hidden for seam in _seams(row)]
    rows = [row if row.version > 0 else replace(row, version=1) for row in hidden]
    applied = override_rules.apply(rows, later, present)
    again = [_with_seams(one, seams) for one in applied.hidden]
    findings = [*applied.findings]
    back = list(_never_twice(applied.places, present, findings))
    return Applied(_mended([*present, *back], seams), again, findings)


def _never_twice(
    rows: Sequence[PlaceRow],
    present: Sequence[PlaceRow],
    findings: list[HasAnother],
) -> Iterator[PlaceRow]:
    """Places that come back; open where their person has one already."""
    taken: dict[tuple[int | None, bool], list[Span]] = defaultdict(list)
    for row in present:
        if row.state != DRAFT:
            taken[row.person_id, row.duty].append((row.starts_at, row.ends_at))
    for row in rows:
        if row.person_id is None or row.state == DRAFT:
            yield row
            continue
        for part, free in override_rules.parts(row, list(taken[row.person_id, row.duty])):
            span = (part.starts_at, part.ends_at)
            if free:
                taken[row.person_id, row.duty].append(span)
            else:
                findings.append(HasAnother(row.person_id, *span))
            yield part if free else freed(part)


def _mended(rows: list[PlaceRow], seams: Sequence[Seam]) -> list[PlaceRow]:
    """Places with the parts on both sides of a seam joined again, where they are still alike."""
    for at, _, shared in seams:
        left = next((row for row in rows if row.ends_at == at and _shared(row) == shared), None)
        right = next((row for row in rows if row.starts_at == at and _shared(row) == shared), None)
        if left is None or right is None or right.ends_at - left.starts_at > LONGEST_PLACE:
            continue
        named = right if left.id is None else left
        joined = replace(named, starts_at=left.starts_at, ends_at=right.ends_at)
        rows = [row for row in rows if row is not left and row is not right]
        rows.append(joined)
    return sorted(rows, key=lambda row: (row.starts_at, row.ends_at))


def _seams(row: PlaceRow) -> Iterator[Seam]:
    sides = -row.version if row.version < 0 else 0
    if sides & CUT_AT_START:
        yield row.starts_at, CUT_AT_START, _shared(row)
    if sides & CUT_AT_END:
        yield row.ends_at, CUT_AT_END, _shared(row)


def _with_seams(one: HiddenRow, seams: Sequence[Seam]) -> HiddenRow:
    """What a later change hides at once again, with the sides at which it was cut before."""
    place = one.place
    sides = {side for _, side, _ in _seams(place)}
    for side, at in ((CUT_AT_START, place.starts_at), (CUT_AT_END, place.ends_at)):
        if (at, side, _shared(place)) in seams:
            sides.add(side)
    return replace(one, place=replace(place, version=-sum(sides))) if sides else one


def _shared(row: PlaceRow) -> tuple[object, ...]:
    return row.person_id, row.state, row.duty, row.pattern_id, row.origin
