"""The counts as they are told: by month, where fewer than five never stand alone.

The sums are of everybody; what notes say speaks for whoever said yes (SpeaksFor).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, extract, func, select

from shifts.local_time import local_day, start_of_day
from shifts.models import ON_STATES, Place
from shifts.planning_models import HoursGiven
from warmline.counts.counting import ANSWERED, FEWEST, NOT_REACHED, OFFERED, Noted, of_note
from warmline.counts.small_numbers import OTHER
from warmline.models.counts import DayCount
from warmline.models.privacy import Note, NoteTally

SMALLER: Final = {6: 3, 3: 1}
"""Months of what a half year and a quarter are made of."""
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or half year from its first day on, and what was counted in it.

    `few`: even in the half year there were one to four; what they were is not told.
    """

    first: date
    months: int
    counts: Mapping[str, int]
    few: bool = False

    @property
    def end(self) -> date:
        """The first day after it."""
        return months_after(self.first, self.months)

    @property
    def offered(self) -> int:
        """Calls and talks by text that were offered."""
        return self.counts.get(OFFERED, 0)


class SpeaksFor(NamedTuple):
    """Of how many of `all` calls and talks by text something is told: those `noted` by a yes."""

    noted: int
    all: int

    @property
    def few(self) -> bool:
        """Whether they are too few to be told of."""
        return 0 < self.noted < FEWEST


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many calls and talks by text in a language were answered, and how many were not."""

    answered: int
    not_reached: int

    @property
    def together(self) -> int:
        """All that were over."""
        return self.answered + self.not_reached


def months_after(month: date, number: int) -> date:
    """The first day of the month so many months after this one."""
    years, months = divmod(month.month - 1 + number, 12)
    return date(month.year + years, months + 1, 1)


def half_year_of(day: date) -> date:
    """The first day of the half year in which a day is."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def rolled_up(
    by_month: Mapping[date, Mapping[str, int]], begin: date, end: date
) -> Iterator[Period]:
    """The periods that have a day of [begin, end), in order, each large enough to be told.

    Where a month has fewer than five its quarter is told as one; likewise a quarter, its half
    year. `by_month` is by first day, and of whole half years: what is told of a month must not
    depend on which months were asked for.
    """
    half = half_year_of(begin)
    while half < end:
        for period in _in_parts(by_month, half, 6):
            if period.first < end and begin < period.end:
                yield Period(period.first, period.months, {}, few=True) if period.few else period
        half = months_after(half, 6)


def stretch(periods: Sequence[Period]) -> tuple[date, date]:
    """The first day of the first of these periods, and the day after the last."""
    return periods[0].first, periods[-1].end


def _in_parts(by_month: Mapping[date, Mapping[str, int]], first: date, months: int) -> list[Period]:
    counts: Counter[str] = Counter()
    for number in range(months):
        counts.update(by_month.get(months_after(first, number), {}))
    whole = Period(first, months, dict(counts))
    if 0 < whole.offered < FEWEST or (counts.total() and not whole.offered):
        # What came in the last minutes of a month may be counted as over in the next alone.
        whole = Period(first, months, dict(counts), few=True)
    if months == 1:
        return [whole]
    step = SMALLER[months]
    parts = [
        part
        for number in range(0, months, step)
        for part in _in_parts(by_month, months_after(first, number), step)
    ]
    return [whole] if any(part.few for part in parts) else parts


def languages(counts: Mapping[str, int]) -> dict[str, Spoken]:
    """How many there were in each language, the most first; those under five are "other"."""
    codes = {what.removeprefix(f"{one} ") for one in _OUTCOMES for what in _of(counts, one)}
    spoken = {code: _spoken(counts, code) for code in codes}
    many = {code: one for code, one in spoken.items() if one.together >= FEWEST}
    told = {code: one for code, one in many.items() if code != OTHER}
    few = [one for code, one in spoken.items() if code not in told]
    ordered = dict(sorted(told.items(), key=lambda item: (-item[1].together, item[0])))
    if few:
        answered = sum(one.answered for one in few)
        ordered[OTHER] = Spoken(answered, sum(one.not_reached for one in few))
    return ordered


_OUTCOMES: Final = (ANSWERED, NOT_REACHED)


def _of(counts: Mapping[str, int], outcome: str) -> Iterator[str]:
    return (what for what in counts if what.startswith(f"{outcome} "))


def _spoken(counts: Mapping[str, int], code: str) -> Spoken:
    answered, not_reached = (counts.get(f"{outcome} {code}", 0) for outcome in _OUTCOMES)
    return Spoken(answered, not_reached)


def read(db: Connection, line_id: int, begin: date, end: date) -> list[Period]:
    """The sums of everybody on a line in the months that have a day of [begin, end)."""
    first, last = _half_years(begin, end)
    year, month = extract("year", DayCount.day), extract("month", DayCount.day)
    of_line = (DayCount.line_id == line_id, DayCount.day >= first, DayCount.day < last)
    found = select(year, month, DayCount.what, func.sum(DayCount.number)).where(*of_line)
    by_month: dict[date, dict[str, int]] = {}
    for in_year, in_month, what, number in db.execute(found.group_by(year, month, DayCount.what)):
        by_month.setdefault(date(int(in_year), int(in_month), 1), {})[what] = int(number)
    return list(rolled_up(by_month, begin, end))


def read_noted(db: Connection, line_id: int, begin: date, end: date) -> list[Period]:
    """What notes and their tallies say (counting.of_note), of the months as `read` has them."""
    first, last = _half_years(begin, end)
    columns = tuple(getattr(Note, name) for name in Noted._fields)
    alike = select(*columns, func.count()).group_by(*columns)
    theirs = alike.where(Note.line_id == line_id, Note.day >= first, Note.day < last)
    by_month: dict[date, Counter[str]] = {}
    for *fields, number in db.execute(theirs):
        noted = Noted(*fields)
        month = by_month.setdefault(noted.day.replace(day=1), Counter())
        month.update(dict.fromkeys(of_note(noted), number))
    folded = select(NoteTally.month, NoteTally.what, NoteTally.number).where(
        NoteTally.line_id == line_id, NoteTally.month >= first, NoteTally.month < last
    )
    for in_month, what, number in db.execute(folded):
        by_month.setdefault(in_month, Counter())[what] += number
    return list(rolled_up(by_month, begin, end))


def speaks_for(db: Connection, line_id: int, noted: Sequence[Period]) -> SpeaksFor:
    """Of how many of all that came in these periods, of `read_noted`, they tell."""
    told = [one for one in noted if not one.few]
    known = sum(one.offered for one in told)
    begin, end = stretch(noted) if noted else (date.min, date.min)
    came = select(func.coalesce(func.sum(DayCount.number), 0)).where(
        DayCount.line_id == line_id,
        DayCount.what == OFFERED,
        DayCount.day >= begin,
        DayCount.day < end,
    )
    # Whoever came in the last minutes of a month may be one of its notes alone.
    return SpeaksFor(known, max(known, int(db.scalar(came) or 0)))


def together(periods: Iterable[Period]) -> Counter[str]:
    """The counts of several periods as one."""
    counts: Counter[str] = Counter()
    for one in periods:
        counts.update(one.counts)
    return counts


def _half_years(begin: date, end: date) -> tuple[date, date]:
    return half_year_of(begin), months_after(half_year_of(end - timedelta(days=1)), 6)


def minutes_given(
    db: Connection, line_id: int, begin: date, end: date, zone: ZoneInfo, now: datetime
) -> dict[date, int]:
    """Minutes on shift and on duty that all together gave, by month (its first day), until `now`.

    A shift is of the month in which it began; who has left counts as well. Months without any
    are left out; `begin` and `end` are first days of months.
    """
    months: Counter[date] = Counter()
    spans = select(Place.starts_at, Place.ends_at, func.count()).where(
        Place.line_id == line_id,
        Place.state.in_(ON_STATES),
        Place.starts_at >= start_of_day(begin, zone),
        Place.starts_at < start_of_day(end, zone),
        Place.ends_at <= now,
    )
    for starts_at, ends_at, seats in db.execute(spans.group_by(Place.starts_at, Place.ends_at)):
        month = local_day(starts_at, zone).replace(day=1)
        months[month] += seats * ((ends_at - starts_at) // MINUTE)
    left = select(HoursGiven.month, HoursGiven.minutes).where(
        HoursGiven.line_id == line_id, HoursGiven.month >= begin, HoursGiven.month < end
    )
    for month, minutes in db.execute(left):
        months[month] += minutes
    return dict(sorted(months.items()))
