"""Runs a program of a leg: a generator that asks for time, keys, news or a document."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from warmline.simulator.webhooks.clock import VirtualClock
from warmline.simulator.webhooks.courier import Answer, Webhook

ALL_KEYS = "0123456789*#"


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True)
class News:
    """Something happened at `source`, a room or a place in a queue."""

    kind: str
    source: object


@dataclass(frozen=True)
class Wait:
    """Wait so many seconds (None = for ever), for one of these keys, or for news from there.

    What happens first is sent in: None (the time is up), a Key or News. Other keys are lost.
    """

    seconds: float | None
    keys: str = ""
    news_from: object = None

    def takes(self, event: Key | News) -> bool:
        """Whether this is what is waited for."""
        if isinstance(event, Key):
            return event.digit in self.keys
        return event.source is self.news_from


@dataclass(frozen=True)
class Ask:
    """Send a webhook; its Answer is sent in."""

    webhook: Webhook


Wish = Wait | Ask
Happening = Answer | Key | News | None
Result = TypeVar("Result")
Program = Generator[Wish, Happening, Result]


class Ground(Protocol):
    """What a strand stands on."""

    clock: VirtualClock

    def post(self, webhook: Webhook, then: Callable[[Answer], None]) -> None:
        """Send a webhook at this instant; `then` gets its answer."""


class Strand:
    """One program being run. Everything here happens under the exchange's lock."""

    def __init__(self, ground: Ground, program: Program[None], done: Callable[[], None]) -> None:
        self._ground = ground
        self._program = program
        self._done = done
        self._turn = 0
        self._wish: Wish | None = None
        self._running = False
        self._ended = False

    def start(self) -> None:
        """Run to the first wish."""
        self._go(lambda: next(self._program))

    def tell(self, event: Key | News) -> None:
        """Let the program know, if it is waiting for this."""
        if isinstance(self._wish, Wait) and self._wish.takes(event):
            self._go(lambda: self._program.send(event))

    def break_off(self, reason: Exception) -> None:
        """Raise `reason` in the program, wherever it stands."""
        if self._running:
            self._ground.clock.after(0, lambda: self.break_off(reason))
        elif not self._ended:
            self._go(lambda: self._program.throw(reason))

    def close(self) -> None:
        """Stop for good, without another word."""
        if self._running:
            self._ground.clock.after(0, self.close)
            return
        self._ended = True
        self._turn += 1
        self._wish = None
        self._program.close()

    def _go(self, move: Callable[[], Wish]) -> None:
        self._turn += 1
        self._wish = None
        self._running = True
        try:
            self._wish = move()
        except StopIteration:
            self._ended = True
            self._done()
            return
        finally:
            self._running = False
        self._arrange(self._wish, self._turn)

    def _arrange(self, wish: Wish, turn: int) -> None:
        if isinstance(wish, Ask):
            self._ground.post(wish.webhook, lambda answer: self._on(turn, answer))
        elif wish.seconds is not None:
            self._ground.clock.after(wish.seconds, lambda: self._on(turn, None))

    def _on(self, turn: int, happening: Happening) -> None:
        if turn == self._turn:
            self._go(lambda: self._program.send(happening))
