"""Local times to instants: what a wall clock means on the nights when clocks change.

The rule is GoAlert's, and leaves no gap: a time that is skipped is the first instant after the
jump; one that comes twice is its first occurrence for a start or a hand-over, its last for an
end (shared conventions of the roster's examples, tests/shifts/roster_cases.json).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
"""Half-open [start, end), UTC."""


def start_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a start or hand-over at a naive local time."""
    return _instant(local, zone, fold=0)


def end_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a window's end at a naive local time."""
    return _instant(local, zone, fold=1)


def window(day: date, starts: time, ends: time, zone: ZoneInfo) -> Span | None:
    """The span of one local day's window; an end not after its start is on the next day.

    Equal times are 24 hours. None where the clocks leave nothing of it.
    """
    last = day + DAY if ends <= starts else day
    begin = start_instant(datetime.combine(day, starts), zone)
    end = end_instant(datetime.combine(last, ends), zone)
    return (begin, end) if begin < end else None


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The date on the wall's calendar at an instant."""
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) of a local day; of a skipped day, the first after it."""
    return start_instant(datetime.combine(day, time.min), zone)


def _instant(local: datetime, zone: ZoneInfo, fold: int) -> datetime:
    there = local.replace(tzinfo=zone, fold=fold)
    instant = there.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    return _after_the_jump(local, zone)


def _after_the_jump(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks jump over a skipped local time.

    Read with the offset before the jump (fold 0) a skipped time lies after it, with the one
    after the jump (fold 1) before it (PEP 495); between them the jump is found by halving.
    """
    early, late = sorted(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
