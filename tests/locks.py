"""The database held by somebody else, as another process would: nothing of ours can write."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import create_engine, make_url, text

from warmline.database.postgres import WRITERS_LOCK

HELD = f"SELECT {WRITERS_LOCK.replace('_xact', '')}"
"""The lock that writers take in turn on PostgreSQL, for a session instead of a transaction."""
AWAY = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@contextmanager
def held_by_another(url: str) -> Iterator[None]:
    """Nobody else writes there meanwhile; whoever tries waits for the lock, and gives it up."""
    if make_url(url).get_backend_name() == "sqlite":
        path = str(make_url(url).database)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as other:
            other.exec_driver_sql(HELD)
            yield
    finally:
        engine.dispose()


def every_connection_dies(url: str) -> None:
    """PostgreSQL ends everybody's connections, as it does when it is started anew."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as other:
        other.execute(AWAY)
    engine.dispose()
