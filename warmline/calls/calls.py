"""The life of a call: its states, the table of allowed moves, and who has won it."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Unpack

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import cast as as_type

from shifts.models import Line
from warmline.calls.records import CallChanges, CallRow, CallState, LineFacts, LiveCall, LiveRing
from warmline.database import turns
from warmline.database.records import every, first, made_of
from warmline.database.turns import Reach, of_own_row, to_change
from warmline.models.calls import Call, Ring, TriedPeer
from warmline.models.line import LineRules
from warmline.models.people import Volunteer

States = tuple[CallState, ...]
HELLO: Final[CallState] = "hello"
PROMISE: Final[CallState] = "promise"
WAITING: Final[CallState] = "waiting"
ASKED: Final[CallState] = "asked"
CLAIMED: Final[CallState] = "claimed"
JOINING: Final[CallState] = "joining"
TALKING: Final[CallState] = "talking"
PEER_AWAY: Final[CallState] = "peer away"
CALLER_AWAY: Final[CallState] = "caller away"
PARTED: Final[CallState] = "parted"
GOODBYE: Final[CallState] = "goodbye"

LINE_CROSSED: Final = "line crossed"
BOUNDARY_SET: Final = "boundary set"
"""What a call is `asked` whose peer ended it for a line crossed; and once that is remembered."""
CROSSED: Final = (LINE_CROSSED, BOUNDARY_SET)

MAY_THIRD: Final = "may third"
THIRD_COMES: Final = "third comes"
THIRD_WISHED: Final = "third wished"
"""What a call is `asked` whose peer would bring in a third person; one that hears of a third who
comes on a spoken yes; and one whose last key has begun that search, until they are together."""
MAY_HAND_OVER: Final = "may hand over"
STOOD_BY: Final = "stood by"
"""What a call is `asked` whose peer would hand over; and whose peer has, or awaits, a stand-by."""
OUTSIDE_HELP: Final = "outside help"
"""What a call is `asked` in which outside help was asked for, while both hear what can be done."""
MANY_CALL: Final = "many call"
"""What a call is `asked` that came when very many did."""
PROMISE_HEARD: Final = "promise heard"
"""What `saying` is of whoever is to hear no more of the promise, before they are said a word."""
TOLD_OF_CALLING_BACK: Final = "back told"
"""What a waiting call is `asked` that has heard that it may be called back."""

OF_ONE_STAR: Final = (MAY_THIRD, THIRD_WISHED, MAY_HAND_OVER, STOOD_BY, OUTSIDE_HELP)
"""What a peer begins by a key after `*`: over as soon as they are back with the caller."""

LOOKING: Final[States] = (PROMISE, WAITING)
"""A peer may win a call only in these."""
WITH_A_PEER: Final[States] = (CLAIMED, JOINING, TALKING, PEER_AWAY, CALLER_AWAY)
IN_A_TALK: Final[States] = (JOINING, TALKING, PEER_AWAY, CALLER_AWAY)
OTHERS_PART: Final = frozenset({"bound_to", "peer_id", "ring_id"})
"""Facts of a call that are facts of a peer too."""
CHOOSING: Final[States] = (CALLER_AWAY, PEER_AWAY, PARTED)
"""The caller has the choices before them, whatever their peer has done meanwhile."""
INTO_THE_ROOM: Final[States] = (JOINING, TALKING, CALLER_AWAY)
"""The caller is in the room, or may go there as soon as their peer is."""

MOVES: Final[Mapping[CallState, Collection[CallState]]] = {
    HELLO: {PROMISE, ASKED, GOODBYE},
    PROMISE: {WAITING, CLAIMED, GOODBYE},
    WAITING: {ASKED, CLAIMED, GOODBYE},
    ASKED: {WAITING, PROMISE, GOODBYE},
    CLAIMED: {JOINING, PROMISE, WAITING, GOODBYE},
    JOINING: {TALKING, PEER_AWAY, CALLER_AWAY, PARTED, WAITING, PROMISE, GOODBYE},
    TALKING: {JOINING, PEER_AWAY, CALLER_AWAY, PARTED, WAITING, ASKED, GOODBYE},
    PEER_AWAY: {JOINING, PARTED, WAITING, ASKED, GOODBYE},
    CALLER_AWAY: {JOINING, TALKING, PARTED, WAITING, PEER_AWAY, GOODBYE},
    PARTED: {WAITING, GOODBYE},
    GOODBYE: set(),
}
"""From each state, the states a call may move to; any state may end (the row goes)."""


# Statements are built once, as building one takes several times as long as running it. What an
# UPDATE sets are the columns among the values it is executed with.
_CHANGE: Final = of_own_row(update(Call).where(Call.id == bindparam("call_id")))
_MOVE: Final = _CHANGE.where(Call.state.in_(bindparam("old", expanding=True))).returning(
    *Call.__table__.c
)


class MoveNotAllowed(Exception):
    """A step asked for a move that is not in the table: a fault of ours, never of a caller."""


def new_token() -> str:
    """128 random bits in 32 hexadecimal digits: the only name a leg has in our URLs."""
    return secrets.token_hex(16)


def move(
    db: Connection,
    call_id: int,
    old: Collection[CallState],
    new: CallState,
    **changes: Unpack[CallChanges],
) -> CallRow | None:
    """Move a call from one of `old` states to `new`; None if it was in none of them any more.

    Whoever gets a row back has made the move: the database settles who was first.
    """
    forbidden = [state for state in old if new != state and new not in MOVES[state]]
    if forbidden:
        raise MoveNotAllowed(f"{forbidden} to {new}")
    if any(_kind(state) != _kind(new) for state in old):
        turns.needs(db, Reach.OTHERS)
    values = {"call_id": call_id, "old": tuple(old), "state": new, **changes}
    return first(db.execute(_MOVE, values), _call_row)


def _kind(state: CallState) -> tuple[bool, bool]:
    """What others see of a call's state: whether it looks for a peer, and whether it has one."""
    return state in LOOKING, state in WITH_A_PEER


def moved(call: LiveCall, row: CallRow) -> LiveCall:
    """A call as it is after a move of it, with the rules of its line as they were read before."""
    return _live_call((*row, *call[len(row) :]))


def of_line(row: Sequence[Any], line: LineFacts) -> LiveCall:
    """A call of this line, whose row has just been written."""
    return _live_call((*row, *line[1:]))


def change(db: Connection, call_id: int, **changes: Unpack[CallChanges]) -> None:
    """Write facts of a call that are no move."""
    if not OTHERS_PART.isdisjoint(changes):
        turns.needs(db, Reach.OTHERS)
    db.execute(_CHANGE, {"call_id": call_id, **changes})


LINE_ID: Final = Line.id
_LINE_COLUMNS = (
    Line.name.label("line_name"),
    Line.time_zone.label("line_zone"),
    LineRules.number.label("line_number"),
    LineRules.volunteer_number.label("line_second"),
    LineRules.languages.label("line_languages"),
    LineRules.countries.label("line_countries"),
    LineRules.patience_seconds,
    LineRules.phones_at_once,
    LineRules.opened_at,
    LineRules.words_version.label("line_words"),
)


@cache
def lines() -> Select[*tuple[Any, ...]]:
    """The line with its rules, in the columns that every step reads."""
    return select(Line.id.label("line_id"), *_LINE_COLUMNS).join(
        LineRules, LineRules.line_id == Line.id
    )


_CALLS: Final = (
    select(Call.__table__, *_LINE_COLUMNS)
    .join(Line, Line.id == Call.line_id)
    .join(LineRules, LineRules.line_id == Call.line_id)
)
_BY_TOKEN: Final = to_change(_CALLS.where(Call.token == bindparam("token")), Call)
_BY_PROVIDER_ID: Final = to_change(_CALLS.where(Call.provider_id == bindparam("provider_id")), Call)
_BY_ID: Final = to_change(_CALLS.where(Call.id == bindparam("id")), Call)
_CALL_OF: Final = to_change(
    _CALLS.where(Call.ring_id == bindparam("ring_id"), Call.state.in_(WITH_A_PEER)), Call
)
_RINGS: Final = (
    select(
        Ring.__table__,
        Volunteer.languages.label("volunteer_languages"),
        Volunteer.breather_minutes,
        *_LINE_COLUMNS,
    )
    .join(Line, Line.id == Ring.line_id)
    .join(LineRules, LineRules.line_id == Ring.line_id)
    .join(Volunteer, Volunteer.person_id == Ring.person_id)
)
_RING_BY_TOKEN: Final = to_change(_RINGS.where(Ring.token == bindparam("token")), Ring)
_RING_BY_PROVIDER_ID: Final = to_change(
    _RINGS.where(Ring.provider_id == bindparam("provider_id")), Ring
)
_RING_BY_ID: Final = to_change(_RINGS.where(Ring.id == bindparam("id")), Ring)


_call_row: Final = made_of(CallRow, Call.__table__.c)
_live_call: Final = made_of(LiveCall, _CALLS.selected_columns)
_live_ring: Final = made_of(LiveRing, _RINGS.selected_columns)
_line_facts: Final = made_of(LineFacts, lines().selected_columns)


def all_lines(db: Connection) -> list[LineFacts]:
    """Every line with its rules."""
    return every(db.execute(lines()), _line_facts)


def by_token(db: Connection, token: str) -> LiveCall | None:
    """The live call with this token, and its line's rules, in one row."""
    return first(db.execute(_BY_TOKEN.of(db), {"token": token}), _live_call)


def by_provider_id(db: Connection, provider_id: str) -> LiveCall | None:
    """The live call that the provider knows by this id."""
    return first(db.execute(_BY_PROVIDER_ID.of(db), {"provider_id": provider_id}), _live_call)


def by_id(db: Connection, call_id: int | None) -> LiveCall | None:
    """The live call with this id, and its line's rules."""
    return (
        None if call_id is None else first(db.execute(_BY_ID.of(db), {"id": call_id}), _live_call)
    )


def ring_by_token(db: Connection, token: str) -> LiveRing | None:
    """The live ring with this token, its volunteer's choices and its line's rules."""
    return first(db.execute(_RING_BY_TOKEN.of(db), {"token": token}), _live_ring)


def ring_by_provider_id(db: Connection, provider_id: str) -> LiveRing | None:
    """The live ring that the provider knows by this id, as `ring_by_token` gives it."""
    return first(db.execute(_RING_BY_PROVIDER_ID.of(db), {"provider_id": provider_id}), _live_ring)


def ring_by_id(db: Connection, ring_id: int | None) -> LiveRing | None:
    """The live ring with this id, as `ring_by_token` gives it."""
    return (
        None
        if ring_id is None
        else first(db.execute(_RING_BY_ID.of(db), {"id": ring_id}), _live_ring)
    )


def room_of(call: LiveCall) -> str:
    """The room of a call that a peer has won; raises LookupError where there is none yet."""
    if call.room is None:
        raise LookupError("this call has no room")
    return call.room


def volunteer_of(call: LiveCall) -> int:
    """Who of the roster calls; raises LookupError for anybody else's call."""
    if call.volunteer_id is None:
        raise LookupError("no volunteer calls")
    return call.volunteer_id


def call_of(db: Connection, ring: LiveRing) -> LiveCall | None:
    """The call in which this ring's volunteer is now: claimed, joining or talking."""
    return first(db.execute(_CALL_OF.of(db), {"ring_id": ring.id}), _live_call)


def claim(db: Connection, ring: LiveRing, now: datetime) -> LiveCall | None:
    """Give the volunteer of `ring` the longest-waiting caller they may have, or None.

    One conditional UPDATE a try: if somebody else was faster the next caller is tried.
    A bound ring is for its own call only.
    """
    theirs = {"line_id": ring.line_id, "person_id": ring.person_id, "language": ring.language}
    alone = {"line_id": ring.line_id, "call_id": ring.call_id}
    found = db.execute(_FOR_BOUND, alone) if ring.bound else db.execute(_FOR_ANY, theirs)
    for candidate in found.all():
        won = move(
            db,
            candidate.id,
            LOOKING,
            CLAIMED,
            ring_id=ring.id,
            peer_id=ring.person_id,
            bound_to=None,
            room=new_token(),
            peer_in_room=False,
            together=False,
            saying=None,
        )
        if won is not None:
            if candidate.together and candidate.peer_id != ring.person_id:
                rest_after_talk(db, candidate.peer_id, now)
            return _live_call((*won, *ring[-len(_LINE_COLUMNS) :]))
    return None


_PASSED: Final = exists().where(
    TriedPeer.call_id == Call.id, TriedPeer.person_id == bindparam("person_id"), TriedPeer.passed
)
_LOOKING: Final = select(Call.id, Call.peer_id, Call.together).where(
    Call.line_id == bindparam("line_id"), Call.state.in_(LOOKING)
)
_FOR_BOUND: Final = _LOOKING.where(Call.id == bindparam("call_id"))
"""The call that a bound ring is for."""
_FOR_ANY: Final = _LOOKING.where(
    ~_PASSED,
    Call.bound_to.is_(None),
    or_(Call.volunteer_id.is_(None), Call.volunteer_id != bindparam("person_id")),
).order_by(
    case((Call.language == bindparam("language"), 0), else_=1),
    as_type(Call.first_in_line, Integer).desc(),
    func.coalesce(Call.waiting_since, Call.arrived_at),
    Call.id,
)
"""Callers whom a volunteer may have: those of the ring's pool first, then the rest."""
_BREATHER: Final = select(
    func.coalesce(Volunteer.breather_minutes, LineRules.breather_minutes)
).where(Volunteer.person_id == bindparam("person_id"), LineRules.line_id == Volunteer.line_id)
_REST: Final = update(Volunteer).where(Volunteer.person_id == bindparam("whose"))


def rest_after_talk(db: Connection, person_id: int, now: datetime) -> None:
    """Begin a volunteer's breather: the call is over, or another has taken it.

    Their own minutes (0-60), else the line's.
    """
    minutes = db.execute(_BREATHER, {"person_id": person_id}).scalar() or 0
    until = now + timedelta(minutes=minutes)
    rested = {"breather_until": until, "idle_since": now, "resting_until": None}
    db.execute(_REST, {"whose": person_id, **rested})


_FORGET: Final = delete(Call).where(Call.id == bindparam("call_id")).returning(*Call.__table__.c)
_FORGET_TRIES: Final = delete(TriedPeer).where(TriedPeer.call_id == bindparam("call_id"))


def forget(db: Connection, call_id: int) -> CallRow | None:
    """Delete a call and all that hung on it; the row as it was, or None if it had gone already."""
    gone = first(db.execute(_FORGET, {"call_id": call_id}), _call_row)
    if gone is not None:
        db.execute(_FORGET_TRIES, {"call_id": call_id})
    return gone
