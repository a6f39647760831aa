"""The roster comes and goes as files: persons are found by their phones, faults named by line."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from shifts import csv_places
from shifts.bad_lines import BadLines
from shifts.importing import Imported
from shifts.shown import number_of_places
from shifts.staging import clear, stage
from warmline import numbers, people
from warmline.db import BEGINNINGS, Database
from warmline.opening import TheLine, the_line
from warmline.terminal import database_at_hand, line_at_hand, progress, reading, working


class Persons:
    """Finds a phone's person; `newcomers` has the phones (E.164) nobody had, by made-up ids.

    Only where `offers` is set is somebody unknown such a newcomer, with an id below zero; else
    they are a ValueError, as is a phone that is none.
    """

    def __init__(self, connection: Connection, line: TheLine, *, offers: bool) -> None:
        # A roster names the same few phones again and again, and reading a phone takes long.
        self._find = lru_cache(1000)(people.person_finder(connection, line))
        self._country, self._offers = line.countries[0], offers
        self.newcomers: dict[int, str] = {}
        self._ids: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """The person with this phone, as people write it."""
        try:
            return self._find(text)
        except numbers.BadNumber:
            raise
        except ValueError:
            if not self._offers:
                raise
        phone = numbers.parse(text, self._country)
        new = self._ids.setdefault(phone, -1 - len(self._ids))
        self.newcomers[new] = phone
        return new


def bring_in(path: Path, now: datetime, *, dry_run: bool, all_agreed: bool) -> list[str]:
    """Take a file of places into the roster, whole or not at all; what was done, in words.

    A dry run says what would be done, and whom the volunteers lack. Raises Fault.
    """
    with ExitStack() as stack:
        database = stack.enter_context(database_at_hand())
        with reading(path) as file:
            line, persons = _line_and_persons(database, offers=dry_run)
            # Temporary tables are a connection's own: the file waits in them while nobody is
            # kept from writing, and only then is the roster locked.
            connection = stack.enter_context(database.engine.connect())
            with _transaction(database, connection):
                _stage_rows(connection, file, persons, all_agreed=all_agreed)
        with working("storing"), _transaction(database, connection, writes=not dry_run):
            done = csv_places.import_places(
                connection, line.line_id, persons.newcomers, now, dry_run=dry_run
            )
            clear(connection)
    return list(_in_words(done, persons.newcomers.values(), dry_run=dry_run))


def take_out() -> Iterator[str]:
    """The roster as lines of CSV."""
    with line_at_hand() as (connection, line):
        phones = people.phones_of(connection, line.line_id)
        with progress(number_of_places(connection, line.line_id), "exporting") as bar:
            for row in csv_places.export_places(connection, line.line_id, phones, line.zone):
                yield row
                bar(1)


def _line_and_persons(database: Database, *, offers: bool) -> tuple[TheLine, Persons]:
    with database.reading() as connection:
        line = the_line(connection)
        return line, Persons(connection, line, offers=offers)


@contextmanager
def _transaction(
    database: Database, connection: Connection, *, writes: bool = False
) -> Iterator[None]:
    """A transaction of `database` on a connection that has temporary tables."""
    with connection.begin():
        if begin := BEGINNINGS[database.engine.dialect.name][writes]:
            connection.exec_driver_sql(begin)
        yield


def _stage_rows(
    connection: Connection, file: BinaryIO, persons: Persons, *, all_agreed: bool
) -> None:
    bad = BadLines()
    stage(connection, csv_places.read_places(file, persons, bad, all_agreed=all_agreed))
    bad.refuse()


def _in_words(done: Imported, newcomers: Iterable[str], *, dry_run: bool) -> Iterator[str]:
    for phone in newcomers:
        yield f"new: {phone}; import this volunteer first"
    yield from done.stands
    told = [f"{done.added} added", f"{done.agreed} now agreed", f"{done.already} as before"]
    told += [f"{done.changed} changed"] if done.changed else []
    told += [f"{done.removed} removed"] if done.removed else []
    counts = f"places: {', '.join(told)}"
    yield f"dry run, nothing was changed; {counts}" if dry_run else counts
