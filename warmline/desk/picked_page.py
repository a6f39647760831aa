"""The selected shifts of a view: copied, removed, opened or asked for, in one step to undo."""

import re
from typing import Final

from shifts import picked
from shifts.drafting import Done
from shifts.history import Change
from shifts.picked import ASK, COPY, OFFER, REMOVE, Picked
from warmline.desk import planning_page, steps, typed
from warmline.desk.sought import day_asked, view_asked
from warmline.desk.visit import Answer, Away, Shown, Visit

SEEN: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


def do(visit: Visit) -> Answer:
    """What the pressed button says, with every shift that is selected."""
    found = [SEEN.fullmatch(one) for one in visit.form.every("place")]
    seen = [(int(one[1]), int(one[2])) for one in found if one]
    day, view, what = day_asked(visit), view_asked(visit), visit.form["what"]
    here = f"/desk/week?view={view}&day={day}"
    if not seen:
        return _again(visit, here, "picked.none")
    to = typed.day_of(visit.form["to"])
    if what == COPY and to is None:
        return _again(visit, here, "picked.bad_to")
    chosen = picked.pick(visit.db, visit.line.line_id, seen)
    done = _done(visit, what, chosen)
    steps.done(visit.db, visit.visitor.person_id, done.change_id)
    if not done.left_out and not chosen.gone:
        there = f"/desk/week?view={view}&day={to}" if what == COPY and to else here
        return Away(f"{there}&done=picked{'&undo=1' if done.change_id else ''}")
    left = planning_page.left_in_words(visit, done)
    left += [("", "", visit.telling("picked.gone"))] * chosen.gone
    values = {"what": "picked", "done": done, "left": left, "day": day}
    return Shown("left_out.html", values)


def _done(visit: Visit, what: str, chosen: Picked) -> Done:
    line, to = visit.line, typed.day_of(visit.form["to"])
    change = Change(line.line_id, what, visit.visitor.person_id, visit.now)
    if what == COPY and to is not None:
        with_people = visit.form["people"] == "yes"
        return picked.copied(visit.db, chosen, to, change, line.zone, with_people=with_people)
    if what == REMOVE:
        return picked.removed(visit.db, chosen, change)
    if what == OFFER:
        return picked.offered(visit.db, chosen, change)
    if what == ASK:
        return picked.asked(visit.db, chosen, change, line.zone)
    return Done(None, 0, frozenset(), ())


def _again(visit: Visit, here: str, why: str) -> Answer:
    values = {"why": visit.telling(why), "to": f"{here}&pick=yes"}
    return Shown("not_picked.html", values, 422)
