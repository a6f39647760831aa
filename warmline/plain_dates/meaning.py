"""From what was said to the readings it may have, now and here; what is over is left in."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from itertools import product

from warmline.plain_dates import days
from warmline.plain_dates import times as clocks
from warmline.plain_dates.days import HALF_YEAR, NEXT, ONE, THIS, WEEK, Ahead, Day, Here
from warmline.plain_dates.lexicon import PartOfDay
from warmline.plain_dates.readings import Daily, Days, Hours, Moment, Month, Part, Reading
from warmline.plain_dates.times import Clock


def is_over(reading: Reading, here: Here) -> bool:
    """Whether nothing of a reading lies ahead."""
    match reading:
        case Moment(at=end) | Hours(ends_at=end) | Part(ends_at=end):
            return end <= here.now
        case Days(last=last) | Month(last=last):
            return last < here.today
    return False


def has_begun(reading: Reading, here: Here) -> bool:
    """Whether a stretch is under way or over."""
    match reading:
        case Hours(starts_at=start) | Part(starts_at=start):
            return start <= here.now
    return False


def lasting(length: float, here: Here) -> Iterator[Reading]:
    """A time so many minutes from now, to the next whole minute."""
    if 1 <= length <= 2 * clocks.DAY:
        end = here.now + timedelta(minutes=length, microseconds=59_999_999)
        yield Moment(end.replace(second=0, microsecond=0))


def moment(
    day: Day | None, part: PartOfDay | None, said: Clock, here: Here, *, ends: bool
) -> Iterator[Reading]:
    """A time of the clock: on the day that was said, or the next time it comes."""
    if _is_year(day, said):
        return
    for minute in _minutes(day, part, said):
        for row in _dates(day, part, here):
            yield from _soonest(day, (_moment(one, minute, said, here, ends) for one in row), here)


def hours(
    day: Day | None, part: PartOfDay | None, span: tuple[Clock, Clock], here: Here
) -> Iterator[Reading]:
    """Hours on a day, or the next time they come; also those that are under way."""
    starts, ends = span
    if _is_year(day, starts):
        return
    for minute, last in _spans(day, part, starts, ends):
        for row in _dates(day, part, here):
            found = (_hours(one, minute, last, span, here) for one in row)
            yield from _soonest(day, found, here)


def crossing(
    first: tuple[Day, PartOfDay | None, Clock],
    last: tuple[Day, PartOfDay | None, Clock],
    here: Here,
) -> Iterator[Reading]:
    """From a time on one day to a time on another."""
    if _is_year(first[0], first[2]) or _is_year(last[0], last[2]):
        return
    for minute, until in product(_minutes(*first), _minutes(*last)):
        for row in days.rows(first[0], here, HALF_YEAR):
            begins = ((day, minute, first[2]) for day in row)
            found = (one for start in begins for one in _crossing(start, until, last, here))
            yield from _soonest(first[0], found, here)


def part_of_day(day: Day | None, part: PartOfDay, here: Here) -> Iterator[Reading]:
    """A part of a day, or of the next day on which it comes."""
    for row in _dates(day, part, here):
        yield from _soonest(day, (_part(one, part, here) for one in row), here)


def one_day(day: Day, here: Here) -> Iterator[Reading]:
    """A whole day."""
    for row in days.rows(day, here):
        yield from _soonest(day, (Days(one, one) for one in row), here)


def until_day(day: Day, here: Here) -> Iterator[Reading]:
    """From today until a day, which may be the last one away or the first one back."""
    for row in days.rows(day, here):
        for last in row[:1]:
            yield from (Days(here.today, one) for one in (last - ONE, last) if one >= here.today)


def day_range(first: Day, last: Day, here: Here) -> Iterator[Reading]:
    """From day to day, both included; a range that is under way is meant before the next one."""
    orders = {days.order_of(first), days.order_of(last)} - {None}
    if len(orders) > 1:
        return
    for row in _range_starts(first, last, here):
        found = (Days(start, end) for start in row for end in _range_ends(first, start, last, here))
        yield from _soonest(first, found, here)


def month(number: int, year: int | None, here: Here) -> Iterator[Reading]:
    """A month by its name: the present one, or the next time it comes."""
    if year is None:
        year = here.today.year + (number < here.today.month)
    if here.today.year - 1 <= year <= here.today.year + days.YEARS_AHEAD:
        yield Month(year, number)


def near_month(which: str, here: Here) -> Iterator[Reading]:
    """This month or the next."""
    today = here.today
    ahead = today + ONE * (calendar.monthrange(today.year, today.month)[1] - today.day + 1)
    found = today if which == THIS else ahead
    yield Month(found.year, found.month)


def week(which: str, here: Here) -> Iterator[Reading]:
    """What is left of this week, or the next; weeks begin on Sunday or Monday."""
    if which == THIS:
        yield from (Days(here.today, last) for last in days.week_ends(here.today))
    else:
        yield from (Days(first, first + 6 * ONE) for first in days.next_weeks(here.today))


def weekend(which: str | None, here: Here) -> Iterator[Reading]:
    """Saturday and Sunday; of a weekend under way what is left, or the one after."""
    sunday = here.today + ONE * (6 - here.today.weekday())
    saturday = max(sunday - ONE, here.today)
    if which != NEXT or saturday > here.today:
        yield Days(saturday, sunday)
    if which == NEXT or (which is None and sunday - here.today < 2 * ONE):
        yield Days(sunday + WEEK - ONE, sunday + WEEK)


def daily(span: tuple[Clock, Clock]) -> Iterator[Reading]:
    """The same hours on every day."""
    for minute, last in clocks.spans(*span):
        yield Daily(_time(minute), _time(last))


def _is_year(day: Day | None, said: Clock) -> bool:
    """Whether four digits after a date are rather its year: 5 dec 2028."""
    return said.may_be_year and day is not None and days.is_dated(day)


def _time(minute: int) -> time:
    return time(minute % clocks.DAY // 60, minute % 60)


def _minutes(day: Day | None, part: PartOfDay | None, said: Clock) -> list[int]:
    return clocks.on_a_day(said, part) if day or part else clocks.minutes(said)


def _spans(
    day: Day | None, part: PartOfDay | None, starts: Clock, ends: Clock
) -> Iterator[tuple[int, int]]:
    placed = _minutes(day, part, starts)
    for minute, last in clocks.spans(starts, ends):
        for ahead in (0, clocks.DAY):
            if minute + ahead in placed:
                yield minute + ahead, last + ahead


def _dates(day: Day | None, part: PartOfDay | None, here: Here) -> days.Rows:
    """The days on which a time may be; without a day the ones around now, the nearest first."""
    if day is None:
        return [[here.today + ONE * ahead for ahead in (-1, 0, 1, 2)]]
    found = days.rows(day, here, back=ONE)
    past_midnight = part is not None and part.starts[1] > clocks.DAY
    if day == Ahead(0) and past_midnight and here.local.hour * 60 < part_end(part):
        found = [[here.today - ONE], *found]
    return found


def part_end(part: PartOfDay | None) -> int:
    """The minute of the next day at which a part ends that goes past midnight."""
    return part.starts[1] - clocks.DAY if part else 0


def _soonest(
    day: Day | None, candidates: Iterable[Reading | None], here: Here
) -> Iterator[Reading]:
    """The first candidate that is not over; where no day was said and it has begun, also the next.

    Where all are over the last of them, so that it is known why nothing is left.
    """
    found = [one for one in candidates if one is not None]
    ahead = [one for one in found if not is_over(one, here)]
    yield from ahead[:1] or found[-1:]
    if day is None and ahead and has_begun(ahead[0], here):
        yield from ahead[1:2]


def _moment(day: date, minute: int, said: Clock, here: Here, ends: bool) -> Moment | None:
    at = clocks.instant(day, minute, here.zone, which=said.which, ends=ends)
    return Moment(at) if at else None


def _hours(
    day: date, minute: int, last: int, span: tuple[Clock, Clock], here: Here
) -> Hours | None:
    starts, ends = span
    begin = clocks.instant(day, minute, here.zone, which=starts.which)
    end = clocks.instant(day, last, here.zone, which=ends.which, ends=True)
    return Hours(begin, end) if begin and end and begin < end else None


def _part(day: date, part: PartOfDay, here: Here) -> Part | None:
    begin, end = (clocks.instant(day, minute, here.zone) for minute in part.starts)
    return Part(day, part.name, begin, end) if begin and end and begin < end else None


def _crossing(
    start: tuple[date, int, Clock],
    until: int,
    last: tuple[Day, PartOfDay | None, Clock],
    here: Here,
) -> Iterator[Hours]:
    day, minute, said = start
    begin = clocks.instant(day, minute, here.zone, which=said.which)
    for final in days.following(last[0], day, here):
        end = clocks.instant(final, until, here.zone, which=last[2].which, ends=True)
        if begin and end and begin < end <= begin + HALF_YEAR:
            yield Hours(begin, end)


def _range_starts(first: Day, last: Day, here: Here) -> days.Rows:
    """The rows of a range's first day; a year or month said only of its last holds for both."""
    if days.is_vaguer(first, last):
        ends = [end for row in days.rows(last, here) for end in row]
        starts = [days.last_before(first, end) for end in ends]
        return [[start] for start in starts if start]
    found = days.rows(first, here, HALF_YEAR if days.is_dated(first) else timedelta(0))
    if isinstance(first, days.Numbered):
        return [[start] for row in found for start in row[-2:]]
    return found


def _range_ends(first: Day, start: date, last: Day, here: Here) -> list[date]:
    """The last days that a range may have: within half a year, unless years were said."""
    stated = days.year_of(first) or days.year_of(last)
    longest = HALF_YEAR * 4 if stated else HALF_YEAR
    return [end for end in days.following(last, start, here) if start <= end <= start + longest]
