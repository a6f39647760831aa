"""Recurrence rules of calendars as local times, bounded whatever they ask (RFC 5545, 3.3.10).

The first start always counts as an occurrence, also where the rule itself would leave it out
(section 3.8.5.3: the outcome is undefined; calendars show it).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from shifts.ical.ical_times import is_date, read_date, read_local
from shifts.local_time import start_instant

FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
NUMBER: Final = r"[1-9]\d{0,8}"
DAY: Final = "(?:MO|TU|WE|TH|FR|SA|SU)"


def _list_of(item: str) -> re.Pattern[str]:
    """Items with commas between them, so that no text can be read in many ways."""
    return re.compile(f"{item}(?:,{item})*,?")


PARTS: Final = {
    "FREQ": re.compile("|".join(FREQUENCIES)),
    "COUNT": re.compile(NUMBER),
    "INTERVAL": re.compile(NUMBER),
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?"),
    "WKST": re.compile(DAY),
    "BYDAY": _list_of(rf"[+-]?\d{{0,2}}{DAY}"),
    "BYMONTHDAY": _list_of(r"[+-]?\d{1,2}"),
    "BYYEARDAY": _list_of(r"[+-]?\d{1,3}"),
    "BYWEEKNO": _list_of(r"[+-]?\d{1,2}"),
    "BYSETPOS": _list_of(r"[+-]?\d{1,3}"),
    "BYMONTH": _list_of("(?:0?[1-9]|1[0-2])"),
    "BYHOUR": _list_of(r"(?:[01]?\d|2[0-3])"),
    "BYMINUTE": _list_of(r"[0-5]?\d"),
    "BYSECOND": _list_of(r"[0-5]?\d"),
}
LONGEST_RULE: Final = 500
MOST_TIMES_A_DAY: Final = 24
LAST_YEAR: Final = 2199
CYCLE: Final = 400
"""Years after which the calendar comes again day by day: 146,097 days are whole weeks."""
MOST_DAYS: Final = 5_000_000
"""Days that the rules of one file may be followed through, together."""


class TooFar(Exception):
    """The rules of a file reach over more days than any roster needs."""


class Patience:
    """The days for which the rules of one file may still be followed."""

    def __init__(self, days: int = MOST_DAYS) -> None:
        self._left = days

    def spend(self, days: int) -> None:
        """Count days that were gone through; raises TooFar when they are too many."""
        self._left -= days
        if self._left < 0:
            raise TooFar


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that reads well. `until` is a UTC instant, or naive: a local time."""

    text: str
    count: int | None
    until: datetime | None


def read_rule(value: str) -> Rule:
    """The rule in an RRULE's value; raises ValueError, saying what is wrong."""
    if len(value) > LONGEST_RULE:
        raise ValueError("is longer than any rule of shifts")
    parts = dict(_part(part) for part in value.strip(";").upper().split(";"))
    if parts.get("FREQ") not in FREQUENCIES:
        raise ValueError(f"FREQ may be {', '.join(FREQUENCIES)}; shifts do not come more often")
    _check_times_a_day(parts)
    until, count = parts.pop("UNTIL", None), parts.get("COUNT")
    text = ";".join(f"{name}={held}" for name, held in parts.items() if name != "COUNT")
    return Rule(text, int(count) if count else None, _until(until) if until else None)


def _part(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    if name == "FREQ":
        # What else it may be is said with what is allowed here.
        return name, value
    if name not in PARTS:
        raise ValueError(f"{name[:20]!r} is no part of a rule that is known here")
    if not PARTS[name].fullmatch(value):
        raise ValueError(f"{name} cannot be {value[:20]!r}")
    return name, value.strip(",")


def _check_times_a_day(parts: dict[str, str]) -> None:
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(set(parts.get(name, "").split(",")))
    if times > MOST_TIMES_A_DAY:
        raise ValueError(f"comes more than {MOST_TIMES_A_DAY} times a day")


def _until(text: str) -> datetime:
    """A date as UNTIL means the whole of that day (section 3.3.10), read as a local time."""
    return datetime.combine(read_date(text), time.max) if is_date(text) else read_local(text)


def local_starts(
    rule: Rule, first: datetime, zone: ZoneInfo, horizon: datetime, patience: Patience
) -> Iterator[datetime]:
    """The naive local starts of a rule from `first` on, in order.

    An endless rule runs up to the `horizon` (a UTC instant). Raises ValueError where the rule
    makes no sense or reaches beyond the year 2199, TooFar when patience is at its end.
    """
    found = _with_first(first, _followed(rule, first, patience))
    for local in islice(found, rule.count):
        if _is_past(local, rule, zone, horizon):
            return
        if local.year > LAST_YEAR:
            raise ValueError(f"reaches beyond the year {LAST_YEAR}")
        yield local


def _with_first(first: datetime, found: Iterator[datetime]) -> Iterator[datetime]:
    second = next(found, None)
    rest = [second] if second is not None and second != first else []
    return chain([first], rest, found)


def _is_past(local: datetime, rule: Rule, zone: ZoneInfo, horizon: datetime) -> bool:
    if rule.until is not None and rule.until.tzinfo is None:
        return local > rule.until
    end = rule.until or horizon
    if rule.count is not None and rule.until is None:
        return False
    instant = start_instant(local, zone)
    return instant > end if rule.until else instant >= end


def _followed(rule: Rule, first: datetime, patience: Patience) -> Iterator[datetime]:
    """What the rule itself finds, each find paid for with the days since the one before.

    The library looks on until the year 9999 when a rule finds nothing (the 31st of February): for
    minutes. So it is shown years near that end, which have the same days as ours.
    """
    cycles = (9999 - LAST_YEAR) // CYCLE * CYCLE
    begin = first.replace(year=first.year + cycles)
    last = begin
    try:
        for late in rrulestr(rule.text, dtstart=begin):
            patience.spend((late - last).days + 1)
            last = late
            yield late.replace(year=late.year - cycles)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError):
        # What the library says of a rule that makes no sense depends on where it stumbles.
        raise ValueError("is a rule that makes no sense") from None
    patience.spend((date.max - last.date()).days)
