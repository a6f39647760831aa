"""The volunteer in a talk: `*` and its choices, and what follows when the room ends."""

from typing import Any, Final

from sqlalchemy import Row

from warmline.calls import calls
from warmline.conversations import (
    boundaries,
    caller_questions,
    caller_talk,
    moving,
    parting,
    ringing,
    third_asked,
    third_search,
    volunteer_voice,
)
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Words

MENU_SECONDS: Final = 5
THANKS: Final = {"7": "talk.line_was_crossed", "9": "talk.ended_kindly"}
NOT_YET: Final = frozenset("245")


@peer.step
def left_talk(turn: Turn, ring: Row[Any]) -> Words:
    """Their room has ended or they pressed `*`: which of the two shows by the next request."""
    if turn.leg_is_over:
        volunteer_voice.leg_is_over(turn, ring)
        return []
    led = moving.being_moved(turn, peer, ring.provider_id)
    if led is not None:
        return led
    call = calls.call_of(turn.db, ring)
    if call is None:
        return volunteer_voice.they_hung_up(turn, ring)
    if call.state == calls.TALKING:
        return [GoTo(star)]
    return star(turn, ring)


@peer.step
def star(turn: Turn, ring: Row[Any]) -> Words:
    """If the talk still stands it was their `*`: the caller waits in the queue meanwhile."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return volunteer_voice.they_hung_up(turn, ring)
    if call.state in (calls.JOINING, calls.CALLER_AWAY):
        # The caller is about to come (back), also when this request comes for the second time.
        warning = [turn.say("talk.limit_is_near")] if call.warned else []
        return [*warning, *volunteer_voice.come_in(turn, ring)]
    if call.state == calls.TALKING and caller_talk.limit_is_near(turn, call):
        caller_talk.warn(turn, call)
        return [turn.say("talk.limit_is_near"), GoTo(VolunteerStep.COME_IN)]
    if call.state != calls.PEER_AWAY:
        step_out(turn, call)
    words = turn.say("talk.peer_choices")
    return [Ask([words], star_key, MENU_SECONDS), GoTo(go_back)]


def step_out(turn: Turn, call: Row[Any]) -> None:
    """The peer is out of the room: the caller hears so at once, in the queue."""
    away = {"room": calls.new_token(), "peer_in_room": False, "saying": None}
    old = (calls.JOINING, calls.TALKING, calls.CALLER_AWAY)
    moved = calls.move(turn.db, call.id, old, calls.PEER_AWAY, **away)
    if moved is not None and call.state != calls.CALLER_AWAY:
        parting.lead_caller(turn, call, CallerStep.TO_QUEUE)


@peer.step
def star_key(turn: Turn, ring: Row[Any]) -> Words:
    """1 back, 3 a third person, 7 a line was crossed, 9 end kindly; 2, 4, 5 are not built yet."""
    call = calls.call_of(turn.db, ring)
    if call is None and ring.state == ringing.LEAVING and turn.key in THANKS:
        return [turn.say(THANKS[turn.key]), HangUp()]
    if call is None or call.state != calls.PEER_AWAY:
        return go_back(turn, ring)
    match turn.key:
        case "3":
            return third_asked.how(turn, ring)
        case "7":
            return end_talk(turn, ring, call, calls.GOODBYE, calls.LINE_CROSSED)
        case "9":
            return end_talk(turn, ring, call, calls.ASKED, caller_questions.TALK_ENDED)
        case key if key in NOT_YET:
            return [turn.say("keys.not_yet"), GoTo(go_back)]
        case _:
            return go_back(turn, ring)


def end_talk(turn: Turn, ring: Row[Any], call: Row[Any], state: str, asked: str) -> Words:
    """End the talk: the caller is led to kind words, the peer is thanked."""
    calls.move(turn.db, call.id, (calls.PEER_AWAY,), state, asked=asked, saying=None)
    ringing.note_try(turn.db, call.id, ring.person_id, passed=True)
    third_search.over(turn.db, call.id, turn.now)
    parting.lead_caller(turn, call, CallerStep.FAREWELL)
    ringing.set_state(turn.db, ring, ringing.LEAVING, turn.now)
    if asked == calls.LINE_CROSSED and call.volunteer_id is None:
        boundaries.tell(turn, call.line_id, ring.person_id)
    return [turn.say(THANKS[turn.key]), HangUp()]


@peer.step
def go_back(turn: Turn, ring: Row[Any]) -> Words:
    """Back to the caller, in a fresh room."""
    call = calls.call_of(turn.db, ring)
    if call is not None and call.state == calls.PEER_AWAY:
        back = {"saying": None, **third_asked.said(call)}
        calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **back)
    return volunteer_voice.come_in(turn, ring)
