"""What a test of the demo may ask for: the demo running, at ten times the wall's speed.

Its network's time begins on an evening of ours, or with `--today` at that very instant.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import pytest

from tests import other_days
from tests.databases import like_the_first
from warmline.serving import listening
from warmline.simulator.demo import opened, stage
from warmline.simulator.demo.stage import Stage

setattr(stage, "migrate", like_the_first)  # noqa: B010  # it is not the module's to export
HOST = "127.0.0.1"
FAST = 10.0


@dataclass
class Demo:
    """The demo's address and, for setting the scene, its stage."""

    url: str
    stage: Stage


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
def running(begins: datetime | None = None) -> Iterator[Demo]:
    begins = begins or other_days.begins()
    with listening(HOST, 0) as socket_, opened(HOST, begins) as (stage, server):
        stage.speed = FAST
        thread = threading.Thread(target=server.run, args=([socket_],), daemon=True)
        thread.start()
        try:
            yield Demo(f"http://{HOST}:{socket_.getsockname()[1]}", stage)
        finally:
            server.should_exit = True
            thread.join()
