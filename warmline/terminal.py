"""What the commands need of a terminal: the line at hand, files, a bar for long imports."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shifts.faults import Fault

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from warmline.opening import TheLine

# Whatever takes long to import is imported where it is needed: --help is quick.

WORTH_A_BAR: Final = 300
"""Rows of a file from which on an import shows how far it is."""


@contextmanager
def line_at_hand(*, writes: bool = False) -> "Iterator[tuple[Connection, TheLine]]":
    """A transaction on the database of the settings, and the line that is in it."""
    from warmline.db import Database
    from warmline.opening import the_line
    from warmline.settings import load

    database = Database(load().database_url)
    try:
        with database.writing() if writes else database.reading() as connection:
            yield connection, the_line(connection)
    finally:
        database.close()


def instant(text: str) -> datetime:
    """The UTC instant that `--at` names; raises Fault."""
    from shifts.csv_places import instant as meant

    try:
        return meant(text)
    except ValueError as fault:
        raise Fault(f"--at: {fault}") from None


def contents(file: Path) -> bytes:
    """What is in a file of rows; raises Fault."""
    if file.suffix.casefold() == ".ics":
        raise Fault(f"{file.name}: calendars are not read yet; bring a CSV file")
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Fault(f"{file}: cannot be read: {fault.strerror}") from None


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], Any]]:
    """A bar on stderr for many rows; nothing for few."""
    if total < WORTH_A_BAR:
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("importing", total=total)
        yield lambda done: bar.advance(task, done)
