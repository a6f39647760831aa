"""A calendar file as a stream: its lines unfolded, its events one by one, whatever its length.

Line ends may be CRLF or LF, a byte order mark may come first; a file may hold several calendars
(RFC 5545, sections 3.1 and 3.4). Only properties that say something about shifts are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from icalendar.parser import Contentline

from shifts.faults import BadFile, BadLine

LONGEST_PROPERTY = 1_000_000
"""Bytes of one unfolded line; two hundred thousand dates left out are not a shift."""
MOST_LINES = 20_000
"""Of what is kept of one event."""
DEEPEST = 10
FOLDED = b" \t"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
KEPT = {
    "VCALENDAR": frozenset({b"METHOD"}),
    "VEVENT": frozenset(
        b"UID SEQUENCE STATUS DTSTART DTEND DURATION RRULE EXRULE RDATE EXDATE RECURRENCE-ID"
        b" ATTENDEE CATEGORIES".split()
    ),
    "VTIMEZONE": frozenset({b"TZID", b"X-LIC-LOCATION"}),
    "STANDARD": frozenset(b"DTSTART TZOFFSETFROM TZOFFSETTO RRULE RDATE".split()),
    "DAYLIGHT": frozenset(b"DTSTART TZOFFSETFROM TZOFFSETTO RRULE RDATE".split()),
}
NAME = re.compile(rb"\s*([\w-]+)")
PLAIN = re.compile(r"([\w-]+)((?:;[\w-]+=[^;:,=\"^]*)*):(.*)", re.ASCII | re.DOTALL)
WHOLE = ("VEVENT", "VTIMEZONE")
"""What is handed on, each with what it contains; alarms, tasks and journals are passed over."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a component: its line (from 1), its name and parameters in capitals."""

    line: int
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """An event or a time zone of the file, with the kept lines as bytes and its own parts."""

    kind: str
    line: int
    calendar: int
    """Which calendar of the file, from 1."""
    cancelling: bool = False
    """Its calendar was sent to cancel (METHOD:CANCEL, RFC 5546 section 3.2.5)."""
    lines: list[tuple[int, bytes]] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)


def components(file: BinaryIO) -> Iterator[Component]:
    """The events and time zones of a file in order; raises BadFile where it is no calendar."""
    return _Outline().components(file)


class _Outline:
    """Where in the nested components of a file its reader is."""

    def __init__(self) -> None:
        self._open: list[Component] = []
        self._calendars = 0
        self._cancelling = False

    def components(self, file: BinaryIO) -> Iterator[Component]:
        number = 0
        for number, line in unfolded(file):
            named = NAME.match(line)
            name = named[1].upper() if named else b""
            if name == b"BEGIN":
                self._begin(number, _kind(line))
            elif name == b"END":
                done = self._end(number, _kind(line))
                if done.kind in WHOLE and len(self._open) == 1:
                    yield done
            elif line.strip():
                self._keep(number, name, line)
        if self._open or not self._calendars:
            raise _no_calendar(number, "ends in the middle; save it once more")

    def _begin(self, number: int, kind: str) -> None:
        if (kind == "VCALENDAR") != (not self._open) or len(self._open) == DEEPEST:
            raise _no_calendar(number, f"BEGIN:{_kind_words(kind)} is out of place here")
        if not self._open:
            self._calendars, self._cancelling = self._calendars + 1, False
        self._open.append(Component(kind, number, self._calendars, self._cancelling))

    def _end(self, number: int, kind: str) -> Component:
        if not self._open or self._open[-1].kind != kind:
            raise _no_calendar(number, f"END:{_kind_words(kind)} without its BEGIN")
        done = self._open.pop()
        if self._open and self._open[-1].kind == "VTIMEZONE":
            self._open[-1].parts.append(done)
        return done

    def _keep(self, number: int, name: bytes, line: bytes) -> None:
        if not self._open:
            raise _no_calendar(number, "is no iCalendar file: it does not begin with a calendar")
        current = self._open[-1]
        if name not in KEPT.get(current.kind, ()):
            return
        if len(line) > LONGEST_PROPERTY or len(current.lines) == MOST_LINES:
            raise BadFile([BadLine(number, "", "is more than an event of shifts needs")])
        if current.kind == "VCALENDAR":
            self._cancelling |= line.upper().rstrip() == b"METHOD:CANCEL"
        else:
            current.lines.append((number, line))


def unfolded(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with the number on which it begins, what was folded put together again.

    Folding may cut a letter of several bytes in two (section 3.1): hence bytes. Of a line that
    is longer than any property of ours only a little more than that is kept.
    """
    begins, number, whole = 1, 0, bytearray()
    while line := file.readline(LONGEST_PROPERTY + 2):
        number += 1
        if not line.endswith(b"\n"):
            _skip_to_the_end(file)
        if line[0] in FOLDED and number > 1:
            if len(whole) <= LONGEST_PROPERTY:
                whole += line[1:].rstrip(b"\r\n")
            continue
        if whole:
            yield begins, bytes(whole)
        plain = line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line
        begins, whole = number, bytearray(plain.rstrip(b"\r\n"))
    if whole:
        yield begins, bytes(whole)


def _skip_to_the_end(file: BinaryIO) -> None:
    """Pass over the rest of a line that is too long to be ours."""
    rest = b" "
    while rest and not rest.endswith(b"\n"):
        rest = file.readline(LONGEST_PROPERTY)


def read_property(number: int, line: bytes) -> Property:
    """A line's name, parameters and value; raises ValueError, saying what is wrong."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    plain = PLAIN.fullmatch(text)
    if plain:
        # Most lines quote nothing and need no parser, which takes ten times as long.
        named = (part.split("=") for part in plain[2].split(";")[1:])
        parameters = {name.upper(): value for name, value in named}
        return Property(number, plain[1].upper(), parameters, plain[3].strip())
    try:
        name, parameters, value = _content_line(text).parts()
    except ValueError:
        raise ValueError("cannot be read as a line of a calendar") from None
    first = {key: held if isinstance(held, str) else held[0] for key, held in parameters.items()}
    return Property(number, name.upper(), first, value.strip())


def _content_line(text: str) -> Contentline:
    return Contentline(text)  # type: ignore[no-untyped-call] # the library leaves it untyped


def _kind(line: bytes) -> str:
    return line.partition(b":")[2].strip().upper().decode("ascii", "replace")


def _kind_words(kind: str) -> str:
    return kind[:20] if kind.isprintable() else repr(kind[:20])


def _no_calendar(number: int, why: str) -> BadFile:
    return BadFile([BadLine(max(number, 1), "", why)])
