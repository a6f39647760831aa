"""A temporary roster: for some days, a few shifts stand in place of the usual ones; seen before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from shifts.faults import Fault
from shifts.local_time import DAY, Span, end_instant, local_day, start_instant
from shifts.overrides import holidays
from shifts.overrides.holidays import TemporarySeat
from shifts.overrides.replacing import Done
from warmline.desk.planning import for_a_time, publish
from warmline.desk.roster import shift_form, week
from warmline.desk.visit import Answer, Away, Form, HtmlPage, Visit

HERE: Final = "/desk/for-a-time/roster"
ROWS: Final = 4
LONGEST: Final = 62
"""Days: each row is a shift on each of them."""


@dataclass(frozen=True)
class Wish:
    """A temporary roster as it was typed: its days, and its shifts on all of them."""

    first: date
    last: date
    seats: tuple[TemporarySeat, ...]


def show(visit: Visit) -> Answer:
    """The form: from day to day, and which shifts there are on each."""
    today = local_day(visit.now, visit.line.zone).isoformat()
    return _form(visit, Form([("first", today)]), {})


def preview(visit: Visit) -> Answer:
    """What goes, what comes and whom it asks; nothing is changed."""
    wish, wrong = _read(visit)
    if wish is None:
        return _form(visit, visit.form, wrong)
    try:
        span = for_a_time.span(visit, wish.first, wish.last)
        seen = for_a_time.tried(visit, span, lambda: _change(visit, wish))
    except Fault as fault:
        return _form(visit, visit.form, {"first": visit.telling.fault(fault)})
    values = {
        **for_a_time.page_values(visit, seen),
        "asked": publish.asked(visit, seen.theirs),
        "agreed": visit.form["agreed"] == "yes",
        "first": wish.first,
        "last": wish.last,
    }
    return HtmlPage("temporary_preview.html", values)


def do(visit: Visit) -> Answer:
    """The usual shifts are hidden and these are there, in one change, which undo takes back."""
    wish, wrong = _read(visit)
    if wish is None:
        return _form(visit, visit.form, wrong)
    try:
        with visit.db.begin_nested():
            done = _change(visit, wish)
    except Fault as fault:
        return _form(visit, visit.form, {"first": visit.telling.fault(fault)})
    for_a_time.noted(visit, done, agreed=visit.form["agreed"] == "yes")
    return Away(f"/desk/week?day={wish.first}&done=temporary&undo=1")


def _change(visit: Visit, wish: Wish) -> Done:
    span = for_a_time.span(visit, wish.first, wish.last)
    return holidays.temporary(
        *(visit.db, visit.line.line_id, *span, wish.seats),
        by_id=visit.visitor.person_id,
        now=visit.now,
        duty=visit.form["duty"] == "yes",
    )


def _read(visit: Visit) -> tuple[Wish | None, dict[str, str]]:
    """What was typed, or what is wrong with each field."""
    days, form = for_a_time.days(visit), visit.form
    people = [one.person_id for one in week.everybody(visit)]
    wrong, rows = dict(days.wrong), list[tuple[time, time, int | None]]()
    for row in range(1, ROWS + 1):
        starts, ends, who = (form[f"{name}_{row}"] for name in ("starts", "ends", "who"))
        if not starts and not ends:
            continue
        begin, end = shift_form.time_of(starts), shift_form.time_of(ends)
        bad = {"starts": begin is None, "ends": end is None}
        wrong |= {
            f"{name}_{row}": visit.telling("patterns.bad_time")
            for name, is_bad in bad.items()
            if is_bad
        }
        person = form.number(f"who_{row}")
        if who and person not in people:
            wrong[f"who_{row}"] = visit.telling("place.bad_who")
        if begin is not None and end is not None:
            rows.append((begin, end, person))
    first, last = days.first, days.last
    if first and last and (last - first).days >= LONGEST:
        wrong["last"] = visit.telling("temporary.too_long", n=LONGEST)
    if wrong or first is None or last is None:
        return None, wrong
    within, agreed = for_a_time.span(visit, first, last), form["agreed"] == "yes"
    seats = tuple(
        TemporarySeat(*span, person, agreed and person is not None)
        for begin, end, person in rows
        for span in _each_day(first, last, begin, end, within, visit.line.zone)
    )
    return Wish(first, last, seats), {}


def _each_day(
    first: date, last: date, starts: time, ends: time, within: Span, zone: ZoneInfo
) -> Iterator[Span]:
    """The same hours on each day, over midnight where the end comes first; cut to a span."""
    for number in range((last - first).days + 1):
        day = first + number * DAY
        until = day if ends > starts else day + DAY
        begin = start_instant(datetime.combine(day, starts), zone)
        end = end_instant(datetime.combine(until, ends), zone)
        begin, end = max(begin, within[0]), min(end, within[1])
        if begin < end:
            yield begin, end


def _form(visit: Visit, fields: Form, wrong: dict[str, str]) -> Answer:
    values = {"fields": fields, "wrong": wrong, "people": week.everybody(visit)}
    return HtmlPage("temporary.html", values | {"rows": range(1, ROWS + 1)}, 422 if wrong else 200)
