"""The machine's clock was set while calls live: their instants are moved by as much.

Nobody's patience is over because it is an hour later all at once, and nobody hears the same words
for an hour because it is one earlier. Every live call is heard of, or looked up at the provider,
within a minute: an instant at which it was last heard of tells how far the clock has been set.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from warmline.calls import calls
from warmline.calls.records import CallChanges, LiveCall

CLOCKS_APART: Final = timedelta(seconds=5)
"""Clocks of machines that are well differ by less."""
LONG_UNHEARD: Final = timedelta(minutes=2)
"""A call that waits is never unheard of for so long, unless nothing runs that would hear."""


def is_ahead(instant: datetime, now: datetime) -> bool:
    """Whether something that has happened (UTC) has not happened yet by today's clock."""
    return instant - now > CLOCKS_APART


def call_in_time(db: Connection, call: LiveCall, now: datetime) -> LiveCall:
    """The call as the clock now is; moved, and heard of now, where that has been set since."""
    unheard = call.state != calls.TALKING and now - call.heard_at > LONG_UNHEARD
    if not unheard and not is_ahead(call.heard_at, now):
        return call
    by = now - call.heard_at
    changes: CallChanges = {
        "heard_at": now,
        "arrived_at": call.arrived_at + by,
        "waiting_since": moved(call.waiting_since, by),
        "patience_until": moved(call.patience_until, by),
        "talking_since": moved(call.talking_since, by),
        "slow_until": moved(call.slow_until, by),
    }
    if call.menu_after is None:
        # Else it is the end of a time that a volunteer has named.
        changes["saying_until"] = moved(call.saying_until, by)
    calls.change(db, call.id, **changes)
    return call._replace(**changes)


def moved(instant: datetime | None, by: timedelta) -> datetime | None:
    """An instant as it would be by the clock as it now is; None stays None."""
    return None if instant is None else instant + by
