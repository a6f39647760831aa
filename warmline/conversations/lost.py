"""What never came: legs not heard of for too long are looked up at the provider and closed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, literal, or_, select

from warmline import calls
from warmline.conversations import looking, parting, ringing, volunteer_voice
from warmline.db import Database
from warmline.models import Call, Ring
from warmline.phone import GONE, Provider, ProviderError
from warmline.phone.conversation import OVER, Turn

WAITING_UNHEARD: Final = timedelta(seconds=30)
RING_UNHEARD: Final = timedelta(seconds=45)
TALK_UNHEARD: Final = timedelta(minutes=10)

MakeTurn = Callable[[Connection], Turn]


def look_up_lost_calls(
    database: Database, provider: Provider, turn_in: MakeTurn, now: datetime
) -> int:
    """Ask the provider about every leg that has been silent too long; how many had ended."""
    with database.reading() as db:
        lost_calls = db.execute(_silent_calls(now)).all()
        lost_rings = db.execute(_silent_rings(now)).all()
    ended = 0
    for leg in (*lost_calls, *lost_rings):
        state = _state_of(provider, leg.provider_id)
        if state is None:
            continue
        over = state == GONE or state in OVER
        with database.writing() as db:
            close = _close_ring if leg.kind == "ring" else _close_call
            close(turn_in(db), leg, over)
        ended += over
    return ended


def _state_of(provider: Provider, provider_id: str | None) -> str | None:
    """The provider's status of a leg; None if it cannot say just now."""
    if provider_id is None:
        return GONE
    try:
        return provider.state_of(provider_id)
    except ProviderError:
        return None


def _silent_calls(now: datetime) -> Any:
    in_talk = Call.state.in_(calls.IN_A_TALK)
    silent = or_(
        and_(~in_talk, Call.heard_at < now - WAITING_UNHEARD),
        and_(in_talk, Call.heard_at < now - TALK_UNHEARD),
    )
    return select(Call.id, Call.token, Call.provider_id, literal("call").label("kind")).where(
        silent
    )


def _silent_rings(now: datetime) -> Any:
    in_talk = Ring.state == ringing.IN_TALK
    silent = or_(
        and_(~in_talk, Ring.state != ringing.ASKED_FOR, Ring.heard_at < now - RING_UNHEARD),
        and_(in_talk, Ring.heard_at < now - TALK_UNHEARD),
    )
    return select(Ring.id, Ring.token, Ring.provider_id, literal("ring").label("kind")).where(
        silent
    )


def _close_call(turn: Turn, leg: Row[Any], over: bool) -> None:
    call = calls.by_token(turn.db, leg.token)
    if call is None:
        return
    if over:
        parting.caller_gone(turn, call)
    else:
        calls.change(turn.db, call.id, heard_at=turn.now)


def _close_ring(turn: Turn, leg: Row[Any], over: bool) -> None:
    ring = calls.ring_by_token(turn.db, leg.token)
    if ring is None:
        return
    if over:
        volunteer_voice.leg_is_over(turn, ring)
    else:
        ringing.set_state(turn.db, ring, ring.state, turn.now)


def ring_failed(turn: Turn, ring: Row[Any]) -> None:
    """A ring that could not be placed: the search goes on with somebody else."""
    if ringing.strike(turn.db, ring.id) is not None:
        ringing.missed(turn.db, ring, turn.now)
        looking.look(turn.db, ring.line_id, turn.now, turn.odds)
