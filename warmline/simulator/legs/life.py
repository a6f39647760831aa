"""The whole program of a leg: its documents, its moves, its fallback, its end."""

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from warmline.simulator.legs.dialling import dial
from warmline.simulator.legs.queueing import enqueue
from warmline.simulator.legs.speaking import EVERYWHERE, reject
from warmline.simulator.webhooks.documents import HungUp, Moved, Scope, Target, run
from warmline.simulator.webhooks.strand import Program
from warmline.simulator.webhooks.twiml import DocumentRefused

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg

MAIN = Scope({**EVERYWHERE, "Reject": reject, "Enqueue": enqueue, "Dial": dial})
APOLOGY = Target(
    inline="<Response><Say>We are sorry. An application error has occurred. Goodbye.</Say>"
    "<Hangup/></Response>"
)


def life(leg: "Leg", first: Target) -> Program[None]:
    """Performs document after document until the leg is over."""
    target: Target | None = first
    fallbacks = 0
    while target is not None:
        try:
            yield from run(leg, target, MAIN)
            target = None
        except Moved as moved:
            target = moved.target
        except HungUp:
            target = None
        except DocumentRefused as refused:
            leg.note("is refused a document", why=str(refused), path=refused.url)
            target = _instead(leg, refused, fallbacks)
            fallbacks += 1


def _instead(leg: "Leg", refused: DocumentRefused, fallbacks: int) -> Target:
    """The fallback; for its own refused document, or where there is none, the stock words."""
    fallback = leg.wishes.fallback
    used_up = leg.board.faults.fallback_once and fallbacks > 0
    if fallback is None or used_up or refused.url == urldefrag(fallback.url).url:
        return APOLOGY
    trouble = (("ErrorCode", str(refused.code)), ("ErrorUrl", refused.url))
    return Target(fallback.url, fallback.method, trouble)
