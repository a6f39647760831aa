"""Many calls at once, as in a flood: slowed by a key or a wait, never refused, whoever calls."""

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, func, select

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.caller import waiting
from warmline.conversations.steps import caller as line
from warmline.models.calls import Call
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Words

A_MINUTE: Final = timedelta(minutes=1)
MANY: Final = 15
"""So many who are on the line have come within a minute: far more than any evening brings."""
WAIT: Final = 20
"""Seconds without a key; a person presses one, what dials by itself waits."""


_LATELY: Final = (
    select(func.count())
    .select_from(Call)
    .where(Call.line_id == bindparam("line_id"), Call.arrived_at > bindparam("since"))
)


def are_coming(turn: Turn, line_id: int) -> bool:
    """Whether so many calls have come in the last minute and are still there."""
    since = turn.now - A_MINUTE
    return (turn.db.scalar(_LATELY, {"line_id": line_id, "since": since}) or 0) >= MANY


def slow(turn: Turn, _call: LiveCall) -> Words:
    """Press 1 to go on, or wait: either leads on, and nobody loses their place."""
    return [Ask([turn.say("hello.many")], go_on, WAIT), GoTo(go_on)]


@line.step
def go_on(turn: Turn, call: LiveCall) -> Words:
    """On to the line's hello."""
    if call.asked == calls.MANY_CALL:
        calls.change(turn.db, call.id, asked=None)
    return waiting.offer_languages(turn, call)
