"""Looks up at the provider, and closes, calls and rings of which nothing was heard for too long."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, and_, bindparam, exists, func, literal, or_, select

from warmline.calls import call_backs, calls, set_clock
from warmline.calls.records import LiveCall, LiveRing, RingState
from warmline.conversations.arrivals import called_back
from warmline.conversations.both_sides import parting, third_search
from warmline.conversations.caller import search_again
from warmline.conversations.ringing import ring_reasons, rings, whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.conversations.volunteer import leg
from warmline.database.engine import Database
from warmline.database.records import every, made_of
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.line import LineRules
from warmline.models.outbox import Effect
from warmline.models.people import Volunteer
from warmline.outbox import outbox
from warmline.routing.reasons import GivenReason
from warmline.sending import call_back_calls
from warmline.telephony.conversation import Turn
from warmline.telephony.port import GONE, Provider, ProviderError, is_over

WAITING_UNHEARD: Final = timedelta(seconds=30)
ON_THE_WAY: Final = timedelta(seconds=5)
"""Between what is asked of a phone and what it does: until it rings, and until it has stopped.

A ring of whose end nothing was heard is looked up when it has rung for as long as it may and this
much longer, then each time until it is over. So a phone that rings 15 seconds, as they do unless
somebody wishes otherwise, is free again within 30, even if no callback of any ring comes through.
"""
LAST_WORDS: Final = timedelta(seconds=20)
"""Longer than what is said to a volunteer who is not needed, before their leg ends by itself."""
TALK_UNHEARD: Final = timedelta(seconds=40)
"""For both sides while they are in a room together, where the network has nothing to ask.

With the job's own pause nobody sits there alone for longer than a minute, should the other have
been cut off and its end never been told.
"""
AT_ONCE: Final = 50
"""So many legs of a kind are looked up each time, the longest unheard first: a line with hundreds
of talks asks the provider no more often than a few times a second."""

TakeTurn = Callable[[], AbstractContextManager[Turn]]
Failed = Callable[[ProviderError], object]


class Leg(NamedTuple):
    """A leg of which nothing was heard: of a caller, of a volunteer, or of who is called back."""

    kind: Literal["call", "ring", "back"]
    token: str
    provider_id: str | None
    heard_at: datetime


class _Rung(NamedTuple):
    """A volunteer's leg that is in no talk; `rings_for` is how many seconds their phone may."""

    token: str
    provider_id: str | None
    heard_at: datetime
    state: RingState
    third: bool
    rings_for: int

    @property
    def leg(self) -> Leg:
        return Leg("ring", self.token, self.provider_id, self.heard_at)


Silent = Callable[[Connection, datetime], Sequence[Leg]]


def look_up(
    silent: Silent,
    database: Database,
    provider: Provider,
    take_turn: TakeTurn,
    now: datetime,
    failed: Failed = lambda _error: None,
) -> int:
    """Ask the provider about every leg that is `silent`, below; how many of them had ended.

    `failed` is told of whatever it cannot say just now.
    """
    with database.reading() as db:
        found = silent(db, now)
    return sum(_look_up(provider, take_turn, leg, failed) for leg in found)


def silent_calls(db: Connection, now: datetime) -> Sequence[Leg]:
    """Callers, and whoever talks with one, of whom nobody has heard for too long."""
    since = {"waiting": now - WAITING_UNHEARD, "talking": now - TALK_UNHEARD}
    return [leg for legs in _SILENT_CALLS for leg in every(db.execute(legs, since), _leg)]


def silent_rings(db: Connection, now: datetime) -> Sequence[Leg]:
    """Phones that ring no more, as far as one can know, though nobody has said so.

    Those in the outbox are the sender's to look for, those in a talk are among `silent_calls`.
    """
    backs = {"ringing": now - timedelta(seconds=call_back_calls.RINGS_FOR) - ON_THE_WAY}
    rung = every(db.execute(_RUNG), _rung)
    found = [
        *(one.leg for one in rung if one.leg.heard_at < now - _may_be_unheard(one)),
        *every(db.execute(_SILENT_CALL_BACKS, backs), _leg),
    ]
    return sorted(found, key=lambda leg: leg.heard_at)[:AT_ONCE]


def _may_be_unheard(ring: _Rung) -> timedelta:
    """How long nothing is heard of a ring for which nothing is wrong."""
    match ring.state:
        case rings.ENDING:
            return ON_THE_WAY
        case rings.LEAVING:
            return LAST_WORDS
        case rings.IN_TALK if ring.third:
            return TALK_UNHEARD
        case _:
            return timedelta(seconds=ring.rings_for) + ON_THE_WAY


def _look_up(provider: Provider, take_turn: TakeTurn, leg: Leg, failed: Failed) -> bool:
    try:
        state = provider.state_of(leg.provider_id) if leg.provider_id else GONE
    except ProviderError as error:
        # It cannot say just now; the leg is asked about again next time.
        failed(error)
        return False
    over = is_over(state)
    with take_turn() as turn:
        if leg.kind == "ring":
            _close_ring(turn, leg.token, over)
        elif leg.kind == "back":
            _close_call_back(turn, leg.token, over)
        else:
            _close_call(turn, leg.token, over)
    return over


def _silent_calls() -> Any:
    talking = Call.state == calls.TALKING
    silent = or_(
        and_(~talking, Call.heard_at < bindparam("waiting")),
        and_(talking, Call.heard_at < bindparam("talking")),
    )
    found = select(literal("call").label("kind"), Call.token, Call.provider_id, Call.heard_at)
    return found.where(silent).order_by(Call.heard_at).limit(AT_ONCE)


_IN_OUTBOX: Final = exists().where(Effect.kind == outbox.RING, Effect.subject == Ring.token)
_IN_A_TALK: Final = exists().where(Call.ring_id == Ring.id, Call.state == calls.TALKING)


def _silent_peers() -> Any:
    found = select(literal("ring").label("kind"), Ring.token, Ring.provider_id, Ring.heard_at)
    silent = (_IN_A_TALK, Ring.heard_at < bindparam("talking"), ~_IN_OUTBOX)
    return found.where(*silent).order_by(Ring.heard_at).limit(AT_ONCE)


def _of_rings() -> Any:
    rings_for = func.coalesce(Volunteer.ring_seconds, LineRules.ring_seconds).label("rings_for")
    columns = (Ring.token, Ring.provider_id, Ring.heard_at, Ring.state, Ring.third, rings_for)
    found = select(*columns).join(Volunteer, Volunteer.person_id == Ring.person_id)
    lines = LineRules.line_id == Ring.line_id
    return found.join(LineRules, lines).where(~_IN_A_TALK, ~_IN_OUTBOX)


def _silent_call_backs() -> Any:
    """Those who are being called back; who is through is looked up as a caller."""
    in_outbox = exists().where(Effect.kind == outbox.BACK, Effect.subject == CallBack.token)
    door = CallBack.state.in_(call_backs.AT_THE_DOOR)
    columns = (CallBack.token, CallBack.provider_id, CallBack.heard_at)
    found = select(literal("back").label("kind"), *columns)
    return found.where(door, CallBack.heard_at < bindparam("ringing"), ~in_outbox)


_SILENT_CALLS: Final = (_silent_calls(), _silent_peers())
_RUNG: Final = _of_rings()
_rung: Final = made_of(_Rung, _RUNG.selected_columns)
_SILENT_CALL_BACKS: Final = _silent_call_backs()
_leg: Final = made_of(Leg, _SILENT_CALL_BACKS.selected_columns)


def _close_call(turn: Turn, token: str, over: bool) -> None:
    call = calls.by_token(turn.db, token)
    if call is None:
        return
    if over:
        parting.caller_gone(turn, call)
        return
    set_clock.call_in_time(turn.db, call, turn.now)
    calls.change(turn.db, call.id, heard_at=turn.now)
    if not call.in_queue:
        _fetch_again(turn, call)


def _fetch_again(turn: Turn, call: LiveCall) -> None:
    """Somebody who should have been led out of the room, and whose move was never taken."""
    if call.state in (calls.PARTED, calls.PEER_AWAY):
        parting.lead_caller(turn, call, CallerStep.TO_QUEUE)
    elif call.state == calls.JOINING and call.talking_since is not None:
        parting.lead_caller(turn, call, CallerStep.INTO_ROOM)
    elif call.asked == calls.THIRD_COMES:
        parting.lead_caller(turn, call, CallerStep.THIRD_COMES)
    elif call.state == calls.GOODBYE or call.asked == search_again.TALK_ENDED:
        parting.lead_caller(turn, call, CallerStep.FAREWELL)


def _close_ring(turn: Turn, token: str, over: bool) -> None:
    ring = calls.ring_by_token(turn.db, token)
    if ring is None:
        return
    if over:
        leg.leg_is_over(turn, ring)
        return
    if ring.state not in rings.STILL_OFFERED:
        rings.set_state(turn.db, ring, ring.state, turn.now)
    if ring.state in (rings.ENDING, rings.LEAVING) and ring.provider_id:
        outbox.hang_up(turn.db, ring.line_id, [ring.provider_id], turn.now)


def _close_call_back(turn: Turn, token: str, over: bool) -> None:
    asked = call_backs.by_token(turn.db, token)
    if asked is None:
        return
    if over:
        called_back.leg_is_over(turn, asked, asked.provider_id)
        return
    call_backs.move(turn.db, token, [asked.state], asked.state, turn.now)


def ring_failed(turn: Turn, ring: LiveRing, told: GivenReason) -> None:
    """A ring that will not be: the search goes on with somebody else.

    One that the provider refused counts as a miss, so that a wrong number rests as well;
    otherwise nothing is known of that phone. Its volunteer may read why.
    """
    refused = told.reason == "refused"
    if rings.strike(turn.db, ring.id) is None:
        return
    ring_reasons.note(turn.db, ring.line_id, {ring.person_id: told}, turn.now)
    if ring.third:
        third_search.gone(turn, ring)
    turn.count_ring("refused" if refused else "unknown")
    if refused:
        rings.missed(turn.db, ring, turn.now)
    elif ring.bound and ring.call_id is not None:
        rings.give_up_on_their_peer(turn.db, ring.call_id, ring.person_id)
    whom_to_ring.decide_now(turn, ring.line_id)
    if ring.third:
        third_search.step(turn)
