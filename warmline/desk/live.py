"""The live board: made and sent anew whenever any process has changed the database."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from warmline.database.engine import Database

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the counter."""
AT_LEAST_EVERY: Final = 15.0
"""Seconds after which the board is made anew all the same: waiting times go on by themselves."""
MOST_READERS: Final = 60
"""Boards that one process keeps moving; whoever comes then sees one that stands still."""


class Changes:
    """The database's own counter of what was committed: every process sees it, no write is paid.

    SQLite counts the commits of other connections (https://www.sqlite.org/pragma.html,
    data_version), so one connection is kept that writes nothing; PostgreSQL tells which
    transactions it sees (pg_current_snapshot). All boards of a process share one connection and
    one look: those that callers need are never taken up by readers.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        sqlite = self._engine.dialect.name == "sqlite"
        self._query = "PRAGMA data_version" if sqlite else "SELECT pg_current_snapshot()::text"
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        self._said, self._looked_at = "", -LOOK_EVERY
        self.readers = 0

    async def number(self) -> str:
        """What the counter says; another value means that something was committed."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= LOOK_EVERY * 0.8:
            self._looked_at = now
            self._said = await run_in_threadpool(self._look)
        return self._said

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _look(self) -> str:
        with self._lock:
            if self._connection is None:
                self._connection = self._engine.connect()
            try:
                said = str(self._connection.exec_driver_sql(self._query).scalar())
                self._connection.rollback()
            except SQLAlchemyError:
                self._connection.invalidate()
                self._connection = None
                raise
        return said


async def boards(
    changes: Changes, made: Callable[[], str | None], is_ending: Callable[[], bool]
) -> AsyncIterator[str]:
    """Server-sent events: the board's HTML whenever it has changed.

    `made` makes it, or says None when its reader may not see it any more: then it ends, as it
    does when the database is away; a browser comes again by itself.
    """
    loop = asyncio.get_running_loop()
    sent, number, made_at = "", "", loop.time() - AT_LEAST_EVERY
    changes.readers += 1
    try:
        while not is_ending():
            said = await changes.number()
            if said != number or loop.time() - made_at >= AT_LEAST_EVERY:
                number, made_at = said, loop.time()
                html = await run_in_threadpool(made)
                if html is None:
                    yield "event: over\ndata: \n\n"
                    return
                # A comment keeps the way open while nothing changes.
                yield ": still here\n\n" if html == sent else _event(html)
                sent = html
            await asyncio.sleep(LOOK_EVERY)
    except SQLAlchemyError:
        return
    finally:
        changes.readers -= 1


def _event(html: str) -> str:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"event: board\n{lines}\n"
