"""Check us: a public page by which anybody can see what the line holds itself to."""

from datetime import timedelta
from typing import Final

from warmline import phone_numbers
from warmline.calls import third_person
from warmline.counts import counting
from warmline.desk.people import promise_pages
from warmline.desk.visit import Answer, HtmlPage, Visit
from warmline.privacy import feedback, self_checks
from warmline.promise import open_books, proposals

BACK: Final = 90
"""Days of which boundaries are told, as one number."""


def show(visit: Visit) -> Answer:
    """The page."""
    first = visit.telling.local(visit.now).date() - timedelta(days=BACK)
    bounded = counting.since(visit.db, visit.line.line_id, counting.BOUNDARY, first)
    spoken = counting.since(visit.db, visit.line.line_id, counting.SPOKEN_YES, first)
    said, answered = feedback.answered_count(visit.db, visit.line.line_id)
    told: dict[str, object] = {"said": said, "answered": answered, "spoken": spoken}
    told |= {"takes_spoken": third_person.takes_spoken(visit.db, visit.line.line_id)}
    told |= _books(visit)
    values = {**told, "checked": _checked(visit), "bounded": bounded, "days": BACK}
    return HtmlPage("check.html", {**_promise(visit), **values})


def _books(visit: Visit) -> dict[str, object]:
    """The two numbers, what changed, who runs the machine, and with which software."""
    runs_it, source = open_books.about(visit.db, visit.line.line_id)
    return {
        "books": open_books.public(visit.db, visit.line.line_id),
        "runs_it": runs_it,
        "source": source,
        "version": open_books.software(),
        "number": phone_numbers.as_written(visit.line.number),
    }


def _checked(visit: Visit) -> dict[str, object] | None:
    """The last check of itself: its day, what it found, and how much it searched (MB)."""
    last = self_checks.last(visit.db, visit.line.line_id)
    if last is None:
        return None
    size = max(1, round(last.size / 1_000_000))
    return {**last._asdict(), "well": not last.found, "megabytes": size}


def _promise(visit: Visit) -> dict[str, object]:
    """The promise, its history, what is proposed in its place and who may change it."""
    roster = proposals.roster(visit.db, visit.line.line_id)
    return {
        "versions": promise_pages.history(visit),
        "proposed": promise_pages.proposed(visit, roster),
        "alone": len(roster.people) <= 1,
    }
