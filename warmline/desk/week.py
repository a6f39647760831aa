"""The roster by week, day and month: every place with its state in words, and what is lacking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from shifts import hours, weekly
from shifts.calendar import DAY, Span, local_day
from shifts.drafting import drafts
from shifts.models import PLACE_STATES, Person
from shifts.places import PlaceRow, between
from shifts.wanted import Wish
from shifts.wanted import read as wishes_of
from warmline import gaps
from warmline.desk import grid, lacking, steps
from warmline.desk.grid import Filters, Grid, Somebody
from warmline.desk.lacking import Missing
from warmline.desk.telling import Telling
from warmline.desk.visit import COORDINATOR, Answer, Shown, Visit
from warmline.models import Volunteer

VIEWS: Final = ("week", "day", "month")
STATE_CLASS: Final = {"cover wanted": "cover"}
SECOND: Final = timedelta(seconds=1)
FURTHEST: Final = timedelta(days=3660)


@dataclass(frozen=True)
class Day:
    """A day's head: what happens to the clocks, when the line is open, what is lacking."""

    day: date
    clocks: str
    open_at: list[Span]
    missing: list[Missing]
    note: str


def show(visit: Visit) -> Answer:
    """The page, by `view`, `day` and the filters in the address."""
    view = visit.query["view"] if visit.query["view"] in VIEWS else "week"
    day = day_asked(visit)
    days = days_of(view, day)
    values = seen(visit, days) | {"view": view, "day": day, **_moves(view, day)}
    if view == "month":
        return Shown("month.html", values)
    return Shown("week.html", values)


def days_of(view: str, day: date) -> list[date]:
    """The days that a view shows."""
    if view == "day":
        return [day]
    return grid.month_of(day) if view == "month" else grid.week_of(day)


def seen(visit: Visit, days: Sequence[date]) -> dict[str, Any]:
    """Everything a view shows of some days."""
    line, db = visit.line, visit.db
    begin, end = grid.span_of(days, line.zone)
    rows = _places(visit, begin, end)
    people = everybody(visit)
    filters = filters_of(visit)
    of_peers = grid.as_shifts(row for row in rows if not row.duty)
    of_duty = grid.as_shifts(row for row in rows if row.duty)
    stacks = steps.of(db, line.line_id, visit.visitor.person_id, visit.now)
    return {
        "grid": grid.grid(of_peers, people, days, line.zone, filters),
        "duty": _duty(of_duty, people, days, visit),
        "heads": heads(visit, days, begin, end),
        "people": people,
        "names": {one.person_id: one.name for one in people},
        "filters": filters,
        "drafts": len(drafts(db, line.line_id, (begin, end))),
        "can_undo": bool(stacks.undo),
        "can_redo": bool(stacks.redo),
        "wishes": wished(wishes_of(db, line.line_id), visit.telling),
        "edits": visit.visitor.may(COORDINATOR),
        "today": local_day(visit.now, line.zone),
        "state_class": STATE_CLASS,
        "states": PLACE_STATES,
        "phones": _phones(visit) if visit.query["phones"] == "yes" else {},
    }


def day_asked(visit: Visit, name: str = "day") -> date:
    """The day in the address, or today."""
    today = local_day(visit.now, visit.line.zone)
    try:
        day = date.fromisoformat(visit.query[name] or visit.form[name])
    except ValueError:
        return today
    return day if abs(day - today) < FURTHEST else today


def filters_of(visit: Visit) -> Filters:
    """What the address asks to see."""
    mine = visit.visitor.person_id if visit.query["who"] == "me" else visit.query.number("who")
    states = tuple(one for one in visit.query.every("state") if one in PLACE_STATES)
    return Filters(mine, visit.query["language"], states, visit.query["only"] == "busy")


def everybody(visit: Visit) -> list[Somebody]:
    """Everybody on the roster, by name."""
    query = (
        select(Person.id, Person.name, Volunteer.languages, Volunteer.agreed)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(Person.line_id == visit.line.line_id)
        .order_by(Person.name, Person.id)
    )
    return [
        Somebody(row.id, row.name, tuple(row.languages.split(",")), row.agreed == "yes")
        for row in visit.db.execute(query)
    ]


def heads(visit: Visit, days: Sequence[date], begin: Any, end: Any) -> list[Day]:
    """What stands over each day."""
    line = visit.line
    since = max(begin, min(visit.now, end - SECOND)).replace(microsecond=0)
    lacks = gaps.gaps(visit.db, line, since, end) if end > visit.now else []
    missing = lacking.told(lacks, line, visit.telling)
    opened = hours.read(visit.db, line.line_id)
    spans = hours.open_spans(opened, begin, end, line.zone)
    return [
        Day(
            day,
            visit.telling.clocks(day),
            grid.hours_on(spans, day, line.zone),
            [one for one in missing if local_day(one.starts_at, line.zone) == day],
            opened.days[day].note if day in opened.days else "",
        )
        for day in days
    ]


def wished(wishes: Sequence[Wish], telling: Telling) -> list[str]:
    """The wanted numbers in people's words: Spanish: 1 (Fri and Sat 18:00-23:00)."""
    return [_wish(one, telling) for one in wishes]


def _wish(one: Wish, telling: Telling) -> str:
    subject, window = one.subject, one.window
    name = lacking.language_name(subject.language, telling) if subject.language else ""
    kind = "duty" if subject.duty else subject.channel or "line"
    said = telling(f"wanted.{kind}", n=one.number) if not name else f"{name}: {one.number}"
    if window is None:
        return said
    days = telling.listed([telling(f"weekday.{day}") for day in sorted(window.weekdays)])
    return f"{said} ({days} {weekly.times_in_words(window.starts, window.ends)})"


def _places(visit: Visit, begin: Any, end: Any) -> list[PlaceRow]:
    drafts_too = visit.visitor.may(COORDINATOR)
    return [
        row
        for duty in (False, True)
        for row in between(visit.db, visit.line.line_id, begin, end, duty=duty)
        if drafts_too or row.state != "draft"
    ]


def _duty(shifts: Any, people: list[Somebody], days: Sequence[date], visit: Visit) -> Grid:
    """The duty row: whoever's, all of it in one row."""
    return grid.grid(shifts, people, days, visit.line.zone, Filters(only_busy=True))


def _phones(visit: Visit) -> dict[int, str]:
    if not visit.visitor.may(COORDINATOR):
        return {}
    query = select(Volunteer.person_id, Volunteer.phone)
    query = query.where(Volunteer.line_id == visit.line.line_id)
    return {row.person_id: row.phone for row in visit.db.execute(query)}


def _moves(view: str, day: date) -> dict[str, date]:
    """The days to which "earlier" and "later" lead."""
    if view == "month":
        first = day.replace(day=1)
        return {"earlier": (first - DAY).replace(day=1), "later": (first + 31 * DAY).replace(day=1)}
    step = DAY if view == "day" else 7 * DAY
    return {"earlier": day - step, "later": day + step}
