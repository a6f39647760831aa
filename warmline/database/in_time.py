"""Work that needs the database, in threads of its own: what takes too long is given up."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from time import monotonic
from typing import Final, NamedTuple, TypeVar

import structlog

from warmline.database.breaker import Breaker, DatabaseAway, is_away
from warmline.database.engine import Database

QUICK_SECONDS: Final = 0.5
"""A fault that came so soon may be over when the same is asked again at once."""

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Failure(NamedTuple):
    """Why work was not done: `away`, the database could not be had; `waited`, not even for long.

    `nobody_waits`: it has not been had for a while, so that it was not even asked.
    """

    away: bool = False
    waited: bool = False
    nobody_waits: bool = False


NOBODY_WAITS: Final = Failure(away=True, nobody_waits=True)


class InTime:
    """Does work within `seconds`, so many at once as the database has connections (`threads`).

    The event loop goes on whatever the work waits for. `is_back` sets right what went without the
    database, before anybody else may use it again.
    """

    def __init__(self, database: Database, threads: int, now: Callable[[], datetime]) -> None:
        self._database = database
        # Our own, because the web library's way to its threads costs as much as a whole request.
        self._threads = ThreadPoolExecutor(threads, "step")
        self.seconds = 2.8
        self.breaker = Breaker(now)
        self.is_back: Callable[[], object] = lambda: None

    async def do(
        self,
        name: str,
        work: Callable[[], T],
        failed: Callable[[Failure], T],
        *,
        reads: bool = False,
    ) -> T:
        """What the work returns, or `failed` does; raises nothing. `name` is for the log.

        Work that takes too long has failed too, and comes to its end all the same: asked again it
        answers as it then would have. What had no thread yet is not begun. Work that only `reads`
        shows nothing of whether anybody can write.
        """
        if not self.breaker.admits():
            return failed(NOBODY_WAITS)
        began, begun, tries = monotonic(), threading.Event(), self.breaker.is_open

        def step() -> T:
            begun.set()
            return self._tried(work, tries=tries, reads=reads)

        named = contextvars.copy_context().run  # What is logged names the request.
        try:
            async with asyncio.timeout(self.seconds):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, named, step)
        except DatabaseAway:
            return failed(NOBODY_WAITS)
        except Exception as fault:
            away = is_away(fault)
            if not away:
                log.exception("a step failed", step=name)
            elif not self.breaker.is_open:
                # Where it stands in the code says nothing; that it goes on is said once.
                log.warning("a step failed", step=name, kind=type(fault).__name__)
            if away and begun.is_set():
                self.breaker.failed()
            waited = monotonic() - began > QUICK_SECONDS
            return failed(Failure(away, waited, away and self.breaker.is_open))

    def look(self) -> bool:
        """Whether the database can be had; after a failure that is tried."""
        with suppress(Exception):
            if self.breaker.has_failed and self.breaker.admits():
                self._tried(self._write_nothing, tries=True)
        return not self.breaker.has_failed

    def close(self) -> None:
        """Finish what is under way."""
        self._threads.shutdown()

    def _write_nothing(self) -> None:
        with self._database.writing():
            pass

    def _tried(self, work: Callable[[], T], *, tries: bool, reads: bool = False) -> T:
        """What the work answers, unless it has become known that nobody can have the database."""
        if self.breaker.is_open and not tries:
            raise DatabaseAway
        answer = work()
        if not reads:
            if self.breaker.has_failed:
                self.is_back()
            self.breaker.answered()
        return answer
