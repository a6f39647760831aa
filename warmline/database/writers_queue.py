"""Writers of one process on SQLite wait in the order in which they came.

The file's own lock is polled with growing pauses (https://www.sqlite.org/c3ref/busy_timeout.html):
whoever has just come takes it from those who have waited longest. Other processes still meet there.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class WritersQueue:
    """One turn at a time, handed from one thread to the next in order."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._waiting: Final[deque[threading.Lock]] = deque()
        self._taken = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Have the turn meanwhile; raises TimeoutError if it does not come within `seconds`."""
        self._take(seconds)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, seconds: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return
        with self._lock:
            if mine not in self._waiting:
                return  # It was handed over just now.
            self._waiting.remove(mine)
        raise TimeoutError

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
