"""A file of the roster that comes in: persons are found by their phones, faults named by line."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO

from sqlalchemy import Connection

from shifts.faults import BadLines
from shifts.files.csv_places import import_places, read_places
from shifts.files.importing import Imported
from shifts.files.staging import stage
from shifts.ical.comparing_events import import_events
from shifts.ical.ical_places import Reading, read_calendar
from warmline import phone_numbers
from warmline.line.opening import TheLine
from warmline.people import volunteers


@dataclass(frozen=True)
class RosterFile:
    """A file that comes in, on a connection whose temporary tables it waits in."""

    is_calendar: bool
    line: TheLine
    key: str
    persons: "Persons"
    now: datetime
    all_agreed: bool
    by_id: int | None = None

    def stage(self, connection: Connection, file: BinaryIO) -> None:
        """Read it whole; raises Fault."""
        bad = BadLines()
        if self.is_calendar:
            of = (self.line.zone, self.key, self.persons, self.now, bad)
            stage(connection, read_calendar(file, Reading(*of, self.all_agreed)))
        else:
            of_rows = read_places(file, self.persons, bad, all_agreed=self.all_agreed)
            stage(connection, of_rows)
        bad.refuse()

    def take_in(self, connection: Connection, *, dry_run: bool) -> Imported:
        """Compare it with the roster and write it, unless it is a dry run; raises Fault."""
        line_id, names = self.line.line_id, self.persons.newcomers
        if self.is_calendar:
            of = (line_id, self.key, names, self.now)
            return import_events(connection, *of, dry_run=dry_run, by_id=self.by_id)
        of_rows = (line_id, names, self.now)
        return import_places(connection, *of_rows, dry_run=dry_run, by_id=self.by_id)


class Persons:
    """Finds a phone's person; `newcomers` names those with phones nobody had, by made-up ids.

    Only where `offers` is set is somebody unknown such a newcomer, with an id below zero; else
    they are a ValueError, as is a phone that is none.
    """

    def __init__(self, connection: Connection, line: TheLine, *, offers: bool) -> None:
        # A roster names the same few phones again and again, and reading a phone takes long.
        self._find = lru_cache(1000)(volunteers.person_finder(connection, line))
        self._country, self._offers = line.countries[0], offers
        self.newcomers: dict[int, str] = {}
        self._ids: dict[str, int] = {}

    def __call__(self, phone: str, name: str = "") -> int:
        """The person with this phone, as people write it; `name` is what the file calls them."""
        try:
            return self._find(phone)
        except phone_numbers.BadNumber:
            raise
        except ValueError:
            if not self._offers:
                raise
        number = phone_numbers.parse(phone, self._country)
        new = self._ids.setdefault(number, -1 - len(self._ids))
        self.newcomers.setdefault(new, f"{name} {number}".strip())
        return new
