"""What a rule comes to between two instants: its occurrences, with who holds them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule

from shifts.local_time import DAY, Span, local_day, start_instant, window
from shifts.patterns.rotation import group_of, turns_between
from shifts.patterns.rule import Dates, NthWeekdays, Rule, Weekly, Window

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
FOR_EVER = datetime.max.replace(tzinfo=UTC)
AROUND = 3 * DAY
"""A window begun so many days before an instant is over by then, whatever the clocks do."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One shift of a pattern: half-open [starts_at, ends_at), UTC; its persons and open places."""

    starts_at: datetime
    ends_at: datetime
    persons: tuple[int, ...] = ()
    open_places: int = 0


def occurrences(rule: Rule, zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Occurrence]:
    """The occurrences that share an instant with [begin, end), by start.

    A window that turns divide comes in parts, one for each turn; its open places are not
    divided. The answer for an occurrence does not depend on begin and end.
    """
    if rule.window is None:
        yield from _one_after_the_other(rule, zone, begin, end)
        return
    for number, span in _windows(rule, rule.window, zone, begin, end):
        if span[1] <= begin or span[0] >= end:
            continue
        for one in _occurrences_of(rule, zone, number, span):
            if one.ends_at > begin and one.starts_at < end:
                yield one


def days_between(
    rule: Rule, days_of: Window, first: date, last: date
) -> Iterator[tuple[int, date]]:
    """The rule's days from `first` to `last`, both inclusive, each with its number from 0.

    RFC 5545, section 3.3.10: weeks are counted from the one, Monday first, of the first day.
    """
    since, before = _near(rule, days_of, first)
    last = last if rule.last_day is None else min(last, rule.last_day)
    for number, moment in enumerate(_recurrence(days_of, since, last), before):
        if moment.date() >= first:
            yield number, moment.date()


def _one_after_the_other(
    rule: Rule, zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[Occurrence]:
    """Turns as shifts, cut where the first day begins and the last is over."""
    turns = rule.turns
    if turns is None or turns.anchor is None:
        return
    first = start_instant(datetime.combine(rule.first_day, turns.anchor.time()), zone)
    last = FOR_EVER
    if rule.last_day is not None:
        last = start_instant(datetime.combine(rule.last_day + DAY, turns.anchor.time()), zone)
    begin, end = max(begin, first), min(end, last)
    if begin >= end:
        return
    for turn in turns_between(turns, zone, begin, end):
        span = max(turn.starts_at, first), min(turn.ends_at, last)
        yield Occurrence(*span, turn.group, rule.open_places)


def _windows(
    rule: Rule, days_of: Window, zone: ZoneInfo, begin: datetime, end: datetime
) -> Iterator[tuple[int, Span]]:
    """The windows around [begin, end); one that the clocks lengthen ends where the next begins."""
    first, last = local_day(begin - AROUND, zone), local_day(end + AROUND, zone)
    spans = [
        (number, span)
        for number, day in days_between(rule, days_of, first, last)
        if (span := window(day, days_of.starts, days_of.ends, zone)) is not None
    ]
    following = [*(span[0] for _, span in spans[1:]), FOR_EVER]
    for (number, (starts_at, ends_at)), limit in zip(spans, following, strict=False):
        yield number, (starts_at, min(ends_at, limit))


def _occurrences_of(rule: Rule, zone: ZoneInfo, number: int, span: Span) -> Iterator[Occurrence]:
    turns = rule.turns
    if turns is None:
        yield Occurrence(*span, rule.persons, rule.open_places)
    elif turns.anchor is None:
        yield Occurrence(*span, group_of(turns, number // turns.every), rule.open_places)
    else:
        if rule.open_places:
            yield Occurrence(*span, (), rule.open_places)
        for turn in turns_between(turns, zone, *span):
            part = max(turn.starts_at, span[0]), min(turn.ends_at, span[1])
            yield Occurrence(*part, turn.group)


def _recurrence(days_of: Window, since: date, last: date) -> rrule:
    begin, until = datetime.combine(since, time.min), datetime.combine(last, time.min)
    match days_of.days:
        case Weekly(weekdays, every):
            return rrule(
                WEEKLY, begin, every, MO, until=until, byweekday=[WEEKDAYS[one] for one in weekdays]
            )
        case NthWeekdays(weekdays, nths):
            nth_weekdays = [WEEKDAYS[weekday](nth) for weekday in weekdays for nth in nths]
            return rrule(MONTHLY, begin, until=until, byweekday=nth_weekdays)
        case Dates(dates):
            return rrule(MONTHLY, begin, until=until, bymonthday=dates)


def _near(rule: Rule, days_of: Window, day: date) -> tuple[date, int]:
    """A day from which the rule counts as from its first, and how many of its days lie before.

    It spares counting through years of weeks; months are few enough.
    """
    if not isinstance(days_of.days, Weekly):
        return rule.first_day, 0
    weekdays, every = days_of.days.weekdays, days_of.days.every
    monday = rule.first_day - rule.first_day.weekday() * DAY
    rounds = (day - monday) // timedelta(weeks=every)
    if rounds < 1:
        return rule.first_day, 0
    missed = sum(weekday < rule.first_day.weekday() for weekday in weekdays)
    return monday + rounds * timedelta(weeks=every), rounds * len(weekdays) - missed
