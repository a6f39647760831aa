"""The roster by week, day, month and hour: every place in words, and what is lacking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from shifts.editing.drafting import drafts
from shifts.hours.wanted import read as wishes_of
from shifts.local_time import local_day
from shifts.models import PLACE_STATES, Person
from shifts.places import PlaceRow, in_span
from warmline.desk.roster import by_hour, day_headers, grid, undo_redo
from warmline.desk.roster.grid import Filters, Grid, Somebody
from warmline.desk.roster.shift_form import day_of
from warmline.desk.roster.view import HOURS, MONTH, ONE_DAY, ZONES, RosterView, day_asked, view_of
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.desk.wording import Telling
from warmline.line import day_notes
from warmline.models.people import Volunteer
from warmline.sign_in.visitors import COORDINATOR

STATE_CLASS: Final = {"cover wanted": "cover"}
TEMPLATES: Final = {MONTH: "month.html", HOURS: "hours.html"}


@dataclass(frozen=True)
class Strip:
    """Who is on now, and who comes on next within the days that are seen."""

    on: list[str]
    next_at: datetime | None
    comes: list[str]


def show(visit: Visit) -> Answer:
    """The page, by `view`, `day` and the filters in the address."""
    seen = view_of(visit)
    visit.telling = Telling(visit.telling.language, seen.zone)
    values = _values(visit, seen)
    if seen.view == HOURS:
        values["hours"] = by_hour.table(visit.db, visit.line, seen.days, seen.zone)
    return HtmlPage(TEMPLATES.get(seen.view, "week.html"), values)


def note(visit: Visit) -> Answer:
    """A day's note is what was typed."""
    day = day_of(visit.form["day"]) or day_asked(visit)
    back = f"/desk/week?view=day&day={day}"
    try:
        day_notes.write(visit.db, visit.line.line_id, day, visit.form["note"])
    except day_notes.BadNote:
        visit.query = visit.form
        values = _values(visit, view_of(visit))
        wrong = visit.telling("week.bad_note")
        return HtmlPage("week.html", values | {"bad_note": wrong}, 422)
    return Away(f"{back}&done=note_kept")


def _values(visit: Visit, seen: RosterView) -> dict[str, object]:
    """Everything a view shows of its days."""
    line, db = visit.line, visit.db
    begin, end = grid.span_of(seen.days, seen.zone)
    rows, people = _places(visit, begin, end), everybody(visit)
    of_peers = grid.as_shifts(row for row in rows if not row.duty)
    of_duty = grid.as_shifts(row for row in rows if row.duty)
    shown = grid.grid(of_peers, people, seen.days, seen.zone, seen.filters)
    duty = grid.grid(of_duty, people, seen.days, seen.zone, Filters(only_busy=True))
    edits = visit.visitor.may(COORDINATOR) and not seen.elsewhere
    return {
        **_planning(visit, (begin, end)),
        "sought": seen,
        "view": seen.view,
        "day": seen.day,
        "grid": shown,
        "duty": duty,
        "by_day": [] if seen.view in TEMPLATES else _lists(shown, duty),
        "heads": day_headers.headers(visit, seen, begin, end),
        "strip": strip(rows, people, (begin, end), visit.now),
        "people": people,
        "filters": seen.filters,
        "wishes": day_headers.wished(wishes_of(db, line.line_id), visit.telling),
        "edits": edits,
        "day_names": [visit.telling.day(day, "EEEE d MMMM") for day in seen.days],
        "short_names": [visit.telling.day(day) for day in seen.days],
        "one_day": seen.view == ONE_DAY,
        "today": local_day(visit.now, seen.zone),
        "state_class": STATE_CLASS,
        "states": PLACE_STATES,
        "phones": _phones(visit) if visit.query["phones"] == "yes" else {},
        "zones": list(dict.fromkeys((line.zone.key, seen.zone.key, *ZONES))),
        "bad_note": "",
    }


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


def strip(
    rows: Iterable[PlaceRow],
    people: Sequence[Somebody],
    span: tuple[datetime, datetime],
    now: datetime,
) -> Strip | None:
    """Who is on now and who is next, of a view's peers; None where now is in another."""
    if not span[0] <= now < span[1]:
        return None
    names = {one.person_id: one.name for one in people if one.agreed}
    held = [row for row in rows if row.on and not row.duty and row.person_id in names]
    on = {row.person_id for row in held if row.starts_at <= now < row.ends_at}
    later = [row for row in held if row.starts_at > now and row.person_id not in on]
    next_at = min((row.starts_at for row in later), default=None)
    comes = {row.person_id for row in later if row.starts_at == next_at}
    return Strip(
        sorted(names[one] for one in on if one), next_at, sorted(names[one] for one in comes if one)
    )


def _planning(visit: Visit, span: tuple[datetime, datetime]) -> dict[str, object]:
    """What is not published yet, and what can be undone."""
    db, line = visit.db, visit.line
    stacks = undo_redo.of(db, line.line_id, visit.visitor.person_id, visit.now)
    return {
        "drafts": len(drafts(db, line.line_id, span)),
        "can_undo": bool(stacks.undo),
        "can_redo": bool(stacks.redo),
    }


def _lists(shown: Grid, duty: Grid) -> list[list[tuple[str, grid.Chip]]]:
    """Day by day, peers and then duty, for a small screen."""
    both = zip(grid.by_day(shown), grid.by_day(duty), strict=True)
    return [[*peers, *on_duty] for peers, on_duty in both]


def _places(visit: Visit, begin: datetime, end: datetime) -> list[PlaceRow]:
    drafts_too = visit.visitor.may(COORDINATOR)
    return [
        row
        for duty in (False, True)
        for row in in_span(visit.db, visit.line.line_id, begin, end, duty=duty)
        if drafts_too or row.state != "draft"
    ]


def _phones(visit: Visit) -> dict[int, str]:
    if not visit.visitor.may(COORDINATOR):
        return {}
    query = select(Volunteer.person_id, Volunteer.phone)
    query = query.where(Volunteer.line_id == visit.line.line_id)
    return {row.person_id: row.phone for row in visit.db.execute(query)}
