"""How a caller and a peer are brought apart, whoever leaves first."""

import math
from datetime import datetime
from typing import Final, Unpack

from warmline.calls import calls, third_person
from warmline.calls.records import CallChanges, CallRow, LiveCall, LiveRing, LiveTalk
from warmline.calls.third_person import ThirdWish
from warmline.conversations.both_sides import boundaries, third_search
from warmline.conversations.notices import duty
from warmline.conversations.ringing import rings, whom_to_ring
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.counts import counting
from warmline.operations.metrics import Metrics
from warmline.outbox import outbox
from warmline.privacy import notes, recent_talks
from warmline.promise.promise import in_force
from warmline.telephony.conversation import Turn, path_to
from warmline.telephony.words import Next

LENGTHS: Final = (300, 900, 1800, math.inf)
"""Seconds up to which a talk has each of counting.LENGTHS."""


def caller_gone(turn: Turn, call: LiveCall) -> None:
    """The provider says that the caller has gone: forget them, free whoever was with them."""
    gone = calls.forget(turn.db, call.id)
    if gone is None:
        return
    outbox.forget_move(turn.db, gone.provider_id)
    outbox.erase(turn.db, gone.line_id, [gone.provider_id], turn.now)
    _free_the_peer(turn, gone)
    third_search.over(turn.db, gone.id, turn.now)
    if gone.asked in calls.CROSSED:
        _a_line_was_crossed(turn, gone, call)
    elif gone.state in calls.WITH_A_PEER and gone.together:
        talk_is_over(turn, call)
    _lines_said_crossed(turn, call)
    if gone.volunteer_id is None or gone.waiting_since is not None:
        _leave_what_may_be_kept(turn, gone, call)
    whom_to_ring.decide_now(turn, gone.line_id)


def _a_line_was_crossed(turn: Turn, gone: CallRow, call: LiveCall) -> None:
    """They may have hung up before the words that say so; their peer rests in any event."""
    if gone.asked == calls.LINE_CROSSED:
        boundaries.remember_caller(turn, call)
    if gone.peer_id is not None:
        boundaries.rest(turn, gone.peer_id)


def talk_is_over(turn: Turn, call: LiveCall) -> None:
    """For ten minutes the peer of this call can still say that a line was crossed."""
    if call.peer_id is not None and call.volunteer_id is None:
        recent_talks.over(turn.db, call.line_id, call.peer_id, call.id, turn.now)


def _lines_said_crossed(turn: Turn, call: LiveCall) -> None:
    """Whoever said so while the call went on: as if they had in their talk."""
    number, db = turn.caller_number, turn.db
    for person_id in recent_talks.caller_gone(
        db, turn.seal, call.line_id, call.id, number, turn.now
    ):
        boundaries.remember(turn, call, number, person_id)


def count_offered(turn: Turn, call: LiveCall) -> None:
    """Somebody would like to talk: a caller with their call, a volunteer when they stay."""
    turn.count(Metrics.call_offered)
    counting.count_offered(turn.db, call.line_id, turn.now, call.zone)


def _free_the_peer(turn: Turn, gone: CallRow) -> None:
    ring = calls.ring_by_id(turn.db, gone.ring_id)
    if ring is not None and third_search.leave_together(turn.db, gone.id, ring, turn.now):
        pass
    elif ring is not None and gone.state == calls.TALKING:
        # The room ends with the caller's leg, and the network asks us what comes after it.
        rings.set_state(turn.db, ring, rings.LEAVING, turn.now)
    elif ring is not None and gone.state in calls.WITH_A_PEER:
        rings.see_off(turn.db, ring, VolunteerStep.THEY_HUNG_UP, turn.now)
    if gone.peer_id is not None and gone.together:
        calls.rest_after_talk(turn.db, gone.peer_id, turn.now)


def _leave_what_may_be_kept(turn: Turn, gone: CallRow, call: LiveCall) -> None:
    answered = gone.talking_since is not None
    turn.count(Metrics.call_answered if answered else Metrics.call_not_reached)
    if not answered and turn.now - gone.arrived_at >= counting.SOON:
        duty.alert(turn, gone.line_id, "not_reached")
    counting.count_over(turn.db, gone.line_id, turn.now, call.zone, answered=answered)
    if gone.consent == "yes":
        notes.keep_of_call(turn.db, turn.seal, _facts(turn, call, gone), gone.token)


def _facts(turn: Turn, call: LiveCall, gone: CallRow) -> notes.Facts:
    """A volunteer who calls has begun to wait when they stayed; before, they were in their menu."""
    stayed = gone.waiting_since or gone.arrived_at
    began = gone.arrived_at if gone.volunteer_id is None else stayed
    answered = gone.talking_since is not None
    wait = counting.wait_band(began, gone.talking_since, turn.now, answered=answered)
    return facts(turn, gone, began.astimezone(call.zone), wait, answered=answered)


def facts(
    turn: Turn, gone: CallRow | LiveTalk, began: datetime, wait: str, *, answered: bool
) -> notes.Facts:
    """What a note says of a call or a talk by text that is over; `began` is the line's own time."""
    held = in_force(turn.db, gone.line_id).values()
    return {
        "line_id": gone.line_id,
        "day": began.date(),
        "hour": began.hour,
        "language": gone.language,
        "wait": wait,
        "length": length_band(gone, turn.now),
        "answered": answered,
        "promise_version": max(one.version for one in held),
    }


def length_band(gone: CallRow | LiveTalk, now: datetime) -> str:
    """About how long they talked, in words too coarse to tell one call from another."""
    if gone.talking_since is None:
        return counting.NO_LENGTH
    seconds = (now - gone.talking_since).total_seconds()
    bands = zip(LENGTHS, counting.LENGTHS, strict=True)
    return next(name for limit, name in bands if seconds < limit)


def peer_gone(turn: Turn, ring: LiveRing) -> None:
    """A volunteer's leg is over, without their `*` 9: see what it means for the caller."""
    call = calls.call_of(turn.db, ring)
    if call is None:
        return
    if call.together:
        talk_is_over(turn, call)
        _cut_off(turn, call)
    else:
        _never_talked(turn, call)


def _never_talked(turn: Turn, call: LiveCall) -> None:
    """They had won the call and their phone went: the search goes on as if they had not."""
    back_to_the_search(turn, call, peer_id=None)
    whom_to_ring.decide_now(turn, call.line_id)


def back_to_the_search(turn: Turn, call: LiveCall, **changes: Unpack[CallChanges]) -> None:
    """Let the search go on for a caller who has no peer any more."""
    state = calls.WAITING if call.in_queue or call.talking_since else calls.PROMISE
    # Whoever had somebody on their way hears the promise no second time.
    said = calls.PROMISE_HEARD if call.in_queue else None
    facts: CallChanges = {"ring_id": None, "room": None, "saying": said, **changes}
    calls.move(turn.db, call.id, (call.state,), state, **facts)


def _cut_off(turn: Turn, call: LiveCall) -> None:
    if _third_stays(turn, call):
        return
    was_choosing = call.state == calls.CALLER_AWAY
    moved = calls.move(
        turn.db,
        call.id,
        calls.IN_A_TALK,
        calls.PARTED,
        bound_to=call.peer_id,
        first_in_line=True,
        ring_id=None,
        room=None,
        saying=None,
        asked=None,
    )
    if moved is not None and not was_choosing:
        lead_caller(turn, call, CallerStep.TO_QUEUE)


def _third_stays(turn: Turn, call: LiveCall) -> bool:
    """With a third person there nobody is cut off: they are the caller's peer from now on."""
    third = third_person.of_call(turn.db, call.id)
    ring = None if third is None else calls.ring_by_id(turn.db, third.ring_id)
    if third is None or ring is None or not _is_with_the_caller(third):
        third_search.over(turn.db, call.id, turn.now)
        return False
    third_person.end(turn.db, call.id)
    if call.peer_id is not None:
        calls.rest_after_talk(turn.db, call.peer_id, turn.now)
    rings.change(turn.db, ring.id, third=False, bound=False)
    theirs: CallChanges = {
        "ring_id": ring.id,
        "peer_id": ring.person_id,
        "peer_in_room": True,
        "asked": None,
    }
    if call.state == calls.PEER_AWAY:
        back: CallChanges = {**theirs, "saying": None}
        calls.move(turn.db, call.id, (calls.PEER_AWAY,), calls.JOINING, **back)
        lead_caller(turn, call, CallerStep.INTO_ROOM)
    else:
        calls.change(turn.db, call.id, **theirs)
    return True


def _is_with_the_caller(third: ThirdWish) -> bool:
    """Whether they are there, or about to take over; who stands by a peer never is."""
    if third.purpose == third_person.TAKE_OVER:
        return third.state == third_person.COMING
    return third.purpose == third_person.JOIN and third.state == third_person.IN


def hand_over(turn: Turn, call: LiveCall, ring: LiveRing) -> bool:
    """Whoever took it is the caller's peer now, in a fresh room; the one before is thanked.

    Only out of a talk: nobody is interrupted who hears or chooses something.
    """
    before = calls.ring_by_id(turn.db, call.ring_id)
    theirs: CallChanges = {
        "ring_id": ring.id,
        "peer_id": ring.person_id,
        "room": calls.new_token(),
        "peer_in_room": False,
        "asked": None,
        "saying": None,
    }
    if calls.move(turn.db, call.id, (calls.TALKING,), calls.JOINING, **theirs) is None:
        return False
    third_person.end(turn.db, call.id)
    talk_is_over(turn, call)
    rings.change(turn.db, ring.id, third=False, bound=False)
    if call.peer_id is not None:
        rings.note_try(turn.db, call.id, call.peer_id, passed=True)
        calls.rest_after_talk(turn.db, call.peer_id, turn.now)
    if before is not None:
        rings.see_off(turn.db, before, VolunteerStep.HANDED_OVER, turn.now)
    lead_caller(turn, call, CallerStep.TAKEN_OVER)
    return True


def lead_caller(turn: Turn, call: LiveCall, step: Next) -> None:
    """Move the caller's leg to a step of theirs, out of whatever it is in."""
    path = path_to(step, call.token)
    outbox.move(turn.db, call.line_id, call.provider_id, path, turn.now)


def lead_peer(turn: Turn, call: LiveCall, step: Next) -> None:
    """Move the leg of this call's peer to a step of theirs."""
    ring = calls.ring_by_id(turn.db, call.ring_id)
    if ring is not None and ring.provider_id:
        path = path_to(step, ring.token)
        outbox.move(turn.db, call.line_id, ring.provider_id, path, turn.now)


def let_peer_go(turn: Turn, call: LiveCall, last_words: Next) -> None:
    """Move the peer of this call to their last words."""
    if call.together:
        talk_is_over(turn, call)
    ring = calls.ring_by_id(turn.db, call.ring_id)
    if ring is not None and third_search.leave_together(turn.db, call.id, ring, turn.now):
        return
    third_search.over(turn.db, call.id, turn.now)
    if ring is not None:
        rings.see_off(turn.db, ring, last_words, turn.now)
