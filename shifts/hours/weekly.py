"""Weekly windows in local time: as people write them, as the tables keep them, as instants."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts import local_time
from shifts.faults import Fault
from shifts.local_time import DAY, Span

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT: Final = tuple(name[:3] for name in WEEKDAYS)
EVERY_DAY: Final = frozenset(range(7))
EXAMPLE: Final = 'write it as "mon-fri 18:00-23:00"'
_MIDNIGHT: Final = time()
_DASH: Final = "[-\u2013]"
_TIMES: Final = re.compile(rf"(\d{{1,2}}:\d{{2}})\s*{_DASH}\s*(\d{{1,2}}:\d{{2}})", re.ASCII)
_REACH: Final = timedelta(days=2)
"""A window that begins on a local day is over two days later, also where a day is skipped."""


class NoWindow(Fault):
    """What somebody wrote is no weekly window, weekday or pair of times."""


@dataclass(frozen=True, slots=True)
class Window:
    """Local times on some weekdays (0 Monday to 6 Sunday).

    An end not after the start is on the next day; equal times are 24 hours.
    """

    weekdays: frozenset[int]
    starts: time
    ends: time

    def __str__(self) -> str:
        return f"{_days_in_words(self.weekdays)} {times_in_words(self.starts, self.ends)}"

    @property
    def digits(self) -> str:
        """The weekdays as they are kept: "01234"."""
        return "".join(str(day) for day in sorted(self.weekdays))


ALWAYS: Final = Window(EVERY_DAY, _MIDNIGHT, _MIDNIGHT)


def kept(weekdays: str | None, starts: str | None, ends: str | None) -> Window:
    """The window of a row's columns; None are every day and the whole day."""
    days = EVERY_DAY if weekdays is None else frozenset(int(digit) for digit in weekdays)
    return Window(days, *(time.fromisoformat(text or "00:00") for text in (starts, ends)))


def clock(local: time) -> str:
    """A local time as it is kept and written: "18:00"."""
    return local.isoformat("minutes")


def times_in_words(starts: time, ends: time) -> str:
    """Two local times as one writes them; midnight at the end is 24:00."""
    return f"{clock(starts)}-{'24:00' if ends == _MIDNIGHT else clock(ends)}"


def window(text: str) -> Window:
    """A window from "mon-fri 18:00-23:00", "sat,sun 12:00-02:00" or "daily 00:00-24:00".

    Raises NoWindow.
    """
    found = _TIMES.search(text)
    if found is None or text[found.end() :].strip():
        raise NoWindow(f"{text[:40]!r} names no two times at its end; {EXAMPLE}")
    return Window(days(text[: found.start()]), *_window(*found.groups()))


def times(text: str) -> tuple[time, time]:
    """Two local times from "18:00-23:00"; raises NoWindow."""
    found = _TIMES.fullmatch(text.strip())
    if found is None:
        raise NoWindow(f"{text[:40]!r} is no pair of times; write it as 18:00-23:00")
    return _window(*found.groups())


def days(text: str) -> frozenset[int]:
    """Weekdays from English words: "mon-fri", "sat, sun", "fri-mon", "daily"; raises NoWindow."""
    wanted = text.strip().casefold()
    if wanted == "daily":
        return EVERY_DAY
    return frozenset(day for part in wanted.split(",") for day in _run(part))


def spans(
    one: Window, begin: datetime, end: datetime, zone: ZoneInfo, skipped: Iterable[date] = ()
) -> Iterator[Span]:
    """The window's spans that share an instant with [begin, end), UTC, uncut, by local day.

    `skipped` are local days on which the window does not begin.
    """
    left_out = frozenset(skipped)
    for day in local_days(begin, end, zone):
        if day.weekday() in one.weekdays and day not in left_out:
            span = local_time.window(day, one.starts, one.ends, zone)
            if span is not None and span[0] < end and span[1] > begin:
                yield span


def local_days(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[date]:
    """Every local day on which a window may begin that reaches into [begin, end)."""
    day = local_time.local_day(begin - _REACH, zone)
    last = local_time.local_day(end, zone)
    while day <= last:
        yield day
        day += DAY


def _window(starts: str | None, ends: str | None) -> tuple[time, time]:
    return _time(starts or ""), _MIDNIGHT if ends == "24:00" else _time(ends or "")


def _time(text: str) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    try:
        return time(hour, minute)
    except ValueError:
        raise NoWindow(f"{text!r} is no time of day; write it as 18:00") from None


def _run(part: str) -> list[int]:
    """The weekdays of "mon" or "fri-mon", in order."""
    ends = [_weekday(word.strip()) for word in re.split(_DASH, part, maxsplit=1)]
    first, last = ends[0], ends[-1]
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _weekday(word: str) -> int:
    named = [number for number, name in enumerate(WEEKDAYS) if name.startswith(word)]
    if len(word) < len(SHORT[0]) or not named:
        raise NoWindow(f"{word[:40]!r} is no weekday; {EXAMPLE}")
    return named[0]


def _days_in_words(weekdays: frozenset[int]) -> str:
    """Weekdays as runs: mon-fri, sat,sun, fri-mon."""
    if weekdays == EVERY_DAY:
        return "daily"
    firsts = [day for day in sorted(weekdays) if (day - 1) % 7 not in weekdays]
    return ",".join(_run_in_words(first, weekdays) for first in firsts)


def _run_in_words(first: int, weekdays: frozenset[int]) -> str:
    length = next(step for step in range(1, 8) if (first + step) % 7 not in weekdays)
    last = (first + length - 1) % 7
    if length == 1:
        return SHORT[first]
    return f"{SHORT[first]}{'-' if length > 2 else ','}{SHORT[last]}"
