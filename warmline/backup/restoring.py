"""Restoring: into a new database, whole or not at all, and without what was erased since."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, make_url, select, text

from shifts.faults import Fault
from shifts.models import Base
from warmline.backup import applying, in_use
from warmline.backup.reading import Backup, Known, TableOf, erased_in, head_of, opened
from warmline.backup.rows import Value
from warmline.database import line_file, private_files
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.operations import latest_backup
from warmline.privacy import erased
from warmline.schema.revisions import schema_at

AT_ONCE: Final = 100
NEVER_TWICE: Final = 1_000_000
"""So far above all restored ids new ones begin: calendars and texts still name ids that were given
after the backup was made, and those must not be another shift's."""
BESIDE: Final = ".restored"


class Wanted(NamedTuple):
    """What to restore, with lists of what was erased; `replaces` a line that is there."""

    path: Path
    lists: Sequence[Path] = ()
    replaces: bool = False


class Restored(NamedTuple):
    """Of which instant (UTC) it is, how many rows; what was erased anew, and until when known."""

    made: datetime
    rows: int
    erased: Mapping[str, int]
    known_until: datetime


def restore(url: str, secret_keys: Sequence[str], wanted: Wanted, now: datetime) -> Restored:
    """Make the database at `url` what it was. Raises Fault; then nothing has changed."""
    head = head_of(wanted.path, secret_keys)
    _refuse_unknown_schema(url, wanted.path, head.schema)
    lists = [erased_in(one, secret_keys) for one in wanted.lists]
    seal = Seal(secret_keys)
    target = _file if make_url(url).get_backend_name() == "sqlite" else _server
    with (
        target(url, seal, wanted.replaces, now) as (db, known_there),
        opened(wanted.path, secret_keys) as backup,
    ):
        known = [*lists, *known_there]
        number = _fill(db, url, backup)
        anew = applying.erase_anew(db, seal, known, backup.head.made, now)
        latest_backup.note_made(db, backup.head.made)
    until = max([head.made, *(one.until for one in known)])
    return Restored(head.made, number, anew, until)


def _refuse_unknown_schema(url: str, path: Path, schema: str) -> None:
    try:
        ScriptDirectory.from_config(schema_at(url)).get_revision(schema)
    except CommandError:
        raise Fault(
            f"{path}: is of another version of Warmline (schema {schema}); restore it with that"
        ) from None


@contextmanager
def _server(
    url: str, seal: Seal, replaces: bool, now: datetime
) -> Iterator[tuple[Connection, list[Known]]]:
    """PostgreSQL: everything in one transaction, the end of what was there as well."""
    database = Database(url, seal)
    try:
        with database.writing(unhurried=True) as db:
            in_use.refuse(db, now, replaces=replaces)
            known = _known_there(db, now)
            _drop_all(db)
            yield db, known
    finally:
        database.close()


@contextmanager
def _file(
    url: str, seal: Seal, replaces: bool, now: datetime
) -> Iterator[tuple[Connection, list[Known]]]:
    """SQLite: another file beside, which takes the place of the old one when it is whole."""
    path = line_file.path_of(url)
    if path is None:
        raise Fault("DATABASE_URL: a database in memory cannot be restored")
    is_there = path.exists() and path.stat().st_size
    known = _known_in(url, seal, path, replaces, now) if is_there else []
    beside = path.with_name(path.name + BESIDE)
    _remove(beside)
    building = Database(line_file.url_of(beside), seal, makes=True)
    try:
        with building.writing(unhurried=True) as db:
            yield db, known
        building.let_go()
        building.close()
        for journal in set(private_files.files_of(path)) - {path}:
            journal.unlink()
        beside.replace(path)
    finally:
        building.close()
        _remove(beside)


def _known_in(url: str, seal: Seal, path: Path, replaces: bool, now: datetime) -> list[Known]:
    """As `_known_there`, of a file that nothing uses; raises InUse."""
    there = Database(url, seal)
    try:
        in_use.refuse_file(there, path, now, replaces=replaces)
        with there.reading() as db:
            return _known_there(db, now)
    finally:
        there.close()


def _remove(path: Path) -> None:
    for one in list(private_files.files_of(path)):
        one.unlink()


def _known_there(db: Connection, now: datetime) -> list[Known]:
    """What the database that is replaced knows of what was erased: all of it, until now."""
    there = inspect(db)
    if not there.has_table("erased") or not there.has_table("line"):
        return []
    if not db.scalar(text("SELECT count(*) FROM line")):
        return []
    return [Known(erased.listed(db), now)]


def _drop_all(db: Connection) -> None:
    ours = {*Base.metadata.tables, "alembic_version"}
    quoted = [db.dialect.identifier_preparer.quote(one) for one in sorted(ours)]
    for name in quoted:
        db.exec_driver_sql(f"DROP TABLE IF EXISTS {name} CASCADE")


def _fill(db: Connection, url: str, backup: Backup) -> int:
    """Schema and rows as they were, then the schema of today; how many rows."""
    config = schema_at(url)
    config.attributes["connection"] = db
    command.upgrade(config, backup.head.schema)
    # As it is there: what the code knows by now may be another schema.
    there = MetaData()
    there.reflect(db)
    number = 0
    table: Table | None = None
    waiting: list[dict[str, Value]] = []
    names: Sequence[str] = ()
    for part in backup.parts:
        if isinstance(part, TableOf):
            _store(db, table, waiting)
            table, names = there.tables[part.name], part.columns
            continue
        waiting.append(dict(zip(names, part, strict=True)))
        number += 1
        if len(waiting) == AT_ONCE:
            _store(db, table, waiting)
    _store(db, table, waiting)
    command.upgrade(config, "head")
    for one in Base.metadata.sorted_tables:
        _begin_ids_above(db, one)
    return number


def _store(db: Connection, table: Table | None, waiting: list[dict[str, Value]]) -> None:
    if table is not None and waiting:
        db.execute(insert(table), waiting)
    waiting.clear()


def _begin_ids_above(db: Connection, table: Table) -> None:
    """New ids of a table are above all that its rows have, and far above where it matters."""
    never_twice = table.dialect_options["sqlite"]["autoincrement"]
    column = table.autoincrement_column
    if column is None:
        return
    highest = (db.scalar(select(func.max(column))) or 0) + (NEVER_TWICE if never_twice else 0)
    if db.dialect.name == "postgresql":
        owned = db.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        if owned is not None:
            db.execute(select(func.setval(owned, highest + 1, False)))
    elif never_twice:
        name = {"name": table.name}
        db.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), name)
        row = name | {"seq": highest}
        db.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), row)
