"""Files that are nobody else's: made with mode 0600 before the first byte, whatever the umask."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

MODE: Final = 0o600
JOURNALS: Final = ("", "-wal", "-shm", "-journal")
"""What SQLite puts beside a database, each with the modes of the database itself."""


def make(path: Path) -> None:
    """An empty file that only its owner reads and writes. Raises FileExistsError, OSError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))


def keep(path: Path) -> None:
    """Make the file if it is not there; take it from everybody else if it is and is ours."""
    with suppress(FileExistsError):
        make(path)
    narrow(path)


def narrow(path: Path) -> None:
    """Take from everybody else what is ours. Who may not, goes on: `doctor` tells of it."""
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(MODE)


def keep_database(path: Path, *, makes: bool) -> None:
    """The same for a SQLite database and its journals; it is made only by who may make it."""
    if makes:
        # Where it cannot be made, the driver says so in its own words.
        with suppress(OSError):
            make(path)
    for one in files_of(path):
        narrow(one)


def files_of(path: Path) -> Iterator[Path]:
    """A database's file and its journals, those that are there."""
    for ending in JOURNALS:
        one = path.with_name(path.name + ending)
        if one.exists():
            yield one
