"""Why somebody on shift is not rung: the rules that the search and the guard share; pure.

The search (peers.py) and the guard (sending/guard.py) decide by these, and `who` asks both, so that
what a person reads is what happens.
"""

from datetime import datetime
from typing import Literal, NamedTuple

Why = Literal[
    "has not agreed",
    "has said no",
    "stopped",
    "paused by others",
    "has not agreed to the promise",
    "takes no calls",
    "has not agreed to this shift",
    "number not allowed",
    "paused",
    "breather",
    "talking",
    "writing",
    "going off",
    "owed to a caller",
]


class NotRung(NamedTuple):
    """Why somebody is not rung now, and until when (UTC) where that is known."""

    why: Why
    until: datetime | None = None


class Own(NamedTuple):
    """What somebody has said for themselves; the fields are those of Volunteer.

    `has_agreed` is promise.has_agreed: their yes to rings and texts, and to the promise in force.
    """

    agreed: str
    agreed_at: datetime | None
    agreed_promise: int | None
    has_agreed: bool
    voice: bool


def unwilling(own: Own) -> NotRung | None:
    """Whether somebody may never be rung as things are: without their own yes, or not by phone."""
    if not own.has_agreed:
        return NotRung(_without_a_yes(own))
    return None if own.voice else NotRung("takes no calls")


def away(
    paused_until: datetime | None, breather_until: datetime | None, now: datetime
) -> NotRung | None:
    """Whether somebody is in a pause of their own or in a breather; the one that ends later."""
    paused = NotRung("paused", paused_until)
    breather = NotRung("breather", breather_until)
    ahead = [one for one in (paused, breather) if one.until is not None and one.until > now]
    return max(ahead, key=lambda one: one.until or now, default=None)


def _without_a_yes(own: Own) -> Why:
    if own.agreed == "yes":
        return "has not agreed to the promise"
    if own.agreed == "held":
        return "paused by others"
    if own.agreed == "ask" or own.agreed_at is None:
        return "has not agreed"
    return "has said no" if own.agreed_promise is None else "stopped"
