"""The engine, and the one transaction that every request and every job goes through."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from warmline import fleeting, sealed_columns
from warmline.sealing import Seal

HERE = Path(__file__).resolve().parent
PLACES_OF_MIGRATIONS = (HERE / "migrations", HERE.parent / "alembic")
"""Inside the package as it is installed; beside it in a checkout."""
BUSY_SECONDS = 5
LET_GO_WAITS = 100
"""Milliseconds for which letting go of what was deleted may hold up whoever reads or writes."""
BEGINNINGS = {
    "sqlite": ("BEGIN", "BEGIN IMMEDIATE"),
    "postgresql": ("", "SELECT pg_advisory_xact_lock(72657)"),
}
"""What opens a transaction that reads and one that may write. No listener of the engine's "begin"
does this: with one there, every statement looks for listeners of its own."""
TIME_OUTS = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=10000"
"""PostgreSQL gives a lock up after 5 s, and ends whoever sits on one for 10 s (milliseconds)."""

UNHURRIED = "SET LOCAL idle_in_transaction_session_timeout = '30min'"


class Database:
    """One engine; `reading()` and `writing()` are the only ways to a transaction.

    `url` is a SQLAlchemy URL with its driver chosen (see settings.py); `seal` opens columns of
    sealed_columns.py.
    """

    def __init__(self, url: str, seal: Seal | None = None) -> None:
        self.url = url
        self.seal = seal
        self.engine = _engine(url)
        self._begin_to_read, self._begin_to_write = BEGINNINGS[self.engine.dialect.name]
        self._has_keys: bool | None = None if self.engine.dialect.name == "postgresql" else False

    @contextmanager
    def writing(self, *, unhurried: bool = False) -> Iterator[Connection]:
        """A transaction that may write; writers take turns, on both databases.

        `unhurried` is for long work at a terminal or by the clock, which may think for minutes
        between two statements.

        SQLite: one that reads first and writes later fails with SQLITE_BUSY whatever the
        time-out (https://www.sqlite.org/lang_transaction.html), hence BEGIN IMMEDIATE.
        PostgreSQL: an advisory lock does the same, so that no two steps can deadlock.
        """
        with self.engine.begin() as connection:
            connection.exec_driver_sql(self._begin_to_write)
            if unhurried and self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql(UNHURRIED)
            with self.legible(connection):
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self.engine.begin() as connection:
            if self._begin_to_read:
                connection.exec_driver_sql(self._begin_to_read)
            with self.legible(connection, writes=False):
                yield connection

    @contextmanager
    def legible(self, connection: Connection, *, writes: bool = True) -> Iterator[None]:
        """In a transaction that has just begun: its columns of fleeting.py are legible in it."""
        if self._has_keys is None:
            self._has_keys = fleeting.there_is_a_place(connection) or None
        key = fleeting.key_of(connection) if self._has_keys else None
        if self._has_keys and key is None:
            key = fleeting.first_key(connection) if writes else self._key_of_another(connection)
        with fleeting.under(key), sealed_columns.under(self.seal):
            yield

    def _key_of_another(self, connection: Connection) -> str | None:
        with self.writing():
            pass
        return fleeting.key_of(connection)

    def let_go(self, *, at_once: bool = False) -> bool:
        """Leave nothing legible of what was deleted in the database's files; whether that was done.

        SQLite's write-ahead log becomes empty. PostgreSQL's key of fleeting.py is replaced, if
        something was deleted since the last time, or `at_once`. Neither keeps anybody waiting:
        while somebody reads it is not done, and the next time will do.
        """
        if self.engine.dialect.name == "sqlite":
            return self._empty_log()
        try:
            with self.writing() as connection:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LET_GO_WAITS}")
                if not self._has_keys or not (at_once or fleeting.is_to_forget(connection)):
                    return False
                fleeting.renew(connection)
        except OperationalError:
            return False
        return True

    def _empty_log(self) -> bool:
        with self.engine.connect() as connection:
            # It would hold up whoever writes for as long as it waits for a reader.
            connection.exec_driver_sql(f"PRAGMA busy_timeout={LET_GO_WAITS}")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        return busy is not None and busy[0] == 0

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def upsert(build: Callable[[Any], Any]) -> Mapping[str, Any]:
    """An INSERT with its ON CONFLICT, built once for each kind of database: by dialect name.

    `build` is given that dialect's own `insert`.
    """
    return {"postgresql": build(postgresql.insert), "sqlite": build(sqlite.insert)}


def _engine(url: str) -> Engine:
    if (parts := make_url(url)).get_backend_name() != "sqlite":
        own = parts.query.get("options", "")
        return create_engine(
            url,
            pool_size=20,
            max_overflow=20,
            hide_parameters=True,
            connect_args={"options": f"{TIME_OUTS} {own}", "connect_timeout": BUSY_SECONDS},
        )
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: BEGINNINGS says which kind.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def migrate(url: str) -> None:
    """Bring the schema at `url` up to date."""
    from alembic import command

    command.upgrade(schema_at(url), "head")


def schema_is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(schema_at(database.url)).get_current_head()
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == wanted


def schema_at(url: str) -> Any:
    """The configuration with which Alembic's own commands work on the database at `url`."""
    from alembic.config import Config

    # The stream of now: by itself it takes the one there was when its library was first loaded.
    config = Config(stdout=sys.stdout)
    place = next(place for place in PLACES_OF_MIGRATIONS if (place / "env.py").is_file())
    # A percent sign in the path is no reference to another option.
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    config.attributes["url"] = url
    return config
