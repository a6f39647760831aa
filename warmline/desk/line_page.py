"""The line itself at the desk: name, hours, numbers wanted, patience; and other places to call."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select

from shifts import hours, wanted
from shifts.faults import Fault
from warmline import line_hours, opening, promise
from warmline.desk import promise_told, typed
from warmline.desk.visit import Answer, Away, Form, Shown, Visit
from warmline.line_settings import option
from warmline.models import OtherPlace
from warmline.prompts import LANGUAGES

HERE: Final = "/desk/line"
NUMBERS: Final = ("patience_seconds", "breather_minutes", "ring_seconds", "phones_at_once")
MOST_PLACES: Final = 8
LONGEST: Final = {"name": 80, "number": 40, "on_police": 160}


def show(visit: Visit) -> Answer:
    """The page."""
    return Shown("line.html", _values(visit))


def save(visit: Visit) -> Answer:
    """The line's settings as they were typed; what cannot be is said beside its field."""
    form = visit.form
    wrong = {name: visit.telling("line.bad_number") for name in NUMBERS if not _number(form, name)}
    if not wrong:
        wrong = _changed(visit, _wanted(form))
    if wrong:
        return Shown("line.html", _values(visit) | {"wrong": wrong, "typed": form}, 422)
    return Away(f"{HERE}?done=line")


def save_day(visit: Visit) -> Answer:
    """Other hours on one day, closed, or as in every week again."""
    form = visit.form
    day, how = typed.day_of(form["day"]), form["how"]
    try:
        if day is None:
            raise line_hours.BadHours("no day")
        if how == "closed":
            given = {"closed": [f"{day} {form['note']}"]}
        else:
            given = {"hours_on": [f"{day} {form['times'] if how == 'times' else 'usual'}"]}
        with visit.db.begin_nested():
            opening.change(visit.db, visit.line, given)
    except Fault:
        wrong = {"day" if day is None else "times": visit.telling("line.bad_day")}
        return Shown("line.html", _values(visit) | {"wrong": wrong, "typed_day": form}, 422)
    return Away(f"{HERE}?done=line")


def save_places(visit: Visit) -> Answer:
    """Other places to call in one language, in this order; each with its word on police."""
    language = visit.form["language"]
    if language not in visit.line.languages:
        return Away(HERE)
    names = ("name", "number", "on_police")
    columns = [visit.form.every(name) for name in names]
    rows = [dict(zip(names, one, strict=True)) for one in zip(*columns, strict=False)]
    rows = [row for row in rows if any(row.values())]
    bad = [row for row in rows if not all(row.values()) or _too_long(row)]
    if bad:
        wrong = {f"places-{language}": visit.telling("line.bad_place")}
        lists = _places(visit) | {language: rows}
        return Shown("line.html", _values(visit) | {"wrong": wrong, "places": lists}, 422)
    mine = {"line_id": visit.line.line_id, "language": language}
    visit.db.execute(delete(OtherPlace).filter_by(**mine))
    if rows:
        numbered = [{**row, **mine, "position": n} for n, row in enumerate(rows, start=1)]
        visit.db.execute(insert(OtherPlace), numbered)
    return Away(f"{HERE}?done=places")


def _changed(visit: Visit, given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with what was given; nothing: it is kept."""
    try:
        with visit.db.begin_nested():
            opening.change(visit.db, visit.line, given)
    except Fault as fault:
        return dict(_by_field(line, visit) for line in fault.lines)
    return {}


def _by_field(words: str, visit: Visit) -> tuple[str, str]:
    """A fault's own words begin with the option that they are about."""
    names = ("name", "time_zone", "languages", "hours", "wanted", *NUMBERS)
    name = next((one for one in names if words.startswith(f"{option(one)}:")), "name")
    if name in ("hours", "wanted"):
        return name, visit.telling(f"line.bad_{name}", why=words.partition(": ")[2])
    return name, visit.telling("line.bad_value", why=words.partition(": ")[2])


def _wanted(form: Form) -> dict[str, Any]:
    given: dict[str, Any] = {name: _number(form, name) for name in NUMBERS}
    given |= {"name": form["name"], "time_zone": form["time_zone"]}
    given["languages"] = form.every("languages")
    given["hours"] = _lines(form["hours"]) or [line_hours.ALWAYS]
    # Who is named no longer is wanted as usual again.
    said = _lines(form["wanted"])
    named = {one.partition(" ")[0].rpartition("=")[0] for one in said}
    every = {str(one) for one in wanted.usual_numbers(LANGUAGES)} - {"line"}
    usual = [f"{one}=usual" for one in sorted(every - named)]
    given["wanted"] = [*said, *usual, *([] if "" in named else ["line=usual"])]
    return given


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(form: Form, name: str) -> int | None:
    return form.number(name)


def _too_long(row: Mapping[str, str]) -> bool:
    return any(len(row[name]) > most for name, most in LONGEST.items())


def _values(visit: Visit) -> dict[str, Any]:
    opened = hours.read(visit.db, visit.line.line_id)
    offered = promise.offered_languages(visit.db, visit.line.line_id)
    return {
        "hours": "\n".join(str(one) for one in opened.weekly),
        "days": sorted(opened.days.items()),
        "wanted": "\n".join(str(one) for one in wanted.read(visit.db, visit.line.line_id)),
        "offered": offered,
        "known": LANGUAGES,
        "versions": promise_told.history(visit),
        "places": _places(visit),
        "most_places": MOST_PLACES,
        "wrong": {},
        "typed": None,
        "typed_day": None,
    }


def _places(visit: Visit) -> dict[str, list[dict[str, str]]]:
    query = select(OtherPlace.__table__).where(OtherPlace.line_id == visit.line.line_id)
    found: dict[str, list[dict[str, str]]] = {code: [] for code in visit.line.languages}
    for row in visit.db.execute(query.order_by(OtherPlace.position)):
        one = {"name": row.name, "number": row.number, "on_police": row.on_police}
        found.setdefault(row.language, []).append(one)
    return found
