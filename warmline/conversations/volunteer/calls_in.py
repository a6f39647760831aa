"""A volunteer rings the line: staying makes them a caller, 1 leads to their shifts."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from shifts.claims.presence import NotOn, come_on, go_off
from shifts.who_is_on import next_places
from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.both_sides import boundaries
from warmline.conversations.notices import reminders, unproven
from warmline.conversations.ringing import whom_to_ring
from warmline.conversations.spoken_instants import spoken_instant
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.conversations.volunteer import menu_shifts, pin
from warmline.conversations.volunteer.menu import as_caller
from warmline.models.people import Volunteer
from warmline.privacy import recent_talks
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Say, Words

PAUSE: Final = timedelta(minutes=20)
SHIFTS_READ: Final = 3


def hello(turn: Turn, call: LiveCall) -> Words:
    """To talk with a peer, stay on the line; for your shifts, press 1; just after a talk, 7."""
    words = [turn.say("menu.hello")]
    if recent_talks.of(turn.db, calls.volunteer_of(call), turn.now) is not None:
        words.append(turn.say("menu.crossed_key"))
    return [Ask(words, hello_key, 3), GoTo(CallerStep.AS_CALLER)]


@line.step
def hello_key(turn: Turn, call: LiveCall) -> Words:
    """1 = my shifts, behind a PIN where there is one and it is needed; 7 = a line was crossed.

    Any other key stays.
    """
    match turn.key:
        case keys.CallsIn.MY_SHIFTS:
            return pin.first(turn, call)
        case keys.CallsIn.LINE_CROSSED if call.volunteer_id is not None:
            return line_was_crossed(turn, call)
        case _:
            return as_caller(turn, call)


def line_was_crossed(turn: Turn, call: LiveCall) -> Words:
    """In the talk that they had just now: as `*` 7 would have been; told by text as well."""
    me = calls.volunteer_of(call)
    recent = recent_talks.of(turn.db, me, turn.now)
    said = boundaries.crossed_before(turn, call.line_id, me)
    if said == "no talk":
        return as_caller(turn, call)
    if recent is not None and not recent.crossed:
        boundaries.tell(turn, call.line_id, me, holds=said == "crossed")
    heard = "menu.crossed" if said == "crossed" else "menu.crossed_no_number"
    return [turn.say(heard), GoTo(CallerStep.AS_CALLER)]


@line.step
def menu_key(turn: Turn, call: LiveCall) -> Words:
    """One key, one change, read back; then the menu again.

    Until the menu follows, `saying` names what was read back: asked twice, nothing is undone.
    """
    if call.volunteer_id is None:
        return as_caller(turn, call)
    listed = menu_shifts.start(turn, call)
    if listed is not None:
        return listed
    match turn.key:
        case keys.MyShifts.ON_NOW:
            said = on_now(turn, call)
        case keys.MyShifts.OFF:
            said = off(turn, call)
        case keys.MyShifts.PAUSE:
            said = pause(turn, call)
        case keys.MyShifts.MORE:
            return [Ask([turn.say("menu.more")], menu_key, 8), GoTo(CallerStep.MENU)]
        case keys.MyShifts.NEXT_SHIFTS:
            said = my_next_shifts(turn, call)
        case _:
            said = []
    whom_to_ring.decide_now(turn, call.line_id)
    return [*said, GoTo(CallerStep.MENU)]


def on_now(turn: Turn, call: LiveCall) -> list[Say]:
    """On from now for two hours; who is on already stays so, and a pause is over."""
    _set_pause(turn, call, None)
    presence = come_on(turn.db, call.line_id, calls.volunteer_of(call), turn.now)
    reminders.need_none(turn, calls.volunteer_of(call))
    when = _when(turn, call, presence.until)
    return read_back(turn, call, "menu.on_already" if presence.already else "menu.on", **when)


def off(turn: Turn, call: LiveCall) -> list[Say]:
    """The rest of the present shift is given up: their phone is free at once."""
    try:
        go_off(turn.db, call.line_id, calls.volunteer_of(call), turn.now)
    except NotOn:
        return read_back(turn, call, "menu.off_already")
    unproven.by_call(turn, call, lambda me: me.text(turn, "call_off"))
    return read_back(turn, call, "menu.off")


def pause(turn: Turn, call: LiveCall) -> list[Say]:
    """Not just now: twenty minutes; pressed again, back. Nothing changes in the roster."""
    mine = select(Volunteer.paused_until).where(Volunteer.person_id == call.volunteer_id)
    until = turn.db.execute(mine).scalar()
    if call.saying == "menu.back":
        return [turn.say("menu.back")]
    if until is not None and until > turn.now and call.saying != "menu.paused":
        _set_pause(turn, call, None)
        return read_back(turn, call, "menu.back")
    _set_pause(turn, call, PAUSE)
    return read_back(turn, call, "menu.paused", **_when(turn, call, turn.now + PAUSE))


def read_back(turn: Turn, call: LiveCall, prompt: str, **values: str) -> list[Say]:
    """Say what has been done; a request that comes again is answered as it was the first time."""
    calls.change(turn.db, call.id, saying=call.saying or prompt)
    return [turn.say(call.saying or prompt, **values)]


def _set_pause(turn: Turn, call: LiveCall, length: timedelta | None) -> None:
    me = update(Volunteer).where(Volunteer.person_id == call.volunteer_id)
    turn.db.execute(me.values(paused_until=None if length is None else turn.now + length))


def my_next_shifts(turn: Turn, call: LiveCall) -> list[Say]:
    """The next three, adjoining ones as one."""
    coming = next_places(turn.db, call.line_id, calls.volunteer_of(call), turn.now, SHIFTS_READ)
    if not coming:
        return [turn.say("menu.no_shifts")]
    said = []
    for shift in coming:
        begin, end = _when(turn, call, shift.starts_at), _when(turn, call, shift.until)
        said.append(turn.say("menu.shift", **begin, until=end["time"]))
    return said


def _when(turn: Turn, call: LiveCall, instant: datetime) -> dict[str, str]:
    return spoken_instant(instant, turn.now, call.zone, turn.language)
