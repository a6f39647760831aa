"""A sign of life to an address elsewhere: once a minute, only while all is well.

A dead-man service there wakes somebody when the sign stays away, which no service can do that has
itself gone silent. It is the one request that does not go to the provider; it carries nothing, and
its address, which is as good as a password, is written nowhere.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import requests
import structlog
from sqlalchemy import Connection

from warmline.database.engine import Database
from warmline.operations import job_runs, one_time
from warmline.outbox import backlog
from warmline.sending.outages import Outages

NAME: Final = "say that all is well"
EVERY: Final = 60
AGAIN_AFTER: Final = timedelta(seconds=EVERY - 10)
"""Of several clocks the first has said it; a little early, as none keeps its minute exactly."""
SECONDS: Final = 3.0
"""Neither connecting nor answering may take longer."""
FREQUENT: Final = 60.0
"""Jobs that run at least this often (seconds) are missed when they do not."""
OVERDUE_AFTER: Final = timedelta(minutes=3)
"""An effect that has not been done for so long is not only slow."""

log = structlog.get_logger(__name__)


@dataclass
class Heartbeat:
    """Says that all is well. `web` is the base of an address at which our own web answers.

    `periods` says how often each timed job runs (seconds); `now` is the clock (UTC).
    """

    url: str
    web: Callable[[], str]
    database: Database
    outages: Outages
    periods: Mapping[str, float]
    now: Callable[[], datetime]
    seconds: float = SECONDS
    _said: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> int:
        """The job: 1 if it was said, 0 if something is not well or another clock has said it."""
        if not self._is_first():
            return 0
        if unwell := self._unwell():
            self._tell(f"no heartbeat: {unwell}")
            return 0
        status = asked(self.url, self.seconds)
        if not 200 <= status < 300:
            self._tell(f"the heartbeat was not taken ({status or 'no answer'})")
            return 0
        self._tell("")
        return 1

    def _is_first(self) -> bool:
        with self.database.writing() as db:
            now = self.now()
            return one_time.first(db, "heartbeat", now, now + AGAIN_AFTER)

    def _unwell(self) -> str:
        """What is not well; nothing if all is."""
        with self.database.reading() as db:
            if unwell := self._clock(db):
                return unwell
            if backlog.oldest(db, self.now()) > OVERDUE_AFTER:
                return "what is due is not sent"
        if self.outages.go_on():
            return "the provider fails"
        if asked(self.web() + "/readyz", self.seconds) != 200:
            return "the web does not answer"
        return ""

    def _clock(self, db: Connection) -> str:
        """Jobs that run every minute or oftener must have run lately, whichever clock ran them."""
        now = self.now()
        if not job_runs.is_running(job_runs.last_at(db), now):
            return "no clock runs"
        for name, last in job_runs.each_last(db):
            every = self.periods.get(name)
            if every is not None and every <= FREQUENT and not job_runs.is_running(last, now):
                return f"a job does not run ({name})"
        return ""

    def _tell(self, what: str) -> None:
        """Once when it begins, and once when it is over."""
        with self._lock:
            before, self._said = self._said, what
        if what and what != before:
            log.warning(what)
        elif before and not what:
            log.info("the heartbeat goes out again")


def asked(url: str, seconds: float) -> int:
    """The status of a GET; 0 when there was no answer. Raises nothing, for errors name the URL."""
    try:
        with requests.Session() as session:
            # Neither proxies nor passwords of the environment: it goes there, or nowhere.
            session.trust_env = False
            answer = session.get(url, timeout=seconds, allow_redirects=False, stream=True)
            status = answer.status_code
            answer.close()
            return status
    except (requests.RequestException, OSError, ValueError):
        return 0
