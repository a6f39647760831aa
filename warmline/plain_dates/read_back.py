"""A reading told in words, short enough for a text, and understood when it is texted back."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from warmline.plain_dates.days import HALF_YEAR, ONE, Here
from warmline.plain_dates.lexicon import Lexicon
from warmline.plain_dates.readings import Daily, Days, Hours, Moment, Month, Part, Reading
from warmline.plain_dates.times import comes_twice


def reading_in_words(reading: Reading, here: Here, lexicon: Lexicon) -> str:
    """A reading in words, with plain hyphens and spaces; a year where it is not plain."""
    match reading:
        case Moment(at):
            local = at.astimezone(here.zone)
            return f"{_day(local.date(), here, lexicon)} {_at(local, here, lexicon)}"
        case Hours():
            return _hours(reading, here, lexicon)
        case Part(day, name):
            return f"{_day(day, here, lexicon)} {lexicon.parts[name]}"
        case Days():
            return _days(reading, here, lexicon)
        case Month(year, number):
            return f"{lexicon.long_months[number - 1]}{_year(year, lexicon)}"
        case Daily(starts, ends):
            return _span(starts, ends, lexicon)


def _day(day: date, here: Here, lexicon: Lexicon, *, dated: bool = False) -> str:
    near = abs(day - here.today) < HALF_YEAR and (day.month, day.day) != (2, 29)
    return (
        f"{lexicon.weekdays[day.weekday()]} {day.day} {lexicon.months[day.month - 1]}"
        f"{_year(day.year, lexicon) if dated or not near else ''}"
    )


def _year(year: int, lexicon: Lexicon) -> str:
    """2030 alone could be half past eight."""
    return lexicon.years[year % 5 == 0].format(year=year)


def _days(reading: Days, here: Here, lexicon: Lexicon) -> str:
    if reading.first == reading.last:
        return _day(reading.first, here, lexicon)
    far = (reading.first, reading.last)
    dated = any(abs(day - here.today) >= HALF_YEAR for day in far)
    first, last = (_day(day, here, lexicon, dated=dated) for day in far)
    return lexicon.days.format(first=first, last=last)


def _hours(reading: Hours, here: Here, lexicon: Lexicon) -> str:
    starts, ends = (at.astimezone(here.zone) for at in (reading.starts_at, reading.ends_at))
    day = _day(starts.date(), here, lexicon)
    if not _is_next(starts, ends):
        last = _day(ends.date(), here, lexicon)
        return f"{day} {_at(starts, here, lexicon)}-{last} {_at(ends, here, lexicon)}"
    if comes_twice(reading.starts_at, here.zone) or comes_twice(reading.ends_at, here.zone):
        return f"{day} {_at(starts, here, lexicon)}-{_at(ends, here, lexicon)}"
    return f"{day} {_span(starts.time(), ends.time(), lexicon)}"


def _is_next(starts: datetime, ends: datetime) -> bool:
    """Whether the end is the next time that its hour comes, so that its day goes without saying."""
    days_later = int(ends.time() <= starts.time())
    return ends.date() == starts.date() + days_later * ONE


def _at(local: datetime, here: Here, lexicon: Lexicon) -> str:
    """A time alone; the first and the second of one that comes twice are told apart."""
    shown = _CLOCKS[lexicon.in_halves](local.time())
    if comes_twice(local, here.zone):
        return f"{shown.removesuffix(' h')} {lexicon.occurrences[local.fold]}"
    return shown


def _span(starts: time, ends: time, lexicon: Lexicon) -> str:
    shown = _CLOCKS[lexicon.in_halves]
    first, last = shown(starts), shown(ends)
    if not lexicon.in_halves:
        both = f"{starts:%H:%M}-{ends:%H:%M}"
        return f"{both} h" if first.endswith("h") and last.endswith("h") else both
    if ends == time.min:
        last = "midnight"
    half = last[-3:]
    if starts < ends and first[-3:] == half and half in {" AM", " PM"}:
        first = first.removesuffix(half)
    return f"{first}-{last}"


def _in_halves(at: time) -> str:
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    if (at.hour, at.minute) == (0, 0):
        # "midnight" of a day is the one before it to some, the one after it to others.
        return "00:00"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'PM' if at.hour >= 12 else 'AM'}"


def _in_24_hours(at: time) -> str:
    """On the 24-hour clock, which 10:00 shows only with its sign."""
    return f"{at:%H:%M} h" if 10 <= at.hour <= 12 else f"{at:%H:%M}"


_CLOCKS: Final[dict[bool, Callable[[time], str]]] = {True: _in_halves, False: _in_24_hours}
