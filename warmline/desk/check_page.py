"""Check us: a public page by which anybody can see what the line holds itself to."""

from typing import Any

from warmline import proposals
from warmline.desk import promise_told
from warmline.desk.visit import Answer, Shown, Visit


def show(visit: Visit) -> Answer:
    """The page."""
    return Shown("check.html", _promise(visit))


def _promise(visit: Visit) -> dict[str, Any]:
    """The promise, its history, what is proposed in its place and who may change it."""
    roster = proposals.roster(visit.db, visit.line.line_id)
    return {
        "versions": promise_told.history(visit),
        "proposed": promise_told.proposed(visit, roster),
        "alone": len(roster.people) <= 1,
    }
