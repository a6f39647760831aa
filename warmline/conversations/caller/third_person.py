"""The caller's yes to a third person, or to another peer in place of theirs.

By their own key; to a third person also spoken, and heard before it counts.
"""

from collections.abc import Mapping
from typing import Final

from warmline.calls import calls, records, third_person
from warmline.calls.records import LiveCall
from warmline.calls.third_person import Purpose
from warmline.conversations import keys
from warmline.conversations.both_sides import parting, third_search
from warmline.conversations.both_sides.third_search import begin_search
from warmline.conversations.steps import CallerStep
from warmline.conversations.steps import caller as line
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, LeaveQueue, Words

KEY_SECONDS: Final = 8
MAY: Final[Mapping[str, tuple[str, Purpose, str]]] = {
    calls.MAY_THIRD: ("third.may", third_person.JOIN, "third.no"),
    calls.MAY_HAND_OVER: ("hand.may", third_person.TAKE_OVER, "hand.no"),
}
"""What a peer has us ask: in which words, what for, and what is said on a no."""
ANSWERS: Final = (
    *("third.looking", "third.already", "third.nobody", "third.no"),
    *("hand.looking", "hand.nobody", "hand.no"),
)
"""What a caller hears in the queue on their yes or no; `saying` holds it until they have left."""
TEN_SECONDS: Final = 10


def wished(turn: Turn, call: LiveCall) -> Words:
    """The caller's `*` 3: another peer as well. It is their own yes."""
    return [turn.say(begin_search(turn, call, aloud=False)), GoTo(CallerStep.INTO_ROOM)]


def may_another(turn: Turn, asked: str) -> Words:
    """In the queue, the caller is asked what their peer wishes; silence is no."""
    question, _, _ = MAY[asked]
    return [Ask([turn.say(question)], may_key, KEY_SECONDS), GoTo(may_silence)]


@line.step
def may_key(turn: Turn, call: LiveCall) -> Words:
    """1 = yes, one person, once; anything else is no."""
    if call.state != calls.PEER_AWAY or call.asked is None or call.asked not in MAY:
        return _answered_before(turn, call)
    _, purpose, answer = MAY[call.asked]
    if turn.key == keys.Answer.YES:
        answer = begin_search(turn, call, purpose, aloud=False)
    return _back_together(turn, call, answer)


@line.step
def may_silence(turn: Turn, call: LiveCall) -> Words:
    """Silence is no."""
    if call.state == calls.PEER_AWAY and call.asked is not None and call.asked in MAY:
        return _back_together(turn, call, MAY[call.asked][2])
    return _answered_before(turn, call)


def _back_together(turn: Turn, call: LiveCall, answer: str) -> Words:
    heard: records.CallChanges = {"asked": None, "saying": answer, "saying_until": None}
    calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **heard)
    return [turn.say(answer), LeaveQueue()]


def _answered_before(turn: Turn, call: LiveCall) -> Words:
    """The same words again for a request that comes twice; else the queue says what is true."""
    if call.state == calls.JOINING and call.saying in ANSWERS:
        return [turn.say(call.saying), LeaveQueue()]
    return [GoTo(CallerStep.WAIT)]


def announce(turn: Turn, call: LiveCall) -> None:
    """Somebody would come on a spoken yes: the caller is led out to hear of it first."""
    if call.state != calls.TALKING or call.asked == calls.THIRD_COMES:
        return
    told: records.CallChanges = {
        "asked": calls.THIRD_COMES,
        "room": calls.new_token(),
        "peer_in_room": False,
        "saying": None,
    }
    if calls.move(turn.db, call.id, (calls.TALKING,), calls.CALLER_AWAY, **told) is not None:
        parting.lead_caller(turn, call, third_comes)


@line.step
def third_comes(turn: Turn, call: LiveCall) -> Words:
    """You said yes to a third person; they join in ten seconds. 2 = no, I did not."""
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    if call.asked != calls.THIRD_COMES:
        return [GoTo(CallerStep.INTO_ROOM)]
    words = [turn.say("third.comes")]
    return [Ask(words, not_third, TEN_SECONDS), GoTo(third_may_come)]


@line.step
def not_third(turn: Turn, call: LiveCall) -> Words:
    """2 = nobody comes; any other key changes nothing."""
    if turn.key != keys.Answer.NO:
        return [GoTo(third_comes)]
    calls.change(turn.db, call.id, asked=None)
    third_search.over(turn.db, call.id, turn.now)
    return [turn.say("third.no"), GoTo(CallerStep.INTO_ROOM)]


@line.step
def third_may_come(turn: Turn, call: LiveCall) -> Words:
    """They have heard it: only now."""
    if call.asked == calls.THIRD_COMES:
        third_person.move(turn.db, call.id, third_person.COMING, third_person.IN)
        calls.change(turn.db, call.id, asked=None)
    return [GoTo(CallerStep.INTO_ROOM)]
