"""Measures: small when run with everything else, whole with `pytest tests/bench --full`."""

import pytest

from tests.bench.figures import Figures, machine

FIGURES = pytest.StashKey[Figures]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="measure in earnest: some 20 minutes")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Figures()


@pytest.fixture
def full(pytestconfig: pytest.Config) -> bool:
    """Whether this run is for figures, and not only to see that the measures work."""
    # Where this folder was not named on the command line, the option is not known.
    return bool(pytestconfig.getoption("full", False))


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Figures:
    return pytestconfig.stash[FIGURES]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    figures = config.stash[FIGURES]
    if not figures.lines:
        return
    small = "" if config.getoption("full", False) else " (a small run: too few to be compared)"
    terminalreporter.section(f"figures{small}")
    terminalreporter.write_line(machine())
    for line in figures.lines:
        terminalreporter.write_line(line)
