"""What a coordinator does with one shift: add, change, remove; each can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.claims import own_limits
from shifts.claims.findings import BEGUN, Finding, Limits, findings
from shifts.claims.free import AROUND
from shifts.claims.presence import THEIRS
from shifts.faults import Fault
from shifts.history.history import Change, ChangedMeanwhile, Pair, pairs_of, write
from shifts.history.whole_shift import WholeShift, with_its_pieces
from shifts.local_time import Span
from shifts.models import DRAFT, OPEN, PlaceState
from shifts.places import PlaceRow, by_ids, of_person
from shifts.refusals import NoSuchPlace
from shifts.who_is_on import pieces

ADD, CHANGE, REMOVE = "add", "change", "remove"
LONGEST = timedelta(days=8)
SECOND = timedelta(seconds=1)


class BadHours(Fault):
    """A shift would end before it begins, or last longer than any shift does."""


@dataclass(frozen=True)
class Wish:
    """A shift as somebody wants it: UTC, half-open; of nobody (None) it is open or a draft."""

    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    state: PlaceState
    duty: bool = False

    @property
    def span(self) -> Span:
        """When it is."""
        return self.starts_at, self.ends_at


def checked(wish: Wish) -> Wish:
    """The wish itself, open where it is nobody's. Raises BadHours."""
    if wish.ends_at <= wish.starts_at:
        raise BadHours("The end is not after the start; say a later one.")
    if wish.ends_at - wish.starts_at > LONGEST:
        raise BadHours("A shift of more than eight days is a slip of the keys; say an earlier end.")
    if wish.person_id is None and wish.state != DRAFT:
        return replace(wish, state=OPEN)
    return wish


def speaks_against(
    connection: Connection,
    line_id: int,
    wish: Wish,
    zone: ZoneInfo,
    now: datetime,
    without: Iterable[int | None] = (),
) -> list[Finding]:
    """What speaks against a wish, what forbids it first; `without` are places that do not count.

    That it has begun forbids nothing: a coordinator may write down what is so.
    """
    if wish.person_id is None:
        return []
    limits = Limits() if wish.duty else own_limits.limits_of(connection, line_id, wish.person_id)
    aways = own_limits.aways(connection, line_id, wish.person_id, min(now, wish.starts_at))
    spans = [(one.starts_at, one.ends_at) for one in aways]
    own = _own(connection, line_id, wish, set(without))
    found = findings(wish.span, own, spans, limits, zone, now)
    return [one for one in found if one.name != BEGUN]


def add(connection: Connection, line_id: int, wish: Wish, by_id: int | None, now: datetime) -> int:
    """One more shift; the id of the change. Raises BadHours."""
    rows = _rows(line_id, checked(wish))
    return write(connection, Change(line_id, ADD, by_id, now), [Pair(None, row) for row in rows])


def shift_at(connection: Connection, line_id: int, place_id: int) -> WholeShift:
    """The shift that a place is, drafts too; raises NoSuchPlace."""
    place = by_ids(connection, line_id, [place_id]).get(place_id)
    if place is None:
        raise NoSuchPlace("That shift is not on this line's roster, or not any more.")
    return with_its_pieces(connection, place)


def change(
    connection: Connection,
    line_id: int,
    place_id: int,
    seen: int,
    wish: Wish,
    by_id: int | None,
    now: datetime,
) -> int:
    """The shift is as wished from now on; the id of the change. `seen` is its version as shown.

    Raises NoSuchPlace, BadHours, or ChangedMeanwhile when it is not as it was shown.
    """
    shift = shift_at(connection, line_id, place_id)
    _refuse_unseen(shift, seen)
    rows = _rows(line_id, checked(wish), shift.first)
    before = shift.pieces
    after = [
        replace(row, id=old.id, version=old.version) for row, old in zip(rows, before, strict=False)
    ]
    pairs = pairs_of(before, [*after, *rows[len(after) :]])
    return write(connection, Change(line_id, CHANGE, by_id, now), pairs)


def remove(
    connection: Connection,
    line_id: int,
    place_id: int,
    seen: int,
    by_id: int | None,
    now: datetime,
) -> int:
    """The shift is taken off the roster; the id of the change. Raises as `change`."""
    shift = shift_at(connection, line_id, place_id)
    _refuse_unseen(shift, seen)
    gone = [Pair(row, None) for row in shift.pieces]
    return write(connection, Change(line_id, REMOVE, by_id, now), gone)


def state_after(shift: WholeShift, wish: Wish) -> PlaceState:
    """The state of a shift that somebody has agreed to, at other hours: a yes is to its own hours.

    Within them it holds; for longer or other ones they are asked again.
    """
    first = shift.first
    same = wish.person_id == first.person_id and first.on
    inside = shift.span[0] <= wish.starts_at and wish.ends_at <= shift.span[1]
    return first.state if same and inside else wish.state


def _rows(line_id: int, wish: Wish, like: PlaceRow | None = None) -> list[PlaceRow]:
    """A wish as places, each at most 25 hours long."""
    first = like or PlaceRow(None, line_id, *wish.span, None, wish.state)
    held = replace(
        first, id=None, version=1, person_id=wish.person_id, state=wish.state, duty=wish.duty
    )
    return [replace(held, starts_at=begin, ends_at=end) for begin, end in pieces(*wish.span)]


def _refuse_unseen(shift: WholeShift, seen: int) -> None:
    if version(shift) != seen:
        raise ChangedMeanwhile("Somebody has changed that shift meanwhile; look again.")


def version(shift: WholeShift) -> int:
    """A number that changes with the shift, in any of its pieces."""
    return sum(row.version for row in shift.pieces)


def _own(
    connection: Connection, line_id: int, wish: Wish, without: set[int | None]
) -> list[PlaceRow]:
    around = (wish.starts_at - AROUND, wish.ends_at + AROUND)
    own = of_person(connection, line_id, wish.person_id or 0, *around, duty=wish.duty)
    return [one for one in own if one.state in THEIRS and one.id not in without]
