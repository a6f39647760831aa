"""Several shifts at once: copied, taken off, opened, asked for; what cannot be done is named."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.claims.findings import PAST, Finding
from shifts.editing.drafting import (
    Done,
    LeftOut,
    both_kinds,
    later,
    published,
    seat,
    speaks_against_draft,
    written,
)
from shifts.history.history import Change, Pair
from shifts.history.whole_shift import WholeShift, with_its_pieces
from shifts.local_time import local_day
from shifts.models import ASKED, DRAFT, OPEN
from shifts.places import PlaceRow, by_ids

COPY, REMOVE, OFFER, ASK = "copy", "remove", "open_up", "ask_now"
"""What is done with them, and the names of these changes in the history."""
SAID_YES, NOBODYS = "said_yes", "nobodys"
ASKED_ALREADY, OPEN_ALREADY = "asked_already", "open_already"
MOST_PICKED = 500


@dataclass(frozen=True)
class Selection:
    """Shifts that somebody selected, as they are; `gone`: how many are not as they saw them."""

    shifts: tuple[WholeShift, ...]
    gone: int


def pick(connection: Connection, line_id: int, seen: Sequence[tuple[int, int]]) -> Selection:
    """The selected shifts, by (id of the first place, highest version when it was seen)."""
    seen = seen[:MOST_PICKED]
    found = by_ids(connection, line_id, [place for place, _ in seen])
    shifts = []
    for place, version in seen:
        shift = with_its_pieces(connection, found[place]) if place in found else None
        if shift and max(row.version for row in shift.pieces) == version:
            shifts.append(shift)
    ordered = sorted(shifts, key=lambda one: (one.span, one.first.id or 0))
    return Selection(tuple(ordered), len(seen) - len(shifts))


def copied(
    connection: Connection,
    picked: Selection,
    to: date,
    change: Change,
    zone: ZoneInfo,
    *,
    with_people: bool,
) -> Done:
    """The shifts once more as drafts, the first of them on a local day, the others as far from it.

    As a copied week: looked at anew, of nobody's where something speaks against their person, and
    what is there already does not come twice.
    """
    if not picked.shifts:
        return Done(None, 0, frozenset(), ())
    days = (to - local_day(picked.shifts[0].span[0], zone)).days
    moved = [later(row, days, zone) for shift in picked.shifts for row in shift.pieces]
    there = _there(connection, change.line_id, moved)
    pairs, left = list[Pair](), list[LeftOut]()
    for row in (one if with_people else replace(one, person_id=None) for one in moved):
        if there[seat(row)]:
            there[seat(row)] -= 1
            continue
        new = [one.after for one in pairs]
        against = speaks_against_draft(connection, row, new, zone, change.made_at)
        left += [LeftOut(row, tuple(against))] if against else []
        pairs.append(Pair(None, replace(row, person_id=None) if against else row))
    return written(connection, change, pairs, left)


def removed(connection: Connection, picked: Selection, change: Change) -> Done:
    """The shifts are off the roster; those that are over stay in it."""
    return _each(connection, picked, change, lambda row: None, lambda _: "")


def offered(connection: Connection, picked: Selection, change: Change) -> Done:
    """The shifts are open to everybody; a yes that somebody has given is not taken from them."""

    def why_not(row: PlaceRow) -> str:
        if row.state == OPEN:
            return OPEN_ALREADY
        return SAID_YES if row.on else ""

    opened = _each(
        connection, picked, change, lambda row: replace(row, person_id=None, state=OPEN), why_not
    )
    return replace(opened, asked=frozenset())


def asked(connection: Connection, picked: Selection, change: Change, zone: ZoneInfo) -> Done:
    """The people of drafts are asked; whoever has another shift then is not."""
    rows = [row for shift in picked.shifts for row in shift.pieces]
    why = {row.id: _why_not_asked(row, change.made_at) for row in rows}
    fit = [row for row in rows if not why[row.id]]
    pairs, left = published(connection, fit, zone, change.made_at)
    left += [_left(row, why[row.id]) for row in rows if why[row.id]]
    return written(connection, change, pairs, left)


def _each(
    connection: Connection,
    picked: Selection,
    change: Change,
    after: Callable[[PlaceRow], PlaceRow | None],
    why_not: Callable[[PlaceRow], str],
) -> Done:
    pairs, left = list[Pair](), list[LeftOut]()
    for row in (row for shift in picked.shifts for row in shift.pieces):
        why = PAST if row.ends_at <= change.made_at else why_not(row)
        if why:
            left.append(_left(row, why))
        else:
            pairs.append(Pair(row, after(row)))
    return written(connection, change, pairs, left)


def _why_not_asked(row: PlaceRow, now: datetime) -> str:
    if row.ends_at <= now:
        return PAST
    if row.person_id is None:
        return NOBODYS
    if row.state == DRAFT:
        return ""
    return ASKED_ALREADY if row.state == ASKED else SAID_YES


def _left(row: PlaceRow, why: str) -> LeftOut:
    return LeftOut(row, (Finding(why, True, why, row.starts_at, row.ends_at),))


def _there(
    connection: Connection, line_id: int, rows: Iterable[PlaceRow]
) -> Counter[tuple[object, ...]]:
    spans = [(row.starts_at, row.ends_at) for row in rows]
    begin, end = min(one[0] for one in spans), max(one[1] for one in spans)
    return Counter(map(seat, both_kinds(connection, line_id, (begin, end))))
