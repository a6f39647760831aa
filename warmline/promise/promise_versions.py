"""The promise's versions: what each said and from when to when, and how one comes into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from warmline.database.records import every
from warmline.models.promise import Promise as Row
from warmline.promise import promise
from warmline.promise.promise import Promise


@dataclass(frozen=True)
class Version:
    """A version that is or was in force: its words by language, since when and until when (UTC).

    `until` is None of the one that holds now.
    """

    number: int
    words: Mapping[str, Promise]
    since: datetime
    until: datetime | None


def versions(db: Connection, line_id: int) -> list[Version]:
    """Every version that is or was in force, the newest first."""
    mine = select(Row.__table__).where(Row.line_id == line_id, Row.in_force_at.is_not(None))
    found: dict[int, dict[str, Promise]] = {}
    since: dict[int, datetime] = {}
    for row in every(
        db.execute(mine.order_by(Row.version.desc(), Row.language)), promise.promise_row
    ):
        if row.in_force_at is not None:
            found.setdefault(row.version, {})[row.language] = promise.read(row)
            since[row.version] = row.in_force_at
    ends: list[datetime | None] = [None, *since.values()]
    return [
        Version(number, words, since[number], until)
        for (number, words), until in zip(found.items(), ends, strict=False)
    ]


def words_of(db: Connection, line_id: int, version: int) -> dict[str, Promise]:
    """What a version says, by language; also one that is only proposed."""
    mine = select(Row.__table__).where(Row.line_id == line_id, Row.version == version)
    rows = every(db.execute(mine.order_by(Row.language)), promise.promise_row)
    return {row.language: promise.read(row) for row in rows}


def put_in_force(db: Connection, line_id: int, version: int, now: datetime) -> None:
    """A proposed version holds from now on, with the other places that come with it."""
    mine = (Row.line_id == line_id, Row.version == version, Row.in_force_at.is_(None))
    db.execute(update(Row).where(*mine).values(in_force_at=now))
    promise.put_other_places(db, line_id, words_of(db, line_id, version).values())


def erase(db: Connection, line_id: int, version: int) -> None:
    """A version that was only proposed is to be no more."""
    mine = (Row.line_id == line_id, Row.version == version, Row.in_force_at.is_(None))
    db.execute(delete(Row).where(*mine))
