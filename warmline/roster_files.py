"""The roster comes and goes as files: persons are found by their phones, faults named by line."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from shifts.bad_lines import BadLines
from shifts.comparing_events import import_events
from shifts.csv_places import export_places, import_places, read_places
from shifts.ical_places import Reading, read_calendar
from shifts.ical_write import calendar_key, export_calendar
from shifts.importing import Imported
from shifts.shown import number_of_places
from shifts.staging import clear, stage
from warmline import entered, numbers, people
from warmline.db import BEGINNINGS, UNHURRIED, Database
from warmline.opening import TheLine, the_line
from warmline.terminal import database_at_hand, line_at_hand, progress, reading, working


@dataclass(frozen=True)
class RosterFile:
    """A file that comes in, on a connection whose temporary tables it waits in."""

    is_calendar: bool
    line: TheLine
    key: str
    persons: "Persons"
    now: datetime
    all_agreed: bool

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
            return import_events(connection, line_id, self.key, names, self.now, dry_run=dry_run)
        return import_places(connection, line_id, names, self.now, dry_run=dry_run)


class Persons:
    """Finds a phone's person; `newcomers` names those with phones nobody had, by made-up ids.

    Only where `offers` is set is somebody unknown such a newcomer, with an id below zero; else
    they are a ValueError, as is a phone that is none.
    """

    def __init__(self, connection: Connection, line: TheLine, *, offers: bool) -> None:
        # A roster names the same few phones again and again, and reading a phone takes long.
        self._find = lru_cache(1000)(people.person_finder(connection, line))
        self._country, self._offers = line.countries[0], offers
        self.newcomers: dict[int, str] = {}
        self._ids: dict[str, int] = {}

    def __call__(self, phone: str, name: str = "") -> int:
        """The person with this phone, as people write it; `name` is what the file calls them."""
        try:
            return self._find(phone)
        except numbers.BadNumber:
            raise
        except ValueError:
            if not self._offers:
                raise
        number = numbers.parse(phone, self._country)
        new = self._ids.setdefault(number, -1 - len(self._ids))
        self.newcomers.setdefault(new, f"{name} {number}".strip())
        return new


def bring_in(path: Path, now: datetime, *, dry_run: bool, all_agreed: bool) -> list[str]:
    """Take a file of places into the roster, whole or not at all; what was done, in words.

    A dry run says what would be done, and whom the volunteers lack. Raises Fault.
    """
    with ExitStack() as stack:
        database = stack.enter_context(database_at_hand())
        with reading(path) as file:
            with database.reading() as connection:
                line = the_line(connection)
                key = calendar_key(connection, line.line_id)
                persons = Persons(connection, line, offers=dry_run)
            is_calendar = path.suffix.casefold() == ".ics"
            roster_file = RosterFile(is_calendar, line, key, persons, now, all_agreed)
            # Temporary tables are a connection's own: the file waits in them while nobody is
            # kept from writing, and only then is the roster locked.
            connection = stack.enter_context(database.engine.connect())
            with _transaction(database, connection):
                roster_file.stage(connection, file)
        with working("storing"), _transaction(database, connection, writes=not dry_run):
            before = entered.newest(connection)
            done = roster_file.take_in(connection, dry_run=dry_run)
            if not dry_run:
                entered.note(connection, line.line_id, before, now)
            clear(connection)
    return list(_in_words(done, persons.newcomers.values(), dry_run=dry_run))


def take_out(now: datetime, *, as_calendar: bool) -> Iterator[str]:
    """The roster as CSV or as a calendar, part by part."""
    with line_at_hand() as (connection, line):
        phones = people.phones_of(connection, line.line_id)
        if as_calendar:
            parts = export_calendar(connection, line.line_id, phones, now)
        else:
            parts = export_places(connection, line.line_id, phones, line.zone)
        with progress(number_of_places(connection, line.line_id), "exporting") as bar:
            for part in parts:
                yield part
                bar(1)


@contextmanager
def _transaction(
    database: Database, connection: Connection, *, writes: bool = False
) -> Iterator[None]:
    """A transaction of `database` on a connection that has temporary tables."""
    with connection.begin():
        if begin := BEGINNINGS[database.engine.dialect.name][writes]:
            connection.exec_driver_sql(begin)
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(UNHURRIED)
        yield


def _in_words(done: Imported, newcomers: Iterable[str], *, dry_run: bool) -> Iterator[str]:
    for phone in newcomers:
        yield f"new: {phone}; import this volunteer first"
    yield from done.stands
    told = [f"{done.added} added", f"{done.agreed} now agreed", f"{done.already} as before"]
    told += [f"{done.changed} changed"] if done.changed else []
    told += [f"{done.removed} removed"] if done.removed else []
    counts = f"places: {', '.join(told)}"
    yield f"dry run, nothing was changed; {counts}" if dry_run else counts
