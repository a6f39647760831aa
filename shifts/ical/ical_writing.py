"""The roster as a calendar (RFC 5545): an event a place, a cancelled one for each taken off."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from icalendar import vText
from icalendar.parser import Contentline
from sqlalchemy import Connection, select

from shifts.history.history import KEPT_FOR, uid
from shifts.models import AGREED, ASKED, COVER_WANTED, ON_STATES, OPEN, Line
from shifts.place_listing import ShownShift, whole_shifts
from shifts.planning_models import RemovedPlace

PRODUCT: Final = "-//Warmline//Roster//EN"
DUTY, GONE = "DUTY", ""
LONGEST_LINE: Final = 75
"""Octets of a line, its end not counted (section 3.1)."""
IN_WORDS: Final[Mapping[str, str]] = {
    OPEN: "open place",
    ASKED: "asked, no answer yet",
    AGREED: "agreed",
    COVER_WANTED: "agreed, cover wanted",
}


def export_calendar(
    connection: Connection, line_id: int, phones: Mapping[int, str], now: datetime
) -> Iterator[str]:
    """Every place but drafts, long shifts as one, event by event; each part ends in CRLF.

    `phones` gives each person's phone (E.164); places of somebody without one are left out.
    `now` (UTC) is when the calendar was written; what was removed in the thirty days before its
    end, or since, comes as cancelled.
    """
    name = connection.execute(select(Line.name).where(Line.id == line_id)).scalar_one()
    events = _Events(name, calendar_key(connection, line_id), now)
    yield _lines("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "METHOD:PUBLISH")
    yield _lines(f"X-WR-CALNAME:{_escaped(name)}")
    for shift in whole_shifts(connection, line_id, duty_too=True):
        phone = "" if shift.person_id is None else phones.get(shift.person_id)
        if phone is not None:
            yield events.of_shift(shift, phone)
    for removed in _removed(connection, line_id, now):
        yield events.of_removed(*removed)
    yield _lines("END:VCALENDAR")


def calendar_key(connection: Connection, line_id: int) -> str:
    """What tells the line's own entries from all others."""
    query = select(Line.calendar_key).where(Line.id == line_id)
    return connection.execute(query).scalar_one()


def _removed(
    connection: Connection, line_id: int, now: datetime
) -> Iterator[tuple[str, datetime, datetime, int]]:
    gone = RemovedPlace
    query = select(gone.uid, gone.starts_at, gone.ends_at, gone.sequence).where(
        gone.line_id == line_id, gone.ends_at > now - KEPT_FOR
    )
    rows = connection.execute(
        query.order_by(gone.starts_at, gone.id), execution_options={"yield_per": 1000}
    )
    return ((row.uid, row.starts_at, row.ends_at, row.sequence) for row in rows)


class _Events:
    """The events of one line's calendar."""

    def __init__(self, name: str, key: str, now: datetime) -> None:
        self._key, self._stamp = key, f"DTSTAMP:{_utc(now)}"
        self._summaries = {
            (state, duty): f"SUMMARY:{_escaped(f'{named}: {said}')}"
            for duty, named in ((False, name), (True, f"{name}, duty"))
            for state, said in {**IN_WORDS, GONE: "taken off"}.items()
        }

    def of_shift(self, shift: ShownShift, phone: str) -> str:
        on = shift.state in ON_STATES
        answer = "ACCEPTED" if on else "NEEDS-ACTION"
        return _lines(
            "BEGIN:VEVENT",
            f"UID:{uid(self._key, shift.id)}",
            f"SEQUENCE:{shift.version - 1}",
            *self._times(shift.starts_at, shift.ends_at),
            self._summaries[shift.state, shift.duty],
            f"STATUS:{'CONFIRMED' if on else 'TENTATIVE'}",
            *([f"CATEGORIES:{DUTY}"] if shift.duty else []),
            *([f"ATTENDEE;PARTSTAT={answer}:tel:{phone}"] if phone else []),
            "END:VEVENT",
        )

    def of_removed(self, name: str, starts: datetime, ends: datetime, sequence: int) -> str:
        return _lines(
            "BEGIN:VEVENT",
            f"UID:{name}",
            f"SEQUENCE:{sequence}",
            *self._times(starts, ends),
            self._summaries[GONE, False],
            "STATUS:CANCELLED",
            "END:VEVENT",
        )

    def _times(self, starts_at: datetime, ends_at: datetime) -> Iterable[str]:
        return self._stamp, f"DTSTART:{_utc(starts_at)}", f"DTEND:{_utc(ends_at)}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return vText(text).to_ical().decode()


def _lines(*lines: str) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    if line.isascii() and len(line) <= LONGEST_LINE:
        return line
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call] # no types there
    return folded.decode()
