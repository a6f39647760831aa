"""Notes of what happened on each phone in its present or last call, and the texts on each phone.

Calls are told in few words, texts both ways and in order, as that phone keeps them.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

BEGINNINGS: Final = {"dials": "Calling the line.", "rings": "It rings."}
WORDS: Final = {
    "picks up": "Picked up.",
    "waits in the queue": "In the queue.",
    "presses": "Pressed {key}",
}
TALKING: Final = "Talking. The line hears nothing."


@dataclass(frozen=True)
class Note:
    """Something that happened at an instant."""

    at: datetime
    words: str


@dataclass
class Roll:
    """The notes of one call on one phone; `number` counts that phone's calls."""

    number: int
    began: datetime
    notes: list[Note] = field(default_factory=list)
    picked_up: bool = False


class Tape:
    """Listens to the exchange's journal."""

    def __init__(self) -> None:
        self.rolls: Final[dict[str, Roll]] = {}
        self._rooms: Final[dict[str, set[str]]] = {}

    def hear_of(self, event: Mapping[str, object]) -> None:
        """One event of the journal, a plain dict; quick, for it happens under its lock."""
        who, what = str(event["who"]), str(event["what"])
        at = datetime.fromisoformat(str(event["at"]))
        if what in BEGINNINGS:
            before = self.rolls.get(who)
            number = 1 if before is None else before.number + 1
            self.rolls[who] = Roll(number, at, [Note(at, BEGINNINGS[what])], what == "dials")
        elif what == "joins the room":
            self._joins(who, str(event["room"]), at)
        elif what == "leaves the room":
            self._rooms.get(str(event["room"]), set()).discard(who)
        elif what == "call ends":
            self._ends(who, at)
        elif what in WORDS and who in self.rolls:
            self.rolls[who].picked_up |= what == "picks up"
            self._note(who, at, WORDS[what].format(**event))

    def _joins(self, who: str, room: str, at: datetime) -> None:
        inside = self._rooms.setdefault(room, set())
        inside.add(who)
        if len(inside) > 1:
            for one in inside:
                self._note(one, at, TALKING)

    def _ends(self, who: str, at: datetime) -> None:
        roll = self.rolls.get(who)
        picked_up = roll is not None and roll.picked_up
        self._note(who, at, "The call has ended." if picked_up else "It has stopped ringing.")

    def _note(self, who: str, at: datetime, words: str) -> None:
        if who in self.rolls:
            self.rolls[who].notes.append(Note(at, words))


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
