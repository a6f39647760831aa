"""When somebody may be called back: soon, or in a part of the next day in which a peer is on; pure.

Nobody is ever rung before nine in the morning or after nine in the evening, but for who wishes to
be rung soon.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Final
from zoneinfo import ZoneInfo

SOON: Final = timedelta(hours=2)
AHEAD: Final = timedelta(hours=36)
"""With the three hours of a part of the day, well within the 48 for which a number may be kept."""
PARTS: Final = ((9, 12), (12, 15), (15, 18), (18, 21))
"""Parts of the day in the line's own time: hours, half-open."""
MOST: Final = 4
"""How many are offered: whoever hears more has forgotten the first."""

On = tuple[datetime, datetime]
"""Somebody is on: [start, end), UTC."""


@dataclass(frozen=True, slots=True)
class Window:
    """Between these two instants (UTC) somebody may be called back; `soon` begins at once."""

    starts_at: datetime
    until: datetime
    soon: bool = False


def windows(now: datetime, zone: ZoneInfo, on: Iterable[On]) -> list[Window]:
    """What is offered, the nearest first; only where a peer is on for a while. May be none."""
    held = sorted(on)
    found = [Window(now, now + SOON, soon=True), *_parts(now, zone)]
    return [one for one in found if _somebody_is_on(one, held)][:MOST]


def _parts(now: datetime, zone: ZoneInfo) -> Iterator[Window]:
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        for begins, ends in PARTS:
            starts_at = _at(day, begins, zone)
            if now + SOON <= starts_at <= now + AHEAD:
                yield Window(starts_at, _at(day, ends, zone))


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time_of_day(hour), tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC"))


LONG_ENOUGH: Final = timedelta(minutes=30)


def _somebody_is_on(window: Window, on: Iterable[On]) -> bool:
    return any(
        min(end, window.until) - max(start, window.starts_at) >= LONG_ENOUGH for start, end in on
    )
