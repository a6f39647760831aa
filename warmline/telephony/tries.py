"""How often something was tried of late, for what the provider does not tell us by itself."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta


class Tries:
    """Counts tries by an id of the provider's, in memory: no more than `most` ids, each so long.

    Thread-safe. What another process counts is not known here.
    """

    def __init__(self, lasting: timedelta, most: int = 10_000) -> None:
        self._lasting = lasting
        self._most = most
        self._lock = threading.Lock()
        self._counted: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def one_more(self, of: str, now: datetime) -> int:
        """Count one more try; how many there were since the first, this one among them."""
        with self._lock:
            self._forget(now)
            since, before = self._counted.get(of, (now, 0))
            self._counted[of] = (since, before + 1)
            return before + 1

    def so_far(self, of: str) -> int:
        """How many tries there were lately."""
        with self._lock:
            return self._counted.get(of, (None, 0))[1]

    def _forget(self, now: datetime) -> None:
        """Ids are in the order of their first try, so that the oldest come first."""
        while self._counted:
            of, (since, _) = next(iter(self._counted.items()))
            if now - since <= self._lasting and len(self._counted) < self._most:
                return
            del self._counted[of]
