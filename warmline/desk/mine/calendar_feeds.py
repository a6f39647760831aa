"""Private calendar addresses (RFC 5545): one's own shifts, or the line's, without phone numbers."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, delete, insert, select

from shifts.history.history import KEPT_FOR, uid
from shifts.ical.ical_writing import calendar_key
from shifts.models import ASKED, ON_STATES, OPEN, Person, Place
from shifts.place_listing import ShownShift, joined
from shifts.planning_models import RemovedPlace
from warmline.desk.visit import Answer, NotFound, Plain, Visit
from warmline.models.people import Volunteer
from warmline.models.sign_in import Feed

PRODUCT: Final = "-//Warmline//Calendar//EN"
BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=366)
REFRESH: Final = timedelta(hours=1)


class _Removed(NamedTuple):
    """A place that was taken off the roster: half-open, UTC; `uid` names it in calendars."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    sequence: int


_REMOVED: Final = (
    *(RemovedPlace.uid, RemovedPlace.starts_at, RemovedPlace.ends_at, RemovedPlace.sequence),
)


def begin(visit: Visit, person_id: int | None) -> str:
    """A new address for somebody's shifts, or (None) the line's; the old one ends. Its key."""
    key = secrets.token_urlsafe(24)
    end(visit, person_id)
    row = {
        "line_id": visit.line.line_id,
        "person_id": person_id,
        "key": visit.seal.digests(_about(key))[0],
        "made_at": visit.now,
    }
    visit.db.execute(insert(Feed).values(row))
    return key


def end(visit: Visit, person_id: int | None) -> None:
    """The address is good no longer."""
    visit.db.execute(delete(Feed).where(*_whose(visit, person_id)))


def known(visit: Visit, person_id: int | None) -> bool:
    """Whether there is an address."""
    return visit.db.execute(select(Feed.id).where(*_whose(visit, person_id))).first() is not None


def address(visit: Visit, key: str) -> str:
    """Where a calendar program finds it."""
    return f"{visit.public_url}/line/calendar/{key}.ics"


def show(visit: Visit) -> Answer:
    """The calendar; whoever has the address may read it, and nobody else."""
    digests = visit.seal.digests(_about(str(visit.path["key"])))
    row = visit.db.execute(select(Feed.person_id).where(Feed.key.in_(digests))).first()
    if row is None:
        raise NotFound
    made = calendar(visit, row.person_id)
    return Plain(made, "text/calendar; charset=utf-8", "shifts.ics")


def calendar(visit: Visit, person_id: int | None) -> str:
    """Somebody's shifts, or the line's, as a calendar; what was taken off comes as cancelled."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", visit.line.name)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    key = calendar_key(visit.db, visit.line.line_id)
    names = _names(visit)
    for shift in _shifts(visit, person_id):
        found.add_component(_event(visit, shift, names, key, own=person_id is not None))
    for gone in _removed(visit, person_id):
        found.add_component(_cancelled(visit, gone))
    made: str = found.to_ical().decode()
    return made


def _about(key: str) -> str:
    return f"calendar {key}"


def _whose(visit: Visit, person_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return Feed.line_id == visit.line.line_id, Feed.person_id.is_not_distinct_from(person_id)


def _shifts(visit: Visit, person_id: int | None) -> Iterable[ShownShift]:
    columns = (Place.starts_at, Place.ends_at, Place.id, Place.person_id, Place.state)
    query = select(*columns, Place.duty, Place.version).where(
        Place.line_id == visit.line.line_id,
        Place.starts_at > visit.now - BACK,
        Place.starts_at < visit.now + AHEAD,
    )
    if person_id is None:
        query = query.where(Place.state.in_((*ON_STATES, ASKED, OPEN)))
    else:
        query = query.where(Place.person_id == person_id, Place.state.in_((*ON_STATES, ASKED)))
    rows = visit.db.execute(query.order_by(Place.starts_at, Place.ends_at, Place.id))
    return joined(ShownShift(*row) for row in rows)


def _event(visit: Visit, shift: ShownShift, names: dict[int, str], key: str, *, own: bool) -> Event:
    event = Event()
    event.add("uid", uid(key, shift.id))
    event.add("dtstamp", visit.now)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("sequence", shift.version - 1)
    event.add("summary", _summary(visit, shift, names, own=own))
    event.add("status", "TENTATIVE" if shift.state in (ASKED, OPEN) else "CONFIRMED")
    return event


def _summary(visit: Visit, shift: ShownShift, names: dict[int, str], *, own: bool) -> str:
    kind = visit.telling("feed.duty" if shift.duty else "feed.shift")
    state = visit.telling(f"state.{shift.state.replace(' ', '_')}")
    if own:
        return f"{visit.line.name}: {kind}" + ("" if shift.state == "agreed" else f" ({state})")
    who = names.get(shift.person_id or 0)
    if shift.person_id is None:
        return f"{kind}: {visit.telling('week.needs_someone')}"
    return f"{kind}: {who or visit.telling('feed.somebody')}"


def _names(visit: Visit) -> dict[int, str]:
    """The names of those who wish to stand in the line's calendar."""
    query = select(Person.id, Person.name).join(Volunteer, Volunteer.person_id == Person.id)
    rows = visit.db.execute(query.where(Volunteer.named))
    return {row.id: row.name for row in rows}


def _removed(visit: Visit, person_id: int | None) -> list[_Removed]:
    query = select(*_REMOVED).where(
        RemovedPlace.line_id == visit.line.line_id,
        RemovedPlace.ends_at > visit.now - KEPT_FOR,
    )
    if person_id is not None:
        query = query.where(RemovedPlace.person_id == person_id)
    rows = visit.db.execute(query.order_by(RemovedPlace.starts_at))
    return [_Removed(*row) for row in rows]


def _cancelled(visit: Visit, gone: _Removed) -> Event:
    event = Event()
    event.add("uid", gone.uid)
    event.add("dtstamp", visit.now)
    event.add("dtstart", gone.starts_at)
    event.add("dtend", gone.ends_at)
    event.add("sequence", gone.sequence)
    event.add("summary", visit.telling("feed.gone"))
    event.add("status", "CANCELLED")
    return event
