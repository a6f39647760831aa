"""The line itself at the desk: name, hours, numbers wanted, patience; and other places to call."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import delete, insert, select

from shifts.faults import Fault
from shifts.hours import opening_hours, wanted
from warmline.calls import third_person
from warmline.desk.line import hours_form
from warmline.desk.people import promise_pages
from warmline.desk.roster import shift_form
from warmline.desk.visit import Answer, Away, Form, HtmlPage, Visit
from warmline.line import line_hours, opening
from warmline.line.line_settings import option
from warmline.models.line import OtherPlace
from warmline.promise import promise
from warmline.prompts import LANGUAGES

HERE: Final = "/desk/line"
NUMBERS: Final = ("patience_seconds", "breather_minutes", "ring_seconds", "phones_at_once")
MOST_PLACES: Final = 8
LONGEST: Final = {"name": 80, "number": 40, "on_police": 160}
CHECKED: Final = "checked_on"


def show(visit: Visit) -> Answer:
    """The page."""
    return HtmlPage("line.html", _values(visit))


def save(visit: Visit) -> Answer:
    """The line's settings as they were typed; what cannot be is said beside its field."""
    form = visit.form
    hours_typed = hours_form.read_hours(form)
    wanted_typed = hours_form.read_wanted(form, LANGUAGES)
    missing = [name for name in NUMBERS if form.number(name) is None]
    wrong = {name: visit.telling(f"line.bad_{name}") for name in missing}
    if not (wrong or hours_typed.wrong or wanted_typed.wrong):
        wrong = _changed(visit, _wanted(form, hours_typed.texts, wanted_typed.texts))
    if wrong or hours_typed.wrong or wanted_typed.wrong:
        rows = {"hours": hours_typed.rows, "wanted": wanted_typed.rows}
        return HtmlPage("line.html", _values(visit) | rows | {"wrong": wrong, "typed": form}, 422)
    return Away(f"{HERE}?done=line")


def save_day(visit: Visit) -> Answer:
    """Other hours on one day, closed, or as in every week again."""
    form = visit.form
    day, how = shift_form.day_of(form["day"]), form["how"]
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
        return HtmlPage("line.html", _values(visit) | {"wrong": wrong, "typed_day": form}, 422)
    return Away(f"{HERE}?done=line")


def save_spoken(visit: Visit) -> Answer:
    """Whether a volunteer may report a caller's spoken yes to a third person."""
    third_person.take_spoken(visit.db, visit.line.line_id, takes=visit.form["spoken"] == "yes")
    return Away(f"{HERE}?done=line")


def save_places(visit: Visit) -> Answer:
    """Other places to call in one language, in this order; each with its word on police."""
    language = visit.form["language"]
    if language not in visit.line.languages:
        return Away(HERE)
    rows = _typed_places(visit.form)
    bad = [row for row in rows if not all(row[name] for name in LONGEST) or _too_long(row)]
    never = [row for row in rows if not _is_past(visit, row[CHECKED])]
    if bad or never:
        what = "bad_place" if bad else "bad_checked"
        wrong = {f"places-{language}": visit.telling(f"line.{what}")}
        lists = other_places(visit) | {language: rows}
        return HtmlPage("line.html", _values(visit) | {"wrong": wrong, "places": lists}, 422)
    mine = {"line_id": visit.line.line_id, "language": language}
    visit.db.execute(delete(OtherPlace).filter_by(**mine))
    if rows:
        numbered = [
            {**row, **mine, CHECKED: shift_form.day_of(row[CHECKED]), "position": n}
            for n, row in enumerate(rows, start=1)
        ]
        visit.db.execute(insert(OtherPlace), numbered)
    return Away(f"{HERE}?done=places")


def _typed_places(form: Form) -> list[dict[str, str]]:
    """The rows of the list in which anything was typed, in their order."""
    names = (*LONGEST, CHECKED)
    columns = [form.every(name) for name in names]
    rows = [dict(zip(names, one, strict=True)) for one in zip(*columns, strict=False)]
    return [row for row in rows if any(row[name] for name in LONGEST)]


def _is_past(visit: Visit, day: str) -> bool:
    """Whether a day was left empty, or has been already."""
    told = shift_form.day_of(day)
    return not day or (told is not None and told <= visit.telling.local(visit.now).date())


def _changed(visit: Visit, given: Mapping[str, object]) -> dict[str, str]:
    """What is wrong with what was given; nothing: it is kept."""
    try:
        with visit.db.begin_nested():
            opening.change(visit.db, visit.line, given)
    except (opening_hours.TooManyWindows, wanted.BadWish):
        # Each row is right by now: only that they are so many can be wrong.
        return {"rows": visit.telling("line.bad_rows")}
    except Fault as fault:
        return dict(_by_field(line, visit) for line in fault.lines)
    return {}


def _by_field(words: str, visit: Visit) -> tuple[str, str]:
    """A fault's own words begin with the option that they are about."""
    names = ("name", "time_zone", "languages", *NUMBERS)
    name = next((one for one in names if words.startswith(f"{option(one)}:")), "name")
    return name, visit.telling(f"line.bad_{name}")


def _wanted(form: Form, opened: Sequence[str], numbers: Sequence[str]) -> dict[str, object]:
    given: dict[str, object] = {name: form.number(name) for name in NUMBERS}
    given |= {"name": form["name"], "time_zone": form["time_zone"]}
    given["languages"] = form.every("languages")
    given["hours"] = opened or [line_hours.ALWAYS]
    # Who is named no longer is wanted as usual again.
    named = {one.partition("=")[0] for one in numbers}
    every = [str(one) for one in wanted.usual_numbers(LANGUAGES)]
    given["wanted"] = [*numbers, *(f"{one}=usual" for one in every if one not in named)]
    return given


def _too_long(row: Mapping[str, str]) -> bool:
    return any(len(row[name]) > most for name, most in LONGEST.items())


def _values(visit: Visit) -> dict[str, object]:
    opened = opening_hours.read(visit.db, visit.line.line_id)
    offered = promise.offered_languages(visit.db, visit.line.line_id)
    return {
        "hours": hours_form.of_hours(opened.weekly),
        "days": sorted(opened.days.items()),
        "wanted": hours_form.of_wanted(wanted.read(visit.db, visit.line.line_id)),
        "subjects": ["", *map(str, wanted.usual_numbers(LANGUAGES))],
        "offered": offered,
        "spoken": third_person.takes_spoken(visit.db, visit.line.line_id),
        "known": LANGUAGES,
        "versions": promise_pages.history(visit),
        "places": other_places(visit),
        "most_places": MOST_PLACES,
        "wrong": {},
        "typed": None,
        "typed_day": None,
    }


def other_places(visit: Visit) -> dict[str, list[dict[str, str]]]:
    """By language, other places to call: name, number, word on police, day last checked or ""."""
    query = select(OtherPlace.__table__).where(OtherPlace.line_id == visit.line.line_id)
    found: dict[str, list[dict[str, str]]] = {code: [] for code in visit.line.languages}
    for row in visit.db.execute(query.order_by(OtherPlace.position)):
        one = {name: getattr(row, name) for name in LONGEST}
        one[CHECKED] = "" if row.checked_on is None else f"{row.checked_on}"
        found.setdefault(row.language, []).append(one)
    return found
