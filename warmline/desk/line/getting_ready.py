"""What is left to do before a new line opens: shown on today's page until it has."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from shifts.models import Place
from warmline.counts import counting
from warmline.desk.visit import Visit
from warmline.models.counts import DayCount
from warmline.models.people import Volunteer

TWO: Final = 2
"""People who have said yes for themselves: nobody holds a line alone."""


@dataclass(frozen=True)
class ToDo:
    """One step: its words, whether it is done, and where it is done ("" here)."""

    name: str
    done: bool
    href: str


def getting_ready(visit: Visit) -> list[ToDo]:
    """The steps in their order; none once the line has opened."""
    if visit.line.opened_at is not None:
        return []
    db, mine = visit.db, Volunteer.line_id == visit.line.line_id
    agreed = select(func.count()).select_from(Volunteer).where(mine, Volunteer.agreed == "yes")
    planned = select(Place.id).where(Place.line_id == visit.line.line_id).limit(1)
    called = select(func.sum(DayCount.number)).where(
        DayCount.line_id == visit.line.line_id, DayCount.what == counting.OFFERED
    )
    return [
        ToDo("people", (db.scalar(agreed) or 0) >= TWO, "/desk/people"),
        ToDo("shift", db.scalar(planned) is not None, "/desk/week"),
        ToDo("call", bool(db.scalar(called)), ""),
    ]
