"""The line's opening hours in its local time, with exceptions: kept as rows, told as spans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from shifts import local_time
from shifts.faults import Fault
from shifts.hours import weekly
from shifts.hours.weekly import ALWAYS, Window
from shifts.local_time import Span
from shifts.planning_models import OpeningException, OpeningHours

Times = tuple[time, time]
"""Two local times; an end not after the start is on the next day, equal ones are 24 hours."""
LONGEST_NOTE: Final = 80
MOST_WINDOWS: Final = 50


class TooManyWindows(Fault):
    """More windows than a week or a day of opening hours can sensibly have."""


class BadNote(Fault):
    """A note on a day or a change that is too long, or has characters that cannot be shown."""


@dataclass(frozen=True)
class OtherDay:
    """Other hours on one local day; no times: closed. `note` says why, for people."""

    times: tuple[Times, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        said = ", ".join(weekly.times_in_words(*pair) for pair in self.times) or "closed"
        return f"{said} ({self.note})" if self.note else said


@dataclass(frozen=True)
class Hours:
    """Weekly windows (none: always open) and the local days that differ."""

    weekly: tuple[Window, ...] = ()
    days: Mapping[date, OtherDay] = field(default_factory=dict)


def open_spans(hours: Hours, begin: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """When the line is open within [begin, end): in order, apart from each other, UTC.

    A day's other hours take the place of the windows that begin on that local day; what began
    the evening before runs on.
    """
    found = [
        span
        for one in hours.weekly or (ALWAYS,)
        for span in weekly.spans(one, begin, end, zone, skipped=hours.days)
    ]
    for day in weekly.local_days(begin, end, zone):
        other = hours.days.get(day, OtherDay())
        found += filter(None, (local_time.window(day, *pair, zone) for pair in other.times))
    cut = ((max(begin, starts), min(end, ends)) for starts, ends in found)
    return merged(span for span in cut if span[0] < span[1])


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or adjoin as one."""
    joined: list[Span] = []
    for starts, ends in sorted(spans):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined


def read(connection: Connection, line_id: int) -> Hours:
    """The opening hours of a line as they are kept."""
    of_week = select(OpeningHours.weekdays, OpeningHours.starts, OpeningHours.ends)
    of_week = of_week.where(OpeningHours.line_id == line_id).order_by(OpeningHours.id)
    windows = tuple(weekly.kept(*row) for row in connection.execute(of_week))
    columns = (OpeningException.day, OpeningException.starts, OpeningException.ends)
    of_days = select(*columns, OpeningException.note).where(OpeningException.line_id == line_id)
    days: dict[date, OtherDay] = {}
    ordered = of_days.order_by(OpeningException.day, OpeningException.id)
    for day, starts, ends, note in connection.execute(ordered):
        before = days.get(day, OtherDay())
        days[day] = OtherDay((*before.times, *_pair(starts, ends)), before.note or note)
    return Hours(windows, days)


def set_weekly(connection: Connection, line_id: int, windows: Sequence[Window]) -> None:
    """Open in these weekly windows from now on; none: always. Raises TooManyWindows."""
    _check_number(windows)
    connection.execute(delete(OpeningHours).where(OpeningHours.line_id == line_id))
    rows = [
        {
            "line_id": line_id,
            "weekdays": one.digits,
            "starts": weekly.clock(one.starts),
            "ends": weekly.clock(one.ends),
        }
        for one in dict.fromkeys(windows)
    ]
    if rows:
        connection.execute(insert(OpeningHours), rows)


def set_day(connection: Connection, line_id: int, day: date, other: OtherDay | None) -> None:
    """Other hours on one local day, in place of those it had; None: as in every week again.

    Raises TooManyWindows or BadNote.
    """
    of_day = (OpeningException.line_id == line_id, OpeningException.day == day)
    if other is not None:
        _check_number(other.times)
        check_note(f"{day}: the note", other.note)
    connection.execute(delete(OpeningException).where(*of_day))
    if other is not None:
        same = {"line_id": line_id, "day": day, "note": other.note}
        connection.execute(insert(OpeningException), [same | one for one in _clocks(other)])


def check_note(which: str, note: str) -> None:
    """Raises BadNote; `which` says, in its sentence, whose note it is."""
    if len(note) > LONGEST_NOTE:
        raise BadNote(f"{which} may have {LONGEST_NOTE} characters at most; shorten it.")
    if not note.isprintable():
        raise BadNote(f"{which} has characters that cannot be shown; leave them out.")


def _clocks(other: OtherDay) -> Iterator[dict[str, str | None]]:
    if not other.times:
        yield {"starts": None, "ends": None}
    for starts, ends in other.times:
        yield {"starts": weekly.clock(starts), "ends": weekly.clock(ends)}


def _check_number(windows: Sequence[object]) -> None:
    if len(windows) > MOST_WINDOWS:
        raise TooManyWindows(f"{len(windows)} windows are too many; give {MOST_WINDOWS} at most")


def _pair(starts: str | None, ends: str | None) -> tuple[Times, ...]:
    if starts is None or ends is None:
        return ()
    return ((time.fromisoformat(starts), time.fromisoformat(ends)),)
