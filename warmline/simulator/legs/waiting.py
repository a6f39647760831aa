"""What a leg hears while it waits, and the action of a verb that ended or was broken off."""

from typing import TYPE_CHECKING

from warmline.simulator.webhooks.courier import Params
from warmline.simulator.webhooks.documents import HungUp, Scope, Target, ask, fetch, perform
from warmline.simulator.webhooks.strand import News, Program, Wait
from warmline.simulator.webhooks.twiml import Document, DocumentRefused, Verb

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

SHORTEST_ROUND = 1.0


class LeftQueue(Exception):
    """The waiting document gave up the place in the queue."""


def action_of(verb: Verb, document: Document, params: Params) -> Target | None:
    """Where a verb's result is sent; None when it has no action."""
    if "action" not in verb.attributes:
        return None
    return Target(document.resolve(verb.get("action")), verb.get("method", "POST"), params)


def broken_off(leg: "Leg", action: Target | None) -> Program[None]:
    """Requests the action of a verb that was broken off; its answer is ignored."""
    if action is not None:
        yield from ask(leg, action)


def wait(leg: "Leg", target: Target, scope: Scope, source: object, repeats: bool) -> Program[None]:
    """What is heard while waiting; how it ends is told to the leg's own program as news.

    News from `source`: "leave" or "wait refused". With `repeats` the document is requested
    again when its words run out, unless it holds none.
    """
    try:
        yield from _documents(leg, target, scope, repeats)
    except LeftQueue:
        leg.tell_soon(News("leave", source))
    except HungUp:
        leg.hang_up_soon()
    except DocumentRefused as refused:
        leg.note("cannot wait", why=str(refused))
        leg.tell_soon(News("wait refused", source))


def _documents(leg: "Leg", target: Target, scope: Scope, repeats: bool) -> Program[None]:
    following = target
    while True:
        began = leg.board.clock.seconds
        document = yield from fetch(leg, following, scope)
        if not document.verbs:
            return
        led_to = yield from perform(leg, document, scope)
        if led_to is None and not repeats:
            return
        if led_to is None and leg.board.clock.seconds == began:
            yield Wait(SHORTEST_ROUND)
        following = led_to or target
