"""Boundaries at the desk: how many stand, for how long they hold, which phones never carry one."""

from typing import Final

from warmline import phone_numbers
from warmline.desk.visit import Answer, Away, HtmlPage, Visit
from warmline.privacy import boundaries
from warmline.privacy.boundaries import Rules
from warmline.sign_in.visitors import COORDINATOR

HERE: Final = "/desk/boundaries"
MOST_SHARED: Final = 200


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("boundaries.html", _values(visit))


def save(visit: Visit) -> Answer:
    """For how many hours, until the line has opened, and the numbers that many share."""
    held = boundaries.rules(visit.db, visit.line.line_id)
    opened = visit.line.opened_at is not None
    hours, wrong = held.hours if opened else visit.form.number("hours"), dict[str, str]()
    if hours is None or not 1 <= hours <= boundaries.MOST_HOURS:
        wrong["hours"] = visit.telling("boundaries.bad_hours", most=boundaries.MOST_HOURS)
    shared, bad = _numbers(visit)
    if bad or len(shared) > MOST_SHARED:
        said = bad or str(len(shared))
        wrong["shared"] = visit.telling("boundaries.bad_shared", bad=said, most=MOST_SHARED)
    if hours is None or wrong:
        values = _values(visit) | {"wrong": wrong, "typed": visit.form}
        return HtmlPage("boundaries.html", values, 422)
    boundaries.set_rules(visit.db, visit.line.line_id, Rules(hours, frozenset(shared)))
    return Away(f"{HERE}?done=boundary_rules")


def end(visit: Visit) -> Answer:
    """One of them ends now."""
    boundaries.end(visit.db, visit.line.line_id, visit.form.number("boundary") or 0)
    return Away(f"{HERE}?done=boundary_over")


def _numbers(visit: Visit) -> tuple[list[str], str]:
    """The numbers (E.164), a line each; and the first line that is none."""
    found = []
    for line in visit.form["shared"].splitlines():
        if not line.strip():
            continue
        try:
            found.append(phone_numbers.parse(line, visit.line.countries[0]))
        except phone_numbers.BadNumber:
            return found, line.strip()[:20]
    return found, ""


def _values(visit: Visit) -> dict[str, object]:
    held = boundaries.rules(visit.db, visit.line.line_id)
    return {
        "standing": boundaries.standing(visit.db, visit.line.line_id, visit.now),
        "hours": held.hours,
        "most": boundaries.MOST_HOURS,
        "shared": "\n".join(phone_numbers.as_written(one) for one in sorted(held.shared)),
        "may_change": visit.visitor.may(COORDINATOR),
        "opened": visit.line.opened_at is not None,
        "wrong": {},
        "typed": None,
    }
