"""Looks up at the provider, and closes, calls and rings of which nothing was heard for too long."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, exists, literal, or_, select

from warmline.calls import call_backs, calls
from warmline.calls.records import LiveCall, LiveRing
from warmline.conversations.arrivals import called_back
from warmline.conversations.both_sides import parting, third_search
from warmline.conversations.caller import search_again
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.conversations.steps import CallerStep
from warmline.conversations.volunteer import leg
from warmline.database.engine import Database
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.outbox import Effect
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn
from warmline.telephony.port import GONE, Provider, ProviderError, is_over

WAITING_UNHEARD: Final = timedelta(seconds=30)
RING_UNHEARD: Final = timedelta(seconds=45)
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


def look_up_lost_calls(
    database: Database,
    provider: Provider,
    take_turn: TakeTurn,
    now: datetime,
    failed: Failed = lambda _error: None,
) -> int:
    """Ask the provider about every leg that has been silent too long; how many had ended.

    `failed` is told of whatever it cannot say just now.
    """
    with database.reading() as db:
        found = silent(db, now)
    return sum(_look_up(provider, take_turn, leg, failed) for leg in found)


def silent(db: Connection, now: datetime) -> list[Row[Any]]:
    """Legs that nobody has heard of for too long."""
    return [row for legs in _SILENT for row in db.execute(legs, _since(now))]


def _look_up(provider: Provider, take_turn: TakeTurn, leg: Row[Any], failed: Failed) -> bool:
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


def _since(now: datetime) -> dict[str, datetime]:
    """Legs not heard of since these instants are looked up."""
    return {
        "waiting": now - WAITING_UNHEARD,
        "ringing": now - RING_UNHEARD,
        "talking": now - TALK_UNHEARD,
    }


def _silent_calls() -> Any:
    talking = Call.state == calls.TALKING
    silent = or_(
        and_(~talking, Call.heard_at < bindparam("waiting")),
        and_(talking, Call.heard_at < bindparam("talking")),
    )
    found = select(Call.token, Call.provider_id, literal("call").label("kind")).where(silent)
    return found.order_by(Call.heard_at).limit(AT_ONCE)


def _silent_rings() -> Any:
    """Rings that the outbox has done with; those in it are the sender's to look for."""
    talking = exists().where(Call.ring_id == Ring.id, Call.state == calls.TALKING)
    in_outbox = exists().where(Effect.kind == outbox.RING, Effect.subject == Ring.token)
    silent = or_(
        and_(~talking, Ring.heard_at < bindparam("ringing")),
        and_(talking, Ring.heard_at < bindparam("talking")),
    )
    found = select(Ring.token, Ring.provider_id, literal("ring").label("kind"))
    return found.where(silent, ~in_outbox).order_by(Ring.heard_at).limit(AT_ONCE)


def _silent_call_backs() -> Any:
    """Those who are being called back; who is through is looked up as a caller."""
    in_outbox = exists().where(Effect.kind == outbox.BACK, Effect.subject == CallBack.token)
    door = CallBack.state.in_(call_backs.AT_THE_DOOR)
    found = select(CallBack.token, CallBack.provider_id, literal("back").label("kind"))
    return found.where(door, CallBack.heard_at < bindparam("ringing"), ~in_outbox)


_SILENT: Final = (_silent_calls(), _silent_rings(), _silent_call_backs())


def _close_call(turn: Turn, token: str, over: bool) -> None:
    call = calls.by_token(turn.db, token)
    if call is None:
        return
    if over:
        parting.caller_gone(turn, call)
        return
    calls.change(turn.db, call.id, heard_at=turn.now)
    if not call.in_queue:
        _fetch_again(turn, call)


def _fetch_again(turn: Turn, call: LiveCall) -> None:
    """Somebody who should have been led out of the room, and whose move was never taken."""
    if call.state in (calls.PARTED, calls.PEER_AWAY):
        parting.lead_caller(turn, call, CallerStep.TO_QUEUE)
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


def ring_failed(turn: Turn, ring: LiveRing, *, refused: bool) -> None:
    """A ring that will not be: the search goes on with somebody else.

    One that the provider refused counts as a miss, so that a wrong number rests as well;
    otherwise nothing is known of that phone.
    """
    if rings.strike(turn.db, ring.id) is None:
        return
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
