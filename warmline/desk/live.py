"""The live board: made and sent anew whenever any process has changed the database."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from warmline.db import Database

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the counter."""
AT_LEAST_EVERY: Final = 15.0
"""Seconds after which the board is made anew all the same: waiting times go on by themselves."""


class Changes:
    """The database's own counter of what was committed: every process sees it, no write is paid.

    SQLite counts the commits of other connections (https://www.sqlite.org/pragma.html,
    data_version), so one connection is kept that writes nothing; PostgreSQL tells which
    transactions it sees (pg_current_snapshot).
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        sqlite = self._engine.dialect.name == "sqlite"
        self._query = "PRAGMA data_version" if sqlite else "SELECT pg_current_snapshot()::text"
        self._connection = self._engine.connect()

    def number(self) -> str:
        """What the counter says now; another value means that something was committed."""
        said = str(self._connection.exec_driver_sql(self._query).scalar())
        self._connection.rollback()
        return said

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


async def boards(
    database: Database,
    made: Callable[[], str | None],
    is_ending: Callable[[], bool],
    now: Callable[[], datetime],
) -> AsyncIterator[str]:
    """Server-sent events: the board's HTML whenever it has changed.

    `made` makes it, or says None when its reader may not see it any more: then it ends. `now` is
    the clock by which waiting times go on.
    """
    changes = await run_in_threadpool(Changes, database)
    sent, number, at = "", "", now()
    try:
        while not is_ending():
            said = await run_in_threadpool(changes.number)
            waited = (now() - at).total_seconds()
            if said != number or waited >= AT_LEAST_EVERY:
                number, at = said, now()
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
        await run_in_threadpool(changes.close)


def _event(html: str) -> str:
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"event: board\n{lines}\n"
