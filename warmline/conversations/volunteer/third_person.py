"""The leg of whoever is wished for in a talk that goes on: to join, take over, or stand by."""

from typing import Final

from warmline.calls import calls, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.calls.third_person import ThirdWish
from warmline.conversations import keys
from warmline.conversations.both_sides import parting, rooms, third_search
from warmline.conversations.caller import third_person as caller_third_person
from warmline.conversations.ringing import missed_rings, moving, ring_reasons, rings
from warmline.conversations.steps import volunteer as peer
from warmline.conversations.volunteer import leg, stand_by, talk
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Meet, Words

MENU_SECONDS: Final = 5


def offer_key(turn: Turn, ring: LiveRing) -> Words:
    """1 join the two, 2 pass. Any other key: asked again."""
    third = third_person.of_ring(turn.db, ring.id)
    if third is None:
        return leg.passed(turn) if turn.key == keys.Offer.DECLINE else over(turn, ring)
    if third.state != third_person.LOOKING:
        return join(turn, ring)
    match turn.key:
        case keys.Offer.TAKE:
            return accept(turn, ring, third)
        case keys.Offer.DECLINE:
            return pass_on(turn, ring, third)
        case _:
            return leg.offer(turn, ring)


def accept(turn: Turn, ring: LiveRing, third: ThirdWish) -> Words:
    """They would join. Where the caller's yes was spoken, the caller hears so first."""
    rings.end_rest(turn.db, ring.person_id)
    missed_rings.heard_of(turn.db, ring.person_id)
    rings.set_state(turn.db, ring, rings.IN_TALK, turn.now)
    ring_reasons.ended(turn.db, ring.line_id, ring.person_id, "answered", turn.now)
    third_person.move(turn.db, third.call_id, third_person.LOOKING, third_person.COMING)
    return join(turn, ring)


def pass_on(turn: Turn, ring: LiveRing, third: ThirdWish) -> Words:
    """Not them; somebody else is looked for."""
    rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    ring_reasons.ended(turn.db, ring.line_id, ring.person_id, "passed", turn.now)
    missed_rings.heard_of(turn.db, ring.person_id)
    third_person.not_them(turn.db, third, ring.person_id)
    third_search.step(turn)
    return leg.passed(turn)


@peer.step
def join(turn: Turn, ring: LiveRing) -> Words:
    """Into the room of the two, with a tone; not before the caller has heard of it.

    Who takes over waits until the two talk, and who stands by the peer goes to them alone.
    """
    if not ring.third:
        # They have taken over: they are the peer now.
        return leg.come_in(turn, ring)
    third = third_person.of_ring(turn.db, ring.id)
    if third is not None and third.purpose == third_person.STAND_BY:
        return stand_by.come_beside(turn, ring, third)
    call = None if third is None else calls.by_id(turn.db, third.call_id)
    if third is None or call is None or call.state not in calls.IN_A_TALK:
        return over(turn, ring)
    if third.purpose == third_person.TAKE_OVER:
        return take_over(turn, ring, call)
    if third.aloud and third.state == third_person.COMING:
        caller_third_person.announce(turn, call)
        return [turn.say("third.they_hear"), Hush(3), GoTo(join)]
    third_person.move(turn.db, call.id, third_person.COMING, third_person.IN)
    return into_room(turn, call)


def take_over(turn: Turn, ring: LiveRing, call: LiveCall) -> Words:
    """The caller is theirs as soon as nobody is interrupted by it."""
    if parting.hand_over(turn, call, ring):
        return leg.come_in(turn, ring)
    return [turn.say("hand.soon"), Hush(2), GoTo(join)]


def into_room(turn: Turn, call: LiveCall) -> Words:
    """The room in which the two are, or to which they are on their way."""
    seconds = rooms.room_seconds(call, turn.now)
    beside = Meet(
        calls.room_of(call), left_third, ends_room=False, seconds=seconds, alone=third_alone
    )
    return [beside.with_a_tone()]


@peer.reading
def third_alone(turn: Turn, ring: LiveRing) -> Words:
    """What they hear while neither of the two is there."""
    where = "they_hung_up" if third_person.of_ring(turn.db, ring.id) is None else "they_are_coming"
    return [turn.say(f"room.{where}"), Hush(5), GoTo(third_alone)]


@peer.step
def left_third(turn: Turn, ring: LiveRing) -> Words:
    """Their room has ended or they pressed `*`: which of the two shows by the next request."""
    if not ring.third:
        # The peer has left meanwhile: they are the peer now.
        return talk.left_talk(turn, ring)
    if turn.leg_is_over:
        leg.leg_is_over(turn, ring)
        return []
    return moving.being_moved(turn, peer, ring.provider_id) or [GoTo(third_star)]


@peer.step
def third_star(turn: Turn, ring: LiveRing) -> Words:
    """If the two still talk it was their `*`; else they follow into the next room."""
    if not ring.third:
        return talk.star(turn, ring)
    third = third_person.of_ring(turn.db, ring.id)
    call = None if third is None else calls.by_id(turn.db, third.call_id)
    if call is None or call.state != calls.TALKING:
        return join(turn, ring)
    return [Ask([turn.say("third.choices")], third_key, MENU_SECONDS), GoTo(join)]


@peer.step
def third_key(turn: Turn, ring: LiveRing) -> Words:
    """9 leaves the two; anything else goes back to them."""
    if turn.key != keys.ThirdAfterStar.LEAVE or not ring.third:
        return join(turn, ring) if ring.third else leg.come_in(turn, ring)
    third = third_person.of_ring(turn.db, ring.id)
    if third is not None:
        third_person.end(turn.db, third.call_id)
    return over(turn, ring)


@peer.step
def over(turn: Turn, ring: LiveRing) -> Words:
    """It is over for them: thank you."""
    rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    return [turn.say("third.over"), HangUp()]
