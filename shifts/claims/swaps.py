"""Swaps: one person asks another to change places; with both yeses the places change hands.

A swap is bound to both places as they were when it was asked, and ends when the earlier begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, or_, select

from shifts.claims.claiming import refuse_begun, settled, theirs
from shifts.claims.findings import Finding
from shifts.claims.free import judge, refuse_double
from shifts.claims.own_limits import locked
from shifts.history.history import Change, pairs_of, write
from shifts.history.whole_shift import WholeShift, whole_shift
from shifts.models import AGREED, ASKED
from shifts.places import PlaceRow, by_ids
from shifts.planning_models import Swap
from shifts.refusals import (
    AnswerFirst,
    NoSuchSwap,
    NotYours,
    OtherKind,
    SwapLapsed,
    TooLongToSwap,
    YourOwn,
)

SWAP = "swap"
GONE = "Nobody waits for an answer to that swap any more."


class _Kept(NamedTuple):
    """A swap as it is kept: two places as they were when it was asked; it lapses at (UTC)."""

    id: int
    line_id: int
    asking_place_id: int
    asking_version: int
    asking_id: int
    asked_place_id: int
    asked_version: int
    asked_id: int
    lapses_at: datetime


_COLUMNS: Final = (
    *(Swap.id, Swap.line_id, Swap.asking_place_id, Swap.asking_version, Swap.asking_id),
    *(Swap.asked_place_id, Swap.asked_version, Swap.asked_id, Swap.lapses_at),
)


@dataclass(frozen=True)
class SwapAsked:
    """A swap that waits for the asked person's answer until `lapses_at` (UTC).

    `asking` and `asked` are the two places as they are before it: whose, and when.
    """

    id: int
    asking: PlaceRow
    asked: PlaceRow
    lapses_at: datetime


@dataclass(frozen=True)
class Swapped:
    """Two places have changed hands: `asking` and `asked` as they are now.

    `findings` are what may be said to it, for each person by id; none forbids it.
    """

    asking: PlaceRow
    asked: PlaceRow
    findings: Mapping[int, tuple[Finding, ...]]


@dataclass(frozen=True)
class SwapEnded:
    """A swap that will not be: who had asked whom."""

    asking_id: int
    asked_id: int


def ask(
    connection: Connection,
    line_id: int,
    person_id: int,
    place_id: int,
    their_place_id: int,
    now: datetime,
) -> SwapAsked:
    """Ask whoever holds the other place to swap; asked again, it is the same swap.

    Raises NoSuchPlace, StillADraft, SomebodyElseHasIt (the own one is not theirs), NotYours (the
    other is nobody's), YourOwn, AnswerFirst, Begun, Over, OtherKind, TooLongToSwap, DoublePlace
    or NotInRoster.
    """
    locked(connection, line_id, person_id)
    mine = _single(theirs(connection, line_id, person_id, place_id, now))
    other = _single(whole_shift(connection, line_id, their_place_id))
    _refuse_asking(mine, other, now)
    refuse_double(connection, _exchanged(mine, other), [mine.id, other.id])
    for known in standing(connection, line_id, person_id, now):
        if (known.asking, known.asked) == (mine, other):
            return known
    return _written(connection, mine, other)


@settled
def accept(
    connection: Connection,
    line_id: int,
    person_id: int,
    swap_id: int,
    now: datetime,
    *,
    zone: ZoneInfo,
) -> Swapped:
    """The asked person's yes: both places change hands, agreed, in one change; or neither.

    Raises NoSuchSwap, SwapLapsed, DoublePlace or NotInRoster.
    """
    swap = _swap(connection, line_id, swap_id, Swap.asked_id == person_id)
    people = sorted((swap.asking_id, swap.asked_id))
    limits = {person: locked(connection, line_id, person) for person in people}
    _settle(connection, swap.id)
    before = _as_asked(connection, swap, now)
    after = _exchanged(*before)
    ids = [place.id for place in before]
    findings = {
        person: judge(connection, place, limits[person], zone, now, ids)
        for person, place in zip((swap.asked_id, swap.asking_id), after, strict=True)
    }
    in_order = sorted(before, key=lambda place: place.starts_at)
    write(connection, Change(line_id, SWAP, person_id, now), pairs_of(in_order, after))
    return Swapped(*after, findings)


def refuse(connection: Connection, line_id: int, person_id: int, swap_id: int) -> SwapEnded:
    """The asked person's no; nothing changes hands and no reason is asked. Raises NoSuchSwap."""
    swap = _swap(connection, line_id, swap_id, Swap.asked_id == person_id)
    _settle(connection, swap.id)
    return SwapEnded(swap.asking_id, swap.asked_id)


def withdraw(connection: Connection, line_id: int, person_id: int, swap_id: int) -> SwapEnded:
    """Whoever asked does not ask any more. Raises NoSuchSwap."""
    swap = _swap(connection, line_id, swap_id, Swap.asking_id == person_id)
    _settle(connection, swap.id)
    return SwapEnded(swap.asking_id, swap.asked_id)


def standing(
    connection: Connection, line_id: int, person_id: int, now: datetime
) -> list[SwapAsked]:
    """The swaps that this person asked for or was asked for, and that can still be answered."""
    either = or_(Swap.asking_id == person_id, Swap.asked_id == person_id)
    query = _swaps(line_id).where(either, Swap.lapses_at > now)
    swaps = [_Kept(*row) for row in connection.execute(query.order_by(Swap.id))]
    ids = [place_id for swap in swaps for place_id in (swap.asking_place_id, swap.asked_place_id)]
    places = by_ids(connection, line_id, ids)
    found = [(swap, _unchanged(swap, places)) for swap in swaps]
    return [SwapAsked(swap.id, *both, swap.lapses_at) for swap, both in found if both]


def _single(shift: WholeShift) -> PlaceRow:
    if len(shift.pieces) > 1:
        raise TooLongToSwap("A shift of more than 25 hours cannot be swapped; OFFER it instead.")
    return shift.first


def _refuse_asking(mine: PlaceRow, other: PlaceRow, now: datetime) -> None:
    if other.person_id is None:
        raise NotYours("That shift is open; TAKE it and DROP or OFFER yours.")
    if other.person_id == mine.person_id:
        raise YourOwn("Both shifts are yours.")
    if ASKED in {mine.state, other.state}:
        raise AnswerFirst("Only shifts that somebody said yes to can be swapped.")
    if mine.duty != other.duty:
        raise OtherKind("A shift on duty can be swapped for another on duty only.")
    for place in (mine, other):
        refuse_begun((place.starts_at, place.ends_at), now, "That shift has begun; too late.")


def _exchanged(asking: PlaceRow, asked: PlaceRow) -> tuple[PlaceRow, PlaceRow]:
    """Both places as they will be: each the other person's, agreed."""
    return (
        replace(asking, person_id=asked.person_id, state=AGREED, version=asking.version + 1),
        replace(asked, person_id=asking.person_id, state=AGREED, version=asked.version + 1),
    )


def _written(connection: Connection, asking: PlaceRow, asked: PlaceRow) -> SwapAsked:
    """The swap of the two places as they are now, in place of one of them as they were."""
    pair = (Swap.asking_place_id == asking.id, Swap.asked_place_id == asked.id)
    connection.execute(delete(Swap).where(*pair))
    lapses_at = min(asking.starts_at, asked.starts_at)
    row = {
        "line_id": asking.line_id,
        "asking_place_id": asking.id,
        "asking_version": asking.version,
        "asking_id": asking.person_id,
        "asked_place_id": asked.id,
        "asked_version": asked.version,
        "asked_id": asked.person_id,
        "lapses_at": lapses_at,
    }
    made = connection.execute(insert(Swap).values(row).returning(Swap.id))
    return SwapAsked(made.scalar_one(), asking, asked, lapses_at)


def _swaps(line_id: int) -> Select[int, int, int, int, int, int, int, int, datetime]:
    return select(*_COLUMNS).where(Swap.line_id == line_id)


def _swap(
    connection: Connection, line_id: int, swap_id: int, theirs_to_answer: ColumnElement[bool]
) -> _Kept:
    query = _swaps(line_id).where(Swap.id == swap_id, theirs_to_answer)
    swap = connection.execute(query).first()
    if swap is None:
        raise NoSuchSwap(GONE)
    return _Kept(*swap)


def _settle(connection: Connection, swap_id: int) -> None:
    """Of two answers to one swap, the first counts."""
    if connection.execute(delete(Swap).where(Swap.id == swap_id)).rowcount != 1:
        raise NoSuchSwap(GONE)


def _as_asked(connection: Connection, swap: _Kept, now: datetime) -> tuple[PlaceRow, PlaceRow]:
    ids = (swap.asking_place_id, swap.asked_place_id)
    both = _unchanged(swap, by_ids(connection, swap.line_id, ids))
    if both is None or swap.lapses_at <= now:
        raise SwapLapsed("One of the two shifts has begun or changed since the swap was asked.")
    return both


def _unchanged(swap: _Kept, places: Mapping[int, PlaceRow]) -> tuple[PlaceRow, PlaceRow] | None:
    asking, asked = places.get(swap.asking_place_id), places.get(swap.asked_place_id)
    if asking is None or asked is None:
        return None
    now = (asking.person_id, asking.version, asked.person_id, asked.version)
    then = (swap.asking_id, swap.asking_version, swap.asked_id, swap.asked_version)
    return (asking, asked) if now == then else None
