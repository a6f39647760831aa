"""The planner: with so many peers on, how long callers would wait; and which hours are thin."""

from shifts.local_time import local_day
from warmline.counts import planner
from warmline.counts.planner import CannotPlan
from warmline.desk.roster import short_hours
from warmline.desk.roster.grid import week_of
from warmline.desk.visit import Answer, HtmlPage, Visit


def show(visit: Visit) -> Answer:
    """The page, for the numbers in its address."""
    known = short_hours.known(visit)
    typed = short_hours.planner_numbers(visit.query, known)
    values: dict[str, object] = {
        "typed": typed,
        "breather": visit.line.breather_minutes,
        "counted": known.patience is not None and not visit.query["patience"],
        "rests_on": known.rests_on,
        "tells_hours": known.tells_hours,
    }
    try:
        comes = short_hours.expected_calls(visit, typed)
    except (CannotPlan, ValueError):
        nothing = {"reaches": [], "thin": [], "wrong": visit.telling("planner.bad")}
        return HtmlPage("planner.html", values | nothing, 422)
    monday = week_of(local_day(visit.now, visit.line.zone))[0]
    bands = short_hours.of_week(visit, monday, known, comes)
    return HtmlPage(
        "planner.html", values | {"reaches": planner.reaches(comes), "thin": bands, "wrong": ""}
    )
