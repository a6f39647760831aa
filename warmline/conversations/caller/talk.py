"""The caller in a talk: into the room, the `*` choices, cut off or goodbye."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from warmline.calls import calls, records
from warmline.calls.records import LiveCall
from warmline.conversations import keys
from warmline.conversations.both_sides import boundaries, parting, rooms, third_search
from warmline.conversations.both_sides.rooms import LONGEST_LEG, limit_is_near, room_seconds, warn
from warmline.conversations.caller import ask_call_back, feedback, search_again, third_person
from warmline.conversations.ringing import moving, rings, whom_to_ring
from warmline.conversations.steps import CallerStep, VolunteerStep
from warmline.conversations.steps import caller as line
from warmline.models.calls import Ring
from warmline.models.people import Volunteer
from warmline.outbox import outbox
from warmline.promise.promise import spoken_promise
from warmline.telephony.conversation import Turn
from warmline.telephony.words import Ask, GoTo, HangUp, Hush, Meet, Words

MENU_SECONDS: Final = 8
WITH_PEER: Final = "with peer"
"""What `saying` of a call is in a room into which they came as they do for the first time: with
their peer's name, where there is one to say."""


@line.step
def into_room(turn: Turn, call: LiveCall) -> Words:
    """Into the room in which their peer waits; never alone."""
    heard: records.CallChanges = {**third_search.wish_heard(call), "heard_at": turn.now}
    calls.change(turn.db, call.id, **heard)
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    if call.state not in calls.INTO_THE_ROOM or not call.peer_in_room:
        # A peer who is not there yet is waited for in the queue, never alone in a room.
        if call.state == calls.CALLER_AWAY:
            calls.move(turn.db, call.id, (calls.CALLER_AWAY,), calls.JOINING, saying=None)
        return rooms.to_queue(turn, call)
    # A request that comes twice finds them in their talk already.
    is_new = call.state == calls.JOINING or call.saying == WITH_PEER
    named = _named(turn, call) if is_new else []
    if call.state != calls.TALKING:
        _begin(turn, call)
    seconds = room_seconds(call, turn.now)
    room = Meet(
        calls.room_of(call), left_room, ends_room=True, seconds=seconds, alone=by_themselves
    )
    return [*named, room]


@line.step
def by_themselves(turn: Turn, call: LiveCall) -> Words:
    """Nobody is in the room: their peer's leg may have ended unheard, so it is looked up."""
    doubt = update(Ring).where(Ring.id == call.ring_id)
    turn.db.execute(doubt.values(heard_at=turn.now - LONGEST_LEG))
    return [Hush(5), GoTo(by_themselves)]


def _named(turn: Turn, call: LiveCall) -> Words:
    """The name of their peer, from whoever wishes that callers hear one."""
    wished = select(Volunteer.caller_name).where(Volunteer.person_id == call.peer_id)
    name = turn.db.execute(wished).scalar()
    return [turn.say("talk.with_peer", name=name)] if name else []


def _begin(turn: Turn, call: LiveCall) -> None:
    since = call.talking_since or turn.now
    facts: records.CallChanges = {
        "in_queue": False,
        "saying_until": None,
        "talking_since": since,
        "together": True,
        "first_in_line": False,
        "saying": WITH_PEER if call.state == calls.JOINING else None,
    }
    old = (calls.JOINING, calls.CALLER_AWAY)
    if calls.move(turn.db, call.id, old, calls.TALKING, **facts) is None:
        return
    # They may have come by the door that the search could not see: no move is needed any more.
    outbox.forget_move(turn.db, call.provider_id)
    ask_call_back.not_needed(turn, call)


@line.step
def left_room(turn: Turn, call: LiveCall) -> Words:
    """What comes after the room: their `*`, the warning of the limit, or what we have begun."""
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    led = moving.being_moved(turn, line, call.provider_id)
    if led is not None:
        return led
    if call.state == calls.CALLER_AWAY:
        return choices(turn, call)
    if call.state == calls.JOINING and call.warned:
        # Their peer's request has come first, or this one has come before: both hear of it.
        return [turn.say("talk.limit_is_near"), GoTo(into_room)]
    if call.state != calls.TALKING:
        return [GoTo(to_queue)]
    if limit_is_near(turn, call):
        return warn(turn, call)
    new_room = calls.new_token()
    away: records.CallChanges = {"room": new_room, "peer_in_room": False, "saying": None}
    calls.move(turn.db, call.id, (calls.TALKING,), calls.CALLER_AWAY, **away)
    return choices(turn, call)


def choices(turn: Turn, call: LiveCall) -> Words:
    """`*` was pressed: what they may choose; silence goes back."""
    return [Ask([turn.say("talk.choices")], choice_key, MENU_SECONDS), GoTo(into_room)]


@line.step
def choice_key(turn: Turn, call: LiveCall) -> Words:
    """1 back, 2 somebody else, 3 another as well, 4 rules, 5 how it went, 9 goodbye."""
    if call.state == calls.GOODBYE:
        return last_words(turn, call)
    if call.state not in calls.CHOOSING:
        return [GoTo(into_room)]
    match turn.key:
        case keys.CallerAfterStar.SOMEBODY_ELSE:
            return somebody_else(turn, call)
        case keys.CallerAfterStar.ANOTHER_PEER:
            return third_person.wished(turn, call)
        case keys.CallerAfterStar.RULES:
            rules = spoken_promise(turn.db, call.line_id, call.line_name, turn.language)
            places = search_again.other_places(turn, call, twice=False)
            help_outside = turn.say("talk.outside_help")
            return [turn.speak(rules), help_outside, *places, GoTo(into_room)]
        case keys.CallerAfterStar.FEEDBACK:
            return feedback.ask(turn, call)
        case keys.CallerAfterStar.GOODBYE:
            return goodbye(turn, call)
        case _:
            return [GoTo(into_room)]


def somebody_else(turn: Turn, call: LiveCall) -> Words:
    """Somebody else, please: no reason asked, no mark on either side; first in line again."""
    if call.peer_id is not None:
        rings.note_try(turn.db, call.id, call.peer_id, passed=True)
    parting.let_peer_go(turn, call, VolunteerStep.SOMEBODY_ELSE_WISHED)
    patience = timedelta(seconds=call.patience_seconds)
    parting.back_to_the_search(
        turn,
        call,
        asked=None,
        bound_to=None,
        first_in_line=True,
        patience_until=turn.now + patience,
        round_told=False,
    )
    whom_to_ring.decide_now(turn, call.line_id)
    return rooms.to_queue(turn, call)


@line.step
def aside_key(turn: Turn, call: LiveCall) -> Words:
    """2 = somebody else, while somebody stands by their peer; any other key changes nothing."""
    aside = call.state == calls.PEER_AWAY and call.asked == calls.STOOD_BY
    if aside and turn.key == keys.PeerAside.SOMEBODY_ELSE:
        somebody_else(turn, call)
    return [GoTo(CallerStep.WAIT)]


@line.step
def taken_over(turn: Turn, call: LiveCall) -> Words:
    """Another peer has taken over, as they agreed: said on the way to them."""
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    return [turn.say("hand.now"), GoTo(into_room)]


def goodbye(turn: Turn, call: LiveCall) -> Words:
    """The caller says goodbye; their peer is told and thanked."""
    parting.let_peer_go(turn, call, VolunteerStep.THEY_HUNG_UP)
    calls.move(turn.db, call.id, calls.CHOOSING, calls.GOODBYE)
    return last_words(turn, call)


def last_words(turn: Turn, call: LiveCall) -> Words:
    """Goodbye, whichever request comes for it, and however often."""
    crossed = call.asked in calls.CROSSED
    if call.asked == calls.LINE_CROSSED:
        boundaries.remember_caller(turn, call)
        calls.change(turn.db, call.id, asked=calls.BOUNDARY_SET)
    return [turn.say("goodbye.boundary" if crossed else "goodbye.caller"), HangUp()]


@line.step
def to_queue(turn: Turn, call: LiveCall) -> Words:
    """Moved out of the room: into the queue, where they hear why."""
    if turn.leg_is_over:
        parting.caller_gone(turn, call)
        return []
    if call.state == calls.CALLER_AWAY:
        return choices(turn, call)
    return rooms.to_queue(turn, call)


@line.step
def farewell(turn: Turn, call: LiveCall) -> Words:
    """Their peer has ended the talk kindly: goodbye, unless they wish for somebody else now."""
    if call.state == calls.GOODBYE:
        return last_words(turn, call)
    if call.state != calls.ASKED:
        return rooms.to_queue(turn, call)
    return [Ask([turn.say("talk.peer_said_goodbye")], farewell_key, 5), GoTo(really_goodbye)]


@line.step
def farewell_key(turn: Turn, call: LiveCall) -> Words:
    """1 = somebody else now, 5 = say how it went; anything else is goodbye."""
    if turn.key == keys.Farewell.FEEDBACK and call.state == calls.ASKED:
        return feedback.ask(turn, call)
    if turn.key != keys.Farewell.SOMEBODY_ELSE:
        return really_goodbye(turn, call)
    if call.state == calls.ASKED:
        search_again.look_on(turn, call, last_round=False)
    return rooms.to_queue(turn, call)


@line.step
def really_goodbye(turn: Turn, call: LiveCall) -> Words:
    """Goodbye, and the leg ends."""
    if call.state not in (calls.ASKED, calls.GOODBYE):
        return rooms.to_queue(turn, call)
    calls.move(turn.db, call.id, (calls.ASKED,), calls.GOODBYE)
    return last_words(turn, call)
