"""What a test of the demo may ask for: the demo running, at ten times the wall's speed.

Its network's time begins on an evening of ours, or with `--today` at that very instant. Where
hands must be quicker than a ring is long, time stands still, and goes on only to what is awaited.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue

import pytest

from tests import other_days
from tests.databases import like_the_first
from tests.waiting import LONG
from warmline.demo import opened, stage
from warmline.demo.stage import Stage
from warmline.simulator import Exchange
from warmline.sockets import listening

HOST = "127.0.0.1"
FAST = 10.0
LONGEST = 600.0
"""Seconds of the network's time after which whatever is waited for will never come."""


class Steered(Exchange):
    """A network whose time also goes on to the very instant at which something holds."""

    def __init__(self, account_sid: str, auth_token: str, *, start: datetime) -> None:
        super().__init__(account_sid, auth_token, start=start)
        self._awaited: SimpleQueue[tuple[Callable[[], bool], Future[bool]]] = SimpleQueue()

    def run_at_speed(self, get_factor: Callable[[], float]) -> threading.Thread:
        def factor() -> float:
            # Asked for between two steps of the network's time, on the thread that takes them.
            while not self._awaited.empty():
                self._go_to(*self._awaited.get())
            return get_factor()

        return super().run_at_speed(factor)

    def go_to(self, holds: Callable[[], bool]) -> bool:
        """Let time pass until it holds, as fast as this machine can; whether it came to hold."""
        came: Future[bool] = Future()
        self._awaited.put((holds, came))
        return came.result(LONG)

    def skip(self, seconds: float) -> None:
        """It is so much later, at once: whatever was due meanwhile is done now, and done once."""
        with self._board.lock:
            self._board.clock.seconds += seconds

    def _go_to(self, holds: Callable[[], bool], came: Future[bool]) -> None:
        try:
            came.set_result(self.run_until(holds, LONGEST))
        except Exception as wrong:  # noqa: BLE001  # it is raised where it is waited for
            came.set_exception(wrong)


# They are not the module's to export.
setattr(stage, "migrate", like_the_first)  # noqa: B010  # see above
setattr(stage, "Exchange", Steered)  # noqa: B010  # see above


@dataclass
class Demo:
    """The demo's address and, for setting the scene, its stage."""

    url: str
    stage: Stage

    def goes_to(self, holds: Callable[[], object]) -> None:
        """Let time go on to the instant at which it holds, and stand still there.

        Whatever hands did before must have arrived: time does not wait for them.
        """
        self.stage.speed = 0
        assert self._network.go_to(lambda: bool(holds())), self._network.story()[-5000:]

    def skips(self, seconds: float) -> None:
        """So much later, at once, while time stands still."""
        self._network.skip(seconds)

    @property
    def _network(self) -> Steered:
        assert isinstance(self.stage.exchange, Steered)
        return self.stage.exchange


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo of the test's own."""
    with running() as demo:
        yield demo


@pytest.fixture(scope="module")
def shared_demo() -> Iterator[Demo]:
    """One for all tests of a module that leave it as it was."""
    with running() as demo:
        yield demo


@contextmanager
def running(begins: datetime | None = None, speed: float = FAST) -> Iterator[Demo]:
    begins = begins or other_days.begins()
    with listening(HOST, 0) as socket_, opened(HOST, begins) as (stage, server):
        stage.speed = speed
        thread = threading.Thread(target=server.run, args=([socket_],), daemon=True)
        thread.start()
        try:
            yield Demo(f"http://{HOST}:{socket_.getsockname()[1]}", stage)
        finally:
            server.should_exit = True
            thread.join()
