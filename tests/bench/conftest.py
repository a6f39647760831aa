"""Measures: small when run with everything else, whole with `pytest tests/bench --full`."""

import pytest

from tests.bench.figures import Figures, machine

FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash[FIGURES]


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
