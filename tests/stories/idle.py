"""Leaves out timed work that would find nothing, so that a story's quiet hours take no time.

What timed work does is settled by what stands in the database and by the time of day. While
nothing is written, and there is nothing to do now and will be nothing in a minute, there is
nothing to do in between. Only of SQLite is it known whether anything was written: on PostgreSQL
all work is done as ever.
"""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, case, func, make_url, select

from warmline.conversations import lost, talk_clock
from warmline.db import Database
from warmline.models import Effect
from warmline.text_jobs import TOLD

AHEAD: Final = timedelta(minutes=1)
_SENT_AT: Final = case(
    (Effect.taken_until > Effect.due_at, Effect.taken_until), else_=Effect.due_at
)
_NEXT: Final = select(func.min(_SENT_AT))

MAY_BE_DUE: Final[Mapping[str, Callable[[Connection, datetime], bool]]] = {
    **{told.name: told.may_be_due for told in TOLD if told.seconds < AHEAD.total_seconds()},
    "look after talks by text": lambda db, now: any(talk_clock.to_do(db, now)),
    "look up lost calls": lambda db, now: bool(lost.silent(db, now)),
}
"""Of the work that is looked for more often than once a minute: whether there is any, by name."""


class Idle:
    """What is known of one database: when it was looked ahead in, and when an effect is due."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        path = make_url(database.url).database or ""
        self._file = (
            sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            if database.engine.dialect.name == "sqlite"
            else None
        )
        self._idle_until: dict[str, tuple[int, datetime]] = {}
        self._next_effect: tuple[int, datetime | None] | None = None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def has_nothing_for(self, work: str, now: datetime) -> bool:
        """Whether this timed work has nothing to do now."""
        may_be_due, version = MAY_BE_DUE.get(work), self._version()
        if may_be_due is None or version is None:
            return False
        known, until = self._idle_until.get(work, (None, now))
        if known == version and now <= until:
            return True
        with self._database.reading() as db:
            if may_be_due(db, now) or may_be_due(db, now + AHEAD):
                return False
        self._idle_until[work] = (version, now + AHEAD)
        return True

    def has_nothing_to_send(self, now: datetime) -> bool:
        """Whether no effect is due now."""
        version = self._version()
        if version is None:
            return False
        if self._next_effect is None or self._next_effect[0] != version:
            with self._database.reading() as db:
                self._next_effect = version, db.scalar(_NEXT)
        due = self._next_effect[1]
        return due is None or due > now

    def _version(self) -> int | None:
        """Another one whenever somebody has written; None: nobody knows."""
        if self._file is None:
            return None
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])
