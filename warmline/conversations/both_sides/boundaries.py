"""A line was crossed: the volunteer rests and may take it back; that phone waits longer."""

from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import update

from warmline.calls import calls
from warmline.calls.records import CallChanges, LiveCall, LiveTalk
from warmline.conversations import persons
from warmline.conversations.notices import duty
from warmline.conversations.persons import Me
from warmline.conversations.ringing import rings
from warmline.conversations.spoken_instants import spoken_instant
from warmline.counts import counting
from warmline.models.people import Volunteer
from warmline.privacy import boundaries, recent_talks
from warmline.sending import texts
from warmline.telephony.conversation import Turn

BREATHER: Final = timedelta(minutes=10)
"""After a crossed line at least; BACK ends it."""
OF_USE: Final = timedelta(hours=2)
Said = Literal["no talk", "no number", "crossed"]
"""What comes of it that a line is said to have been crossed in a talk that is over."""


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


def tell(turn: Turn, line_id: int, person_id: int, *, holds: bool = True) -> None:
    """Tell the volunteer what it does, how to take it back, and where to talk themselves."""
    me = persons.by_person(turn, person_id)
    if me is not None:
        persons.tell(turn, me, texts_of(turn, me, holds=holds), texts.REPLY, OF_USE)


def texts_of(turn: Turn, me: Me, *, holds: bool = True) -> list[str]:
    """The same as texts; not `holds`: their phone was withheld, or is shared, and cannot wait."""
    until = turn.now + timedelta(hours=boundaries.rules(turn.db, me.line_id).hours)
    first = "boundary_set" if holds else "boundary_no_number"
    return [me.text(turn, first, when=me.time(until)), me.text(turn, "boundary_hard")]


def crossed_before(turn: Turn, line_id: int, person_id: int) -> Said:
    """A line was crossed in their last talk by phone, ten minutes ago at most: as by `*` 7.

    While that caller's call goes on it holds from its end; if they wait for this peer alone, who
    would be rung back, that is now.
    """
    recent = recent_talks.of(turn.db, person_id, turn.now)
    if recent is None:
        return "no talk"
    recent_talks.say_crossed(turn.db, person_id)
    rest(turn, person_id)
    call = calls.by_id(turn.db, recent.call_id)
    if call is not None:
        _not_rung_back(turn, call, person_id)
        return "crossed"
    if recent.phone is None:
        return "no number"
    if boundaries.remember_digest(turn.db, line_id, recent.phone, person_id, turn.now):
        [zone] = (one.zone for one in calls.all_lines(turn.db) if one.line_id == line_id)
        counting.count_boundary(turn.db, line_id, turn.now, zone)
    return "crossed"


def _not_rung_back(turn: Turn, call: LiveCall, person_id: int) -> None:
    rings.note_try(turn.db, call.id, person_id, passed=True)
    if call.bound_to == person_id and call.state in (calls.PARTED, *calls.LOOKING):
        ended: CallChanges = {"asked": calls.LINE_CROSSED, "saying": None, "bound_to": None}
        calls.move(turn.db, call.id, (call.state,), calls.GOODBYE, **ended)
    rings.end_of(turn.db, call.line_id, person_id, turn.now)


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
