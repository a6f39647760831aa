"""The whole program of a leg: its documents, its moves, its fallback, its end."""

from typing import TYPE_CHECKING

from warmline.simulator.dialling import dial
from warmline.simulator.documents import HungUp, Moved, Scope, Target, run
from warmline.simulator.queueing import enqueue
from warmline.simulator.speaking import EVERYWHERE, reject
from warmline.simulator.strand import Program
from warmline.simulator.twiml import DocumentRefused

if TYPE_CHECKING:
    from warmline.simulator.leg import Leg

MAIN = Scope({**EVERYWHERE, "Reject": reject, "Enqueue": enqueue, "Dial": dial})
APOLOGY = Target(
    inline="<Response><Say>We are sorry. An application error has occurred. Goodbye.</Say>"
    "<Hangup/></Response>"
)


def life(leg: "Leg", first: Target) -> Program[None]:
    """Performs document after document until the leg is over."""
    target: Target | None = first
    fallback = leg.wishes.fallback
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
            target = _instead(refused, fallback)
            fallback = None


def _instead(refused: DocumentRefused, fallback: Target | None) -> Target:
    if fallback is None:
        return APOLOGY
    trouble = (("ErrorCode", str(refused.code)), ("ErrorUrl", refused.url))
    return Target(fallback.url, fallback.method, trouble)
