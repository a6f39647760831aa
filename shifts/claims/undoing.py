"""Undo: a person's last claim is as if it had not been, while nothing has changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from shifts.claims.claims import DROP, KEEP, NO, OFFER, SICK, TAKE, YES
from shifts.claims.free import refuse_double
from shifts.claims.own_limits import locked
from shifts.claims.swaps import SWAP
from shifts.history import history
from shifts.history.history import ChangedMeanwhile, NothingToUndo, Pair, remembered
from shifts.places import PlaceRow, by_ids
from shifts.planning_models import RosterChange
from shifts.refusals import Begun, BothMustAgree, SomebodyElseHasIt

CLAIMS = (TAKE, OFFER, KEEP, YES, NO, DROP, SICK, SWAP)


class _Last(NamedTuple):
    """A change that somebody has made; `places` is JSON (history.py)."""

    id: int
    kind: str
    places: str


@dataclass(frozen=True)
class Undone:
    """Which kind of claim was undone, and the places as they are again, by start.

    A place may be another person's again: whoever had offered it is to be told.
    """

    kind: str
    places: tuple[PlaceRow, ...]


def undo(connection: Connection, line_id: int, person_id: int, now: datetime) -> Undone:
    """Undo a person's last claim that is not undone yet.

    Raises NothingToUndo, BothMustAgree (a swap), Begun, DoublePlace, SomebodyElseHasIt (what
    they gave up has been taken), ChangedMeanwhile or NotInRoster.
    """
    last = _last_claim(connection, line_id, person_id)
    done = remembered(last.places)
    _refuse_undoing(last.kind, done, now)
    back = sorted((pair.before for pair in done if pair.before), key=lambda row: row.starts_at)
    for person in sorted({person_id, *(row.person_id for row in back if row.person_id)}):
        locked(connection, line_id, person)
    refuse_double(connection, back, [row.id for pair in done for row in _rows(pair)])
    try:
        with connection.begin_nested():
            history.undo(connection, line_id, last.id, person_id, now)
    except ChangedMeanwhile:
        _refuse_taken(connection, line_id, person_id, done)
        raise
    return Undone(last.kind, tuple(back))


def last_claim_at(connection: Connection, line_id: int, person_id: int) -> datetime | None:
    """When (UTC) a person made the claim that `undo` would undo; None when there is none."""
    query = select(RosterChange.made_at).where(*_claims_of(line_id, person_id))
    return connection.scalar(query.order_by(RosterChange.id.desc()).limit(1))


def given_up_since(connection: Connection, line_id: int, since: datetime) -> set[int | None]:
    """The places (ids) that somebody gave up after an instant (UTC), and has not taken back."""
    query = select(RosterChange.places).where(
        RosterChange.line_id == line_id,
        RosterChange.made_at > since,
        RosterChange.kind.in_((DROP, SICK, NO)),
        RosterChange.undone.is_(False),
    )
    changes = connection.scalars(query)
    return {row.id for one in changes for pair in remembered(one) for row in _rows(pair)}


def _claims_of(line_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        RosterChange.line_id == line_id,
        RosterChange.by_id == person_id,
        RosterChange.undone.is_(False),
        RosterChange.kind.in_(CLAIMS),
    )


def _last_claim(connection: Connection, line_id: int, person_id: int) -> _Last:
    query = select(RosterChange.id, RosterChange.kind, RosterChange.places)
    query = query.where(*_claims_of(line_id, person_id))
    last = connection.execute(query.order_by(RosterChange.id.desc()).limit(1)).first()
    if last is None:
        raise NothingToUndo("There is nothing of yours to undo.")
    return _Last(*last)


def _refuse_undoing(kind: str, done: Sequence[Pair], now: datetime) -> None:
    if kind == SWAP:
        raise BothMustAgree("A swap takes two; ask them to swap back.")
    if min(row.starts_at for pair in done for row in _rows(pair)) <= now:
        raise Begun("That shift has begun; text IN to come on now, OUT to leave.")


def _refuse_taken(
    connection: Connection, line_id: int, person_id: int, done: Iterable[Pair]
) -> None:
    """Raises SomebodyElseHasIt when a place of the change is another person's by now."""
    left = {pair.after.id: pair.after for pair in done if pair.after and pair.after.id}
    for place_id, place in by_ids(connection, line_id, left).items():
        taken = place.version != left[place_id].version
        if taken and place.person_id not in {None, person_id}:
            raise SomebodyElseHasIt("Somebody has taken that shift meanwhile; it is theirs now.")


def _rows(pair: Pair) -> Iterable[PlaceRow]:
    return (row for row in (pair.before, pair.after) if row is not None)
