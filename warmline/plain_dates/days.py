"""Days as they are said: which dates sat, tomorrow or 5 dec may mean."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ONE: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
HALF_YEAR: Final = timedelta(days=184)
SIX_WEEKS: Final = timedelta(days=42)
"""How far ahead the 5th may be a Tuesday, where Tue 5 is said."""
NEAR: Final = timedelta(days=60)
YEARS_AHEAD: Final = 2
STILL_UP: Final = time(4)
"""Until then "tomorrow" may be the day that has begun."""

THIS, NEXT = "this", "next"


@dataclass(frozen=True)
class Here:
    """Now and where: the present instant, and the zone of whoever writes."""

    now: datetime
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """The time on the wall."""
        return self.now.astimezone(self.zone)

    @property
    def today(self) -> date:
        """The date on the wall."""
        return self.local.date()


@dataclass(frozen=True)
class Dated:
    """A day and a month, perhaps a year; `order` is which of two numbers came first."""

    day: int
    month: int
    year: int | None = None
    order: str | None = None
    near: bool = False
    """Written 12-5, which is rather hours: a date only if it is soon."""


@dataclass(frozen=True)
class Numbered:
    """A day of whatever month comes next: the 5th."""

    day: int


@dataclass(frozen=True)
class Weekday:
    """A day of the week, Monday 0."""

    index: int
    which: str | None = None


@dataclass(frozen=True)
class Ahead:
    """So many days from today."""

    days: int


@dataclass(frozen=True)
class Agreeing:
    """A day said twice over, both of which must be the same: Sat 5 Dec."""

    main: "Dated | Numbered | Ahead"
    also: "Weekday | Ahead"


Day = Dated | Numbered | Weekday | Ahead | Agreeing
Rows = list[list[date]]
"""Each row is one meaning; of a row's dates the first counts that is not over."""


def rows(day: Day, here: Here, back: timedelta = timedelta(0)) -> Rows:
    """The dates a day may mean. A date without its year may lie back so far, if not over."""
    match day:
        case Weekday():
            return [[one] for one in _weekdays(day, here.today)]
        case Ahead():
            return [[one] for one in _ahead(day, here)]
        case Agreeing(Numbered() as main, also):
            latest = here.today + SIX_WEEKS
            soon = occurrences(main, here.today - back, latest)
            return [[one for one in soon if one <= latest and _fits(one, also, here)]]
        case Agreeing(main, also):
            return [
                [one for one in row if _fits(one, also, here)] for row in rows(main, here, back)
            ]
        case _:
            return [occurrences(day, here.today - back, here.today)]


def following(day: Day, start: date, here: Here) -> list[date]:
    """The dates that the end of a range may mean, given its first day."""
    match day:
        case Weekday(index):
            return [start + timedelta(days=(index - start.weekday() - 1) % 7 + 1)]
        case Agreeing(main, also):
            return [one for one in following(main, start, here) if _fits(one, also, here)]
        case Ahead():
            return [one for one in _ahead(day, here) if one >= start]
        case _:
            return occurrences(day, start, start)


def occurrences(day: Dated | Numbered, since: date, today: date) -> list[date]:
    """The dates of a day from `since` to the first that is `today` or later."""
    if isinstance(day, Dated) and day.year is not None:
        stated = _date(day.year, day.month, day.day)
        return [stated] if stated and _sensible(stated, today) else []
    found = []
    for one in _every(day, since):
        found.append(one)
        if one >= today:
            break
    too_far = isinstance(day, Dated) and day.near and found and found[-1] > today + NEAR
    return [] if too_far else found


def last_before(day: Day, end: date) -> date | None:
    """The last date not after `end` of a day said without a year or a month.

    So in 20 dec to 3 jan 2028, and in the 20th to 3 jan.
    """
    match day:
        case Agreeing(main, Weekday(index)):
            last = last_before(main, end)
            return last if last and last.weekday() == index else None
        case Numbered(number):
            before = end.replace(day=1) - ONE
            return _date(end.year, end.month, number, at_most=end) or _date(
                before.year, before.month, number
            )
        case Dated(number, month, None):
            return _date(end.year, month, number, at_most=end) or _date(
                end.year - 1, month, number, at_most=end
            )
    return None


def year_of(day: Day) -> int | None:
    """The year that was said."""
    inner = day.main if isinstance(day, Agreeing) else day
    return inner.year if isinstance(inner, Dated) else None


def order_of(day: Day) -> str | None:
    """Whether month or day came first, where both were numbers that allow either."""
    inner = day.main if isinstance(day, Agreeing) else day
    return inner.order if isinstance(inner, Dated) else None


def is_vaguer(first: Day, last: Day) -> bool:
    """Whether a date lacks the year or the month that is said of another: the 20th to 3 jan."""
    one, other = (day.main if isinstance(day, Agreeing) else day for day in (first, last))
    if isinstance(one, Numbered):
        return isinstance(other, Dated)
    return isinstance(one, Dated) and year_of(one) is None and year_of(other) is not None


def is_dated(day: Day) -> bool:
    """Whether it names a day of a month."""
    return isinstance(day.main if isinstance(day, Agreeing) else day, Dated | Numbered)


def next_weeks(today: date) -> list[date]:
    """The first day of the next week: a Sunday for some, a Monday for others."""
    return [
        today + timedelta(days=(6 - today.weekday()) or 7),
        today + timedelta(days=7 - today.weekday()),
    ]


def week_ends(today: date) -> list[date]:
    """The last day of the present week: a Saturday or a Sunday."""
    return [today + timedelta(days=(last - today.weekday()) % 7) for last in (5, 6)]


def _weekdays(day: Weekday, today: date) -> list[date]:
    coming = today + timedelta(days=(day.index - today.weekday()) % 7)
    if day.which == THIS:
        return [coming]
    if day.which == NEXT:
        sunday, monday = next_weeks(today)
        of_next = (sunday + ONE * ((day.index + 1) % 7), monday + ONE * day.index)
        return sorted({coming if coming > today else coming + WEEK, *of_next})
    return [coming, coming + WEEK] if coming == today else [coming]


def _ahead(day: Ahead, here: Here) -> list[date]:
    found = here.today + timedelta(days=day.days)
    if day.days and here.local.time() < STILL_UP:
        return [found - ONE, found]
    return [found]


def _fits(one: date, also: Weekday | Ahead, here: Here) -> bool:
    if isinstance(also, Weekday):
        return one.weekday() == also.index
    return one in _ahead(also, here)


def _every(day: Dated | Numbered, since: date) -> Iterator[date]:
    """Every date of a day from `since` on, through one leap year and a month or two."""
    steps = range(since.year, since.year + 9) if isinstance(day, Dated) else range(14)
    for step in steps:
        if isinstance(day, Dated):
            found = _date(step, day.month, day.day)
        else:
            months = since.month - 1 + step
            found = _date(since.year + months // 12, months % 12 + 1, day.day)
        if found and found >= since:
            yield found


def _date(year: int, month: int, day: int, at_most: date = date.max) -> date | None:
    if not (1 <= month <= 12 and date.min.year <= year <= date.max.year):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    found = date(year, month, day)
    return found if found <= at_most else None


def _sensible(stated: date, today: date) -> bool:
    """Whether a year was meant: this one, the next two, the last; a leap day's may be further."""
    ahead = 8 if (stated.month, stated.day) == (2, 29) else YEARS_AHEAD
    return today.year - 1 <= stated.year <= today.year + ahead
