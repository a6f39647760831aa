"""Whether the database that is to be written to holds a line, and whether anything uses it."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, text

from shifts.faults import Fault
from shifts.models import Line
from warmline.database.engine import Database
from warmline.operations import job_runs

OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    " AND (state <> 'idle' OR state_change > clock_timestamp() - interval '30 seconds')"
)
"""Behind a pooler connections are idle that nobody uses; a line that runs asks every second."""
STOP: Final = "stop serve and clock, and restore then"


class InUse(Fault):
    """The database must not be written to: a line is in it, or something uses it."""


def refuse(db: Connection, now: datetime, *, replaces: bool) -> None:
    """Raise InUse if something uses the database, or a line is in it that is not to be replaced."""
    if db.dialect.name == "postgresql" and db.execute(OTHERS).scalar_one():
        raise InUse(f"DATABASE_URL: another process is at work in the database; {STOP}")
    there = inspect(db).get_table_names()
    ran = job_runs.last_at(db) if "job_run" in there else None
    if job_runs.is_running(ran, now):
        raise InUse(f"DATABASE_URL: a clock ran within the last three minutes; {STOP}")
    if "line" not in there or not db.scalar(select(func.count()).select_from(Line)):
        return
    if not replaces:
        raise InUse(
            "DATABASE_URL: a line is in the database already; restore into an empty one,"
            " or let it be replaced: --replace"
        )


def refuse_file(database: Database, path: Path, now: datetime, *, replaces: bool) -> None:
    """As `refuse`, for a SQLite file, which need not be there."""
    if not path.exists() or not path.stat().st_size:
        return
    with database.reading() as db:
        refuse(db, now, replaces=replaces)
    database.close()
    with closing(sqlite3.connect(path, timeout=1)) as alone:
        try:
            # Only whoever is alone may leave write-ahead mode (https://www.sqlite.org/wal.html).
            alone.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise InUse(f"{path}: another process is at work in the database; {STOP}") from None
