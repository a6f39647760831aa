"""The PIN of a volunteer who has one, where nobody vouches for the number that their call shows.

Three tries, and then they are a caller like any other: nothing keeps anybody from a talk.
"""

from datetime import datetime
from typing import Final

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.conversations.volunteer.menu import as_caller, menu
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.sign_in import pins
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, Words

TIME_FOR_DIGITS: Final = 10
WRONG: Final = "menu.pin_wrong"


def first(turn: Turn, call: LiveCall) -> Words:
    """Their menu; before it the PIN, where they have chosen one and the number may be forged."""
    if call.proven or not pins.has_one(turn.db, calls.volunteer_of(call)):
        return menu(turn, call)
    return pin(turn, call)


@line.step
def pin(turn: Turn, call: LiveCall) -> Words:
    """Six digits; whoever keys in nothing is a caller."""
    if call.volunteer_id is None or call.proven:
        return as_caller(turn, call) if call.volunteer_id is None else [GoTo(CallerStep.MENU)]
    if call.saying is not None:
        calls.change(turn.db, call.id, saying=None)
    if _used_up(turn, call) is not None:
        return [turn.say("menu.pin_enough"), GoTo(CallerStep.AS_CALLER)]
    asked = Ask([turn.say("menu.pin")], CallerStep.PIN_KEYED, TIME_FOR_DIGITS, digits=pins.DIGITS)
    return [asked, GoTo(CallerStep.AS_CALLER)]


@line.step
def pin_keyed(turn: Turn, call: LiveCall) -> Words:
    """Right: their menu, and their number counts as proven. A try that comes again is no other."""
    if call.volunteer_id is None:
        return as_caller(turn, call)
    if not call.proven and call.saying is None:
        _tried(turn, call)
        call = calls.by_id(turn.db, call.id) or call
    if call.proven:
        return [GoTo(CallerStep.MENU)]
    return [turn.say(WRONG), GoTo(CallerStep.PIN)]


def _tried(turn: Turn, call: LiveCall) -> None:
    """Count a try and compare it; beyond the tries there are, it is compared with nothing."""
    person_id, limits = calls.volunteer_of(call), _limits(call)
    if _used_up(turn, call) is None:
        for limit, subject in limits:
            attempts.refused(turn.db, turn.seal, limit, subject, turn.now)
        if pins.is_right(turn.db, turn.seal, person_id, turn.digits):
            for limit, subject in limits:
                attempts.take_back(turn.db, turn.seal, limit, subject)
            calls.change(turn.db, call.id, proven=True)
            return
    calls.change(turn.db, call.id, saying=WRONG)


def _used_up(turn: Turn, call: LiveCall) -> datetime | None:
    ends = (
        attempts.used_up(turn.db, turn.seal, limit, subject, turn.now)
        for limit, subject in _limits(call)
    )
    return next((end for end in ends if end is not None), None)


def _limits(call: LiveCall) -> tuple[tuple[Limit, object], ...]:
    return (pins.TRIES_OF_CALL, call.token), (pins.TRIES_OF_ONE, calls.volunteer_of(call))
