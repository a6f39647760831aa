"""Whoever waits asks to be called back: when, and with which key they will know that it is us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shifts.hours.wanted import VOICE
from shifts.models import ON_STATES, Place
from shifts.who_is_on import LONGEST_PLACE
from warmline import phone_numbers
from warmline.calls import call_backs, calls
from warmline.calls.call_back_times import AHEAD, On, Window, windows
from warmline.calls.call_backs import AskedBack
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.spoken_instants import spoken_instant
from warmline.conversations.steps import caller as line
from warmline.conversations.steps import where_they_were
from warmline.line import opening
from warmline.people.volunteers import who_counts
from warmline.privacy import boundaries
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Say, Words

TIME_FOR_A_KEY: Final = 8


def key(turn: Turn, call: LiveCall) -> list[Say]:
    """That 4 leads here, for whoever shows a number that we may ring."""
    return [turn.say("back.key")] if _number(turn, call) else []


def is_untold(turn: Turn, call: LiveCall) -> bool:
    """Whether this is the moment to say so to somebody who waits: once, where it is possible."""
    if call.asked is not None or not _number(turn, call):
        return False
    calls.change(turn.db, call.id, asked=calls.TOLD_OF_CALLING_BACK)
    return True


def offer(turn: Turn, call: LiveCall) -> Words:
    """That our number will show, and when it could be; nothing is kept before the last key."""
    number = _number(turn, call)
    if not number:
        return [turn.say("back.no_number"), GoTo(where_they_were(call))]
    known = call_backs.of_number(turn.db, turn.seal, call.line_id, number)
    if known is not None:
        return _known(turn, call, known)
    offered = _windows(turn, call)
    if not offered:
        return [turn.say("back.nobody"), GoTo(where_they_were(call))]
    shown = turn.say("back.our_number", number=phone_numbers.in_groups(call.line_number))
    choices = [_choice(turn, call, digit, one) for digit, one in enumerate(offered, 1)]
    words = [shown, *choices, turn.say("back.leave")]
    return [Ask(words, window_key, TIME_FOR_A_KEY), GoTo(where_they_were(call))]


def _choice(turn: Turn, call: LiveCall, digit: int, window: Window) -> Say:
    return turn.say("back.choice", when=_when(turn, call, window), digit=digit)


@line.step
def window_key(turn: Turn, call: LiveCall) -> Words:
    """When. Then: with which key."""
    offered = _windows(turn, call)
    if not turn.key.isdigit() or not 1 <= int(turn.key) <= len(offered):
        return [GoTo(where_they_were(call))]
    calls.change(turn.db, call.id, menu_after=offered[int(turn.key) - 1].starts_at)
    return [
        Ask([turn.say("back.which_key")], own_key, TIME_FOR_A_KEY),
        GoTo(where_they_were(call)),
    ]


@line.step
def own_key(turn: Turn, call: LiveCall) -> Words:
    """Their key: only now is their number kept, sealed, for this alone."""
    number, window = _number(turn, call), _chosen(turn, call)
    if not number or window is None or not turn.key.isdigit():
        return [turn.say("back.nothing"), GoTo(where_they_were(call))]
    what = (number, turn.key, turn.language, window, turn.now)
    heard = call.waiting_since is not None
    noted_id = call_backs.note(turn.db, turn.seal, call.line_id, *what, heard=heard)
    calls.change(turn.db, call.id, call_back_id=noted_id)
    noted = turn.say("back.noted", when=_when(turn, call, window), digit=turn.key)
    return [noted, GoTo(where_they_were(call))]


def _known(turn: Turn, call: LiveCall, known: AskedBack) -> Words:
    window = Window(known.starts_at, known.until, soon=known.starts_at <= turn.now)
    words = [turn.say("back.known", when=_when(turn, call, window))]
    return [Ask(words, take_back_key, TIME_FOR_A_KEY), GoTo(where_they_were(call))]


@line.step
def take_back_key(turn: Turn, call: LiveCall) -> Words:
    """1 = do not call; anything else, or silence, leaves it."""
    if turn.key == keys.Answer.YES:
        call_backs.erase(turn.db, turn.seal, call.line_id, _number(turn, call))
        return [turn.say("back.taken_back"), GoTo(where_they_were(call))]
    return [GoTo(where_they_were(call))]


def not_needed(turn: Turn, call: LiveCall) -> None:
    """They have stayed, and are put through: whoever asked in this call is not called any more."""
    if call.call_back_id is not None:
        call_backs.not_needed(turn.db, call.call_back_id)


def _number(turn: Turn, call: LiveCall) -> str:
    """The number (E.164) that we may ring; empty: none, or a phone that many share."""
    number = turn.caller_number
    if not opening.is_a_phone(turn.db, call.line_id, number):
        return ""
    shared = boundaries.rules(turn.db, call.line_id).shared
    return "" if number in shared else number


def _chosen(turn: Turn, call: LiveCall) -> Window | None:
    """The window they chose a moment ago; `soon` has moved on with the clock."""
    offered = _windows(turn, call)
    at = call.menu_after
    exact = next((one for one in offered if one.starts_at == at and not one.soon), None)
    soon = next((one for one in offered if one.soon), None)
    if exact is None and at is not None and turn.now - at < timedelta(minutes=5):
        return soon
    return exact


def _windows(turn: Turn, call: LiveCall) -> list[Window]:
    return windows(turn.now, call.zone, _on(turn, call))


def _on(turn: Turn, call: LiveCall) -> Sequence[On]:
    """When somebody who takes calls is on, other than the caller themselves."""
    others = who_counts(call.line_id, VOICE)
    held = select(Place.person_id, Place.starts_at, Place.ends_at).where(
        Place.line_id == call.line_id,
        Place.duty.is_(False),
        Place.starts_at > turn.now - LONGEST_PLACE,
        Place.starts_at < turn.now + 2 * AHEAD,
        Place.ends_at > turn.now,
        Place.state.in_(ON_STATES),
        Place.person_id.in_(others),
    )
    rows = turn.db.execute(held).all()
    return [(one.starts_at, one.ends_at) for one in rows if one.person_id != call.volunteer_id]


def _when(turn: Turn, call: LiveCall, window: Window) -> str:
    """A window as one would say it, in the line's own time."""
    if window.soon:
        return turn.say("back.soon").text
    zone = call.zone
    begins = spoken_instant(window.starts_at, turn.now, zone, turn.language)
    ends = spoken_instant(window.until, turn.now, zone, turn.language)
    day = "today" if _is_today(window.starts_at, turn.now, zone) else "tomorrow"
    return turn.say(f"back.{day}", begins=begins["time"], ends=ends["time"]).text


def _is_today(instant: datetime, now: datetime, zone: ZoneInfo) -> bool:
    return instant.astimezone(zone).date() == now.astimezone(zone).date()
