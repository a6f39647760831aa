"""Making a backup: everything that is kept, as it stood at one instant, while the line goes on."""

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from sqlalchemy import Connection

from shifts.faults import Fault
from warmline.backup import rows, tables
from warmline.backup.sealed_file import SealedWriter
from warmline.database import private_files
from warmline.database.engine import Database
from warmline.operations import latest_backup
from warmline.schema.revisions import revision

AT_ONCE: Final = 100
"""Rows that are held in memory: of recordings each may have a megabyte."""
LINE: Final = "line"
LIST: Final = "list of what was erased"
PARTLY: Final = ".part"


class Written(NamedTuple):
    """How many tables and rows a file holds, and its length in bytes."""

    tables: int
    rows: int
    size: int


def back_up(database: Database, secret_keys: Sequence[str], path: Path, now: datetime) -> Written:
    """The whole line, as it stands, into a new file. Raises Fault; then there is no file.

    Nobody is kept waiting: it is read in one transaction that sees one instant.
    """
    with _new_file(path) as file, database.snapshot() as db:
        sealed = SealedWriter(file, secret_keys)
        _head(sealed, db, LINE, now)
        done = [_table(sealed, db, table.name, now) for table in tables.tables()]
        _end(sealed, sum(done))
    with database.writing() as db:
        latest_backup.note_made(db, now)
    return Written(len(done), sum(done), path.stat().st_size)


def list_erased(
    database: Database, secret_keys: Sequence[str], path: Path, now: datetime
) -> Written:
    """Only what was erased, for a restore after this machine is lost; it replaces an older list."""
    with _new_file(path, replaces=True) as file, database.snapshot() as db:
        sealed = SealedWriter(file, secret_keys)
        _head(sealed, db, LIST, now)
        number = _table(sealed, db, "erased", now)
        _end(sealed, number)
    return Written(1, number, path.stat().st_size)


@contextmanager
def _new_file(path: Path, *, replaces: bool = False) -> Iterator[BinaryIO]:
    """What is written appears under its name when it is whole, and on the disk. Raises Fault."""
    if path.exists() and not replaces:
        raise Fault(f"{path}: is there already; name a file that is not")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PARTLY}")
    try:
        private_files.make(beside)
        try:
            with beside.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as fault:
        raise Fault(f"{path}: cannot be written: {fault.strerror}") from None


def _head(sealed: SealedWriter, db: Connection, kind: str, now: datetime) -> None:
    head = {"kind": kind, "made": now.isoformat(), "schema": revision(db)}
    sealed.write(json.dumps(head).encode() + b"\n")


def _table(sealed: SealedWriter, db: Connection, name: str, now: datetime) -> int:
    """How many rows there were."""
    [table] = [one for one in tables.tables() if one.name == name]
    names = [column.name for column in tables.columns(table)]
    sealed.write(json.dumps({"table": name, "columns": names}).encode() + b"\n")
    number = 0
    found = db.execution_options(yield_per=AT_ONCE).execute(tables.rows(table, now))
    for row in found:
        sealed.write(rows.written(row))
        number += 1
    return number


def _end(sealed: SealedWriter, number: int) -> None:
    sealed.write(json.dumps({"rows": number}).encode() + b"\n")
    sealed.close()
