"""The planner: with so many peers on, how long callers would wait; and which hours are thin."""

from typing import Any, Final

from shifts.calendar import local_day
from warmline import counts_told, planner, typical_week
from warmline.counts_told import months_after
from warmline.desk.grid import week_of
from warmline.desk.visit import Answer, Shown, Visit
from warmline.planner import CannotPlan, Demand

USUAL: Final = {"callers": "4", "talk": "25", "patience": "4", "answered": "55"}
"""What is put in until somebody writes their own: callers an hour, minutes, minutes, per cent."""


def show(visit: Visit) -> Answer:
    """The page, for the numbers in its address."""
    typed = {name: visit.query[name] or usual for name, usual in USUAL.items()}
    breather = visit.line.breather_minutes
    try:
        demand = _demand(visit, typed)
    except (CannotPlan, ValueError):
        nothing = {"reaches": [], "thin": [], "wrong": visit.telling("planner.bad")}
        return Shown("planner.html", {"typed": typed, "breather": breather, **nothing}, 422)
    found = {"reaches": planner.reaches(demand), "thin": _thin(visit, demand), "wrong": ""}
    return Shown("planner.html", {"typed": typed, "breather": breather, **found})


def _demand(visit: Visit, typed: dict[str, str]) -> Demand:
    number = {name: float(text.replace(",", ".")) for name, text in typed.items()}
    return Demand(
        callers_an_hour=number["callers"],
        talk_minutes=number["talk"],
        breather_minutes=visit.line.breather_minutes,
        patience_seconds=number["patience"] * 60,
        rings_answered=number["answered"] / 100,
        ring_seconds=float(visit.line.ring_seconds),
    )


def _thin(visit: Visit, demand: Demand) -> list[dict[str, Any]]:
    """The hours of this week's roster in which, by the typical week, many would leave."""
    line, zone = visit.line, visit.line.zone
    today = local_day(visit.now, zone)
    end = months_after(today.replace(day=1), 1)
    begin = months_after(end, -12)
    periods = counts_told.read(visit.db, line.line_id, begin, end)
    stretch = counts_told.stretch(periods) if periods else (begin, end)
    week = typical_week.read(visit.db, line.line_id, *stretch, today)
    if week.few:
        return []
    monday = week_of(today)[0]
    on = typical_week.peers_on(visit.db, line.line_id, monday, zone)
    days = week_of(today)
    return [
        {
            "day": days[one.hour // 24],
            "hour": one.hour % 24,
            "leave": round(one.leave * 100),
            "peers": one.peers,
            "enough": one.enough,
        }
        for one in planner.thin_hours(demand, week.callers_an_hour(), on)
    ]
