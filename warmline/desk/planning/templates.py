"""Templates at the desk: a usual week kept by name, and put into another, seen before."""

from datetime import date
from typing import Final

from shifts.editing import templates
from shifts.faults import Fault
from warmline.desk.planning import copying
from warmline.desk.roster import grid, undo_redo, view, week
from warmline.desk.visit import Answer, Away, HtmlPage, NotFound, Visit

HERE: Final = "/desk/templates"


def show(visit: Visit) -> Answer:
    """Every template, and keeping this week as one."""
    return HtmlPage("templates.html", _values(visit, _monday(visit)))


def keep(visit: Visit) -> Answer:
    """This week is a template by its name."""
    monday = _monday(visit)
    with_people = visit.form["people"] == "yes"
    line, name = visit.line, visit.form["name"]
    try:
        templates.keep(visit.db, line.line_id, name, monday, line.zone, people=with_people)
    except templates.NothingToKeep:
        wrong = visit.telling("templates.bad_name")
        return HtmlPage(
            "templates.html", _values(visit, monday) | {"wrong": wrong, "name": name}, 422
        )
    return Away(f"{HERE}?day={monday}&done=template_kept")


def preview(visit: Visit) -> Answer:
    """What it would do to the week: what comes, what goes; nothing is changed."""
    monday, instead = _monday(visit), visit.form["how"] == "instead"
    number, line = visit.form.number("template") or 0, visit.line
    try:
        plan = templates.plan(
            *(visit.db, line.line_id, number, monday, line.zone, visit.now), instead=instead
        )
    except Fault:
        raise NotFound from None
    values = {
        "plan": plan,
        "day": monday,
        "number": number,
        "how": "instead" if instead else "beside",
        "names": {one.person_id: one.name for one in week.everybody(visit)},
    }
    return HtmlPage("template_preview.html", values)


def put(visit: Visit) -> Answer:
    """The week has the template's shifts as drafts; what could not be is named."""
    monday, who = _monday(visit), visit.visitor.person_id
    number, line = visit.form.number("template") or 0, visit.line
    try:
        done = templates.put(
            *(visit.db, line.line_id, number, monday, line.zone, who, visit.now),
            instead=visit.form["how"] == "instead",
        )
    except Fault:
        raise NotFound from None
    undo_redo.done(visit.db, who, done.change_id)
    return copying.result_page(visit, done, "copy", monday)


def forget(visit: Visit) -> Answer:
    """The template is gone; shifts made of it stay."""
    number = visit.form.number("template") or 0
    templates.forget(visit.db, visit.line.line_id, number)
    return Away(f"{HERE}?done=template_gone")


def _monday(visit: Visit) -> date:
    return grid.week_of(view.day_asked(visit))[0]


def _values(visit: Visit, monday: date) -> dict[str, object]:
    found = templates.templates_of(visit.db, visit.line.line_id)
    return {"templates": found, "day": monday, "wrong": "", "name": ""}
