"""Quiet hours: when a volunteer is not to be asked anything new; pure."""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from shifts.local_time import DAY, Span, local_day, window

USUAL: Final = (20 * 60, 9 * 60)
"""Minutes of the local day from which to which nobody is asked who has not said otherwise: new
questions come between nine and eight, well within what the law lets pass (FIELD 5.3)."""
_MINUTES_OF_A_DAY: Final = 24 * 60


def until(
    at: datetime, zone: ZoneInfo, quiet_from: int | None = None, quiet_until: int | None = None
) -> datetime | None:
    """When the quiet hours end in which `at` (UTC) lies; None while it is not quiet."""
    quiet = around(at, zone, quiet_from, quiet_until)
    return None if quiet is None else quiet[1]


def around(
    at: datetime, zone: ZoneInfo, quiet_from: int | None = None, quiet_until: int | None = None
) -> Span | None:
    """The quiet hours in which `at` (UTC) lies; None while it is not quiet.

    `zone` is the volunteer's own, the two are minutes of its day, None: the usual. Equal minutes
    are no quiet at all: they have said that they may be asked at any hour.
    """
    begins, ends = hours(quiet_from, quiet_until)
    if begins == ends:
        return None
    today = local_day(at, zone)
    for day in (today - DAY, today):
        quiet = window(day, _clock(begins), _clock(ends), zone)
        if quiet is not None and _covers(quiet, at):
            return quiet
    return None


def hours(quiet_from: int | None, quiet_until: int | None) -> tuple[int, int]:
    """One's own quiet hours, or else the usual ones: minutes of the day, equal is none at all."""
    return USUAL if quiet_from is None or quiet_until is None else (quiet_from, quiet_until)


def _clock(minutes: int) -> time:
    hours, left = divmod(minutes % _MINUTES_OF_A_DAY, 60)
    return time(hours, left)


def _covers(span: Span, at: datetime) -> bool:
    return span[0] <= at < span[1]
