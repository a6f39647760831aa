"""The demo: the whole line on this machine, and one page with everybody's phone in it.

The line is real and the telephone network is simulated: no phone is ever rung and no text leaves
the machine. Nothing of the demo outlives it.

In reading order:

cast            who has a phone, and their switches
roster          who is on, and some weeks of shifts
stage           the whole line on this machine
play            a whole call that plays by itself
phones          what happened on each phone
rows            what one look finds in the database
calls_in_words  what the line does about calls
texts_in_words  how talks by text stand
kept_in_words   what is kept of callers
snapshot        one look at the whole demo
pages           the page and what its buttons do
server          the line's own web server, in a thread
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import uvicorn

from warmline.demo.pages import create_demo
from warmline.demo.stage import Stage, day_at, first_evening, staged
from warmline.operations.logs import set_up_logging
from warmline.serving import ended_by_signal, server_for
from warmline.sockets import listening

__all__ = ["address", "day_at", "opened", "run"]

FIRST_TO_PICK_UP = "Bo"
"""Whose phone picks up by itself from the start, so that a first call gets through."""


def run(host: str, port: int, day: date) -> None:
    """Play the demo from that day's evening on, until a signal ends it; raises PortTaken."""
    begins = first_evening(day)
    with listening(host, port) as socket_, opened(host, begins) as (_stage, server):
        set_up_logging("warning")
        with ended_by_signal(server):
            sys.stdout.write(f"The line is open: {address(host, socket_)}  (Ctrl-C ends it)\n")
            sys.stdout.flush()
            server.run([socket_])


@contextmanager
def opened(host: str, begins: datetime) -> Iterator[tuple[Stage, uvicorn.Server]]:
    """The stage, where it is `begins`, and a server for its page on `host`, yet to be run."""
    with staged(begins) as stage:
        stage.cast.let_pick_up(FIRST_TO_PICK_UP, by_itself=True)
        page = create_demo(stage, host, lambda: server.should_exit)
        server = server_for(page, lifespan=False)
        stage.parts.desk.is_ending = lambda: server.should_exit
        yield stage, server


def address(host: str, socket_: socket.socket) -> str:
    """Where a browser on this machine finds the page."""
    port = socket_.getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
