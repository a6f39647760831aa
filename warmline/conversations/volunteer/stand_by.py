"""Stand by me: one of us beside a peer, the two alone, while the caller waits and is told so."""

from dataclasses import replace
from typing import Final

from warmline.calls import calls, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.calls.third_person import ThirdWish
from warmline.conversations.both_sides import third_search
from warmline.conversations.ringing import moving, rings
from warmline.conversations.steps import VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.conversations.volunteer import leg
from warmline.outbox import outbox
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Meet, Words

SECONDS: Final = 180
"""For so long at most they are together, and the caller waits: both are told."""


def begin(turn: Turn, ring: LiveRing, call: LiveCall) -> Words:
    """The peer's `*` 5: somebody is rung for them; with nobody there they are back at once."""
    third = third_person.of_call(turn.db, call.id)
    if third is not None and third.purpose != third_person.STAND_BY:
        return [turn.say("third.already"), GoTo(VolunteerStep.GO_BACK)]
    third = third or third_search.begin_standing_by(turn, call)
    if third is None:
        if ring.provider_id:
            outbox.forget_move(turn.db, ring.provider_id)
        return nobody_stands_by(turn, ring)
    if call.asked != calls.STOOD_BY:
        calls.change(turn.db, call.id, asked=calls.STOOD_BY, saying=None, saying_until=None)
    return [Ask([turn.say("stand.ringing")], left_stand_by, 1), in_their_room(third)]


def in_their_room(third: ThirdWish) -> Meet:
    """The room of the two, which ends with either: no caller ever comes into it."""
    if third.room is None:
        raise LookupError("nobody is to stand by a peer here")
    alone = stand_by_alone
    return Meet(third.room, left_stand_by, ends_room=True, seconds=SECONDS, alone=alone)


@peer.reading
def stand_by_alone(turn: Turn, ring: LiveRing) -> Words:
    """What is heard there alone: that a phone rings, and how to go back."""
    return [turn.say("stand.alone"), Hush(5), GoTo(stand_by_alone)]


@peer.step
def nobody_stands_by(turn: Turn, ring: LiveRing) -> Words:
    """Nobody can just now: said, and back to the caller."""
    return [turn.say("stand.nobody"), GoTo(VolunteerStep.GO_BACK)]


def come_beside(turn: Turn, ring: LiveRing, third: ThirdWish) -> Words:
    """Whoever has pressed 1 joins the peer, who is still away from the caller for it."""
    call = calls.by_id(turn.db, third.call_id)
    if call is None or (call.state, call.asked) != (calls.PEER_AWAY, calls.STOOD_BY):
        return [GoTo(VolunteerStep.OVER)]
    third_person.move(turn.db, call.id, third_person.COMING, third_person.IN)
    beside = replace(in_their_room(third), starts_it=True)
    return [turn.say("stand.you_two"), beside.with_a_tone()]


@peer.step
def left_stand_by(turn: Turn, ring: LiveRing) -> Words:
    """Either pressed `*`, hung up, or it was long enough: the peer is back with the caller."""
    if turn.leg_is_over:
        leg.leg_is_over(turn, ring)
        return []
    led = moving.being_moved(turn, peer, ring.provider_id)
    if led is not None:
        return led
    if ring.third:
        third = third_person.of_ring(turn.db, ring.id)
        if third is not None:
            third_person.end(turn.db, third.call_id)
            calls.rest_after_talk(turn.db, ring.person_id, turn.now)
        return [GoTo(VolunteerStep.OVER)]
    call = calls.call_of(turn.db, ring)
    if call is None:
        rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
        return [turn.say("stand.caller_gone"), HangUp()]
    if call.asked == calls.STOOD_BY:
        third_search.over(turn.db, call.id, turn.now)
    return [GoTo(VolunteerStep.GO_BACK)]
