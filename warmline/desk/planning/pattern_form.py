"""A pattern's rule as it is typed: days, times, and who, or groups that take turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from shifts.patterns.rule import (
    UNITS,
    Dates,
    Days,
    NthWeekdays,
    Rule,
    Turns,
    Unit,
    Weekly,
    Window,
    check,
)
from warmline.desk.roster.grid import Somebody
from warmline.desk.roster.shift_form import day_of
from warmline.desk.visit import Form

WEEKLY, MONTHLY, BY_DATE = "weekly", "monthly", "dates"
KINDS: Final = (WEEKLY, MONTHLY, BY_DATE)
PEOPLE, IN_TURNS = "people", "turns"
GROUP: Final = ";"


class Unreadable(Exception):
    """Fields that cannot be read: the words that say what would be right, by field."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("a form that cannot be read")
        self.wrong = dict(wrong)


@dataclass(frozen=True)
class _Read:
    form: Form
    people: Sequence[Somebody]


def rule(form: Form, people: Sequence[Somebody]) -> Rule:
    """The rule in a form; raises Unreadable, or rule.BadPattern."""
    wrong: dict[str, str] = {}
    read = _Read(form, people)
    first, last = day_of(form["first_day"]), day_of(form["last_day"])
    starts, ends = _time(form["starts"]), _time(form["ends"])
    if first is None:
        wrong["first_day"] = "bad_day"
    if form["last_day"] and last is None:
        wrong["last_day"] = "bad_day"
    if starts is None or ends is None:
        wrong["starts" if starts is None else "ends"] = "bad_time"
    days = _days(form)
    if days is None:
        wrong["kind"] = "bad_days"
    turns, persons, opens = None, tuple[int, ...](), form.number("open_places") or 0
    if form["how"] == IN_TURNS:
        turns = _turns(read, first, starts, wrong)
    else:
        persons = tuple(int(one) for one in form.every("persons") if one.isdigit())
    if wrong or first is None or days is None or starts is None or ends is None:
        raise Unreadable(wrong)
    return check(Rule(first, last, Window(days, starts, ends), persons, opens, turns))


def fields(one: Rule, name: str, people: Sequence[Somebody]) -> list[tuple[str, str]]:
    """A rule as the form's fields hold it."""
    found = [("name", name), ("first_day", one.first_day.isoformat())]
    found += [("last_day", one.last_day.isoformat())] if one.last_day else []
    if one.window:
        found += [("starts", f"{one.window.starts:%H:%M}"), ("ends", f"{one.window.ends:%H:%M}")]
        found += _day_fields(one.window.days)
    found += [("persons", str(person)) for person in one.persons]
    found.append(("open_places", str(one.open_places)))
    if one.turns is None:
        return [*found, ("how", PEOPLE)]
    names = {person.person_id: person.name for person in people}
    groups = "\n".join(
        f"{GROUP} ".join(names[person] for person in group if person in names)
        for group in one.turns.groups
    )
    turned = [("unit", one.turns.unit), ("turn_every", str(one.turns.every)), ("groups", groups)]
    return [*found, ("how", IN_TURNS), *turned]


def _days(form: Form) -> Days | None:
    weekdays = tuple(sorted({int(one) for one in form.every("weekdays") if one in "0123456"}))
    every = form.number("every") or 1
    match form["kind"]:
        case "monthly":
            nths = tuple(int(one) for one in form.every("nths") if one in {*"12345", "-1"})
            return NthWeekdays(weekdays, nths) if weekdays and nths else None
        case "dates":
            listed = form["dates"].replace(",", " ").split()
            if not listed or not all(one.lstrip("-").isdigit() for one in listed):
                return None
            return Dates(tuple(int(one) for one in listed))
    return Weekly(weekdays, every) if weekdays else None


def _turns(
    read: _Read, first: date | None, starts: time | None, wrong: dict[str, str]
) -> Turns | None:
    """Groups, a line for each, names divided by ";"; whoever cannot be found is a fault."""
    unit = read.form["unit"]
    by_name = {one.name.casefold(): one.person_id for one in read.people}
    lines = [line for line in read.form["groups"].splitlines() if line.strip()]
    named = [[one.strip().casefold() for one in line.split(GROUP) if one.strip()] for line in lines]
    if not named or any(name not in by_name for group in named for name in group):
        wrong["groups"] = "bad_groups"
        return None
    groups = tuple(tuple(by_name[name] for name in group) for group in named)
    chosen: Unit = next((one for one in UNITS if one == unit), "shift")
    anchor = None
    if chosen != "shift" and first is not None and starts is not None:
        anchor = datetime.combine(first, starts)
    return Turns(chosen, groups, read.form.number("turn_every") or 1, anchor)


def _day_fields(days: Days) -> list[tuple[str, str]]:
    match days:
        case Weekly(weekdays, every):
            many = [("weekdays", str(one)) for one in weekdays]
            return [("kind", WEEKLY), ("every", str(every)), *many]
        case NthWeekdays(weekdays, nths):
            many = [("weekdays", str(one)) for one in weekdays]
            return [("kind", MONTHLY), *many, *(("nths", str(one)) for one in nths)]
        case Dates(listed):
            return [("kind", BY_DATE), ("dates", " ".join(str(one) for one in listed))]


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
