"""Planning at the desk: copying days and weeks forward, publishing drafts, undo and redo."""

from datetime import date

from shifts import drafting
from shifts.calendar import DAY, Span
from shifts.drafting import Done, LeftOut
from shifts.faults import Fault
from warmline.desk import grid, steps, typed, week
from warmline.desk.visit import Answer, Away, Shown, Visit, inside

MOST_TIMES = 26


def copy(visit: Visit) -> Answer:
    """Which days are copied where."""
    return Shown("copy.html", _copying(visit, week.day_asked(visit)))


def copy_now(visit: Visit) -> Answer:
    """The day or week once more, as drafts; what could not be is named."""
    form = visit.form
    day, to = week.day_asked(visit), typed.day_of(form["to"])
    times = form.number("times") or 0
    what = "day" if form["what"] == "day" else "week"
    first = grid.week_of(day)[0] if what == "week" else day
    target = to and (grid.week_of(to)[0] if what == "week" else to)
    wrong = {} if target and target > first else {"to": visit.telling("copy.bad_to")}
    wrong |= {} if 1 <= times <= MOST_TIMES else {"times": visit.telling("copy.bad_times")}
    if wrong or target is None:
        return Shown("copy.html", _copying(visit, day) | {"wrong": wrong}, 422)
    span = grid.span_of(days_of(what, first), visit.line.zone)
    days = (target - first).days
    done = drafting.copied(
        *(visit.db, visit.line.line_id, span, days, times),
        *(visit.visitor.person_id, visit.now, visit.line.zone),
        with_people=form["people"] == "yes",
    )
    steps.done(visit.db, visit.visitor.person_id, done.change_id)
    return told(visit, done, "copy", target)


def days_of(what: str, first: date) -> list[date]:
    """A day, or the seven days from it on."""
    return [first + one * DAY for one in range(7 if what == "week" else 1)]


def publish(visit: Visit) -> Answer:
    """What publishing would do: who is asked, what opens."""
    days = grid.week_of(week.day_asked(visit))
    return Shown("publish.html", _publishing(visit, days))


def publish_now(visit: Visit) -> Answer:
    """Every draft of the week, in one go; whoever is asked hears of it by text."""
    days = grid.week_of(week.day_asked(visit))
    span = _span(visit, days)
    who = visit.visitor.person_id
    done = drafting.publish(visit.db, visit.line.line_id, span, who, visit.now, visit.line.zone)
    steps.done(visit.db, who, done.change_id)
    return told(visit, done, "publish", days[0])


def undo(visit: Visit) -> Answer:
    """One's own last change is as if it had not been."""
    return _turned(visit, "undone")


def redo(visit: Visit) -> Answer:
    """What one has undone last is done again."""
    return _turned(visit, "redone")


def _turned(visit: Visit, done: str) -> Answer:
    turn = steps.undo if done == "undone" else steps.redo
    to = inside(visit.form["to"] or "/desk/week")
    try:
        turn(visit.db, visit.line.line_id, visit.visitor.person_id, visit.now)
    except Fault as fault:
        values = {"problem": "cannot_undo", "why": visit.telling.fault(fault), "to": to}
        return Shown("cannot.html", values, 409)
    return Away(f"{to}{'&' if '?' in to else '?'}done={done}")


def _copying(visit: Visit, day: date) -> dict[str, object]:
    return {"day": day, "wrong": {}, "fields": visit.form}


def _publishing(visit: Visit, days: list[date]) -> dict[str, object]:
    drafts = drafting.drafts(visit.db, visit.line.line_id, _span(visit, days))
    names = {one.person_id: one.name for one in week.everybody(visit)}
    coming = [one for one in drafts if one.ends_at > visit.now]
    asked: dict[str, int] = {}
    for one in coming:
        if one.person_id is not None:
            asked[names[one.person_id]] = asked.get(names[one.person_id], 0) + 1
    opens = [one for one in coming if one.person_id is None]
    return {"day": days[0], "asked": asked, "opens": opens, "drafts": coming}


def told(visit: Visit, done: Done, what: str, day: date) -> Answer:
    """Back to the week; or first what was left, and why."""
    if not done.left_out:
        said = f"done={what}_done&undo=1" if done.change_id else f"done={what}_nothing"
        return Away(f"/desk/week?day={day}&{said}")
    names = {one.person_id: one.name for one in week.everybody(visit)}
    left = [_left(visit, one, names) for one in done.left_out]
    return Shown("left_out.html", {"what": what, "done": done, "left": left, "day": day})


def _left(visit: Visit, one: LeftOut, names: dict[int, str]) -> tuple[str, str, str]:
    place = one.place
    when = visit.telling.dated(place.starts_at, place.ends_at)
    why = "; ".join(typed.spoken(one.findings, visit.telling))
    return names.get(place.person_id or 0, ""), when, why


def _span(visit: Visit, days: list[date]) -> Span:
    return grid.span_of(days, visit.line.zone)
