"""PostgreSQL behind a pooler in transaction mode, over TLS, with few connections."""

import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from typer.testing import CliRunner

from shifts.models import Line
from tests.database.pooled import pooled
from tests.databases import Databases
from warmline.cli import app
from warmline.database import engine as db_module
from warmline.database.engine import Database
from warmline.database.postgres import BoundedConnection
from warmline.schema.revisions import migrate
from warmline.settings import ConnectionPool

pytestmark = pytest.mark.usefixtures("fixed_clock")

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


def test_ten_threads_write_and_read_through_three_connections_and_nothing_fails(
    database: Database,
) -> None:
    def count(_number: int) -> None:
        for _ in range(20):
            with database.writing() as db:
                number = int(db.scalar(select(Line.name)) or 0)
                db.execute(update(Line).values(name=str(number + 1)))
            with database.reading() as db:
                assert db.scalar(select(Line.time_zone)) == "UTC"

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(count, range(10)))
    with database.reading() as db:
        assert db.scalar(select(Line.name)) == str(10 * 20), "writers take turns"
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


def test_settings_of_the_address_hold_in_each_transaction_and_ask_nothing_of_the_pooler(
    pooled_url: str,
) -> None:
    url = make_url(pooled_url).update_query_dict(
        {"options": "-csearch_path=beside -c work_mem=9MB"}
    )
    database = Database(url.render_as_string(hide_password=False))
    with database.writing() as db:
        db.execute(text("CREATE SCHEMA beside"))
        db.execute(text("CREATE TABLE thing AS SELECT 1 AS one"))
    with database.reading() as db:
        assert db.scalar(text("SELECT current_setting('work_mem')")) == "9MB"
        assert db.scalar(text("SELECT one FROM beside.thing")) == 1
    with database.engine.connect() as db:
        assert db.scalar(text("SHOW search_path")) == '"$user", public'
    database.close()


def test_a_roster_is_imported_through_the_pooler(
    pooled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", pooled_url)
    monkeypatch.setenv("WARMLINE_SECRET_KEY", "not-a-secret-but-long-enough-for-one")
    others = Database(pooled_url)
    with others.writing() as db:
        db.execute(text("DELETE FROM line"))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    line = ("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York")
    run("init", *line, "--exceptions", "There are none.", "--coordinator-phone", "+14135550109")
    row = "2026-11-28T18:00:00-05:00,2026-11-28T22:00:00-05:00,,\n"
    Path("s.csv").write_text(f"starts,ends,phone,agreed\n{row * 3}")
    # Whoever else is served meanwhile changes which of the server's connections comes next.
    with others.engine.connect() as busy, busy.begin():
        busy.execute(text("SELECT 1"))
        assert "3 added" in run("shifts", "import", "s.csv", "--dry-run")
        assert "3 added" in run("shifts", "import", "s.csv")
    left = text("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
    with others.reading() as db:
        assert db.scalar(left) == 0, "no temporary table is left on a connection of others"
    run("backup", "line.backup")
    others.close()


def test_a_server_that_hangs_is_given_up_and_met_again(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BoundedConnection, "patience", 1.0)
    database = Database(postgresql_url)
    stopped: list[int] = []

    def ask() -> None:
        with database.writing() as db:
            stopped.append(int(db.scalar(text("SELECT pg_backend_pid()")) or 0))
            os.kill(stopped[0], signal.SIGSTOP)
            db.execute(text("SELECT 1"))

    try:
        with pytest.raises(OperationalError, match="has not answered"):
            ask()
    finally:
        os.kill(stopped[0], signal.SIGCONT)
    monkeypatch.undo()
    with database.writing() as db:
        assert db.scalar(text("SELECT pg_backend_pid()")) != stopped[0]
    database.close()


def test_a_connection_that_died_while_nobody_used_it_costs_nobody_an_answer(
    postgresql_url: str,
) -> None:
    database, other = Database(postgresql_url, pool=ConnectionPool(1, 0)), Database(postgresql_url)
    for transaction in (database.reading, database.writing):
        with transaction() as db:
            backend = db.scalar(text("SELECT pg_backend_pid()"))
        with other.writing() as db:
            db.execute(text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
        with transaction() as db:
            assert db.scalar(text("SELECT pg_backend_pid()")) != backend
    database.close()
    other.close()


def test_nobody_holds_a_connection_and_waits_for_a_second(postgresql_url: str) -> None:
    database = Database(postgresql_url, pool=ConnectionPool(1, 0))
    with database.writing() as db:
        db.execute(text("TRUNCATE fleeting_key"))
    with database.reading() as db:
        assert db.scalar(text("SELECT count(*) FROM fleeting_key")) == 1, "a new key was made"
    database.close()


def test_whoever_finds_every_connection_taken_waits_a_while_and_no_longer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_module, "NONE_FREE_SECONDS", 0.2)
    database = Database(database_url, pool=ConnectionPool(1, 0))
    with database.reading(), pytest.raises(NoneFree), database.reading():
        pass
    with database.reading():
        pass
    database.close()
