"""A database that has failed for a while is not waited for: only a try a second goes through."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from warmline.database.error_words import NO_TABLES

FAILURES: Final = 3
AGAIN_AFTER: Final = timedelta(seconds=5)
"""Two failures with nothing done between them, so long apart, are enough as well."""
A_TRY: Final = timedelta(seconds=1)
DAMAGED: Final = ("not a database", "malformed")
"""What SQLite says of a file in which something else has written; its kind of error says less."""

log = structlog.get_logger(__name__)


class DatabaseAway(Exception):
    """Nobody waits for the database just now."""


def is_away(fault: BaseException) -> bool:
    """Whether a fault says that the database could not be had, and not that a step is wrong."""
    if isinstance(fault, DatabaseAway | NoneFree | TimeoutError):
        return True
    if not isinstance(fault, DBAPIError) or NO_TABLES.search(str(fault.orig)):
        return False
    if isinstance(fault, OperationalError | InterfaceError) or fault.connection_invalidated:
        return True
    return any(word in str(fault.orig) for word in DAMAGED)


class Breaker:
    """Whether the database is waited for. Thread-safe; `now` is the clock (UTC)."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._since: datetime | None = None
        self._tried: datetime | None = None
        self.is_open = False

    @property
    def has_failed(self) -> bool:
        """Whether something could not be written, and nothing has been since."""
        return bool(self._failures)

    def admits(self) -> bool:
        """Whether somebody may try; while it is open, one a second."""
        if not self.is_open:
            return True
        with self._lock:
            now = self._now()
            # A clock that was set back by an hour keeps nobody out for an hour.
            if self._tried is not None and abs(now - self._tried) < A_TRY:
                return False
            self._tried = now
            return True

    def failed(self) -> None:
        """The database could not be had."""
        with self._lock:
            now = self._now()
            self._failures += 1
            self._since = self._since or now
            long_since = self._failures > 1 and now - self._since >= AGAIN_AFTER
            if self.is_open or not (self._failures >= FAILURES or long_since):
                return
            self.is_open, self._tried = True, now
        log.warning("the database cannot be had", then="the line goes on without it")

    def answered(self) -> None:
        """Something was written."""
        if not self._failures:
            return
        with self._lock:
            was_open, since, self._failures = self.is_open, self._since, 0
            self.is_open, self._since = False, None
        if was_open and since is not None:
            seconds = int((self._now() - since).total_seconds())
            log.info("the database is back", seconds=seconds)
