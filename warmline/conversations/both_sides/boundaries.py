"""A line was crossed: the volunteer rests and may take it back; that phone waits longer."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update

from warmline.calls.records import LiveCall, LiveTalk
from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.conversations.spoken_instants import spoken_instant
from warmline.counts import counting
from warmline.models.people import Volunteer
from warmline.privacy import boundaries
from warmline.sending import texts
from warmline.telephony.conversation import Turn

BREATHER: Final = timedelta(minutes=10)
"""After a crossed line at least; BACK ends it."""
OF_USE: Final = timedelta(hours=2)


def remember(turn: Turn, of: LiveCall | LiveTalk, number: str, by_id: int | None) -> None:
    """The talk `of` (a call, or a talk by text) with this number was ended: counted, of nobody."""
    if boundaries.remember(turn.db, turn.seal, of.line_id, number, by_id, turn.now):
        counting.count_boundary(turn.db, of.line_id, turn.now, of.zone)


def remember_caller(turn: Turn, call: LiveCall) -> None:
    """The same of a call by phone, in a request of the caller's own; nobody of the roster has one.

    A request that the clock made in their place shows no number, and nothing is remembered.
    """
    if call.volunteer_id is None:
        remember(turn, call, turn.caller_number, call.peer_id)


def tell(turn: Turn, line_id: int, person_id: int) -> None:
    """Tell the volunteer what it does, how to take it back, and where to talk themselves."""
    me = persons.by_person(turn, person_id)
    if me is None:
        return
    hours = boundaries.rules(turn.db, line_id).hours
    until = turn.now + timedelta(hours=hours)
    bodies = [me.text(turn, "boundary_set", when=me.time(until)), me.text(turn, "boundary_hard")]
    persons.tell(turn, me, bodies, texts.REPLY, OF_USE)


def rest(turn: Turn, person_id: int) -> None:
    """A breather, longer than their own where theirs is short."""
    until = turn.now + BREATHER
    theirs = update(Volunteer).where(Volunteer.person_id == person_id)
    short = (Volunteer.breather_until.is_(None)) | (Volunteer.breather_until < until)
    turn.db.execute(theirs.where(short).values(breather_until=until))


def slow_until(turn: Turn, line_id: int, number: str) -> datetime | None:
    """When somebody is looked for on whose phone a boundary is; None: at once, as for anybody."""
    met = boundaries.until(turn.db, turn.seal, line_id, number, turn.now)
    return None if met is None else turn.now + boundaries.SLOW


def spoken_end(turn: Turn, of: LiveCall | LiveTalk, number: str) -> str:
    """Until when it holds, as one would say it; empty when it holds no longer."""
    met = boundaries.until(turn.db, turn.seal, of.line_id, number, turn.now)
    if met is None:
        return ""
    return spoken_instant(met, turn.now, of.zone, turn.language)["time"]


def seen_otherwise(turn: Turn, line_id: int) -> None:
    """Whoever waits has pressed the key that reaches duty."""
    duty.alert(turn, line_id, "boundary_otherwise")
