"""The roster comes and goes as files of the command line: taken in, and given out."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from shifts.files.csv_places import export_places
from shifts.files.importing import Imported
from shifts.files.staging import clear
from shifts.ical.ical_writing import calendar_key, export_calendar
from shifts.place_listing import number_of_places
from warmline.cli.terminal import (
    database_at_hand,
    line_at_hand,
    progress,
    reading,
    working,
)
from warmline.database.engine import Database
from warmline.line.opening import the_line
from warmline.people import shifts_by_others, volunteers
from warmline.people.roster_file import Persons, RosterFile


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
            # The file waits in temporary tables while nobody is kept from writing, and only then
            # is the roster locked.
            connection = stack.enter_context(database.engine.connect())
            stack.enter_context(database.waited_for(connection))
            database.begin(connection, writes=False, unhurried=True)
            roster_file.stage(connection, file)
        with working("storing"):
            _lock(database, connection, writes=not dry_run)
            before = shifts_by_others.newest(connection)
            done = roster_file.take_in(connection, dry_run=dry_run)
            if not dry_run:
                shifts_by_others.note(connection, line.line_id, before, now)
            clear(connection)
            connection.commit()
    return list(_in_words(done, persons.newcomers.values(), dry_run=dry_run))


def take_out(now: datetime, *, as_calendar: bool) -> Iterator[str]:
    """The roster as CSV or as a calendar, part by part."""
    with line_at_hand() as (connection, line):
        phones = volunteers.phones_of(connection, line.line_id)
        if as_calendar:
            parts = export_calendar(connection, line.line_id, phones, now)
        else:
            parts = export_places(connection, line.line_id, phones, line.zone)
        with progress(number_of_places(connection, line.line_id), "exporting") as bar:
            for part in parts:
                yield part
                bar(1)


def _lock(database: Database, connection: Connection, *, writes: bool) -> None:
    """From reading the file to writing the roster, with the temporary tables still there.

    On PostgreSQL in the same transaction: behind a pooler the next one may be on a connection that
    has no such tables. On SQLite in another, which cannot be read from first.
    """
    if database.is_sqlite:
        connection.commit()
    database.begin(connection, writes=writes, unhurried=True)


def _in_words(done: Imported, newcomers: Iterable[str], *, dry_run: bool) -> Iterator[str]:
    for phone in newcomers:
        yield f"new: {phone}; import this volunteer first"
    yield from done.stands
    told = [f"{done.added} added", f"{done.agreed} now agreed", f"{done.already} as before"]
    told += [f"{done.changed} changed"] if done.changed else []
    told += [f"{done.removed} removed"] if done.removed else []
    counts = f"places: {', '.join(told)}"
    yield f"dry run, nothing was changed; {counts}" if dry_run else counts
