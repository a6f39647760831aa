"""The line's typical week: how many call or write in each of its hours, and reach nobody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from shifts import places
from shifts.local_time import DAY, Span, start_instant, start_of_day
from warmline.counts.counting import CHANNELS, FEWEST, NOT_REACHED, OFFERED, SINCE_THEN
from warmline.models.counts import DayCount, WeekCount

HOURS: Final = 168
"""Of a week; hour 0 begins on Monday at midnight, in the line's local time."""
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TypicalWeek:
    """By hour of the week, 168 each: callers, how many of them reached nobody, how often it came.

    Callers are those who called and those who wrote. `times` is how many such hours there were.
    """

    offered: tuple[int, ...]
    not_reached: tuple[int, ...]
    times: tuple[int, ...]

    @property
    def few(self) -> bool:
        """Whether there were one to four callers in all: too few to show when."""
        return 0 < sum(self.offered) < FEWEST

    def callers_an_hour(self) -> tuple[float, ...]:
        """How many may be expected in each hour; 0 where it has not come yet."""
        pairs = zip(self.offered, self.times, strict=True)
        return tuple(number / times if times else 0.0 for number, times in pairs)

    def missed_an_hour(self) -> tuple[float, ...]:
        """How many of them reach nobody."""
        pairs = zip(self.not_reached, self.times, strict=True)
        return tuple(number / times if times else 0.0 for number, times in pairs)


def by_day(hours: Sequence[float]) -> list[Sequence[float]]:
    """168 numbers as seven days, Monday first, of 24 hours."""
    return [hours[first : first + 24] for first in range(0, HOURS, 24)]


def typical(counted: Iterable[tuple[int, str, int]], begin: date, end: date) -> TypicalWeek:
    """The typical week of the local days [begin, end), from (hour of the week, what, number)."""
    numbers: Counter[tuple[str, int]] = Counter()
    for hour, what, number in counted:
        numbers[what, hour] += number
    return TypicalWeek(
        offered=_sum_by_hour(numbers, OFFERED),
        not_reached=_sum_by_hour(numbers, NOT_REACHED),
        times=_times(begin, end),
    )


def _sum_by_hour(numbers: Mapping[tuple[str, int], int], what: str) -> tuple[int, ...]:
    return tuple(
        sum(numbers.get((channel + what, hour), 0) for channel in CHANNELS) for hour in range(HOURS)
    )


def _times(begin: date, end: date) -> tuple[int, ...]:
    """How often each hour of the week comes in these days; the nights of changing clocks aside."""
    weeks, more = divmod(max(0, (end - begin).days), 7)
    days = [weeks + ((weekday - begin.weekday()) % 7 < more) for weekday in range(7)]
    return tuple(days[hour // 24] for hour in range(HOURS))


def read(db: Connection, line_id: int, begin: date, end: date, today: date) -> TypicalWeek:
    """The typical week of the months from `begin` until `end`, both first days, up to `today`.

    Give it the stretch of the periods that are told (reports.py): by a month more or less,
    fewer than five would stand alone. Days before the line began to count hours of the week are
    not taken for quiet ones.
    """
    kinds = (DayCount.line_id == line_id, DayCount.what.in_(SINCE_THEN))
    first = db.execute(select(func.min(DayCount.day)).where(*kinds)).scalar() or end
    stretch = (WeekCount.line_id == line_id, WeekCount.month >= begin, WeekCount.month < end)
    summed = select(WeekCount.hour_of_week, WeekCount.what, func.sum(WeekCount.number))
    rows = db.execute(summed.where(*stretch).group_by(WeekCount.hour_of_week, WeekCount.what))
    counted = ((hour, what, int(number)) for hour, what, number in rows)
    return typical(counted, max(begin, first), min(end, today + DAY))


def peers_on(db: Connection, line_id: int, monday: date, zone: ZoneInfo) -> list[int]:
    """How many peers are on in each hour of the local week from `monday` on, by the roster."""
    begin, end = (start_of_day(monday + days * DAY, zone) for days in (0, 7))
    rows = places.in_span(db, line_id, begin, end, duty=False)
    on = [(row.starts_at, row.ends_at) for row in rows if row.on]
    return peers_by_hour(on, monday, zone)


def peers_by_hour(spans: Sequence[Span], monday: date, zone: ZoneInfo) -> list[int]:
    """The fewest who are on at any moment of each hour of a local week, by their shifts (UTC)."""
    midnight = datetime.combine(monday, time.min)
    starts = [start_instant(midnight + hour * HOUR, zone) for hour in range(HOURS + 1)]
    return [_fewest(spans, begin, end) for begin, end in pairwise(starts)]


def _fewest(spans: Sequence[Span], begin: datetime, end: datetime) -> int:
    moments = {begin, *(ends for _, ends in spans if begin < ends < end)}
    return min(sum(one <= moment < ends for one, ends in spans) for moment in moments)
