"""Reading a backup: its head, then its tables and their rows, and whether that was all."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypedDict, final

from shifts.faults import Fault
from warmline.backup import rows
from warmline.backup.rows import Value, Written
from warmline.backup.sealed_file import Unreadable, lines
from warmline.backup.writing import LINE
from warmline.privacy.erased import Entry


class Head(NamedTuple):
    """What a file is: `kind` is one of writing.py; of which instant (UTC), and which schema."""

    kind: str
    made: datetime
    schema: str


class TableOf(NamedTuple):
    """From here on rows of this table follow, with values for these columns."""

    name: str
    columns: Sequence[str]


@final
class _NewTable(TypedDict):
    table: str
    columns: list[str]


@final
class _End(TypedDict):
    rows: int


_Part = _NewTable | _End | list[Written]
"""A line of a file after its head: a table begins, its rows, and how many there were in all."""


class Backup(NamedTuple):
    """An open file: its head, and then, one after the other, tables and lists of values."""

    head: Head
    parts: Iterator[TableOf | list[Value]]


@contextmanager
def opened(path: Path, secret_keys: Sequence[str]) -> Iterator[Backup]:
    """A backup, or a list of what was erased. Raises Fault, also while `parts` are read."""
    try:
        with path.open("rb") as file:
            read = map(json.loads, lines(file, secret_keys))
            head = next(read)
            made = datetime.fromisoformat(head["made"])
            yield Backup(Head(head["kind"], made, head["schema"]), _parts(read))
    except Unreadable as fault:
        raise Fault(f"{path}: {fault}") from None
    except OSError as fault:
        raise Fault(f"{path}: cannot be read: {fault.strerror}") from None


def _parts(read: Iterator[_Part]) -> Iterator[TableOf | list[Value]]:
    number = 0
    for part in read:
        if isinstance(part, list):
            number += 1
            yield rows.read(part)
        elif "table" in part:
            yield TableOf(part["table"], part["columns"])
        elif part["rows"] != number:
            raise Unreadable("is damaged: it lacks rows")


def head_of(path: Path, secret_keys: Sequence[str]) -> Head:
    """The head of a backup of a line. Raises Fault."""
    with opened(path, secret_keys) as backup:
        if backup.head.kind != LINE:
            raise Fault(f"{path}: is a list of what was erased; give it with --erasures")
        return backup.head


class Known(NamedTuple):
    """What was erased, as one copy of the line knows it: everything until `until` (UTC)."""

    entries: Sequence[Entry]
    until: datetime


def erased_in(path: Path, secret_keys: Sequence[str]) -> Known:
    """What a file says was erased; a list and a backup both do. Raises Fault."""
    found: list[Entry] = []
    with opened(path, secret_keys) as backup:
        columns: Sequence[str] | None = None
        for part in backup.parts:
            if isinstance(part, TableOf):
                columns = part.columns if part.name == "erased" else None
            elif columns is not None:
                named = dict(zip(columns, part, strict=True))
                found.append(Entry._make(named[one] for one in Entry._fields))
        return Known(found, backup.head.made)
