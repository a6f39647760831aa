"""What every leg of a volunteer can come to: the offer, the room, thanks, the end."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from warmline.calls import calls, records, third_person
from warmline.calls.records import LiveCall, LiveRing
from warmline.calls.third_person import Purpose
from warmline.conversations.both_sides import parting, rooms, third_search
from warmline.conversations.ringing import missed_rings, ring_reasons, rings, whom_to_ring
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.models.calls import Call
from warmline.outbox import outbox
from warmline.routing.reasons import RingEnd
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Meet, Words

KEY_SECONDS: Final = 4
OFFERED: Final[Mapping[Purpose, str]] = {
    third_person.JOIN: "offer.third",
    third_person.TAKE_OVER: "offer.take_over",
    third_person.STAND_BY: "offer.stand_by",
}
"""What is said to whom we ring for a talk that goes on."""
HEARING: Final = "room.hearing_the_promise"


def offer(turn: Turn, ring: LiveRing) -> Words:
    """The offer, twice, the key working from the first word; silence is never connected."""
    words = turn.say(_offered(turn, ring), line=ring.line_name)
    return [
        Ask([words], VolunteerStep.OFFER_KEY, KEY_SECONDS),
        Ask([words], VolunteerStep.OFFER_KEY, KEY_SECONDS),
        HangUp(),
    ]


def _offered(turn: Turn, ring: LiveRing) -> str:
    """Which words: somebody, somebody again, or somebody on whose phone a boundary is."""
    slow = select(Call.slow_until).where(Call.id == ring.call_id)
    if ring.third:
        third = third_person.of_ring(turn.db, ring.id)
        return OFFERED[third_person.JOIN if third is None else third.purpose]
    if ring.bound:
        return "offer.again"
    return "offer.someone" if turn.db.execute(slow).scalar() is None else "offer.after_boundary"


def passed(turn: Turn) -> Words:
    """All right, and thank you."""
    return [turn.say("offer.passed"), HangUp()]


@peer.step
def come_in(turn: Turn, ring: LiveRing) -> Words:
    """Into the room; the caller is led there, unless their next request comes by itself."""
    call = calls.call_of(turn.db, ring)
    return they_hung_up(turn, ring) if call is None else into_room(turn, call)


def into_room(turn: Turn, call: LiveCall) -> Words:
    """Into the room of their call, which waits for them."""
    if not call.peer_in_room:
        if call.state == calls.CLAIMED:
            here: records.CallChanges = {"peer_in_room": True, "saying": None}
            calls.move(turn.db, call.id, (calls.CLAIMED,), calls.JOINING, **here)
        else:
            calls.change(turn.db, call.id, peer_in_room=True)
        if call.in_queue:
            parting.lead_caller(turn, call, CallerStep.INTO_ROOM)
    return [
        Meet(
            calls.room_of(call),
            VolunteerStep.LEFT_TALK,
            ends_room=False,
            seconds=rooms.room_seconds(call, turn.now),
            alone=alone,
        )
    ]


@peer.reading
def alone(turn: Turn, ring: LiveRing) -> Words:
    """What they hear alone in the room: where the caller is."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return [turn.say("room.they_hung_up"), Hush(5), GoTo(alone)]
    if call.state == calls.CALLER_AWAY:
        where = "room.they_are_choosing"
    else:
        where = "room.they_are_coming" if call.in_queue else HEARING
    # Of the promise they hear once: what a caller hears of it before a talk is shorter than this.
    return [turn.say(where), Hush(15 if where == HEARING else 5), GoTo(alone)]


@peer.step
def thanks(turn: Turn, ring: LiveRing) -> Words:
    """Somebody is with them now: thank you."""
    return [turn.say("offer.too_late"), HangUp()]


@peer.step
def not_needed(turn: Turn, ring: LiveRing) -> Words:
    """Before a key was pressed, whoever listens hears nothing about any caller."""
    return [turn.say("offer.not_needed"), HangUp()]


@peer.step
def handed_over(turn: Turn, ring: LiveRing) -> Words:
    """Somebody has taken over from them: thank you."""
    return [turn.say("hand.thanks"), HangUp()]


@peer.step
def they_hung_up(turn: Turn, ring: LiveRing) -> Words:
    """The caller has gone: thank you."""
    rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    return [turn.say("room.they_hung_up"), HangUp()]


@peer.step
def somebody_else_wished(turn: Turn, ring: LiveRing) -> Words:
    """The caller would like somebody else: thank you, and nothing more."""
    return [turn.say("room.somebody_else"), HangUp()]


def leg_is_over(turn: Turn, ring: LiveRing) -> None:
    """Their phone is free again: a miss, the end of a talk, or nothing at all."""
    (third_search.gone if ring.third else parting.peer_gone)(turn, ring)
    gone = rings.strike(turn.db, ring.id)
    if gone is None:
        return
    outbox.erase(turn.db, gone.line_id, [gone.provider_id] if gone.provider_id else [], turn.now)
    if ring.state in rings.STILL_OFFERED:
        turn.odds.record(accepted=False)
        turn.count_ring("missed")
        rings.missed(turn.db, ring, turn.now)
        how: RingEnd = "no key" if ring.state == rings.PICKED_UP else "rang out"
        ring_reasons.ended(turn.db, ring.line_id, ring.person_id, how, turn.now)
        missed_rings.missed(turn, ring)
    elif ring.state == rings.ENDING:
        turn.count_ring("ended")
    whom_to_ring.decide_now(turn, ring.line_id)
    if ring.third:
        third_search.step(turn)
