"""What a roster lacks of a list of wanted places, and which of them cannot be; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shifts.faults import BadFile, BadLine
from shifts.models import AGREED, ASKED, DRAFT, OPEN
from shifts.roster import Seat, pieces

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class PlaceRow:
    """A wanted place from a file's line: UTC, of any length; without a person it is open."""

    line: int
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    agreed: bool


@dataclass(frozen=True)
class Existing:
    """A place that the roster has already; UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: str


@dataclass
class Additions:
    """What is to be done: places to add, ids of asked ones now agreed; and how many stood."""

    seats: list[Seat] = field(default_factory=list)
    agreed: list[int] = field(default_factory=list)
    already: int = 0


def additions(
    rows: Iterable[PlaceRow], existing: Iterable[Existing], names: Mapping[int, str]
) -> Additions:
    """What the roster lacks: of equal open places the difference in number, of a person's, theirs.

    A yes makes an asked place agreed; nothing takes a yes back. Raises BadFile when a person
    would be on twice at one instant, within the rows or with what exists.
    """
    rows, existing = list(rows), list(existing)
    _refuse_overlaps(rows, existing, names)
    wanted = Additions()
    there = {_key(place): place for place in existing if place.person_id is not None}
    spare = Counter(_key(place) for place in existing if place.state == OPEN)
    for seat in _seats(rows):
        if seat.person_id is not None:
            _theirs(seat, there.get(_key(seat)), wanted)
        elif spare[_key(seat)]:
            spare[_key(seat)] -= 1
            wanted.already += 1
        else:
            wanted.seats.append(seat)
    return wanted


def _key(place: Seat | Existing) -> tuple[int | None, datetime, datetime]:
    return place.person_id, place.starts_at, place.ends_at


def _seats(rows: Iterable[PlaceRow]) -> Iterator[Seat]:
    for row in rows:
        state = AGREED if row.agreed else ASKED
        for start, end in pieces(row.starts_at, row.ends_at):
            yield Seat(start, end, row.person_id, OPEN if row.person_id is None else state)


def _theirs(seat: Seat, place: Existing | None, wanted: Additions) -> None:
    if place is None:
        wanted.seats.append(seat)
    elif seat.state == AGREED and place.state in {ASKED, DRAFT}:
        wanted.agreed.append(place.id)
    else:
        wanted.already += 1


def _refuse_overlaps(
    rows: list[PlaceRow], existing: list[Existing], names: Mapping[int, str]
) -> None:
    spans: dict[int, list[tuple[Span, int]]] = defaultdict(list)
    theirs = {_key(place) for place in existing if place.person_id is not None}
    for row in rows:
        if row.person_id is None:
            continue
        for start, end in pieces(row.starts_at, row.ends_at):
            spans[row.person_id].append(((start, end), row.line))
            theirs.discard((row.person_id, start, end))
    for person, start, end in theirs:
        if person in spans:
            spans[person].append(((start, end), 0))
    bad = {fault for person, own in spans.items() for fault in _overlaps(own, names[person])}
    if bad:
        raise BadFile(sorted(bad))


def _overlaps(own: list[tuple[Span, int]], name: str) -> Iterator[BadLine]:
    """One person's spans that share an instant; line 0 stands for the roster itself."""
    furthest, holder = None, 0
    for (start, end), line in sorted(own):
        if furthest is not None and start < furthest and (line or holder):
            other = min(line, holder)
            where = f"line {other}" if other else "the roster"
            yield BadLine(max(line, holder), "starts", f"{name} has a place then in {where} too")
        if furthest is None or end > furthest:
            furthest, holder = end, line
