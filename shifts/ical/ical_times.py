"""Times as calendars write them: local, UTC or floating moments, durations, offsets (RFC 5545)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.local_time import start_instant

DATE: Final = re.compile(r"\d{8}")
DATE_TIME: Final = re.compile(r"\d{8}T\d{6}Z?")
DURATION: Final = re.compile(
    r"\+?P(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)
OFFSET: Final = re.compile(r"([+-])(\d\d)([0-5]\d)([0-5]\d)?")
UTC_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time (naive) and the zone in which it is meant."""

    local: datetime
    zone: ZoneInfo

    @property
    def instant(self) -> datetime:
        """The UTC instant, as of a start: of a time that comes twice, the first."""
        return start_instant(self.local, self.zone)


@dataclass(frozen=True, slots=True)
class Length:
    """How long an event is: on the wall's clock, or in exact time, or first one, then the other.

    Days are days of the calendar, hours are exact (section 3.3.6); what lies between two local
    times of one zone is wall time altogether.
    """

    wall: timedelta
    exact: timedelta


def is_date(text: str) -> bool:
    """Whether a value is a date without a time, as of an event that lasts all day."""
    return DATE.fullmatch(text) is not None


def read_date(text: str) -> date:
    """A DATE; raises ValueError."""
    return _checked(text).date()


def read_local(text: str) -> datetime:
    """A DATE-TIME: aware if it is in UTC, else naive; raises ValueError, saying why."""
    if not DATE_TIME.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is no date and time; write it as 20260301T180000")
    return _checked(text)


def _checked(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:20]!r} is no date of the calendar") from None


def read_moment(text: str, zone: ZoneInfo) -> Moment:
    """A DATE-TIME; one that is not in UTC is meant in `zone`. Raises ValueError."""
    local = read_local(text)
    return Moment(local, zone) if local.tzinfo is None else Moment(_naive(local), UTC_ZONE)


def _naive(utc: datetime) -> datetime:
    return utc.astimezone(UTC).replace(tzinfo=None)


def read_duration(text: str) -> Length:
    """A DURATION; raises ValueError where it is none, is negative or nothing at all."""
    found = DURATION.fullmatch(text)
    parts = {name: int(number or 0) for name, number in found.groupdict().items()} if found else {}
    if not any(parts.values()):
        raise ValueError(f"{text[:20]!r} is no length of a shift; write it as PT4H")
    wall = timedelta(weeks=parts.pop("weeks"), days=parts.pop("days"))
    return Length(wall, timedelta(**parts))


def read_offset(text: str) -> timedelta:
    """A UTC-OFFSET such as -0500; raises ValueError."""
    found = OFFSET.fullmatch(text)
    if not found:
        raise ValueError(f"{text[:20]!r} is no offset from UTC")
    sign, hours, minutes, seconds = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    if offset >= timedelta(days=1):
        raise ValueError(f"{text[:20]!r} is no offset from UTC")
    return -offset if sign == "-" else offset
