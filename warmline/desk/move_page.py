"""Moving a shift with one tap: the menu beside it on a phone, and the twin of every drag."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from shifts import editing
from warmline.desk import place_page, typed, week
from warmline.desk.visit import Answer, Form, NotFound, Shown, Visit

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
    shift = place_page.the_shift(visit)
    people = week.everybody(visit)
    values = {
        "shift": place_page.shown(shift),
        "seen": editing.version(shift),
        "people": people,
        "names": {one.person_id: one.name for one in people},
        "moves": {kind: [key for key, by in BY.items() if by[0] == kind] for kind in (ALL, END)},
    }
    return Shown("move.html", values)


def move(visit: Visit) -> Answer:
    """The shift as the button says; saved as its form saves it, warnings and all."""
    shift = place_page.the_shift(visit)
    fields = typed.of_shift(place_page.shown(shift), visit.line.zone)
    by = visit.form["by"]
    if by in BY:
        fields |= moved(fields, *BY[by])
    elif by == "whom":
        fields["who"] = visit.form["who"]
    else:
        raise NotFound
    kept = {"seen": visit.form["seen"], "was_how": fields["how"]}
    visit.form = Form([*(fields | kept).items()])
    return place_page.save(visit)


def moved(fields: Mapping[str, str], what: str, by: timedelta) -> dict[str, str]:
    """The fields of a shift moved, or of its end alone."""
    day, starts = _later(fields["day"], fields["starts"], by)
    ends_day, ends = _later(fields["ends_day"], fields["ends"], by)
    new_end = {"ends_day": ends_day, "ends": ends}
    return new_end if what == END else {"day": day, "starts": starts} | new_end


def _later(day: str, at: str, by: timedelta) -> tuple[str, str]:
    then = datetime.fromisoformat(f"{day}T{at}") + by
    return f"{then:%Y-%m-%d}", f"{then:%H:%M}"
