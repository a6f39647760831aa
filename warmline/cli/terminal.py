"""What the commands need of a terminal: the line at hand, answers, files, a bar for long work."""

import io
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import typer

from shifts.faults import Fault

if TYPE_CHECKING:
    from rich.progress import Progress
    from sqlalchemy import Connection

    from warmline.database.engine import Database
    from warmline.line.opening import TheLine

# Whatever takes long to import is imported where it is needed: --help is quick.

WORTH_A_BAR: Final = 300
"""Rows from which on work shows how far it is."""
WORTH_A_BAR_BYTES: Final = 60 * WORTH_A_BAR
PIECE: Final = 65536
YEARS: Final = range(2000, 2100)
"""Of days that an option may name."""
LONGEST_FILE: Final = 100_000_000
"""Bytes of a file of shifts: more than ten years of any line's roster."""


@contextmanager
def line_at_hand(*, writes: bool = False) -> "Iterator[tuple[Connection, TheLine]]":
    """A transaction on the database of the settings, and the line that is in it."""
    from warmline.line.opening import the_line

    with (
        database_at_hand() as database,
        database.writing(unhurried=True) if writes else database.reading() as connection,
    ):
        yield connection, the_line(connection)


@contextmanager
def database_at_hand() -> "Iterator[Database]":
    """The database of the settings."""
    from warmline.database.engine import Database
    from warmline.database.sealing import Seal
    from warmline.settings import load

    settings = load()
    seal = Seal(settings.secret_keys) if settings.secret_keys else None
    database = Database(settings.database_url, seal)
    try:
        yield database
    finally:
        database.close()


def typed_answer(question: str) -> str:
    """What is answered to a question at the terminal; raises typer.Abort at Ctrl-C or the end."""
    try:
        typer.echo(f"{question}: ", nl=False)
        if sys.stdin.isatty():
            _wait_for_a_line()
        return input()
    except (KeyboardInterrupt, EOFError):
        raise typer.Abort from None


def confirmed(question: str) -> bool:
    """Whether a question is answered with yes; asked again until it is one or the other."""
    while True:
        said = typed_answer(f"{question} [y/N]").strip().casefold()
        if said in ("y", "yes", "n", "no", ""):
            return said.startswith("y")
        typer.echo("  write y or n", err=True)


def instant(text: str) -> datetime:
    """The UTC instant that `--at` names; raises Fault."""
    from shifts.files.csv_places import instant as meant

    try:
        return meant(text)
    except ValueError as fault:
        raise Fault(f"--at: {fault}") from None


def day(text: str) -> date:
    """The day that an option names; raises BadParameter."""
    try:
        meant = date.fromisoformat(text)
    except ValueError:
        meant = date.min
    if meant.year not in YEARS:
        words = f"{text!r} is no day of the years 2000 to 2099; write it as 2026-11-30"
        raise typer.BadParameter(words)
    return meant


def contents(file: Path) -> bytes:
    """What is in a file of rows; raises Fault."""
    if file.suffix.casefold() == ".ics":
        raise Fault(f"{file.name}: is a calendar; bring a CSV file")
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Fault(f"{file}: cannot be read: {fault.strerror}") from None


@contextmanager
def reading(file: Path) -> Iterator[BinaryIO]:
    """A file to be read as a stream, with a bar on stderr if it is long; raises Fault."""
    try:
        size = file.stat().st_size
        stream = file.open("rb")
    except OSError as fault:
        raise Fault(f"{file}: cannot be read: {fault.strerror}") from None
    with stream:
        if size > LONGEST_FILE:
            raise Fault(f"{file}: is longer than {LONGEST_FILE // 1_000_000} MB")
        if size < WORTH_A_BAR_BYTES:
            yield stream
            return
        with _bar() as bar:
            shown = bar.wrap_file(stream, size, description="reading")
            # In pieces: the bar counts each read, and lines are read one by one.
            yield io.BufferedReader(cast("io.RawIOBase", shown), PIECE)


@contextmanager
def working(what: str) -> Iterator[None]:
    """A moving bar on stderr while something is done whose end is not known."""
    with _bar() as bar:
        bar.add_task(what, total=None)
        yield


@contextmanager
def progress(total: int, what: str = "importing") -> Iterator[Callable[[int], None]]:
    """A bar on stderr for many rows; nothing for few."""
    if total < WORTH_A_BAR:
        yield lambda _done: None
        return
    with _bar() as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def _wait_for_a_line() -> None:
    """Return when a whole line, the end or a signal is there to be read.

    A Ctrl-C that comes after the question, but before `input` blocks in its read, only sets a flag
    there and goes unheard until Enter. A byte in a pipe cannot be missed so.
    """
    rung, bell = os.pipe()
    os.set_blocking(bell, False)
    before = signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    try:
        select.select([sys.stdin, rung], [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(rung)
        os.close(bell)


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)
