"""The verbs Enqueue and Leave."""

from typing import TYPE_CHECKING

from warmline.simulator.legs.dialling import give_up, in_bridge
from warmline.simulator.legs.speaking import EVERYWHERE, LEADING
from warmline.simulator.legs.waiting import LeftQueue, action_of, broken_off, wait
from warmline.simulator.network.rooms import QUEUE_SIZE, Place, Queue
from warmline.simulator.webhooks.courier import Params
from warmline.simulator.webhooks.documents import HungUp, Moved, Scope, Target, run
from warmline.simulator.webhooks.strand import News, Program, Wait
from warmline.simulator.webhooks.twiml import Document, Verb

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

RESULTS = {"leave": "leave", "wait refused": "error"}


def enqueue(leg: "Leg", verb: Verb, document: Document) -> Program[Target | None]:
    """Waits in a queue, hearing its waitUrl again and again, until something ends the waiting."""
    queue = leg.board.queue(verb.text)
    if queue.size() >= verb.number("maxQueueSize", QUEUE_SIZE):
        return action_of(verb, document, (("QueueResult", "queue-full"),))
    place = queue.add(leg)
    _start_waiting(leg, queue, place, _wait_target(verb, document))
    try:
        result = yield from _until_it_ends(leg, place)
    except (Moved, HungUp) as breach:
        give_up(leg, queue, place)
        fields = _result(leg, queue, place, _breach(leg, breach, place))
        yield from broken_off(leg, action_of(verb, document, fields))
        raise
    give_up(leg, queue, place)
    return action_of(verb, document, _result(leg, queue, place, result))


def leave(_: "Leg", __: Verb, ___: Document) -> Program[Target | None]:
    """Gives up the place in the queue."""
    yield from ()  # a program, although nothing is waited for
    raise LeftQueue


def _until_it_ends(leg: "Leg", place: Place) -> Program[str]:
    event = yield Wait(None, news_from=place)
    if place.bridge is None:
        return RESULTS[event.kind] if isinstance(event, News) else "error"
    leg.stop_waiting()
    if place.whisper is not None:
        yield from run(leg, place.whisper, Scope(LEADING))
    yield from in_bridge(leg, place.bridge, Verb("Dial"))
    return "bridged"


def _breach(leg: "Leg", breach: Exception, place: Place) -> str:
    if isinstance(breach, Moved):
        return "redirected-from-bridged" if place.bridge else leg.board.faults.queue_moved_says
    return "bridged" if place.bridge else "hangup"


def _result(leg: "Leg", queue: Queue, place: Place, result: str) -> Params:
    seconds = int(leg.board.clock.seconds - place.since)
    return (("QueueResult", result), ("QueueSid", queue.sid), ("QueueTime", str(seconds)))


def _wait_target(verb: Verb, document: Document) -> Target | None:
    if not verb.get("waitUrl"):
        return None
    return Target(document.resolve(verb.get("waitUrl")), verb.get("waitUrlMethod", "POST"))


def _start_waiting(leg: "Leg", queue: Queue, place: Place, target: Target | None) -> None:
    if target is None or place.bridge is not None:
        return

    def fields() -> Params:
        return (
            ("QueueSid", queue.sid),
            ("QueueTime", str(int(leg.board.clock.seconds - place.since))),
            ("QueuePosition", str(queue.position(place))),
            ("AvgQueueTime", "0"),
            ("CurrentQueueSize", str(queue.size())),
            ("MaxQueueSize", str(QUEUE_SIZE)),
        )

    scope = Scope({**EVERYWHERE, "Leave": leave}, fields)
    leg.start_waiting(wait(leg, target, scope, place, repeats=True))
