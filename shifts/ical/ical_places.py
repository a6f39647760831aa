"""Places as a calendar file has them: event by event, a place for each person and occurrence."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Final, Protocol
from zoneinfo import ZoneInfo

from shifts.faults import BadFile, BadLine, BadLines
from shifts.files.staging import UID_KEY, FileEvent, FilePlace
from shifts.history.history import uid as own_uid
from shifts.ical.ical_entries import Entry
from shifts.ical.ical_events import Attendee, Event, Heading
from shifts.ical.ical_lines import Component, components
from shifts.ical.ical_rules import Patience, TooFar
from shifts.ical.ical_zones import Described, Zones, described_in
from shifts.who_is_on import pieces

AHEAD: Final = timedelta(weeks=8)
"""How far an event without an end is made."""
MOST_OF_EVENT, MOST_OF_FILE = 20_000, 200_000
"""Occurrences, a piece of 25 hours counted as one."""
OWN_UID: Final = re.compile(r"place-([1-9]\d{0,8})@")


class Finder(Protocol):
    """Finds the person with a phone; raises ValueError, saying why there is none."""

    def __call__(self, phone: str, name: str = "") -> int:
        """The person's id; `name` is what the file calls them."""


@dataclass(frozen=True)
class Reading:
    """How a file is read: for whom, from when on, and where faults go.

    `zone` is the line's, in which floating times are meant; `key` tells the line's own entries;
    `all_agreed` declares that everybody in the file said yes.
    """

    zone: ZoneInfo
    key: str
    person_of: Finder
    now: datetime
    bad: BadLines
    all_agreed: bool = False


def read_calendar(file: BinaryIO, reading: Reading) -> Iterator[FileEvent | FilePlace]:
    """The events of a file, each followed by its places; the file must be one that can be sought.

    Events that cannot be go to `reading.bad`. Raises BadFile where the file is no calendar or
    asks for more than a roster holds.
    """
    return _Calendar(file, reading).places()


class _Calendar:
    """One file while it is read, with what is counted over all of it."""

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self._file, self._reading = file, reading
        self._zones = Zones(self._described)
        self._patience = Patience()
        self._events = self._made = 0

    def places(self) -> Iterator[FileEvent | FilePlace]:
        for component in components(self._file):
            if component.kind == "VEVENT":
                yield from self._of_entry(component)

    def _of_entry(self, component: Component) -> Iterator[FileEvent | FilePlace]:
        entry = Entry(component, self._zones, self._reading.zone, self._reading.bad)
        heading = entry.heading()
        if heading is None:
            return
        event = None if heading.cancelled else entry.event()
        self._events += 1
        yield self._named(heading, event)
        if event is None:
            return
        try:
            yield from self._made_of(heading, event, entry)
        except ValueError as fault:
            entry.complain(heading.line, f"{entry.of_this('')}: {fault}")
        except TooFar:
            why = "the events of this file come again over more days than any roster has"
            raise BadFile([BadLine(heading.line, "", why)]) from None

    def _named(self, heading: Heading, event: Event | None) -> FileEvent:
        key, about = _uid_key(heading.uid), heading.stands_for
        return FileEvent(
            id=self._events,
            line=heading.line,
            uid_key=key,
            occurrence=_occurrence(key, about) if about else None,
            sequence=heading.sequence,
            cancelled=heading.cancelled,
            own_id=None if about or (event and event.comes_again) else self._own_id(heading.uid),
        )

    def _own_id(self, uid: str) -> int | None:
        found = OWN_UID.match(uid)
        if not found or not self._reading.key:
            return None
        number = int(found[1])
        return number if uid == own_uid(self._reading.key, number) else None

    def _made_of(self, heading: Heading, event: Event, entry: Entry) -> Iterator[FilePlace]:
        seats = list(self._seats(event, entry))
        made, key = 0, _uid_key(heading.uid)
        for start, end in event.occurrences(self._reading.now + AHEAD, self._patience):
            made += len(pieces(start, end)) * len(seats)
            if made > MOST_OF_EVENT:
                raise ValueError(f"comes more than {MOST_OF_EVENT} times; give it an end (UNTIL)")
            occurrence = _occurrence(key, heading.stands_for or start)
            for person, agreed in seats:
                origin = _origin(occurrence, heading.stands_for or start, start, end, person, event)
                yield FilePlace(
                    *(heading.line, start, end, person, agreed, event.duty),
                    event=self._events,
                    occurrence=occurrence,
                    origin=origin,
                )
        self._count(made, heading)

    def _count(self, made: int, heading: Heading) -> None:
        self._made += made
        if self._made > MOST_OF_FILE:
            why = f"the file makes more than {MOST_OF_FILE} places; bring it in parts"
            raise BadFile([BadLine(heading.line, "", why)])

    def _seats(self, event: Event, entry: Entry) -> Iterator[tuple[int | None, bool]]:
        """Each person once with their yes; an open place where nobody with a phone is left."""
        coming = [one for one in event.attendees if not one.declined]
        found: dict[int, bool] = {}
        for one in coming:
            person = self._person(one, entry)
            if person is not None:
                found[person] = found.get(person, False) or one.agreed or self._reading.all_agreed
        yield from found.items() if coming else [(None, False)]

    def _person(self, attendee: Attendee, entry: Entry) -> int | None:
        try:
            return self._reading.person_of(attendee.phone, attendee.name)
        except ValueError as fault:
            entry.complain(attendee.line, f"{entry.of_this('ATTENDEE')}: {fault}")
            return None

    def _described(self) -> Described:
        """All time zones of the file: a calendar may describe one after the events in it."""
        here = self._file.tell()
        self._file.seek(0)
        found = described_in(components(self._file))
        self._file.seek(here)
        return found


def _uid_key(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()[:UID_KEY]


def _occurrence(key: str, original: datetime) -> str:
    return f"{key}:{original:%Y%m%dT%H%M%SZ}"


def _origin(
    occurrence: str,
    original: datetime,
    start: datetime,
    end: datetime,
    person: int | None,
    event: Event,
) -> str:
    """What the file says of a place, in at most 80 characters: whose, and when (in seconds).

    While the file says the same, whatever was done to the place here stands.
    """
    moved = int((start - original).total_seconds())
    length = int((end - start).total_seconds())
    kind = "d" if event.duty else ""
    return f"{occurrence}:{person or 'open'}:{moved}+{length}{kind}"
