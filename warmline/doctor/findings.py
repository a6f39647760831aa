"""A finding, what it is looked for with, and a look that neither hangs nor raises."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from warmline.database.engine import Database
from warmline.line.opening import TheLine
from warmline.settings import Settings

DEADLINE: Final = 20.0
"""Seconds for which one look is waited for; each of its requests gives up sooner."""


@dataclass(frozen=True)
class Finding:
    """One line for the person at the terminal: whether it is well, else what to do."""

    what: str
    to_do: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.to_do

    @property
    def line(self) -> str:
        """The finding as it is shown."""
        return f"{self.what}: {self.to_do or 'ok'}"

    def as_row(self) -> dict[str, object]:
        """The finding for machines; `to_do` is empty where it is well."""
        return {"what": self.what, "ok": self.well, "to_do": self.to_do}


@dataclass
class Sight:
    """What is looked at; `line` is None until it was found.

    `now` is UTC, and `began` what the monotonic clock said then.
    """

    settings: Settings
    database: Database
    now: datetime
    began: float
    line: TheLine | None = None

    def clock(self) -> datetime:
        """This machine's time, as it has gone on since `now`."""
        return self.now + timedelta(seconds=monotonic() - self.began)


Look = Callable[[Sight], Iterator[Finding]]


def looked(what: str, look: Look, sight: Sight, deadline: float = DEADLINE) -> list[Finding]:
    """What a look finds; where it breaks off or takes too long, one finding `what` says so.

    It is done in a thread of its own, which is left behind if it does not come back: a name server
    or a database that is silent would hold up everything after it.
    """
    found: list[Finding] = []
    done = threading.Event()

    def work() -> None:
        try:
            for one in look(sight):
                found.append(one)  # noqa: PERF402 - what was found before it hangs is to be told
        except Exception as fault:  # noqa: BLE001 - one look that fails must not hide the others
            found.append(Finding(what, f"could not be looked at ({type(fault).__name__})"))
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    if not done.wait(deadline):
        return [*found, Finding(what, f"no answer within {deadline:.0f} seconds")]
    return found
