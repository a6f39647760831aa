"""Planning at the desk: copying days and weeks forward, undo and redo."""

from datetime import date

from shifts.editing import drafting
from shifts.editing.drafting import Done
from shifts.faults import Fault
from shifts.local_time import DAY
from warmline.desk.roster import grid, shift_form, undo_redo, view
from warmline.desk.roster.moving import left_in_words
from warmline.desk.visit import Answer, Away, HtmlPage, Visit, inside

MOST_TIMES = 26


def copy(visit: Visit) -> Answer:
    """Which days are copied where."""
    return HtmlPage("copy.html", _copying(visit, view.day_asked(visit)))


def copy_now(visit: Visit) -> Answer:
    """The day or week once more, as drafts; what could not be is named."""
    form = visit.form
    day, to = view.day_asked(visit), shift_form.day_of(form["to"])
    times = form.number("times") or 0
    what = "day" if form["what"] == "day" else "week"
    first = grid.week_of(day)[0] if what == "week" else day
    target = to and (grid.week_of(to)[0] if what == "week" else to)
    wrong = {} if target and target > first else {"to": visit.telling("copy.bad_to")}
    wrong |= {} if 1 <= times <= MOST_TIMES else {"times": visit.telling("copy.bad_times")}
    if wrong or target is None:
        return HtmlPage("copy.html", _copying(visit, day) | {"wrong": wrong}, 422)
    span = grid.span_of(days_of(what, first), visit.line.zone)
    days = (target - first).days
    done = drafting.copied(
        *(visit.db, visit.line.line_id, span, days, times),
        *(visit.visitor.person_id, visit.now, visit.line.zone),
        with_people=form["people"] == "yes",
    )
    undo_redo.done(visit.db, visit.visitor.person_id, done.change_id)
    return result_page(visit, done, "copy", target)


def days_of(what: str, first: date) -> list[date]:
    """A day, or the seven days from it on."""
    return [first + one * DAY for one in range(7 if what == "week" else 1)]


def undo(visit: Visit) -> Answer:
    """One's own last change is as if it had not been."""
    return _turned(visit, "undone")


def redo(visit: Visit) -> Answer:
    """What one has undone last is done again."""
    return _turned(visit, "redone")


def _turned(visit: Visit, done: str) -> Answer:
    turn = undo_redo.undo if done == "undone" else undo_redo.redo
    to = inside(visit.form["to"] or "/desk/week")
    try:
        turn(visit.db, visit.line.line_id, visit.visitor.person_id, visit.now)
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": visit.telling.fault(fault), "to": to}
        return HtmlPage("cannot.html", values, 409)
    return Away(f"{to}{'&' if '?' in to else '?'}done={done}")


def _copying(visit: Visit, day: date) -> dict[str, object]:
    return {"day": day, "wrong": {}, "fields": visit.form}


def result_page(visit: Visit, done: Done, what: str, day: date) -> Answer:
    """Back to the week; or first what was left, and why."""
    if not done.left_out:
        said = f"done={what}_done&undo=1" if done.change_id else f"done={what}_nothing"
        return Away(f"/desk/week?day={day}&{said}")
    left = left_in_words(visit, done)
    return HtmlPage("left_out.html", {"what": what, "done": done, "left": left, "day": day})
