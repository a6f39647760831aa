"""Somebody is away for some days: another stands in, or their shifts are open; seen before."""

from datetime import date
from typing import Final

from shifts.faults import Fault
from shifts.local_time import local_day
from shifts.overrides import replacing
from shifts.overrides.replacing import Done
from warmline.desk.planning import for_a_time, publish
from warmline.desk.planning.for_a_time import Days
from warmline.desk.roster import week
from warmline.desk.visit import Answer, Away, Form, HtmlPage, Visit

HERE: Final = "/desk/for-a-time/stand-in"


def show(visit: Visit) -> Answer:
    """The form: who is away, from day to day, and who stands in."""
    today = local_day(visit.now, visit.line.zone).isoformat()
    return _form(visit, Form([("person", visit.query["person"]), ("first", today)]), {})


def preview(visit: Visit) -> Answer:
    """Which shifts it is about, whom it asks and what speaks against it; nothing is changed."""
    days, wrong = _read(visit)
    if wrong or days.first is None or days.last is None:
        return _form(visit, visit.form, wrong)
    first, last = days.first, days.last
    try:
        # As if they had said yes: only then are the hours of all these shifts added up.
        seen = for_a_time.tried(
            *(visit, for_a_time.span(visit, first, last)),
            lambda: _change(visit, first, last, agreed=True),
        )
    except Fault as fault:
        return _form(visit, visit.form, {"person": visit.telling.fault(fault)})
    values = {
        **for_a_time.page_values(visit, seen),
        "asked": publish.asked(visit, seen.theirs),
        "agreed": visit.form["agreed"] == "yes",
        "first": first,
        "last": last,
        "leaves": visit.form.number("person"),
        "comes": visit.form.number("stands_in"),
    }
    return HtmlPage("stand_in_preview.html", values)


def do(visit: Visit) -> Answer:
    """All of it in one change, which undo takes back; whoever stands in is asked."""
    days, wrong = _read(visit)
    if wrong or days.first is None or days.last is None:
        return _form(visit, visit.form, wrong)
    agreed = visit.form["agreed"] == "yes"
    try:
        with visit.db.begin_nested():
            done = _change(visit, days.first, days.last, agreed=agreed)
    except Fault as fault:
        return _form(visit, visit.form, {"person": visit.telling.fault(fault)})
    for_a_time.noted(visit, done, agreed=agreed)
    return Away(f"/desk/week?day={days.first}&done=stand_in&undo=1")


def _change(visit: Visit, first: date, last: date, *, agreed: bool) -> Done:
    form, who = visit.form, visit.visitor.person_id
    leaves, comes = form.number("person") or 0, form.number("stands_in")
    where = (visit.db, visit.line.line_id, *for_a_time.span(visit, first, last), leaves)
    duty = form["duty"] == "yes"
    if comes is None:
        return replacing.remove(*where, by_id=who, now=visit.now, duty=duty)
    return replacing.replace(*where, comes, by_id=who, now=visit.now, agreed=agreed, duty=duty)


def _read(visit: Visit) -> tuple[Days, dict[str, str]]:
    people = [one.person_id for one in week.everybody(visit)]
    days, form = for_a_time.days(visit), visit.form
    wrong = dict(days.wrong)
    if form.number("person") not in people:
        wrong["person"] = visit.telling("place.bad_who")
    if form["stands_in"] and form.number("stands_in") not in people:
        wrong["stands_in"] = visit.telling("place.bad_who")
    elif form["stands_in"] and form["stands_in"] == form["person"]:
        wrong["stands_in"] = visit.telling("stand_in.themselves")
    return days, wrong


def _form(visit: Visit, fields: Form, wrong: dict[str, str]) -> Answer:
    values = {"fields": fields, "wrong": wrong, "people": week.everybody(visit)}
    return HtmlPage("stand_in.html", values, 422 if wrong else 200)
