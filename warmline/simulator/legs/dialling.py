"""The verb Dial: into a conference, or to the front of a queue."""

from typing import TYPE_CHECKING

from warmline.simulator.legs.speaking import LEADING
from warmline.simulator.legs.waiting import action_of, broken_off, wait
from warmline.simulator.network.rooms import BRIDGED, Place, Queue, Room, Seat
from warmline.simulator.webhooks.courier import Params
from warmline.simulator.webhooks.documents import HungUp, Moved, Scope, Target
from warmline.simulator.webhooks.strand import News, Program, Wait
from warmline.simulator.webhooks.twiml import Document, Verb

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

LONGEST_DIAL = 14_400
RING_SECONDS = 30


def dial(leg: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    """Joins a conference, or takes the front of a queue."""
    if verb.children[0].name == "Conference":
        return (yield from _dial_room(leg, verb, document))
    return (yield from _dial_queue(leg, verb, document))


def in_bridge(leg: "Leg", bridge: Room, verb: Verb) -> Program[None]:
    """Talks over a bridge until either side leaves it."""
    if bridge.ended:
        return
    bridge.join(leg, BRIDGED)
    yield Wait(verb.number("timeLimit", LONGEST_DIAL), _star(verb), bridge)


def give_up(leg: "Leg", queue: Queue, place: Place) -> None:
    """Leaves a place, a turn, or the bridge that came of it."""
    leg.stop_waiting()
    queue.leave(place)
    if place.bridge is not None:
        place.bridge.leave(leg)
        place.bridge.end()


def _star(verb: Verb) -> str:
    return "*" if verb.flag("hangupOnStar", False) else ""


def _result(status: str) -> Params:
    return (("DialCallStatus", status),)


def _dial_room(leg: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    noun = verb.children[0]
    room = leg.board.room(noun.text)
    if len(room.legs) >= noun.number("maxParticipants", 250):
        return action_of(verb, document, _result("failed"))
    room.join(leg, _seat(noun))
    _wait_for_company(leg, room, noun, document)
    try:
        event = yield Wait(verb.number("timeLimit", LONGEST_DIAL), _star(verb), room)
    except (Moved, HungUp) as breach:
        _leave(leg, room)
        moved = isinstance(breach, Moved)
        said = leg.board.faults.room_moved_says if moved else "completed"
        yield from broken_off(leg, action_of(verb, document, _result(said)))
        raise
    _leave(leg, room)
    refused = isinstance(event, News) and event.kind == "wait refused"
    said = "failed" if refused else leg.board.faults.room_ended_says
    return action_of(verb, document, _result(said))


def _seat(noun: Verb) -> Seat:
    return Seat(
        starts=noun.flag("startConferenceOnEnter", True),
        ends=noun.flag("endConferenceOnExit", False),
        beep=noun.get("beep", "true") in ("true", "onEnter"),
    )


def _leave(leg: "Leg", room: Room) -> None:
    leg.stop_waiting()
    room.leave(leg)


def _wait_for_company(leg: "Leg", room: Room, noun: Verb, document: Document) -> None:
    if room.started or not noun.get("waitUrl"):
        return
    target = Target(document.resolve(noun.get("waitUrl")), noun.get("waitMethod", "POST"))
    params = (("ConferenceSid", room.sid), ("FriendlyName", room.name))
    scope = Scope(LEADING, lambda: params)
    leg.start_waiting(wait(leg, target, scope, room, leg.board.room_wait_repeats))


def _dial_queue(leg: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    noun = verb.children[0]
    queue = leg.board.queue(noun.text)
    turn = queue.take(leg, _whisper(noun, document))
    began = leg.board.clock.seconds
    try:
        yield Wait(verb.number("timeout", RING_SECONDS), _star(verb), turn)
        if turn.bridge:
            yield from in_bridge(leg, turn.bridge, verb)
    except (Moved, HungUp):
        give_up(leg, queue, turn)
        action = action_of(verb, document, _queue_result(leg, turn, began))
        yield from broken_off(leg, action)
        raise
    give_up(leg, queue, turn)
    return action_of(verb, document, _queue_result(leg, turn, began))


def _whisper(noun: Verb, document: Document) -> Target | None:
    if not noun.get("url"):
        return None
    return Target(document.resolve(noun.get("url")), noun.get("method", "POST"))


def _queue_result(leg: "Leg", turn: Place, began: float) -> Params:
    if turn.bridge is None:
        return _result("no-answer")
    seconds = str(int(leg.board.clock.seconds - began))
    return (*_result("completed"), ("DialCallDuration", seconds), ("DialBridged", "true"))
