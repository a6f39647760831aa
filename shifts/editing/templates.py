"""Templates: a week kept by name, and put into another week as drafts, looked at before."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from shifts.editing.drafting import (
    Done,
    LeftOut,
    both_kinds,
    drafts,
    seat,
    speaks_against_draft,
    written,
)
from shifts.faults import Fault
from shifts.history.history import Change, Pair
from shifts.local_time import DAY, Span, start_instant, start_of_day
from shifts.models import DRAFT
from shifts.places import PlaceRow
from shifts.planning_models import RosterTemplate

TEMPLATE = "template"
WEEK = 7 * DAY
MINUTE = timedelta(minutes=1)
LONGEST_NAME = 80


class NoSuchTemplate(Fault):
    """There is no such template on this line, or not any more."""


class NothingToKeep(Fault):
    """The week has no shift, or the name is none."""


@dataclass(frozen=True)
class Template:
    """A week by its name: its shifts as they lie after Monday's midnight on the wall's clock."""

    id: int
    name: str
    shifts: tuple["Shift", ...]


@dataclass(frozen=True)
class Shift:
    """One shift: days and time after Monday's midnight, its minutes, whose, and its kind."""

    day: int
    starts: str
    minutes: int
    person_id: int | None
    duty: bool


@dataclass(frozen=True)
class Plan:
    """What putting a template into a week would do: drafts that come, and drafts that go."""

    comes: tuple[PlaceRow, ...]
    goes: tuple[PlaceRow, ...]
    left_out: tuple[LeftOut, ...]


def keep(
    connection: Connection, line_id: int, name: str, monday: date, zone: ZoneInfo, *, people: bool
) -> int:
    """Keep the shifts that begin in a week, by name; how many. Raises NothingToKeep."""
    begin, end = _week(monday, zone)
    rows = [row for row in both_kinds(connection, line_id, (begin, end)) if row.starts_at >= begin]
    name = " ".join(name.split())
    if not rows or not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise NothingToKeep("A template needs a name, and a week with shifts.")
    shifts = [asdict(_shift(row, monday, zone, people=people)) for row in rows]
    values = {"line_id": line_id, "name": name, "shifts": json.dumps(shifts)}
    connection.execute(insert(RosterTemplate).values(values))
    return len(rows)


def templates_of(connection: Connection, line_id: int) -> list[Template]:
    """A line's templates, by name."""
    query = select(RosterTemplate.__table__).where(RosterTemplate.line_id == line_id)
    ordered = query.order_by(RosterTemplate.name, RosterTemplate.id)
    return [Template(r.id, r.name, _read(r.shifts)) for r in connection.execute(ordered)]


def forget(connection: Connection, line_id: int, template_id: int) -> None:
    """Take a template away; shifts that were made of it stay."""
    mine = (RosterTemplate.line_id == line_id, RosterTemplate.id == template_id)
    connection.execute(delete(RosterTemplate).where(*mine))


def plan(
    connection: Connection,
    line_id: int,
    template_id: int,
    monday: date,
    zone: ZoneInfo,
    now: datetime,
    *,
    instead: bool,
) -> Plan:
    """What `put` would do; nothing is changed. Raises NoSuchTemplate.

    `instead`: the week's drafts go; else only what is not there yet comes beside them.
    """
    mine = (one for one in templates_of(connection, line_id) if one.id == template_id)
    found = next(mine, None)
    if found is None:
        raise NoSuchTemplate("There is no such template, or not any more.")
    begin, end = _week(monday, zone)
    goes = drafts(connection, line_id, (begin, end)) if instead else []
    gone = {row.id for row in goes}
    there = Counter(
        seat(row) for row in both_kinds(connection, line_id, (begin, end)) if row.id not in gone
    )
    comes, left = list[PlaceRow](), list[LeftOut]()
    for shift in found.shifts:
        row = _row(line_id, shift, monday, zone)
        if there[seat(row)]:
            there[seat(row)] -= 1
            continue
        against = speaks_against_draft(connection, row, comes, zone, now)
        left += [LeftOut(row, tuple(against))] if against else []
        comes.append(replace(row, person_id=None) if against else row)
    return Plan(tuple(comes), tuple(goes), tuple(left))


def put(
    connection: Connection,
    line_id: int,
    template_id: int,
    monday: date,
    zone: ZoneInfo,
    by_id: int | None,
    now: datetime,
    *,
    instead: bool,
) -> Done:
    """Put a template into a week as drafts, in one change. Raises NoSuchTemplate."""
    wanted = plan(connection, line_id, template_id, monday, zone, now, instead=instead)
    pairs = [Pair(row, None) for row in wanted.goes] + [Pair(None, row) for row in wanted.comes]
    return written(connection, Change(line_id, TEMPLATE, by_id, now), pairs, wanted.left_out)


def without_person(connection: Connection, line_id: int, person_id: int) -> None:
    """No template names somebody who leaves."""
    for one in templates_of(connection, line_id):
        if any(shift.person_id == person_id for shift in one.shifts):
            shifts = [
                asdict(replace(s, person_id=None) if s.person_id == person_id else s)
                for s in one.shifts
            ]
            this = update(RosterTemplate).where(RosterTemplate.id == one.id)
            connection.execute(this.values(shifts=json.dumps(shifts)))


def _week(monday: date, zone: ZoneInfo) -> Span:
    return start_of_day(monday, zone), start_of_day(monday + WEEK, zone)


def _shift(row: PlaceRow, monday: date, zone: ZoneInfo, *, people: bool) -> Shift:
    local = row.starts_at.astimezone(zone)
    return Shift(
        (local.date() - monday).days,
        f"{local:%H:%M}",
        (row.ends_at - row.starts_at) // MINUTE,
        row.person_id if people else None,
        row.duty,
    )


def _row(line_id: int, shift: Shift, monday: date, zone: ZoneInfo) -> PlaceRow:
    at = datetime.combine(monday + shift.day * DAY, time.fromisoformat(shift.starts))
    begin = start_instant(at, zone)
    end = start_instant(at + shift.minutes * MINUTE, zone)
    return PlaceRow(None, line_id, begin, end, shift.person_id, DRAFT, shift.duty)


def _read(shifts: str) -> tuple[Shift, ...]:
    return tuple(Shift(**one) for one in json.loads(shifts))
