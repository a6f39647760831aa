"""Two rules of a pattern side by side: which places stay, which go, which seats are new; pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shifts.history.history import Pair
from shifts.patterns.rule import Rule
from shifts.patterns.seats import PatternRow, Seat, seats
from shifts.places import PlaceRow

SECOND = timedelta(seconds=1)
Held = tuple[datetime, datetime, int | None]
"""From when to when, and whose (None: open)."""


@dataclass(frozen=True)
class Compared:
    """What becomes of the places of the old rule, and which seats of the new have none yet.

    `same`: origins of the seats that both rules hold. `kept` pairs a place with itself, or with
    itself as another seat of the new rule.
    """

    same: set[str] = field(default_factory=set)
    kept: list[Pair] = field(default_factory=list)
    lost: list[PlaceRow] = field(default_factory=list)
    wanted: list[Seat] = field(default_factory=list)


def seats_since(
    pattern: PatternRow, rule: Rule | None, zone: ZoneInfo, since: datetime, until: datetime
) -> dict[str, Seat]:
    """The seats that start in [since, until), by origin; a turn under way is cut at `since`."""
    if rule is None:
        return {}
    found = seats(pattern, rule, zone, since, max(until, since + SECOND))
    if rule.window is not None:
        return {one.origin: one for one in found if since <= one.starts_at < until}
    cut = (replace(one, starts_at=max(one.starts_at, since)) for one in found)
    return {one.origin: one for one in cut if one.starts_at == since or one.starts_at < until}


def places_since(rows: Iterable[PlaceRow], rule: Rule, since: datetime) -> list[PlaceRow]:
    """The places that a change from `since` on may touch: of shifts that begin then or later.

    Of turns without a window also what is under way.
    """
    present = (one for one in rows if one.ends_at > since)
    return [one for one in present if rule.window is None or begun_at(one) >= since]


def begun_at(place: PlaceRow) -> datetime:
    """When the occurrence began that the place belongs to; it may be a part of it."""
    pattern, _, rest = (place.origin or "").partition(":")
    if pattern != f"p{place.pattern_id}":
        return place.starts_at
    return datetime.strptime(rest[: len("20260302T1800Z")], "%Y%m%dT%H%MZ").replace(tzinfo=UTC)


def compare(
    rows: Sequence[PlaceRow],
    hidden: Collection[str],
    old: dict[str, Seat],
    new: dict[str, Seat],
    since: datetime,
) -> Compared:
    """Places of the old rule against the seats of the new.

    A seat that both rules hold keeps its places, whoever has them now: somebody may have given
    it up, taken or divided it, or it is `hidden` (origins). Of the others, a place stays where
    the new rule wants just that person from that start to that end.
    """
    there = {*hidden, *(row.origin for row in rows)}
    same = {key for key, seat in new.items() if key in there and old.get(key) == seat}
    compared = Compared(same, [Pair(row, row) for row in rows if row.origin in same])
    open_seats: dict[Held, list[Seat]] = defaultdict(list)
    for key, seat in new.items():
        if key not in same:
            open_seats[seat.starts_at, seat.ends_at, seat.person_id].append(seat)
    for shift in _shifts(row for row in rows if row.origin not in same):
        held = _as_one(shift, since)
        if held is not None and open_seats[held]:
            origin = open_seats[held].pop(0).origin
            compared.kept.extend(Pair(row, replace(row, origin=origin)) for row in shift)
        else:
            compared.lost.extend(shift)
    compared.wanted.extend(seat for left in open_seats.values() for seat in left)
    return compared


def asks_nothing_new(person_id: int, old: Iterable[Seat], new: Iterable[Seat]) -> bool:
    """Whether the new rule still wants somebody, and only when the old one did."""
    before, after = (
        {(one.starts_at, one.ends_at) for one in each if one.person_id == person_id}
        for each in (old, new)
    )
    return bool(after) and after <= before


def _shifts(rows: Iterable[PlaceRow]) -> list[list[PlaceRow]]:
    """The places of each seat together, by start; one without an origin is by itself."""
    shifts: dict[str | int, list[PlaceRow]] = defaultdict(list)
    for number, row in enumerate(sorted(rows, key=lambda one: one.starts_at)):
        shifts[row.origin or number].append(row)
    return list(shifts.values())


def _as_one(shift: Sequence[PlaceRow], since: datetime) -> Held | None:
    """A seat's places as one from `since` on, if they are one person's without a seam."""
    seamless = all(one.ends_at == other.starts_at for one, other in pairwise(shift))
    people = {one.person_id for one in shift}
    if not seamless or len(people) > 1:
        return None
    return max(shift[0].starts_at, since), shift[-1].ends_at, people.pop()
