"""Moves a shift with one tap: the menu beside it on a phone, and the twin of every drag.

The selected shifts of a view are copied, removed, opened or asked for here, in one step to undo.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from shifts.editing import editing, several
from shifts.editing.drafting import Done, LeftOut
from shifts.editing.several import ASK, COPY, OFFER, REMOVE, Selection
from shifts.history.history import Change
from warmline.desk.roster import shift_form, shift_page, undo_redo, week
from warmline.desk.roster.view import day_asked, view_asked
from warmline.desk.visit import Answer, Away, Form, HtmlPage, NotFound, Visit

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
QUARTER: Final = timedelta(minutes=15)
ALL, END = "all", "end"
BY: Final[Mapping[str, tuple[str, timedelta]]] = {
    "earlier_day": (ALL, -DAY),
    "later_day": (ALL, DAY),
    "earlier_hour": (ALL, -HOUR),
    "later_hour": (ALL, HOUR),
    "earlier_quarter": (ALL, -QUARTER),
    "later_quarter": (ALL, QUARTER),
    "shorter": (END, -QUARTER),
    "longer": (END, QUARTER),
}
"""What each button moves, on the wall's clock."""


def show(visit: Visit) -> Answer:
    """The menu."""
    shift = shift_page.the_shift(visit)
    people = week.everybody(visit)
    values = {
        "shift": shift_page.whole_shift_shown(shift),
        "seen": editing.version(shift),
        "people": people,
        "names": {one.person_id: one.name for one in people},
        "moves": {kind: [key for key, by in BY.items() if by[0] == kind] for kind in (ALL, END)},
    }
    return HtmlPage("move.html", values)


def move(visit: Visit) -> Answer:
    """The shift as the button says; saved as its form saves it, warnings and all."""
    shift = shift_page.the_shift(visit)
    fields = shift_form.of_shift(shift_page.whole_shift_shown(shift), visit.line.zone)
    by = visit.form["by"]
    if by in BY:
        fields |= moved(fields, *BY[by])
    elif by == "whom":
        fields["who"] = visit.form["who"]
    else:
        raise NotFound
    kept = {"seen": visit.form["seen"], "was_how": fields["how"]}
    visit.form = Form([*(fields | kept).items()])
    return shift_page.save(visit)


def moved(fields: Mapping[str, str], what: str, by: timedelta) -> dict[str, str]:
    """The fields of a shift moved, or of its end alone."""
    day, starts = _later(fields["day"], fields["starts"], by)
    ends_day, ends = _later(fields["ends_day"], fields["ends"], by)
    new_end = {"ends_day": ends_day, "ends": ends}
    return new_end if what == END else {"day": day, "starts": starts} | new_end


def _later(day: str, at: str, by: timedelta) -> tuple[str, str]:
    then = datetime.fromisoformat(f"{day}T{at}") + by
    return f"{then:%Y-%m-%d}", f"{then:%H:%M}"


SEEN: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


def do(visit: Visit) -> Answer:
    """What the pressed button says, with every shift that is selected."""
    found = [SEEN.fullmatch(one) for one in visit.form.every("place")]
    seen = [(int(one[1]), int(one[2])) for one in found if one]
    day, view, what = day_asked(visit), view_asked(visit), visit.form["what"]
    here = f"/desk/week?view={view}&day={day}"
    if not seen:
        return _again(visit, here, "picked.none")
    to = shift_form.day_of(visit.form["to"])
    if what == COPY and to is None:
        return _again(visit, here, "picked.bad_to")
    chosen = several.pick(visit.db, visit.line.line_id, seen)
    done = _done(visit, what, chosen)
    undo_redo.done(visit.db, visit.visitor.person_id, done.change_id)
    if not done.left_out and not chosen.gone:
        there = f"/desk/week?view={view}&day={to}" if what == COPY and to else here
        return Away(f"{there}&done=picked{'&undo=1' if done.change_id else ''}")
    left = left_in_words(visit, done)
    left += [("", "", visit.telling("picked.gone"))] * chosen.gone
    values = {"what": "picked", "done": done, "left": left, "day": day}
    return HtmlPage("left_out.html", values)


def _done(visit: Visit, what: str, chosen: Selection) -> Done:
    line, to = visit.line, shift_form.day_of(visit.form["to"])
    change = Change(line.line_id, what, visit.visitor.person_id, visit.now)
    if what == COPY and to is not None:
        with_people = visit.form["people"] == "yes"
        return several.copied(visit.db, chosen, to, change, line.zone, with_people=with_people)
    if what == REMOVE:
        return several.removed(visit.db, chosen, change)
    if what == OFFER:
        return several.offered(visit.db, chosen, change)
    if what == ASK:
        return several.asked(visit.db, chosen, change, line.zone)
    return Done(None, 0, frozenset(), ())


def _again(visit: Visit, here: str, why: str) -> Answer:
    values = {"why": visit.telling(why), "to": f"{here}&pick=yes"}
    return HtmlPage("not_picked.html", values, 422)


def left_in_words(visit: Visit, done: Done) -> list[tuple[str, str, str]]:
    """Whose each of the shifts is that were left out, when it is, and why."""
    names = {one.person_id: one.name for one in week.everybody(visit)}
    return [_left(visit, one, names) for one in done.left_out]


def _left(visit: Visit, one: LeftOut, names: dict[int, str]) -> tuple[str, str, str]:
    place = one.place
    when = visit.telling.dated(place.starts_at, place.ends_at)
    why = "; ".join(shift_form.spoken(one.findings, visit.telling))
    return names.get(place.person_id or 0, ""), when, why
