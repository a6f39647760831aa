"""Publishing drafts: whom it asks and when their texts go out, what opens, what stays a draft."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shifts.editing import drafting
from shifts.local_time import Span
from shifts.models import Person
from shifts.places import PlaceRow
from warmline.conversations.shift_lists import AHEAD
from warmline.desk.planning import copying
from warmline.desk.roster import grid, moving, undo_redo
from warmline.desk.roster.view import day_asked, days_of, view_asked
from warmline.desk.visit import Answer, HtmlPage, Visit
from warmline.models.people import Volunteer
from warmline.people import quiet_hours

NOT_AGREED: Final = "publish.not_agreed"


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked: for which shifts, and what to know of their text."""

    name: str
    shifts: list[PlaceRow]
    text: str


class _Person(NamedTuple):
    """Somebody who is asked; quiet hours in minutes of the day, by the clocks of their zone."""

    id: int
    name: str
    agreed: str
    time_zone: str | None
    quiet_from: int | None
    quiet_until: int | None


def show(visit: Visit) -> Answer:
    """What publishing would do; nothing is done."""
    view, days = view_asked(visit), days_of(view_asked(visit), day_asked(visit))
    drafts = drafting.drafts(visit.db, visit.line.line_id, _span(visit, days))
    coming = [one for one in drafts if one.ends_at > visit.now]
    pairs, left = drafting.published(visit.db, coming, visit.line.zone, visit.now)
    done = drafting.Done(None, len(pairs), frozenset(), tuple(left))
    values = {
        "view": view,
        "day": day_asked(visit),
        "first": days[0],
        "last": days[-1],
        "asked": asked(visit, [one.after for one in pairs if one.after]),
        "opens": [one.after for one in pairs if one.after and one.after.person_id is None],
        "stay": moving.left_in_words(visit, done),
        "over": len(drafts) - len(coming),
        "drafts": len(pairs),
    }
    return HtmlPage("publish.html", values)


def publish(visit: Visit) -> Answer:
    """Every draft of the days that are seen, in one go; whoever is asked hears of it by text."""
    days = days_of(view_asked(visit), day_asked(visit))
    who, line = visit.visitor.person_id, visit.line
    span = _span(visit, days)
    done = drafting.publish(visit.db, line.line_id, span, who, visit.now, line.zone)
    undo_redo.done(visit.db, who, done.change_id)
    return copying.result_page(visit, done, "publish", day_asked(visit))


def asked(visit: Visit, places: Iterable[PlaceRow]) -> list[Asked]:
    """Whom places ask, by name; those of nobody's ask nobody."""
    theirs: dict[int, list[PlaceRow]] = {}
    for one in places:
        if one.person_id is not None:
            theirs.setdefault(one.person_id, []).append(one)
    people = _people(visit, theirs)
    return [
        Asked(row.name, theirs[person], _of_text(visit, row, theirs[person]))
        for person, row in people.items()
    ]


def _people(visit: Visit, theirs: Iterable[int]) -> dict[int, _Person]:
    about = (Volunteer.agreed, Volunteer.time_zone, Volunteer.quiet_from, Volunteer.quiet_until)
    query = (
        select(Person.id, Person.name, *about)
        .join(Volunteer, Volunteer.person_id == Person.id)
        .where(Person.id.in_(list(theirs)))
        .order_by(Person.name, Person.id)
    )
    rows = (_Person(*row) for row in visit.db.execute(query))
    return {row.id: row for row in rows}


def _of_text(visit: Visit, row: _Person, shifts: Sequence[PlaceRow]) -> str:
    """What to know of somebody's text; empty where it goes out in a minute."""
    if row.agreed != "yes":
        return visit.telling(NOT_AGREED)
    if all(one.starts_at >= visit.now + AHEAD for one in shifts):
        return visit.telling("publish.far")
    until = _quiet_until(row, visit.now, visit.line.zone)
    return visit.telling("publish.quiet", when=visit.telling.time(until)) if until else ""


def _quiet_until(row: _Person, now: datetime, zone: ZoneInfo) -> datetime | None:
    own = ZoneInfo(row.time_zone) if row.time_zone else zone
    return quiet_hours.until(now, own, row.quiet_from, row.quiet_until)


def _span(visit: Visit, days: Sequence[date]) -> Span:
    return grid.span_of(days, visit.line.zone)
