"""PostgreSQL behind a pooler in transaction mode, over TLS, with few connections."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from shifts.models import Line
from tests.databases import Databases
from tests.pooled import pooled
from warmline.db import Database, migrate

SETTINGS = ("lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")


@pytest.fixture(scope="module")
def pooled_url(postgresql_databases: Databases) -> Iterator[str]:
    """An empty database behind the pooler, its schema brought up to date through it."""
    with (
        tempfile.TemporaryDirectory(prefix="warmline-") as folder,
        postgresql_databases.blank() as url,
        pooled(url, Path(folder)) as through,
    ):
        migrate(through)
        yield through


@pytest.fixture
def database(pooled_url: str) -> Iterator[Database]:
    database = Database(pooled_url)
    with database.writing() as db:
        db.execute(text("DELETE FROM line"))
        db.execute(insert(Line).values(id=1, name="0", time_zone="UTC"))
    yield database
    database.close()


def test_twelve_threads_write_and_read_through_three_connections_and_nothing_fails(
    database: Database,
) -> None:
    def count(_number: int) -> None:
        for _ in range(30):
            with database.writing() as db:
                number = int(db.scalar(select(Line.name)) or 0)
                db.execute(update(Line).values(name=str(number + 1)))
            with database.reading() as db:
                assert db.scalar(select(Line.time_zone)) == "UTC"

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(count, range(12)))
    with database.reading() as db:
        assert db.scalar(select(Line.name)) == str(12 * 30), "writers take turns"
        assert db.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
        assert db.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) is False


@pytest.mark.parametrize("unhurried", [False, True])
def test_each_transaction_has_its_time_outs_and_leaves_none_behind(
    database: Database, unhurried: bool
) -> None:
    asked = text("SELECT " + ", ".join(f"current_setting('{name}')" for name in SETTINGS))
    for transaction in (database.writing, database.reading):
        with transaction(unhurried=unhurried) as db:
            assert "0" not in db.execute(asked).one()
    with database.engine.connect() as db:
        assert set(db.execute(asked).one()) == {"0"}, "a connection is another's afterwards"
