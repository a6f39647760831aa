"""A pattern's rule as JSON and back; what is wrong with it is said field by field."""

import json
from collections.abc import Callable
from datetime import date, datetime, time
from itertools import chain
from typing import Any, TypeVar

from shifts.patterns.rule import (
    UNITS,
    BadField,
    BadPattern,
    Dates,
    Days,
    NthWeekdays,
    Rule,
    Turns,
    Weekly,
    Window,
    check,
)

WEEKLY, NTH_WEEKDAYS, DATES = "weekly", "monthly by weekday", "monthly by date"
T = TypeVar("T")


def to_json(rule: Rule) -> str:
    """The rule as it is stored; days "2026-03-02", times "18:00", an anchor "2026-03-02T08:00"."""
    values: dict[str, object] = {"first_day": rule.first_day.isoformat()}
    if rule.last_day is not None:
        values["last_day"] = rule.last_day.isoformat()
    if rule.window is not None:
        values["window"] = _window_values(rule.window)
    if rule.persons:
        values["persons"] = rule.persons
    if rule.open_places:
        values["open_places"] = rule.open_places
    if rule.turns is not None:
        values["turns"] = _turns_values(rule.turns)
    return json.dumps(values)


def from_json(text: str) -> Rule:
    """The rule that a JSON object describes. Raises BadPattern with every field that is wrong."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise BadPattern([BadField("", "this is not JSON")]) from None
    bad: list[BadField] = []
    rule = _rule(_Fields(values, "", bad))
    if bad:
        raise BadPattern(bad)
    return check(rule)


def _window_values(window: Window) -> dict[str, object]:
    starts, ends = (f"{at:%H:%M}" for at in (window.starts, window.ends))
    return {"starts": starts, "ends": ends, "days": _days_values(window.days)}


def _days_values(days: Days) -> dict[str, object]:
    match days:
        case Weekly(weekdays, every):
            return {"kind": WEEKLY, "weekdays": weekdays, "every": every}
        case NthWeekdays(weekdays, nths):
            return {"kind": NTH_WEEKDAYS, "weekdays": weekdays, "nths": nths}
        case Dates(dates):
            return {"kind": DATES, "dates": dates}


def _turns_values(turns: Turns) -> dict[str, object]:
    values: dict[str, object] = {"unit": turns.unit, "every": turns.every, "groups": turns.groups}
    if turns.anchor is not None:
        values["anchor"] = turns.anchor.isoformat(timespec="minutes")
    return values


class _Fields:
    """One object of the JSON, read field by field; faults are collected, not raised.

    After a fault the value returned only has the right type: the rule is not used.
    """

    def __init__(self, values: object, path: str, bad: list[BadField]) -> None:
        self._values: dict[str, Any] = values if isinstance(values, dict) else {}
        self._path, self._bad = path, bad
        if not isinstance(values, dict):
            self.wrong("", "an object with named fields")
            self._bad = []  # What is no object has no fields: one sentence says enough.

    def wrong(self, field: str, why: str) -> None:
        self._bad.append(BadField(".".join(filter(None, (self._path, field))), why))

    def only(self, *fields: str) -> None:
        for field in sorted(self._values.keys() - set(fields)):
            self.wrong(field, f"no such field; there are {', '.join(fields)}")

    def has(self, field: str) -> bool:
        return self._values.get(field) is not None

    def inner(self, field: str) -> "_Fields":
        return _Fields(
            self._values.get(field), ".".join(filter(None, (self._path, field))), self._bad
        )

    def word(self, field: str, allowed: tuple[str, ...]) -> str:
        value = self._values.get(field)
        if value in allowed:
            return str(value)
        self.wrong(field, f"one of: {', '.join(allowed)}")
        return allowed[0]

    def read(self, field: str, parse: Callable[[str], T], fallback: T, words: str) -> T:
        try:
            return parse(self._values[field])
        except (KeyError, TypeError, ValueError):
            self.wrong(field, words)
            return fallback

    def number(self, field: str, usual: int) -> int:
        value = self._values.get(field, usual)
        if _is_number(value):
            return int(value)
        self.wrong(field, "a whole number")
        return usual

    def numbers(self, field: str) -> tuple[int, ...]:
        value = self._values.get(field, [])
        if isinstance(value, list) and all(map(_is_number, value)):
            return tuple(value)
        self.wrong(field, "a list of whole numbers")
        return ()

    def groups(self, field: str) -> tuple[tuple[int, ...], ...]:
        value = self._values.get(field)
        lists = [one for one in value if isinstance(one, list)] if isinstance(value, list) else []
        if lists and lists == value and all(map(_is_number, chain(*lists))):
            return tuple(tuple(one) for one in lists)
        self.wrong(field, "a list of groups, each a list of persons' numbers")
        return ()


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _rule(fields: _Fields) -> Rule:
    fields.only("first_day", "last_day", "window", "persons", "open_places", "turns")
    return Rule(
        first_day=_day(fields, "first_day"),
        last_day=_day(fields, "last_day") if fields.has("last_day") else None,
        window=_window(fields.inner("window")) if fields.has("window") else None,
        persons=fields.numbers("persons"),
        open_places=fields.number("open_places", 0),
        turns=_turns(fields.inner("turns")) if fields.has("turns") else None,
    )


def _day(fields: _Fields, field: str) -> date:
    return fields.read(field, date.fromisoformat, date(2000, 1, 1), "a day like 2026-03-02")


def _window(fields: _Fields) -> Window:
    fields.only("starts", "ends", "days")
    return Window(_days(fields.inner("days")), _clock(fields, "starts"), _clock(fields, "ends"))


def _clock(fields: _Fields, field: str) -> time:
    return fields.read(field, _hour_and_minute, time.min, "a time like 18:00")


def _hour_and_minute(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a wall clock's time has no zone


def _days(fields: _Fields) -> Days:
    kind = fields.word("kind", (WEEKLY, NTH_WEEKDAYS, DATES))
    if kind == WEEKLY:
        fields.only("kind", "weekdays", "every")
        return Weekly(fields.numbers("weekdays"), fields.number("every", 1))
    if kind == NTH_WEEKDAYS:
        fields.only("kind", "weekdays", "nths")
        return NthWeekdays(fields.numbers("weekdays"), fields.numbers("nths"))
    fields.only("kind", "dates")
    return Dates(fields.numbers("dates"))


def _turns(fields: _Fields) -> Turns:
    fields.only("unit", "every", "groups", "anchor")
    unit = fields.word("unit", UNITS)
    anchor = None
    if fields.has("anchor"):
        words = "the local time of a hand-over, like 2026-03-02T08:00"
        anchor = fields.read("anchor", datetime.fromisoformat, None, words)
    return Turns(
        unit=next(one for one in UNITS if one == unit),
        groups=fields.groups("groups"),
        every=fields.number("every", 1),
        anchor=anchor,
    )
