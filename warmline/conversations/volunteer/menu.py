"""The menu of a volunteer who rings the line, read out; and the way on as any caller."""

from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.conversations.caller import waiting
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, HangUp, Words


@line.step
def as_caller(turn: Turn, call: LiveCall) -> Words:
    """They stayed: a caller like any other, unknown to the peer, never rung for it themselves."""
    return waiting.offer_languages(turn, call)


@line.step
def menu(turn: Turn, call: LiveCall) -> Words:
    """My shifts: on now, off, pause, my next shifts; the other keys work untold."""
    if call.volunteer_id is None:
        return as_caller(turn, call)
    if call.saying is not None:
        calls.change(turn.db, call.id, saying=None)
    return [
        Ask([turn.say("menu.choices")], CallerStep.MENU_KEY, 8),
        turn.say("goodbye.volunteer"),
        HangUp(),
    ]
