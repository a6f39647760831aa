"""The machine's clock was set back: what was to wait for seconds does not wait for the hour.

Whatever happened cannot be ahead. Where it is, by the clock as it now is, all that was reckoned
from it is moved by as much: effects to be sent, slots, legs to be looked up, talks, rests. A clock
that was set forward needs none of this: what is due is done, and a call is brought to it by its own
next request (calls/set_clock.py). Pauses and shifts were named by people, and stay where they are.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, update

from warmline.calls import calls, set_clock
from warmline.calls.set_clock import CLOCKS_APART, moved
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.outbox import Effect, Pace
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.outbox import outbox
from warmline.routing.search import REST_AFTER_MISS
from warmline.sending.retries import LONGEST_PAUSE
from warmline.telephony.conversation import Turn

SLOTS_APART: Final = timedelta(minutes=1)
"""No two calls or texts have to be so far apart."""
SOON: Final = (*outbox.ONCE, outbox.HANG_UP, outbox.MOVE, outbox.RING)
"""What is tried again within `LONGEST_PAUSE`, if at all."""
_AHEAD: Final = bindparam("ahead", type_=Effect.made_at.type)
_EFFECTS: Final = select(Effect.__table__).where(
    or_(
        Effect.made_at > _AHEAD,
        Effect.taken_until > bindparam("held", type_=Effect.made_at.type),
        Effect.kind.in_(SOON) & (Effect.due_at > bindparam("paused", type_=Effect.made_at.type)),
    )
)
_SLOTS: Final = Pace.next_at > bindparam("slot", type_=Effect.made_at.type)
_CALLS: Final = select(Call.token).where(Call.heard_at > _AHEAD)
_RINGS: Final = select(Ring.__table__).where(Ring.heard_at > _AHEAD)
_TALKS: Final = select(Talk.__table__).where(Talk.heard_at > _AHEAD)
_BACKS: Final = CallBack.heard_at > _AHEAD
_ANY: Final = select(
    or_(
        *(exists(one.with_only_columns(1)) for one in (_EFFECTS, _CALLS, _RINGS, _TALKS)),
        exists().where(_SLOTS),
        exists().where(_BACKS),
    )
)


def _limits(now: datetime) -> dict[str, datetime]:
    """Nothing is later than these unless the clock was set back."""
    ahead = now + CLOCKS_APART
    held, paused = ahead + outbox.HELD, ahead + LONGEST_PAUSE
    return {"ahead": ahead, "held": held, "paused": paused, "slot": now + SLOTS_APART}


def was_seen(db: Connection, now: datetime) -> bool:
    """Whether anything that lives is ahead."""
    return bool(db.scalar(_ANY, _limits(now)))


def go_by_it(turn: Turn) -> int:
    """Move whatever lives to the clock as it now is; how many rows."""
    db, now = turn.db, turn.now
    limits = _limits(now)
    back = update(CallBack).where(_BACKS).values(heard_at=now)
    return (
        _effects(db, limits, now)
        + db.execute(delete(Pace).where(_SLOTS), limits).rowcount
        + db.execute(back, limits).rowcount
        + _calls(db, limits, now)
        + _legs_and_talks(db, limits, now)
    )


def _effects(db: Connection, limits: dict[str, datetime], now: datetime) -> int:
    """Due as long from now as they were; one in a sender's hands stays there as long as it may."""
    found = db.execute(_EFFECTS, limits).all()
    for row in found:
        by = min(now - row.made_at, timedelta(0))
        due_at = row.due_at + by
        changes = {
            "made_at": row.made_at + by,
            "due_at": min(due_at, now) if row.kind in SOON else due_at,
            "unknown_since": moved(row.unknown_since, by),
            "taken_until": row.taken_until and min(row.taken_until, now + outbox.HELD),
        }
        db.execute(update(Effect).where(Effect.id == row.id).values(**changes))
    return len(found)


def _calls(db: Connection, limits: dict[str, datetime], now: datetime) -> int:
    tokens = db.scalars(_CALLS, limits).all()
    for token in tokens:
        call = calls.by_token(db, token)
        if call is not None:
            set_clock.call_in_time(db, call, now)
    return len(tokens)


def _legs_and_talks(db: Connection, limits: dict[str, datetime], now: datetime) -> int:
    number = 0
    for table, statement, names in (
        (Ring, _RINGS, ("asked_at", "ringing_at", "picked_up_at")),
        (Talk, _TALKS, ("waiting_since", "due_at", "talking_since", "slow_until")),
    ):
        for row in db.execute(statement, limits).all():
            fields: dict[str, Any] = dict(row._mapping)
            by = now - fields["heard_at"]
            changes = {name: moved(fields[name], by) for name in names}
            this = update(table).where(table.id == row.id)
            db.execute(this.values(heard_at=now, **changes))
            number += 1
    return number


_IDLE_AHEAD: Final = select(Volunteer.__table__).where(Volunteer.idle_since > _AHEAD)
_RESTING_LONG: Final = Volunteer.resting_until > bindparam("rested", type_=Effect.made_at.type)


def _rests(now: datetime) -> dict[str, datetime]:
    return {"rested": now + REST_AFTER_MISS + CLOCKS_APART}


def is_in_rests(db: Connection, now: datetime) -> bool:
    """Whether somebody of the roster has talked or rests by another clock than today's."""
    ahead = {"ahead": now + CLOCKS_APART}
    if db.execute(_IDLE_AHEAD.limit(1), ahead).first() is not None:
        return True
    long = select(Volunteer.person_id).where(_RESTING_LONG).limit(1)
    return db.execute(long, _rests(now)).first() is not None


def shorten_rests(turn: Turn) -> int:
    """Rests last as long as they would have; how many people that concerned."""
    db, now = turn.db, turn.now
    found = db.execute(_IDLE_AHEAD, {"ahead": now + CLOCKS_APART}).all()
    for row in found:
        until = moved(row.breather_until, now - row.idle_since)
        this = update(Volunteer).where(Volunteer.person_id == row.person_id)
        db.execute(this.values(idle_since=now, breather_until=until))
    rested = update(Volunteer).where(_RESTING_LONG).values(resting_until=now + REST_AFTER_MISS)
    return len(found) + db.execute(rested, _rests(now)).rowcount
