"""When the latest backup was made, for whoever asks whether all is well."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from warmline.database.engine import InsertInto, Upsert, upsert
from warmline.models.operations import BackupMade


def _later(insert: InsertInto) -> Upsert:
    row = insert(BackupMade)
    return row.on_conflict_do_update(index_elements=["id"], set_={"at": row.excluded.at})


_NOTE: Final = upsert(_later)


def last_made(db: Connection) -> datetime | None:
    """Of which instant (UTC) the latest backup is; None: none was ever made."""
    return db.execute(select(BackupMade.at)).scalar()


def note_made(db: Connection, at: datetime) -> None:
    """There is a backup of what the line held at `at` (UTC)."""
    db.execute(_NOTE[db.dialect.name], {"id": 1, "at": at})
