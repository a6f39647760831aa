"""The line's typical week: how many call or write in each of its hours, and reach nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from shifts import places
from shifts.local_time import DAY, Span, start_instant, start_of_day
from warmline.counts.counting import FEWEST, NOT_REACHED, OFFERED, in_hour
from warmline.counts.reports import Period, stretch, together
from warmline.models.counts import DayCount

HOURS: Final = 168
"""Of a week; hour 0 begins on Monday at midnight, in the line's local time."""
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TypicalWeek:
    """By hour of the week, 168 each: callers, how many of them reached nobody, how often it came.

    Callers are those who called or wrote and let us note it; each stands for `of_one` of all.
    `times` is how many such hours there were.
    """

    offered: tuple[int, ...]
    not_reached: tuple[int, ...]
    times: tuple[int, ...]
    of_one: float = 1.0

    @property
    def few(self) -> bool:
        """Whether there were one to four callers in all: too few to show when."""
        return 0 < sum(self.offered) < FEWEST

    def callers_an_hour(self) -> tuple[float, ...]:
        """How many may be expected in each hour; 0 where it has not come yet."""
        pairs = zip(self.offered, self.times, strict=True)
        return tuple(self.of_one * number / times if times else 0.0 for number, times in pairs)

    def missed_an_hour(self) -> tuple[float, ...]:
        """How many of them reach nobody."""
        pairs = zip(self.not_reached, self.times, strict=True)
        return tuple(self.of_one * number / times if times else 0.0 for number, times in pairs)


def by_day(hours: Sequence[float]) -> list[Sequence[float]]:
    """168 numbers as seven days, Monday first, of 24 hours."""
    return [hours[first : first + 24] for first in range(0, HOURS, 24)]


def typical(counts: Mapping[str, int], all_came: int, begin: date, end: date) -> TypicalWeek:
    """The typical week of the local days [begin, end): when, by notes; how many, by the sums.

    `counts` is what notes say together, `all_came` how many came in these days. Notes tell in
    which hours people come, and everybody is spread over the week as those are.
    """
    noted = counts.get(OFFERED, 0)
    return TypicalWeek(
        offered=_by_hour(counts, OFFERED),
        not_reached=_by_hour(counts, NOT_REACHED),
        times=_times(begin, end),
        of_one=max(1.0, all_came / noted) if noted else 1.0,
    )


def _by_hour(counts: Mapping[str, int], what: str) -> tuple[int, ...]:
    return tuple(counts.get(in_hour(what, hour), 0) for hour in range(HOURS))


def _times(begin: date, end: date) -> tuple[int, ...]:
    """How often each hour of the week comes in these days; the nights of changing clocks aside."""
    weeks, more = divmod(max(0, (end - begin).days), 7)
    days = [weeks + ((weekday - begin.weekday()) % 7 < more) for weekday in range(7)]
    return tuple(days[hour // 24] for hour in range(HOURS))


def read(
    db: Connection, line_id: int, noted: Sequence[Period], all_came: int, today: date
) -> TypicalWeek:
    """The typical week of these periods, of reports.read_noted, up to `today`.

    `all_came` is how many came in them. Days before the line began to count are not taken for
    quiet ones.
    """
    begin, end = stretch(noted) if noted else (today, today)
    kinds = (DayCount.line_id == line_id, DayCount.what == OFFERED, DayCount.day >= begin)
    first = db.execute(select(func.min(DayCount.day)).where(*kinds)).scalar() or begin
    return typical(together(noted), all_came, max(begin, first), min(end, today + DAY))


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
