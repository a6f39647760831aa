"""The planner: with so many peers on, how long callers would wait; and which hours are thin."""

from typing import Any

from shifts.calendar import local_day
from warmline import planner
from warmline.desk import thin
from warmline.desk.grid import week_of
from warmline.desk.visit import Answer, Shown, Visit
from warmline.planner import CannotPlan


def show(visit: Visit) -> Answer:
    """The page, for the numbers in its address."""
    known = thin.known(visit)
    typed = thin.typed(visit.query, known)
    values: dict[str, Any] = {
        "typed": typed,
        "breather": visit.line.breather_minutes,
        "counted": known.patience is not None and not visit.query["patience"],
    }
    try:
        comes = thin.demand(visit, typed)
    except (CannotPlan, ValueError):
        nothing = {"reaches": [], "thin": [], "wrong": visit.telling("planner.bad")}
        return Shown("planner.html", values | nothing, 422)
    monday = week_of(local_day(visit.now, visit.line.zone))[0]
    bands = thin.of_week(visit, monday, known, comes)
    return Shown(
        "planner.html", values | {"reaches": planner.reaches(comes), "thin": bands, "wrong": ""}
    )
