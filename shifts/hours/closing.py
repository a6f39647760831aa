"""Closing a line for some hours that nobody can cover: its opening hours with these cut out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shifts import local_time
from shifts.hours import weekly
from shifts.hours.opening_hours import Hours, OtherDay, Times
from shifts.hours.weekly import ALWAYS
from shifts.local_time import Span, local_day


def closed_between(
    hours: Hours, begin: datetime, end: datetime, zone: ZoneInfo, note: str = ""
) -> dict[date, OtherDay]:
    """The local days that get other hours, and which, when [begin, end) (UTC) is closed; pure.

    What is left of a night's window after midnight stands with the day on which it begins.
    """
    days = list(weekly.local_days(begin, end, zone))
    windows = {day: _windows(hours, day, zone) for day in days}
    touched = {day for day in days if any(_share(one, (begin, end)) for one in windows[day])}
    left = defaultdict[date, list[Span]](list)
    for day in touched:
        for one in windows[day]:
            for piece in _without(one, (begin, end)):
                left[local_day(piece[0], zone)].append(piece)
    changed = {}
    for day in sorted(touched | left.keys()):
        own = [] if day in touched else windows[day]
        times = (_times(one, zone) for one in sorted([*left[day], *own]))
        before = hours.days.get(day, OtherDay())
        changed[day] = replace(before, times=tuple(times), note=before.note or note)
    return changed


def _windows(hours: Hours, day: date, zone: ZoneInfo) -> list[Span]:
    """The spans of the windows that begin on a local day."""
    other = hours.days.get(day)
    if other is not None:
        pairs: Iterable[Times] = other.times
    else:
        every = hours.weekly or (ALWAYS,)
        pairs = [(one.starts, one.ends) for one in every if day.weekday() in one.weekdays]
    return [span for pair in pairs if (span := local_time.window(day, *pair, zone)) is not None]


def _share(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without(one: Span, cut: Span) -> list[Span]:
    pieces = ((one[0], min(one[1], cut[0])), (max(one[0], cut[1]), one[1]))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _times(span: Span, zone: ZoneInfo) -> Times:
    begin, end = (one.astimezone(zone).time().replace(second=0, microsecond=0) for one in span)
    return begin, end
