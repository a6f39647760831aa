"""What was texted on each phone, both ways and in order, as that phone keeps it."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WRITTEN: Final = "writes a text"
CAME: Final = "gets a text"
MOST_TEXTS: Final = 60


@dataclass(frozen=True)
class Message:
    """A text of a thread; `number` counts that phone's, `mine` was written on it."""

    number: int
    at: datetime
    words: str
    mine: bool


class Threads:
    """Listens to the exchange's journal.

    A phone keeps its own copy: a text that the line erases at the phone company stays on it until
    whoever holds the phone deletes the thread.
    """

    def __init__(self) -> None:
        self._numbers: Final[dict[str, int]] = {}
        self._threads: Final[dict[str, deque[Message]]] = {}

    def hear_of(self, event: Mapping[str, object]) -> None:
        """One event of the journal, a plain dict; quick, for it happens under its lock."""
        what = event["what"]
        if what not in (WRITTEN, CAME):
            return
        who, at = str(event["who"]), datetime.fromisoformat(str(event["at"]))
        number = self._numbers[who] = self._numbers.get(who, 0) + 1
        thread = self._threads.setdefault(who, deque(maxlen=MOST_TEXTS))
        thread.append(Message(number, at, str(event["words"]), mine=what == WRITTEN))

    def of(self, name: str) -> list[Message]:
        """The latest texts of this phone, the newest last."""
        return list(self._threads.get(name, ()))

    def delete(self, name: str) -> None:
        """Whoever holds the phone deletes its thread."""
        self._threads.pop(name, None)
