"""The volunteer's story: their phone rings, a key, the room, `*` in the talk, thank you."""

from typing import Any, Final

from sqlalchemy import Row, select, update

from warmline.calls import calls
from warmline.conversations import (
    boundaries,
    caller_talk,
    looking,
    missed_rings,
    parting,
    ringing,
    third_search,
    third_voice,
    volunteer_talk,
)
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import volunteer as peer
from warmline.models.calls import Call, Ring
from warmline.outbox import outbox
from warmline.routing.search import EARLY_PICK_UP
from warmline.telephony.conversation import OVER, Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Meet, Words

KEY_SECONDS: Final = 4


@peer.step
def answer(turn: Turn, ring: Row[Any]) -> Words:
    """Somebody, or a mailbox, picked up: one short sentence, nothing about the caller."""
    if ring.state not in ringing.STILL_OFFERED:
        return not_needed(turn, ring)
    if ring.state != ringing.PICKED_UP:
        pick_up(turn, ring)
    return offer(turn, ring)


def offer(turn: Turn, ring: Row[Any]) -> Words:
    """The offer, twice, the key working from the first word; silence is never connected."""
    words = turn.say(_offered(turn, ring), line=ring.line_name)
    return [
        Ask([words], VolunteerStep.OFFER_KEY, KEY_SECONDS),
        Ask([words], VolunteerStep.OFFER_KEY, KEY_SECONDS),
        HangUp(),
    ]


def _offered(turn: Turn, ring: Row[Any]) -> str:
    """Which words: somebody, somebody again, or somebody on whose phone a boundary is."""
    slow = select(Call.slow_until).where(Call.id == ring.call_id)
    if ring.third:
        return "offer.third"
    if ring.bound:
        return "offer.again"
    return "offer.someone" if turn.db.execute(slow).scalar() is None else "offer.after_boundary"


def pick_up(turn: Turn, ring: Row[Any]) -> None:
    """Note a pick-up; one faster than a hand can be is taken for a voicemail: one more is rung."""
    early = ring.ringing_at is not None and turn.now - ring.ringing_at < EARLY_PICK_UP
    if ringing.pick_up(turn.db, ring, turn.now, early=early) and early:
        looking.look(turn.db, ring.line_id, turn.now, turn.odds)


@peer.step
def offer_key(turn: Turn, ring: Row[Any]) -> Words:
    """1 take it, 2 pass; rung back after a cut: 7 a line was crossed. Any other: asked again."""
    if ring.third:
        return third_voice.offer_key(turn, ring)
    call = calls.call_of(turn.db, ring)
    if call is not None:
        return won(turn, ring, call)
    if turn.key == "1":
        ringing.end_rest(turn.db, ring.person_id)
        missed_rings.heard_of(turn.db, ring.person_id)
    if ring.state not in ringing.STILL_OFFERED:
        return _said_before(turn, ring)
    match turn.key:
        case "1":
            return accept(turn, ring)
        case "2":
            return pass_on(turn, ring)
        case "7" if ring.bound:
            return crossed(turn, ring)
        case _:
            return offer(turn, ring)


def _said_before(turn: Turn, ring: Row[Any]) -> Words:
    """The same words again for a request that comes twice; else that they are too late."""
    if turn.key == "7" and ring.bound:
        return [turn.say("talk.line_was_crossed"), HangUp()]
    return passed(turn) if turn.key == "2" else thanks(turn, ring)


def crossed(turn: Turn, ring: Row[Any]) -> Words:
    """Rung back after a cut: it was they who ended it. The caller, who still waits, hears so."""
    call = calls.by_id(turn.db, ring.call_id)
    if call is not None and call.state in calls.LOOKING and call.bound_to == ring.person_id:
        ended = {"asked": calls.LINE_CROSSED, "saying": None, "bound_to": None}
        calls.move(turn.db, call.id, (call.state,), calls.GOODBYE, **ended)
        if call.volunteer_id is None:
            boundaries.tell(turn, call.line_id, ring.person_id)
    pass_on(turn, ring)
    return [turn.say("talk.line_was_crossed"), HangUp()]


def accept(turn: Turn, ring: Row[Any]) -> Words:
    """They want it: the longest-waiting caller they may have, or thanks when none is left."""
    turn.odds.record(accepted=True)
    turn.count_ring("accepted")
    call = calls.claim(turn.db, ring, turn.now)
    if call is None:
        ringing.set_state(turn.db, ring, ringing.LEAVING, turn.now)
        return thanks(turn, ring)
    ringing.set_state(turn.db, ring, ringing.IN_TALK, turn.now)
    looking.look(turn.db, ring.line_id, turn.now, turn.odds)
    return won(turn, ring, call)


def won(turn: Turn, ring: Row[Any], call: Row[Any]) -> Words:
    """About the caller actually won: their language, if it is not the volunteer's first."""
    if call.state != calls.CLAIMED or call.language == turn.language:
        return into_room(turn, call)
    language = turn.say(f"language.{call.language}").text
    return [
        Ask([turn.say("offer.they_chose", language=language)], stay_or_pass, 1),
        GoTo(VolunteerStep.COME_IN),
    ]


@peer.step
def stay_or_pass(turn: Turn, ring: Row[Any]) -> Words:
    """2 = pass, now that they know the language; any other key stays."""
    call = calls.call_of(turn.db, ring)
    if turn.key == "2" and ring.state == ringing.LEAVING:
        return passed(turn)
    if turn.key != "2" or call is None or call.state != calls.CLAIMED:
        return come_in(turn, ring)
    parting.back_to_the_search(turn, call, peer_id=None)
    return pass_on(turn, ring, only=call.id)


def pass_on(turn: Turn, ring: Row[Any], only: int | None = None) -> Words:
    """Not this caller: no rest, no mark, thank you."""
    turn.odds.record(accepted=False)
    turn.count_ring("passed")
    ringing.passed(turn.db, ring, only)
    missed_rings.heard_of(turn.db, ring.person_id)
    ringing.set_state(turn.db, ring, ringing.LEAVING, turn.now)
    looking.look(turn.db, ring.line_id, turn.now, turn.odds)
    return passed(turn)


def passed(turn: Turn) -> Words:
    """All right, and thank you."""
    return [turn.say("offer.passed"), HangUp()]


@peer.step
def come_in(turn: Turn, ring: Row[Any]) -> Words:
    """Into the room; the caller is led there, unless their next request comes by itself."""
    call = calls.call_of(turn.db, ring)
    return they_hung_up(turn, ring) if call is None else into_room(turn, call)


def into_room(turn: Turn, call: Row[Any]) -> Words:
    """Into the room of their call, which waits for them."""
    if not call.peer_in_room:
        here: dict[str, object] = {"peer_in_room": True}
        if call.state == calls.CLAIMED:
            calls.move(turn.db, call.id, (calls.CLAIMED,), calls.JOINING, saying=None, **here)
        else:
            calls.change(turn.db, call.id, **here)
        if call.in_queue:
            parting.lead_caller(turn, call, CallerStep.INTO_ROOM)
    return [
        Meet(
            call.room,
            VolunteerStep.LEFT_TALK,
            ends_room=False,
            seconds=caller_talk.room_seconds(call, turn.now),
            alone=alone,
        )
    ]


@peer.reading
def alone(turn: Turn, ring: Row[Any]) -> Words:
    """What they hear alone in the room: where the caller is."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return [turn.say("room.they_hung_up"), Hush(5), GoTo(alone)]
    if call.state == calls.CALLER_AWAY:
        where = "room.they_are_choosing"
    else:
        where = "room.they_are_coming" if call.in_queue else "room.hearing_the_promise"
    return [turn.say(where), Hush(5), GoTo(alone)]


@peer.step
def thanks(turn: Turn, ring: Row[Any]) -> Words:
    """Somebody is with them now: thank you."""
    return [turn.say("offer.too_late"), HangUp()]


@peer.step
def not_needed(turn: Turn, ring: Row[Any]) -> Words:
    """Before a key was pressed, whoever listens hears nothing about any caller."""
    return [turn.say("offer.not_needed"), HangUp()]


@peer.step
def they_hung_up(turn: Turn, ring: Row[Any]) -> Words:
    """The caller has gone: thank you."""
    ringing.set_state(turn.db, ring, ringing.LEAVING, turn.now)
    return [turn.say("room.they_hung_up"), HangUp()]


@peer.step
def somebody_else_wished(turn: Turn, ring: Row[Any]) -> Words:
    """The caller would like somebody else: thank you, and nothing more."""
    return [turn.say("room.somebody_else"), HangUp()]


@peer.step
def again(turn: Turn, ring: Row[Any]) -> Words:
    """After a fault of ours: the offer, their talk, or thank you; a key is asked for once more."""
    if ring.state in ringing.STILL_OFFERED:
        return answer(turn, ring)
    if ring.third:
        return third_voice.join(turn, ring)
    call = calls.call_of(turn.db, ring)
    if call is None:
        return they_hung_up(turn, ring) if ring.state == ringing.IN_TALK else passed(turn)
    if call.state == calls.PEER_AWAY:
        return volunteer_talk.star(turn, ring)
    return into_room(turn, call)


@peer.callback
def status(turn: Turn, ring: Row[Any]) -> None:
    """What the provider says of this leg: late, twice, out of order or never."""
    known = turn.form.get("CallSid", "")
    if known and not ring.provider_id:
        learn_id(turn, ring, known)
    elif known != ring.provider_id:
        return
    match turn.form.get("CallStatus", ""):
        case "ringing" if ring.ringing_at is None:
            ringing.change(turn.db, ring.id, ringing_at=turn.now, heard_at=turn.now)
        case "in-progress" if ring.state in (ringing.ASKED_FOR, ringing.PLACED):
            pick_up(turn, ring)
        case ended if ended in OVER:
            leg_is_over(turn, ring)
        case _:
            ringing.set_state(turn.db, ring, ring.state, turn.now)


def learn_id(turn: Turn, ring: Row[Any], provider_id: str) -> None:
    """The first signed callback names the leg: its placing has succeeded, whatever we heard."""
    named = update(Ring).where(Ring.id == ring.id, Ring.provider_id.is_(None))
    turn.db.execute(named.values(provider_id=provider_id))
    if ring.state == ringing.ENDING:
        outbox.hang_up(turn.db, ring.line_id, [provider_id], turn.now)


def leg_is_over(turn: Turn, ring: Row[Any]) -> None:
    """Their phone is free again: a miss, the end of a talk, or nothing at all."""
    (third_voice.gone if ring.third else parting.peer_gone)(turn, ring)
    gone = ringing.strike(turn.db, ring.id)
    if gone is None:
        return
    outbox.erase(turn.db, gone.line_id, [gone.provider_id] if gone.provider_id else [], turn.now)
    if ring.state in ringing.STILL_OFFERED:
        turn.odds.record(accepted=False)
        turn.count_ring("missed")
        ringing.missed(turn.db, ring, turn.now)
        missed_rings.missed(turn, ring)
    elif ring.state == ringing.ENDING:
        turn.count_ring("ended")
    looking.look(turn.db, ring.line_id, turn.now, turn.odds)
    if ring.third:
        third_search.look(turn)
