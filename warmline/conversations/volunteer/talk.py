"""The volunteer in a talk: `*` and its choices, and what follows when the room ends."""

from collections.abc import Callable, Mapping
from typing import Final

from warmline.calls import calls, records, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.conversations import keys
from warmline.conversations.both_sides import boundaries, parting, rooms, third_search
from warmline.conversations.both_sides.third_search import begin_search
from warmline.conversations.caller import outside_help, search_again
from warmline.conversations.caller.third_person import KEY_SECONDS
from warmline.conversations.ringing import moving, rings
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.conversations.volunteer import leg, stand_by
from warmline.counts import counting
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Meet, Words

MENU_SECONDS: Final = 5
THANKS: Final[Mapping[str, str]] = {
    keys.PeerAfterStar.LINE_CROSSED: "talk.line_was_crossed",
    keys.PeerAfterStar.END_KINDLY: "talk.ended_kindly",
}


@peer.step
def left_talk(turn: Turn, ring: LiveRing) -> Words:
    """Their room has ended or they pressed `*`: which of the two shows by the next request."""
    if turn.leg_is_over:
        leg.leg_is_over(turn, ring)
        return []
    led = moving.being_moved(turn, peer, ring.provider_id)
    if led is not None:
        return led
    call = calls.call_of(turn.db, ring)
    if call is None:
        return leg.they_hung_up(turn, ring)
    if call.state == calls.TALKING:
        return [GoTo(star)]
    return star(turn, ring)


@peer.step
def star(turn: Turn, ring: LiveRing) -> Words:
    """If the talk still stands it was their `*`: the caller waits in the queue meanwhile."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return leg.they_hung_up(turn, ring)
    if call.state in (calls.JOINING, calls.CALLER_AWAY):
        # The caller is about to come (back), also when this request comes for the second time.
        warning = [turn.say("talk.limit_is_near")] if call.warned else []
        return [*warning, *leg.come_in(turn, ring)]
    if call.state == calls.TALKING and rooms.limit_is_near(turn, call):
        rooms.warn(turn, call)
        return [turn.say("talk.limit_is_near"), GoTo(VolunteerStep.COME_IN)]
    if call.state == calls.PEER_AWAY:
        # They were waiting for the caller, who must not come into a room without them.
        calls.change(turn.db, call.id, peer_in_room=False)
    else:
        step_out(turn, call)
    words = turn.say("talk.peer_choices")
    return [Ask([words], star_key, MENU_SECONDS), GoTo(go_back)]


def step_out(turn: Turn, call: LiveCall) -> None:
    """The peer is out of the room: the caller hears so at once, in the queue."""
    away: records.CallChanges = {"room": calls.new_token(), "peer_in_room": False, "saying": None}
    old = (calls.JOINING, calls.TALKING, calls.CALLER_AWAY)
    moved = calls.move(turn.db, call.id, old, calls.PEER_AWAY, **away)
    if moved is not None and call.state != calls.CALLER_AWAY:
        parting.lead_caller(turn, call, CallerStep.TO_QUEUE)


@peer.step
def star_key(turn: Turn, ring: LiveRing) -> Words:
    """1 back, 2 hand over, 3 third, 4 outside help, 5 stand by, 7 line crossed, 9 end kindly."""
    call = calls.call_of(turn.db, ring)
    if call is None and ring.state == rings.LEAVING and turn.key in THANKS:
        return [turn.say(THANKS[turn.key]), HangUp()]
    if call is None or call.state != calls.PEER_AWAY:
        return go_back(turn, ring)
    begins = BEGINS.get(turn.key, _goes_back)
    return begins(turn, ring, call)


def _crosses(turn: Turn, ring: LiveRing, call: LiveCall) -> Words:
    return end_talk(turn, ring, call, calls.GOODBYE, calls.LINE_CROSSED)


def _ends_kindly(turn: Turn, ring: LiveRing, call: LiveCall) -> Words:
    return end_talk(turn, ring, call, calls.ASKED, search_again.TALK_ENDED)


def _goes_back(turn: Turn, ring: LiveRing, _call: LiveCall) -> Words:
    return go_back(turn, ring)


def end_talk(
    turn: Turn, ring: LiveRing, call: LiveCall, state: records.CallState, asked: str
) -> Words:
    """End the talk: the caller is led to kind words, the peer is thanked."""
    calls.move(turn.db, call.id, (calls.PEER_AWAY,), state, asked=asked, saying=None)
    rings.note_try(turn.db, call.id, ring.person_id, passed=True)
    third_search.over(turn.db, call.id, turn.now)
    parting.lead_caller(turn, call, CallerStep.FAREWELL)
    rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    if asked != calls.LINE_CROSSED:
        parting.talk_is_over(turn, call)
    elif call.volunteer_id is None:
        boundaries.tell(turn, call.line_id, ring.person_id)
    return [turn.say(THANKS[turn.key]), HangUp()]


@peer.step
def go_back(turn: Turn, ring: LiveRing) -> Words:
    """Back to the caller, in a fresh room."""
    call = calls.call_of(turn.db, ring)
    if call is not None and call.state == calls.PEER_AWAY:
        back: records.CallChanges = {"saying": None, **asked_no_more(call)}
        calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **back)
    return leg.come_in(turn, ring)


def asked_no_more(call: LiveCall) -> records.CallChanges:
    """What changes in a call whose peer is back: what they began with their last `*` is over."""
    return {"asked": None} if call.asked in calls.OF_ONE_STAR else {}


def hand_over(turn: Turn, _ring: LiveRing, call: LiveCall) -> Words:
    """The peer's `*` 2: the caller is asked, if anybody could take over; no is fine."""
    if call.asked != calls.MAY_HAND_OVER:
        if third_person.of_call(turn.db, call.id) is not None:
            return [turn.say("third.already"), GoTo(go_back)]
        if third_search.nobody_else_is_free(turn, call):
            return [turn.say("third.nobody"), GoTo(go_back)]
        calls.change(turn.db, call.id, asked=calls.MAY_HAND_OVER, saying=None)
    return [turn.say("third.being_asked"), *_wait_with(turn, call)]


def outside_help_asked(turn: Turn, _ring: LiveRing, call: LiveCall) -> Words:
    """The caller asked for outside help: both hear what can be done, and nobody is dialled."""
    if call.asked != calls.OUTSIDE_HELP:
        calls.change(turn.db, call.id, asked=calls.OUTSIDE_HELP, saying=None, saying_until=None)
    turn.in_words_of(call)
    words = [turn.say("talk.they_hear_too"), *outside_help.words(turn, call)]
    return [Ask(words, wait_for_them, 1), GoTo(wait_for_them)]


@peer.step
def wait_for_them(turn: Turn, ring: LiveRing) -> Words:
    """They have heard it; the caller may hear it still, and comes as soon as they like."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return leg.they_hung_up(turn, ring)
    if ring.provider_id:
        # They may have been called back meanwhile: no move is needed any more.
        outbox.forget_move(turn.db, ring.provider_id)
    if call.state == calls.PEER_AWAY and call.asked == calls.OUTSIDE_HELP:
        return _wait_with(turn, call)
    return leg.come_in(turn, ring)


def how(turn: Turn, ring: LiveRing, _call: LiveCall) -> Words:
    """The peer's `*` 3: 1 = ask the caller, 2 = they said yes aloud; silence = back."""
    words = [turn.say("third.ask_key")]
    if third_person.takes_spoken(turn.db, ring.line_id):
        words.append(turn.say("third.aloud_key"))
    return [Ask(words, how_key, KEY_SECONDS), GoTo(VolunteerStep.GO_BACK)]


@peer.step
def how_key(turn: Turn, ring: LiveRing) -> Words:
    """Ask the caller, or report what they said; nobody is rung without either."""
    call = calls.call_of(turn.db, ring)
    if call is None or call.state != calls.PEER_AWAY:
        return go_back(turn, ring)
    if turn.key == keys.ThirdPerson.ASK_CALLER:
        if call.asked != calls.MAY_THIRD:
            calls.change(turn.db, call.id, asked=calls.MAY_THIRD, saying=None)
        return [turn.say("third.being_asked"), *_wait_with(turn, call)]
    if turn.key == keys.ThirdPerson.SAID_ALOUD and third_person.takes_spoken(turn.db, call.line_id):
        known = third_person.of_call(turn.db, call.id)
        begun = turn.say(begin_search(turn, call, aloud=True))
        if known is None and third_person.of_call(turn.db, call.id) is not None:
            counting.count_spoken_yes(turn.db, call.line_id, turn.now, call.zone)
        return [begun, GoTo(VolunteerStep.GO_BACK)]
    return go_back(turn, ring)


def _wait_with(turn: Turn, call: LiveCall) -> Words:
    """The peer waits in the room for the caller, who is being asked in the queue."""
    calls.change(turn.db, call.id, peer_in_room=True)
    after, seconds = VolunteerStep.LEFT_TALK, rooms.room_seconds(call, turn.now)
    alone = VolunteerStep.ALONE
    return [Meet(calls.room_of(call), after, ends_room=False, seconds=seconds, alone=alone)]


BEGINS: Final[Mapping[str, Callable[[Turn, LiveRing, LiveCall], Words]]] = {
    keys.PeerAfterStar.HAND_OVER: hand_over,
    keys.PeerAfterStar.THIRD_PERSON: how,
    keys.PeerAfterStar.OUTSIDE_HELP: outside_help_asked,
    keys.PeerAfterStar.STAND_BY_ME: stand_by.begin,
    keys.PeerAfterStar.LINE_CROSSED: _crosses,
    keys.PeerAfterStar.END_KINDLY: _ends_kindly,
}
"""What each key after `*` begins; any other goes back."""
