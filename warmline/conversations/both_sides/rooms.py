"""How long a room may last and what is said before its end; and the way back into the queue."""

import math
from datetime import datetime, timedelta
from typing import Final

from warmline.calls import calls
from warmline.calls.records import CallChanges, LiveCall
from warmline.conversations.steps import CallerStep
from warmline.telephony.conversation import Turn
from warmline.telephony.words import GoTo, Wait, Words

LONGEST_LEG: Final = timedelta(hours=4)
"""The provider ends a leg after so long (timeLimit, default 14400 s)."""
WARNING: Final = timedelta(minutes=5)


def room_seconds(call: LiveCall, now: datetime) -> int:
    """How long this room may last: to the warning, five minutes before the provider's own limit.

    The caller's leg is the older of the two, so the limit is theirs. A provider that lets them
    go on beyond it is taken at its word.
    """
    end = call.arrived_at + LONGEST_LEG - (timedelta(0) if call.warned else WARNING)
    left = end - now if end > now else LONGEST_LEG - WARNING
    return math.ceil(left.total_seconds())


def limit_is_near(turn: Turn, call: LiveCall) -> bool:
    """Whether the room ended because its time was up, a few minutes before the provider's limit."""
    nearly = LONGEST_LEG - WARNING - timedelta(seconds=2)
    return bool(not call.warned and turn.now - call.arrived_at >= nearly)


def warn(turn: Turn, call: LiveCall) -> Words:
    """Five minutes before the limit both hear of it, and are brought together again."""
    again: CallChanges = {"room": calls.new_token(), "peer_in_room": False, "warned": True}
    calls.move(turn.db, call.id, (calls.TALKING,), calls.JOINING, **again)
    return [turn.say("talk.limit_is_near"), GoTo(CallerStep.INTO_ROOM)]


def to_queue(turn: Turn, call: LiveCall) -> Words:
    """Wait in the line's queue, where keys work; nobody is dequeued by position."""
    calls.change(turn.db, call.id, in_queue=True, heard_at=turn.now)
    return [Wait(CallerStep.WAIT, CallerStep.LEFT_QUEUE)]
