"""What a test of the demo may ask for: the demo running, at ten times the wall's speed.

Its network's time begins on an evening of ours, or with `--today` at that very instant.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest

from tests import other_days
from warmline.serving import listening
from warmline.simulator.demo import opened
from warmline.simulator.demo.stage import Stage, first_evening

HOST = "127.0.0.1"
FAST = 10.0
EVENING = first_evening(date(2026, 12, 2))
"""A Wednesday."""


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
def running() -> Iterator[Demo]:
    begins = other_days.today or EVENING
    with listening(HOST, 0) as socket_, opened(HOST, begins) as (stage, server):
        stage.speed = FAST
        thread = threading.Thread(target=server.run, args=([socket_],), daemon=True)
        thread.start()
        yield Demo(f"http://{HOST}:{socket_.getsockname()[1]}", stage)
        server.should_exit = True
        thread.join()
