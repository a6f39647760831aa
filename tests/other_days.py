"""The suite on another day: `--today` moves the clock of tests, of their processes and pages.

`python -m tests.other_days` runs what the calendar can break on each of DAYS, or on those named.
"""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import time_machine

ZONE: Final = ZoneInfo("America/New_York")
"""Where the demo's line is, and most lines of the tests."""
USUAL: Final = datetime(2026, 12, 2, 23, 0, tzinfo=UTC)
"""Where tests are that need an instant of today's: a Wednesday, six in the evening there."""
DAYS: Final[Mapping[str, str]] = {
    "monday": "2026-11-30T12:00",
    "saturday": "2026-11-28T23:30",
    "spring": "2027-03-14T01:59",
    "autumn": "2026-11-01T01:59",
    "leap": "2028-02-29T12:00",
    "new-year": "2029-12-31T23:59",
    "first": "2027-05-01T00:01",
}
"""Spring and autumn: a minute before the clocks change. The new year's eve is a Monday."""
REACHED: Final = frozenset({"browser", "demo", "shared_demo", "fixed_clock"})
"""Whoever asks for one of these lives on a day, and is run on the others too."""
AHEAD: Final = "TESTS_SECONDS_AHEAD"
HERE: Final = Path(__file__).resolve().parent
_asked: list[datetime] = []
"""What `--today` says, if anything."""


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--today",
        type=instant,
        metavar="2028-02-29T12:00",
        help="run as if it were this instant (New York's time, unless it has an offset)",
    )


def instant(words: str) -> datetime:
    """The UTC instant that `--today` names; raises ValueError."""
    meant = datetime.fromisoformat(words)
    return (meant if meant.tzinfo else meant.replace(tzinfo=ZONE)).astimezone(UTC)


def set_out(config: pytest.Config) -> None:
    """Move the clock of this process, and of all that its tests start, if that is asked for."""
    asked: datetime | None = config.getoption("today")
    if asked is not None:
        _asked.append(asked)
        config.pluginmanager.register(OtherDay())


def begins() -> datetime:
    """The instant at which a test begins that needs one: what `--today` says, or the usual one."""
    return _asked[-1] if _asked else USUAL


@contextmanager
def lived() -> Iterator[datetime]:
    """This process, and every Python it starts meanwhile, is at `begins()` and goes on from it."""
    now = begins()
    # A bare number leaves the machine's own zone as it is.
    with time_machine.travel(now.timestamp()), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(HERE / "another_day"), prepend=os.pathsep)
        patch.setenv(AHEAD, str(time.time() - time_machine.escape_hatch.time.time()))
        yield now


def ahead(instant: datetime) -> dict[str, str]:
    """The environment of a process that is to be at that instant, and to find what we find."""
    hatch = time_machine.escape_hatch
    here = hatch.time.time() if hatch.is_travelling() else time.time()
    path = os.pathsep.join([str(HERE / "another_day"), *sys.path])
    return {"PYTHONPATH": path, AHEAD: str(instant.timestamp() - here)}


class OtherDay:
    """Each test begins at the instant of `--today`, and its pages do."""

    def __init__(self) -> None:
        self._pages_are_moved = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        if not self._pages_are_moved and item.get_closest_marker("browser"):
            move_pages()
            self._pages_are_moved = True
        with lived():
            return (yield)


def move_pages() -> None:
    """From now on the scripts of each page live by this process's clock as well."""
    from playwright.sync_api import Browser, BrowserContext

    made = Browser.new_context

    def new_context(browser: Browser, **options: Any) -> BrowserContext:
        context = made(browser, **options)
        context.clock.install(time=time.time())
        return context

    setattr(Browser, "new_context", new_context)  # noqa: B010  # it is not ours to replace


def main(names: list[str]) -> int:
    """Run them on the days with these names, or on each; 0 when all have passed."""
    unknown = set(names) - set(DAYS)
    if unknown:
        sys.stderr.write(f"no such day: {', '.join(sorted(unknown))}; choose {', '.join(DAYS)}\n")
        return 2
    failed = []
    for name in names or DAYS:
        print(f"== {name}: {DAYS[name]}", flush=True)  # noqa: T201  # it is run by hand
        words = ("-q", "-n", "2", "-m", "calendar", "-k", "not postgresql")
        command = [sys.executable, "-m", "pytest", *words, f"--today={DAYS[name]}"]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
