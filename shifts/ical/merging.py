"""One occurrence of a calendar's event, as the file has it now and as the roster has it; pure.

The roster remembers what the file said last (Place.origin). Where the file says the same, whatever
was done here stands; where it says something else, that is done; where both have changed, the
roster stands, and it is said.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest

from shifts.history.history import Pair
from shifts.local_time import Span
from shifts.models import AGREED, ASKED, ON_STATES, PlaceState
from shifts.places import PlaceRow

NOBODY = "open"
NEAR = timedelta(days=3.5)


@dataclass(frozen=True)
class WantedSeat:
    """A place of the file, whole: its spans are the pieces that store it, in order.

    `origin` None marks one of the line's own entries, which are told apart by their place.
    """

    ids: tuple[int, ...]
    line: int
    spans: tuple[Span, ...]
    person_id: int | None
    state: PlaceState
    duty: bool
    origin: str | None


def paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Which occurrences of one event that are gone became which new ones, by their names.

    As many as before are the same in their order; else each new one is the nearest that is gone
    and less than half a week away.
    """
    before, after = (sorted((original_start(one), one) for one in names) for names in (old, new))
    if len(before) == len(after):
        return [(was, now) for (_, was), (_, now) in zip(before, after, strict=True)]
    pairs = []
    for start, name in after:
        nearest = _nearest(before, start)
        if nearest is not None:
            pairs.append((before.pop(nearest)[1], name))
    return pairs


def _nearest(starts: Sequence[tuple[datetime, str]], start: datetime) -> int | None:
    """Where in order the start is that is nearest; None where none is near."""
    after = bisect_left(starts, (start, ""))
    beside = [at for at in (after - 1, after) if 0 <= at < len(starts)]
    away = [(abs(starts[at][0] - start), at) for at in beside]
    distance, nearest = min(away, default=(NEAR, 0))
    return nearest if distance < NEAR else None


def original_start(name: str) -> datetime:
    """The start (UTC) that the name of an occurrence, or its origin, begins with."""
    return datetime.strptime(name.split(":")[1], "%Y%m%dT%H%M%S%z")


@dataclass(frozen=True)
class Met:
    """A seat and the roster's places that it is; `pairs` None: both have changed."""

    seat: WantedSeat
    places: tuple[PlaceRow, ...]
    pairs: tuple[Pair, ...] | None


def merged(
    seats: Sequence[WantedSeat], groups: Sequence[Sequence[PlaceRow]], now: datetime
) -> list[Met]:
    """Which seats are which places, and what becomes of those; the rest is new, or no longer there.

    `groups` are the roster's places of the occurrence, those with one origin together. First
    the one that was made for the same person is met, then one whom that person holds by now.
    """
    found: list[Met] = []
    left, waiting = list(groups), list(seats)
    for is_it in (_made_for, _held_by):
        for seat in list(waiting):
            group = next((one for one in left if is_it(seat, one)), None)
            if group is not None:
                left.remove(group)
                waiting.remove(seat)
                found.append(Met(seat, tuple(group), _pairs(seat, group, now)))
    return found


def _made_for(seat: WantedSeat, group: Sequence[PlaceRow]) -> bool:
    if seat.origin is None:
        return True
    return made_for(group[0].origin) == (str(seat.person_id) if seat.person_id else NOBODY)


def made_for(origin: str | None) -> str:
    """The person that an origin names, or "open" (see ical_places)."""
    return origin.split(":")[2] if origin else ""


def _held_by(seat: WantedSeat, group: Sequence[PlaceRow]) -> bool:
    return seat.person_id is not None and all(row.person_id == seat.person_id for row in group)


def _pairs(seat: WantedSeat, group: Sequence[PlaceRow], now: datetime) -> tuple[Pair, ...] | None:
    rows = sorted(group, key=lambda row: row.starts_at)
    if not _is_as_made(rows, seat):
        return None
    first = rows[0]
    # Of our own entries, only another person with a phone takes a place: many calendars lose
    # whoever has no address.
    holder = seat.person_id or first.person_id if seat.origin is None else first.person_id
    state = _state(seat, first, holder, _keeps_yes(rows, seat.spans, now))
    after = replace(first, person_id=holder, state=state, duty=seat.duty)
    return tuple(
        Pair(row, None if span is None else _placed(row, after, span, seat.origin))
        for row, span in zip_longest(rows, seat.spans)
    )


def _is_as_made(rows: Sequence[PlaceRow], seat: WantedSeat) -> bool:
    """Whether it is still one shift, of one person, at the times that the file once said."""
    first = rows[0]
    alike = all(
        (row.person_id, row.state, row.duty) == (first.person_id, first.state, first.duty)
        and (row is first or row.starts_at == before.ends_at)
        for before, row in zip([first, *rows], rows, strict=False)
    )
    span = (first.starts_at, rows[-1].ends_at)
    return alike and (seat.origin is None or span == said_span(first.origin or ""))


def said_span(origin: str) -> Span:
    """When the place was, by the file that an origin is of (see ical_places)."""
    moved, _, length = origin.split(":")[3].rstrip("d").partition("+")
    start = original_start(origin) + timedelta(seconds=int(moved))
    return start, start + timedelta(seconds=int(length))


def _keeps_yes(rows: Sequence[PlaceRow], spans: Sequence[Span], now: datetime) -> bool:
    """A yes is to a shift's hours: it holds for a part of them, and while the shift is going on."""
    begin, end = rows[0].starts_at, rows[-1].ends_at
    return (begin <= spans[0][0] and spans[-1][1] <= end) or begin <= now < end


def _state(seat: WantedSeat, first: PlaceRow, holder: int | None, keeps_yes: bool) -> PlaceState:
    if holder != first.person_id:
        return seat.state
    if seat.person_id == holder and seat.state == AGREED:
        return first.state if first.state in ON_STATES else AGREED
    if first.state in ON_STATES and not keeps_yes:
        return ASKED
    return first.state


def _placed(row: PlaceRow | None, after: PlaceRow, span: Span, origin: str | None) -> PlaceRow:
    mine = after if row is None else replace(after, id=row.id, version=row.version)
    placed = replace(mine, starts_at=span[0], ends_at=span[1], origin=origin or after.origin)
    return placed if row else replace(placed, id=None, version=1)
