"""What `warmline gaps` asks, a stretch of time, and how it tells who is lacking in it."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.faults import Fault
from shifts.files import csv_places
from shifts.hours.cover import Gap
from shifts.hours.resolver import Lack
from shifts.hours.wanted import LINE, VOICE
from shifts.local_time import Span, start_of_day

USUAL_STRETCH: Final = timedelta(days=7)
LONGEST_STRETCH: Final = timedelta(days=400)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BadStretch(Fault):
    """The two instants between which gaps are asked about cannot be."""


def stretch(begin: str, end: str, zone: ZoneInfo, now: datetime) -> Span:
    """The stretch that `--from` and `--to` name: from now unless said, for a week unless said.

    Each is an instant (ISO 8601 with an offset) or a local date, which is its first instant.
    Raises BadStretch.
    """
    starts = _instant("--from", begin, zone) if begin else now.replace(microsecond=0)
    ends = _instant("--to", end, zone) if end else starts + USUAL_STRETCH
    if ends <= starts:
        raise BadStretch(f"--to: {_local(ends, zone)} is not after {_local(starts, zone)}")
    if ends - starts > LONGEST_STRETCH:
        raise BadStretch(f"--to: more than {LONGEST_STRETCH.days} days after --from; ask for fewer")
    return starts, ends


def in_words(lacks: Iterable[Lack], zone: ZoneInfo) -> list[str]:
    """A line for each gap in the line's time; one line when there is none."""
    told = [
        f"{_local(lack.gap.start, zone)} to {_local(lack.gap.end, zone)}: {_missing(lack)}"
        for lack in lacks
    ]
    return told or ["no gaps"]


def as_rows(lacks: Iterable[Lack], zone: ZoneInfo) -> list[dict[str, object]]:
    """Each gap for programs; instants in ISO 8601 with the line's offset."""
    return [
        {
            "start": lack.gap.start.astimezone(zone).isoformat(),
            "end": lack.gap.end.astimezone(zone).isoformat(),
            "language": lack.subject.language,
            "channel": lack.subject.channel,
            "duty": lack.subject.duty,
            "wanted": lack.gap.wanted,
            "on": lack.gap.on,
        }
        for lack in lacks
    ]


def _instant(option: str, text: str, zone: ZoneInfo) -> datetime:
    try:
        return _midnight(text, zone) if _DAY.fullmatch(text) else csv_places.instant(text)
    except ValueError as fault:
        raise BadStretch(f"{option}: {fault}") from None


def _midnight(text: str, zone: ZoneInfo) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date; write it as 2026-03-01") from None
    # The years of a roster are bounded where its instants are read.
    csv_places.instant(f"{day}T00:00:00+00:00")
    return start_of_day(day, zone)


def _local(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{local:%a %Y-%m-%d %H:%M:%S %Z}" if local.second else f"{local:%a %Y-%m-%d %H:%M %Z}"


def _missing(lack: Lack) -> str:
    subject, gap = lack.subject, lack.gap
    if subject == LINE:
        return _missing_words(gap, "nobody", "")
    if subject.duty:
        return _missing_words(gap, "no coordinator on duty", " on duty")
    if subject.language is not None:
        return _missing_words(
            gap, f"nobody who speaks {subject.language}", f" who speak {subject.language}"
        )
    things = "calls" if subject == VOICE else "texts"
    return _missing_words(gap, f"nobody who takes {things}", f" who take {things}")


def _missing_words(gap: Gap, nobody: str, those: str) -> str:
    return f"{gap.on} of {gap.wanted}{those}" if gap.on else nobody
