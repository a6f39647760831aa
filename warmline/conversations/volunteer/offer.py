"""A volunteer's phone rings for a caller: what is said, their key, what the provider reports."""

from warmline import languages
from warmline.calls import calls, records
from warmline.calls.records import LiveCall, LiveRing
from warmline.conversations import keys
from warmline.conversations.both_sides import boundaries, parting
from warmline.conversations.ringing import missed_rings, ring_reasons, rings, whom_to_ring
from warmline.conversations.steps import VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.conversations.volunteer import talk, third_person
from warmline.conversations.volunteer.leg import (
    come_in,
    into_room,
    leg_is_over,
    not_needed,
    offer,
    passed,
    thanks,
    they_hung_up,
)
from warmline.routing.reasons import RingEnd
from warmline.routing.search import EARLY_PICK_UP
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Words


@peer.step
def answer(turn: Turn, ring: LiveRing) -> Words:
    """Somebody, or a mailbox, picked up: one short sentence, nothing about the caller."""
    if ring.state not in rings.STILL_OFFERED:
        return not_needed(turn, ring)
    if ring.state != rings.PICKED_UP:
        pick_up(turn, ring)
    return offer(turn, ring)


def pick_up(turn: Turn, ring: LiveRing) -> None:
    """Note a pick-up; one faster than a hand can be is taken for a voicemail: one more is rung."""
    early = ring.ringing_at is not None and turn.now - ring.ringing_at < EARLY_PICK_UP
    if rings.pick_up(turn.db, ring, turn.now, early=early) and early:
        whom_to_ring.decide_now(turn, ring.line_id)


@peer.step
def offer_key(turn: Turn, ring: LiveRing) -> Words:
    """1 take it, 2 pass; rung back after a cut: 7 a line was crossed. Any other: asked again."""
    if ring.third:
        return third_person.offer_key(turn, ring)
    call = calls.call_of(turn.db, ring)
    if call is not None:
        return won(turn, ring, call)
    if turn.key == keys.Offer.TAKE:
        rings.end_rest(turn.db, ring.person_id)
        missed_rings.heard_of(turn.db, ring.person_id)
    if ring.state not in rings.STILL_OFFERED:
        return _said_before(turn, ring)
    match turn.key:
        case keys.Offer.TAKE:
            return accept(turn, ring)
        case keys.Offer.DECLINE:
            return pass_on(turn, ring)
        case keys.RungBack.LINE_CROSSED if ring.bound:
            return crossed(turn, ring)
        case _:
            return offer(turn, ring)


def _said_before(turn: Turn, ring: LiveRing) -> Words:
    """The same words again for a request that comes twice; else that they are too late."""
    if turn.key == keys.RungBack.LINE_CROSSED and ring.bound:
        return [turn.say("talk.line_was_crossed"), HangUp()]
    return passed(turn) if turn.key == keys.Offer.DECLINE else thanks(turn, ring)


def crossed(turn: Turn, ring: LiveRing) -> Words:
    """Rung back after a cut: it was they who ended it. The caller, who still waits, hears so."""
    call = calls.by_id(turn.db, ring.call_id)
    if call is not None and call.state in calls.LOOKING and call.bound_to == ring.person_id:
        ended: records.CallChanges = {"asked": calls.LINE_CROSSED, "saying": None, "bound_to": None}
        calls.move(turn.db, call.id, (call.state,), calls.GOODBYE, **ended)
        if call.volunteer_id is None:
            boundaries.tell(turn, call.line_id, ring.person_id)
    pass_on(turn, ring)
    return [turn.say("talk.line_was_crossed"), HangUp()]


def accept(turn: Turn, ring: LiveRing) -> Words:
    """They want it: the longest-waiting caller they may have, or thanks when none is left."""
    turn.odds.record(accepted=True)
    turn.count_ring("accepted")
    call = calls.claim(turn.db, ring, turn.now)
    how: RingEnd = "too late" if call is None else "answered"
    ring_reasons.ended(turn.db, ring.line_id, ring.person_id, how, turn.now)
    if call is None:
        rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
        return thanks(turn, ring)
    rings.set_state(turn.db, ring, rings.IN_TALK, turn.now)
    whom_to_ring.decide_now(turn, ring.line_id)
    return won(turn, ring, call)


def won(turn: Turn, ring: LiveRing, call: LiveCall) -> Words:
    """About the caller actually won: their language, if it is not the volunteer's first."""
    if call.state != calls.CLAIMED or call.language == turn.language:
        return into_room(turn, call)
    language = languages.name_in(call.language, turn.language)
    return [
        Ask([turn.say("offer.they_chose", language=language)], stay_or_pass, 1),
        GoTo(VolunteerStep.COME_IN),
    ]


@peer.step
def stay_or_pass(turn: Turn, ring: LiveRing) -> Words:
    """2 = pass, now that they know the language; any other key stays."""
    call = calls.call_of(turn.db, ring)
    if turn.key == keys.Offer.DECLINE and ring.state == rings.LEAVING:
        return passed(turn)
    if turn.key != keys.Offer.DECLINE or call is None or call.state != calls.CLAIMED:
        return come_in(turn, ring)
    parting.back_to_the_search(turn, call, peer_id=None)
    return pass_on(turn, ring, only=call.id)


def pass_on(turn: Turn, ring: LiveRing, only: int | None = None) -> Words:
    """Not this caller: no rest, no mark, thank you."""
    turn.odds.record(accepted=False)
    turn.count_ring("passed")
    rings.passed(turn.db, ring, only)
    ring_reasons.ended(turn.db, ring.line_id, ring.person_id, "passed", turn.now)
    missed_rings.heard_of(turn.db, ring.person_id)
    rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    whom_to_ring.decide_now(turn, ring.line_id)
    return passed(turn)


@peer.step
def again(turn: Turn, ring: LiveRing) -> Words:
    """After a fault of ours: the offer, their talk, or thank you; a key is asked for once more."""
    if ring.state in rings.STILL_OFFERED:
        return answer(turn, ring)
    if ring.third:
        return third_person.join(turn, ring)
    call = calls.call_of(turn.db, ring)
    if call is None:
        return they_hung_up(turn, ring) if ring.state == rings.IN_TALK else passed(turn)
    if call.state == calls.PEER_AWAY:
        return talk.star(turn, ring)
    return into_room(turn, call)


@peer.callback
def status(turn: Turn, ring: LiveRing) -> None:
    """What the provider says of this leg: late, twice, out of order or never."""
    known = turn.leg_id
    if known and not ring.provider_id:
        # The first signed callback: its placing has succeeded, whatever we heard.
        rings.learn_id(turn.db, ring, known, turn.now)
    elif known != ring.provider_id:
        return
    match turn.leg_state:
        case "rings" if ring.ringing_at is None:
            rings.rings_now(turn.db, ring.id, turn.now)
        case "picked up" if ring.state in (rings.ASKED_FOR, rings.PLACED):
            pick_up(turn, ring)
        case "over":
            leg_is_over(turn, ring)
        case _:
            rings.heard_of(turn.db, ring.id, turn.now)
