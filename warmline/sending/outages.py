"""What the provider does not do for us: said once when it begins, and once when it is over."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from warmline.telephony.port import ProviderError, TooManyAtOnce

WELL_AFTER: Final = timedelta(minutes=1)
"""A fault that has not shown for so long, while the provider answers, is over."""
UNKNOWN_AFTER: Final = timedelta(minutes=5)
"""Nothing was asked of the provider for so long: nobody can say that it is still out."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Fault:
    """One kind of fault while it goes on: when it began and showed last, and how often it did."""

    began_at: datetime
    last_at: datetime
    times: int = 1


@dataclass(slots=True)
class Outages:
    """The faults of the provider that go on now, by code, as one process knows them. Thread-safe.

    `now` is the clock (UTC). A caller's own request that was refused is no outage.
    """

    now: Callable[[], datetime]
    _going_on: dict[str, Fault] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, error: ProviderError, doing: str, then: str) -> None:
        """The provider did not do `doing` (an effect's kind); `then` says what is done instead."""
        now, code = self.now(), error.told_as
        with self._lock:
            fault = self._going_on.get(code)
            if fault is not None:
                fault.last_at, fault.times = now, fault.times + 1
                return
            self._going_on[code] = Fault(now, now)
        log.warning("the provider fails", code=code, kind=doing, then=then)

    def answered(self) -> None:
        """The provider has done, or refused, something as it should."""
        if not self._going_on:
            return
        now = self.now()
        with self._lock:
            over = {
                code: self._going_on.pop(code)
                for code, fault in list(self._going_on.items())
                if now - fault.last_at >= WELL_AFTER
            }
        for code, fault in over.items():
            lasted = int((fault.last_at - fault.began_at).total_seconds())
            log.info("the provider is well again", code=code, times=fault.times, seconds=lasted)

    def go_on(self) -> bool:
        """Whether the provider is out now; that an account has all its calls under way is not."""
        now = self.now()
        with self._lock:
            return any(
                code != TooManyAtOnce.told_as and now - fault.last_at < UNKNOWN_AFTER
                for code, fault in self._going_on.items()
            )
