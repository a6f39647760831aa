"""A place that needs someone: whom asking would reach, and what else can be done instead."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shifts.claims import claims
from shifts.editing import editing
from shifts.faults import Fault
from shifts.history.whole_shift import WholeShift
from shifts.hours import opening_hours
from shifts.hours.closing import closed_between
from shifts.local_time import DAY
from shifts.models import ASKED, COVER_WANTED, OPEN
from shifts.places import PlaceRow, in_span
from shifts.refusals import NoSuchPlace
from warmline.conversations.notices import cover_now
from warmline.desk.roster import shift_form, undo_redo
from warmline.desk.roster.week import everybody
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit
from warmline.desk.wording import for_form

NEEDING: Final = (OPEN, COVER_WANTED)


def show(visit: Visit) -> HtmlPage:
    """Whom it reaches, said first."""
    shift = _shift(visit)
    values = {
        "place": shift.first,
        "reached": cover_now.reached(visit.turn, visit.line, shift.first),
        "stayers": _stayers(visit, shift.first),
        "until": for_form(shift.span[1], visit.line.zone)[1],
        "wrong": "",
    }
    return HtmlPage("cover.html", values)


def ask(visit: Visit) -> Answer:
    """Everybody who can be asked now gets one text; a no costs nothing."""
    shift = _shift(visit)
    asked = cover_now.ask(visit.turn, visit.line, shift.first)
    return _back(visit, shift, "cover_asked" if asked else "cover_nobody")


def take(visit: Visit) -> Answer:
    """I take it myself."""
    shift = _shift(visit)
    who, zone = visit.visitor.person_id, visit.line.zone
    try:
        line_id, place = visit.line.line_id, shift.first.id or 0
        claims.take(visit.db, line_id, who, place, visit.now, zone=zone)
    except Fault as fault:
        here = f"/desk/place/{shift.first.id}/cover"
        values = {"problem": "cannot_take", "why": visit.telling.fault(fault), "to": here}
        return HtmlPage("cannot.html", values, 409)
    return _back(visit, shift, "claim_take")


def stay(visit: Visit) -> Answer:
    """Whoever is on until then is asked whether they could stay; no is fine."""
    shift, person = _shift(visit), visit.form.number("person")
    if person not in {one.person_id for one, _ in _stayers(visit, shift.first)}:
        raise NotFound
    first, who = shift.first, visit.visitor.person_id
    wish = editing.Wish(*shift.span, person, ASKED, first.duty)
    change = editing.change(
        *(visit.db, visit.line.line_id, first.id or 0, editing.version(shift)),
        *(wish, who, visit.now),
    )
    undo_redo.done(visit.db, who, change)
    return _back(visit, shift, "stay_asked&undo=1")


def close(visit: Visit) -> Answer:
    """The line is closed until then: callers hear so, and when somebody is next there."""
    shift, zone = _shift(visit), visit.line.zone
    begin = max(shift.span[0], visit.now).replace(second=0, microsecond=0)
    until = _until(visit.form["until"], begin, zone)
    if until is None:
        shown = {"wrong": visit.telling("cover.bad_until"), "until": visit.form["until"]}
        page = show(visit)
        return replace(page, values={**page.values, **shown}, status=422)
    opened = opening_hours.read(visit.db, visit.line.line_id)
    note = visit.telling("cover.nobody_note")
    for day, other in closed_between(opened, begin, until, zone, note).items():
        opening_hours.set_day(visit.db, visit.line.line_id, day, other)
    return _back(visit, shift, "closed")


def _until(clock: str, begin: datetime, zone: ZoneInfo) -> datetime | None:
    """The first time that a clock there shows this after `begin`; None for no time."""
    today = begin.astimezone(zone).date()
    found = (shift_form.instant(f"{day}", clock, zone) for day in (today, today + DAY))
    return next((one for one in found if one and one > begin), None)


def _shift(visit: Visit) -> WholeShift:
    try:
        shift = editing.shift_at(visit.db, visit.line.line_id, int(visit.path["place"]))
    except NoSuchPlace:
        raise NotFound from None
    if shift.first.state not in NEEDING or shift.span[1] <= visit.now:
        raise NotFound
    begin, end = shift.span
    return replace(shift, pieces=(replace(shift.first, starts_at=begin, ends_at=end),))


def _stayers(visit: Visit, place: PlaceRow) -> list[tuple[PlaceRow, str]]:
    """Who is on until the place begins, with their names; only a place of nobody's is asked for."""
    if place.person_id is not None:
        return []
    names = {one.person_id: one.name for one in everybody(visit)}
    before = in_span(
        visit.db, visit.line.line_id, place.starts_at - editing.SECOND, place.starts_at
    )
    return [
        (row, names.get(row.person_id or 0, ""))
        for row in before
        if row.on and row.ends_at == place.starts_at
    ]


def _back(visit: Visit, shift: WholeShift, done: str) -> Away:
    day = visit.telling.local(shift.first.starts_at).date()
    return Away(f"/desk/week?day={day}&done={done}")
