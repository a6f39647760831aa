"""A pattern's rule: on which days, from when to when, and who, in the line's local time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal, get_args

from shifts.faults import Fault

Unit = Literal["hour", "day", "week", "month", "shift"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""Before 1970 the zones' own data thins out; what lies further ahead is a slip of the keys."""
MOST_PLACES = 50
HIGHEST_NUMBER: Final = 2**31 - 1
"""Of a person: no database could be asked for a higher one."""
MOST_GROUPS = 200
MOST_EVERY: Final = {"hour": 24 * 366, "day": 366, "week": 53, "month": 24, "shift": 366}
NTHS = (1, 2, 3, 4, 5, -1)
LAST = -1


@dataclass(frozen=True, slots=True)
class Weekly:
    """Weekdays (0 Monday to 6 Sunday) of every n-th week, counted from the first day's week."""

    weekdays: tuple[int, ...]
    every: int = 1


@dataclass(frozen=True, slots=True)
class NthWeekdays:
    """The n-th such weekdays of each month: 1 to 5, or -1, the last; a fifth may not exist."""

    weekdays: tuple[int, ...]
    nths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of each month, 1 to 31, or -1, the last; a month without one has none."""

    dates: tuple[int, ...]


Days = Weekly | NthWeekdays | Dates


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when on those days; an end not after its start is on the next day."""

    days: Days
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Turns:
    """Groups of persons that take turns, each for so many hours, days, weeks, months or shifts.

    `anchor` is a naive local time at which the first group's turn begins; the turns before it
    are counted back. Turns by shift have none: they are counted from the pattern's first day,
    one for each of its days, so that days without a shift use up nobody's turn.
    """

    unit: Unit
    groups: tuple[tuple[int, ...], ...]
    every: int = 1
    anchor: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a pattern repeats from its first to its last day (inclusive; None: for ever).

    Held by fixed persons, by nobody yet (so many open places), or by groups in turns. Without
    a window each turn is a shift, one after the other without a seam; its days begin at the
    time of the hand-over.
    """

    first_day: date
    last_day: date | None = None
    window: Window | None = None
    persons: tuple[int, ...] = ()
    open_places: int = 0
    turns: Turns | None = None


@dataclass(frozen=True, order=True)
class BadField:
    """One fault in a rule: the field, as in its JSON ("window.starts"), and what would be right."""

    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.field}: {self.why}" if self.field else self.why


class BadPattern(Fault):
    """A rule that cannot be; `bad` names every field that is wrong, and why."""

    def __init__(self, bad: Sequence[BadField]) -> None:
        self.bad = tuple(bad)
        super().__init__(*(str(one) for one in bad))


def check(rule: Rule) -> Rule:
    """The rule itself. Raises BadPattern with everything that is wrong in it."""
    bad = [*_bad_days(rule), *_bad_window(rule.window), *_bad_turns(rule), *_bad_holders(rule)]
    if bad:
        raise BadPattern(bad)
    return rule


def everybody(rule: Rule) -> set[int]:
    """Every person the rule names."""
    turns = rule.turns.groups if rule.turns else ()
    return {*rule.persons, *(person for group in turns for person in group)}


def _bad_days(rule: Rule) -> Iterator[BadField]:
    for field, day in (("first_day", rule.first_day), ("last_day", rule.last_day)):
        if day is not None and not EARLIEST <= day <= LATEST:
            yield BadField(field, f"a day from {EARLIEST} to {LATEST}")
    if rule.last_day is not None and rule.last_day < rule.first_day:
        yield BadField("last_day", f"not before the first day, {rule.first_day}")


def _bad_window(window: Window | None) -> Iterator[BadField]:
    if window is not None and (window.starts.second or window.ends.second):
        yield BadField("window", "times in whole minutes")
    match window.days if window else None:
        case Weekly(weekdays, every):
            yield from _bad_weekdays(weekdays)
            if not 1 <= every <= MOST_EVERY["week"]:
                yield BadField("window.days.every", f"a number from 1 to {MOST_EVERY['week']}")
        case NthWeekdays(weekdays, nths):
            yield from _bad_weekdays(weekdays)
            yield from _bad_choice("window.days.nths", nths, NTHS, "1 to 5, or -1 for the last")
        case Dates(dates):
            allowed = (*range(1, 32), LAST)
            yield from _bad_choice("window.days.dates", dates, allowed, "1 to 31, or -1, the last")


def _bad_weekdays(weekdays: tuple[int, ...]) -> Iterator[BadField]:
    words = "0 (Monday) to 6 (Sunday)"
    yield from _bad_choice("window.days.weekdays", weekdays, range(7), words)


def _bad_choice(
    field: str, chosen: Collection[int], allowed: Collection[int], words: str
) -> Iterator[BadField]:
    if not chosen or not set(chosen) <= set(allowed) or len(set(chosen)) < len(chosen):
        yield BadField(field, f"at least one, none twice, each {words}")


def _bad_turns(rule: Rule) -> Iterator[BadField]:
    turns = rule.turns
    if turns is None:
        if rule.window is None:
            yield BadField("window", "a pattern without turns needs days and times")
        return
    if not 1 <= turns.every <= MOST_EVERY[turns.unit]:
        yield BadField("turns.every", f"a number from 1 to {MOST_EVERY[turns.unit]}")
    if turns.unit == "shift" and rule.window is None:
        yield BadField("turns.unit", "turns by shift need days and times")
    yield from _bad_anchor(turns)
    yield from _bad_groups(turns.groups)


def _bad_anchor(turns: Turns) -> Iterator[BadField]:
    if (turns.unit == "shift") == (turns.anchor is None):
        if turns.anchor is not None and turns.anchor.tzinfo is not None:
            yield BadField("turns.anchor", "a local time without an offset, like 2026-03-02T08:00")
        elif turns.anchor is not None and (turns.anchor.second or turns.anchor.microsecond):
            yield BadField("turns.anchor", "a time in whole minutes")
        elif turns.anchor is not None and not EARLIEST <= turns.anchor.date() <= LATEST:
            yield BadField("turns.anchor", f"a day from {EARLIEST} to {LATEST}")
    elif turns.anchor is None:
        yield BadField("turns.anchor", "the local time of a hand-over, like 2026-03-02T08:00")
    else:
        yield BadField("turns.anchor", "none: turns by shift are counted from the first day")


def _bad_groups(groups: tuple[tuple[int, ...], ...]) -> Iterator[BadField]:
    if not 1 <= len(groups) <= MOST_GROUPS:
        yield BadField("turns.groups", f"from 1 to {MOST_GROUPS} groups")
    if not all(1 <= len(group) <= MOST_PLACES for group in groups):
        yield BadField("turns.groups", f"from 1 to {MOST_PLACES} persons in each group")
    if any(len(set(group)) < len(group) for group in groups):
        yield BadField("turns.groups", "nobody twice in one group")
    yield from _bad_numbers("turns.groups", {person for group in groups for person in group})


def _bad_numbers(field: str, people: Iterable[int]) -> Iterator[BadField]:
    if not all(1 <= person <= HIGHEST_NUMBER for person in people):
        yield BadField(field, "each the number of a person on this line's roster")


def _bad_holders(rule: Rule) -> Iterator[BadField]:
    if rule.turns is not None and rule.persons:
        yield BadField("persons", "none beside turns: put them into the groups, or into a pattern")
    if len(set(rule.persons)) < len(rule.persons):
        yield BadField("persons", "nobody twice")
    yield from _bad_numbers("persons", rule.persons)
    if not 0 <= rule.open_places <= MOST_PLACES or len(rule.persons) > MOST_PLACES:
        yield BadField("open_places", f"at most {MOST_PLACES} places a shift")
    if rule.turns is None and not rule.persons and rule.open_places == 0:
        yield BadField("open_places", "at least one person or one open place")
