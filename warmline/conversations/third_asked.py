"""The caller's yes to a third person: by their own key, or spoken and heard before it counts."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from warmline.calls import calls, third_person
from warmline.conversations import (
    caller_talk,
    parting,
    third_search,
    volunteer_talk,
)
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import caller as line
from warmline.conversations.steps import volunteer as peer
from warmline.counts import counting
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, LeaveQueue, Meet, Words

KEY_SECONDS: Final = 8
ANSWERS: Final = ("third.looking", "third.already", "third.nobody", "third.no")
"""What a caller hears in the queue on their yes or no; `saying` holds it until they have left."""
TEN_SECONDS: Final = 10


def wished(turn: Turn, call: Row[Any]) -> Words:
    """The caller's `*` 3: another peer as well. It is their own yes."""
    return [turn.say(begin_search(turn, call, aloud=False)), GoTo(CallerStep.INTO_ROOM)]


def begin_search(turn: Turn, call: Row[Any], *, aloud: bool) -> str:
    """Begin the search, if it can be; which prompt says so, the same when a request comes twice."""
    if call.asked == calls.THIRD_WISHED:
        return "third.looking"
    if third_person.of_call(turn.db, call.id) is not None:
        return "third.already"
    if third_search.nobody_else_is_free(turn, call):
        return "third.nobody"
    third_person.wish(turn.db, call, turn.now, aloud=aloud)
    calls.change(turn.db, call.id, asked=calls.THIRD_WISHED)
    third_search.look(turn)
    return "third.looking"


def said(call: Row[Any]) -> dict[str, object]:
    """What changes in a call whose leg goes on: a wish that was just heard is one no longer."""
    return {"asked": None} if call.asked == calls.THIRD_WISHED else {}


def how(turn: Turn, ring: Row[Any]) -> Words:
    """The peer's `*` 3: 1 = ask the caller, 2 = they said yes aloud; silence = back."""
    words = [turn.say("third.ask_key")]
    if third_person.takes_spoken(turn.db, ring.line_id):
        words.append(turn.say("third.aloud_key"))
    return [Ask(words, how_key, KEY_SECONDS), GoTo(VolunteerStep.GO_BACK)]


@peer.step
def how_key(turn: Turn, ring: Row[Any]) -> Words:
    """Ask the caller, or report what they said; nobody is rung without either."""
    call = calls.call_of(turn.db, ring)
    if call is None or call.state != calls.PEER_AWAY:
        return volunteer_talk.go_back(turn, ring)
    if turn.key == "1":
        if call.asked != calls.MAY_THIRD:
            calls.change(turn.db, call.id, asked=calls.MAY_THIRD, saying=None)
        return [turn.say("third.being_asked"), *_wait_with(turn, call)]
    if turn.key == "2" and third_person.takes_spoken(turn.db, call.line_id):
        known = third_person.of_call(turn.db, call.id)
        begun = turn.say(begin_search(turn, call, aloud=True))
        if known is None and third_person.of_call(turn.db, call.id) is not None:
            counting.count_spoken_yes(turn.db, call.line_id, turn.now, ZoneInfo(call.line_zone))
        return [begun, GoTo(VolunteerStep.GO_BACK)]
    return volunteer_talk.go_back(turn, ring)


def _wait_with(turn: Turn, call: Row[Any]) -> Words:
    """The peer waits in the room for the caller, who is being asked in the queue."""
    calls.change(turn.db, call.id, peer_in_room=True)
    after, seconds = VolunteerStep.LEFT_TALK, caller_talk.room_seconds(call, turn.now)
    alone = VolunteerStep.ALONE
    return [Meet(call.room, after, ends_room=False, seconds=seconds, alone=alone)]


def may_third(turn: Turn, _call: Row[Any]) -> Words:
    """In the queue, the caller is asked; silence is no."""
    return [Ask([turn.say("third.may")], may_key, KEY_SECONDS), GoTo(may_silence)]


@line.step
def may_key(turn: Turn, call: Row[Any]) -> Words:
    """1 = yes, one person, once; anything else is no."""
    if call.state != calls.PEER_AWAY or call.asked != calls.MAY_THIRD:
        return _answered_before(turn, call)
    answer = begin_search(turn, call, aloud=False) if turn.key == "1" else "third.no"
    return _back_together(turn, call, answer)


@line.step
def may_silence(turn: Turn, call: Row[Any]) -> Words:
    """Silence is no."""
    if call.state == calls.PEER_AWAY and call.asked == calls.MAY_THIRD:
        return _back_together(turn, call, "third.no")
    return _answered_before(turn, call)


def _back_together(turn: Turn, call: Row[Any], answer: str) -> Words:
    heard: dict[str, object] = {"asked": None, "saying": answer, "saying_until": None}
    calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **heard)
    return [turn.say(answer), LeaveQueue()]


def _answered_before(turn: Turn, call: Row[Any]) -> Words:
    """The same words again for a request that comes twice; else the queue says what is true."""
    if call.state == calls.JOINING and call.saying in ANSWERS:
        return [turn.say(call.saying), LeaveQueue()]
    return [GoTo(CallerStep.WAIT)]


def announce(turn: Turn, call: Row[Any]) -> None:
    """Somebody would come on a spoken yes: the caller is led out to hear of it first."""
    if call.state != calls.TALKING or call.asked == calls.THIRD_COMES:
        return
    apart = {"room": calls.new_token(), "peer_in_room": False, "saying": None}
    told = {"asked": calls.THIRD_COMES, **apart}
    if calls.move(turn.db, call.id, (calls.TALKING,), calls.CALLER_AWAY, **told) is not None:
        parting.lead_caller(turn, call, third_comes)


@line.step
def third_comes(turn: Turn, call: Row[Any]) -> Words:
    """You said yes to a third person; they join in ten seconds. 2 = no, I did not."""
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    if call.asked != calls.THIRD_COMES:
        return [GoTo(CallerStep.INTO_ROOM)]
    words = [turn.say("third.comes")]
    return [Ask(words, not_third, TEN_SECONDS), GoTo(third_may_come)]


@line.step
def not_third(turn: Turn, call: Row[Any]) -> Words:
    """2 = nobody comes; any other key changes nothing."""
    if turn.key != "2":
        return [GoTo(third_comes)]
    calls.change(turn.db, call.id, asked=None)
    third_search.over(turn.db, call.id, turn.now)
    return [turn.say("third.no"), GoTo(CallerStep.INTO_ROOM)]


@line.step
def third_may_come(turn: Turn, call: Row[Any]) -> Words:
    """They have heard it: only now."""
    if call.asked == calls.THIRD_COMES:
        third_person.move(turn.db, call.id, third_person.COMING, third_person.IN)
        calls.change(turn.db, call.id, asked=None)
    return [GoTo(CallerStep.INTO_ROOM)]
