"""Measures: small when run with everything else, whole with `pytest tests/bench --full`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.figures import Figures, machine
from tests.bench.one_call import Measured, measured_service, set_up
from tests.databases import Databases
from warmline.database.engine import Database

FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash[FIGURES]


def _of_each_test(fixture_name: str, config: pytest.Config) -> Any:
    """One that is compared has a service that nothing was asked of before."""
    return "function" if config.getoption("full") else "session"


@pytest.fixture(scope=_of_each_test)
def measured(sqlite_databases: Databases) -> Iterator[Measured]:
    """A service in a process of its own, with its database; small runs share it."""
    with sqlite_databases.migrated() as url:
        database = Database(url)
        set_up(database)
        with measured_service(url) as network:
            yield Measured(network, database)
        database.close()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    figures = config.stash[FIGURES]
    if not figures.lines:
        return
    small = "" if config.getoption("full") else " (a small run: too few to be compared)"
    terminalreporter.section(f"figures{small}")
    terminalreporter.write_line(machine())
    for line in figures.lines:
        terminalreporter.write_line(line)
