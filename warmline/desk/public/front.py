"""The line's public page, for anybody: number, hours, the promise, what is kept, joining."""

from datetime import timedelta
from typing import Final

from shifts.hours import opening_hours
from shifts.local_time import DAY
from shifts.who_is_on import next_on, who_is_on
from warmline import phone_numbers
from warmline.conversations.notices import duty
from warmline.desk.line.line import other_places
from warmline.desk.roster import shift_form
from warmline.desk.visit import Answer, HtmlPage, Visit
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.people import joining
from warmline.people.volunteers import who_may_be_rung
from warmline.phone_numbers import as_written
from warmline.promise import promise

AN_HOUR: Final = timedelta(hours=1)
BY_ONE: Final = Limit("wishes to join from a network", 5, AN_HOUR)
"""How many there may be from everywhere together: people/joining.py."""


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("public.html", _values(visit))


def join(visit: Visit) -> Answer:
    """Somebody would like to join: what it is and who rings when is said at once."""
    try:
        number = phone_numbers.parse(visit.form["phone"], visit.line.countries[0])
        phone_numbers.may_be_dialled(number, visit.line.countries)
    except ValueError:
        wrong = visit.telling("public.bad_phone")
        values = {"wrong": wrong, "phone": visit.form["phone"]}
        return HtmlPage("public.html", _values(visit) | values, 422)
    if visit.form["yes"] != "yes" or not _noted(visit, number):
        wrong = visit.telling("public.say_yes" if visit.form["yes"] != "yes" else "public.busy")
        values = {"wrong": wrong, "phone": visit.form["phone"]}
        return HtmlPage("public.html", _values(visit) | values, 422)
    return HtmlPage("joined.html", {"number": as_written(_to_text(visit))})


def _noted(visit: Visit, number: str) -> bool:
    """Note the wish, where there is room from this network (where it is known) and at all."""
    db, seal, line_id = visit.db, visit.seal, visit.line.line_id
    network = visit.network
    if network and attempts.refused(db, seal, BY_ONE, network, visit.now) is not None:
        return False
    noted = joining.note(db, seal, line_id, number, visit.telling.language, visit.now)
    if noted == "new":
        duty.alert(visit.turn, line_id, "wants_to_join")
    return noted != "full"


def _values(visit: Visit) -> dict[str, object]:
    line, db, now = visit.line, visit.db, visit.now
    held = promise.in_force(db, line.line_id)
    offered = promise.offered_languages(db, line.line_id)
    opened = opening_hours.read(db, line.line_id)
    peers = who_may_be_rung(line.line_id)
    today = visit.telling.local(now).date()
    differs = any(today <= day < today + 7 * DAY for day in opened.days)
    return {
        "number": as_written(line.number),
        "to_text": as_written(_to_text(visit)),
        "promises": [(code, promise.spoken(held[code], line.name)) for code in offered],
        "spans": opening_hours.open_spans(opened, now, now + 7 * DAY, line.zone),
        "always": not opened.weekly and not differs,
        "there": bool(who_is_on(db, line.line_id, now, among=peers)),
        "next_at": next_on(db, line.line_id, now, among=peers),
        "places": _places(visit),
        "wrong": "",
        "phone": "",
    }


def _places(visit: Visit) -> list[tuple[str, list[dict[str, object]]]]:
    """By language, other places to call, each with the day on which it was last checked."""
    return [
        (code, [one | {"checked": shift_form.day_of(one["checked_on"])} for one in rows])
        for code, rows in other_places(visit).items()
        if rows
    ]


def _to_text(visit: Visit) -> str:
    return visit.line.volunteer_number or visit.line.number
