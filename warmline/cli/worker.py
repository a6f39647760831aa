"""The parent that `warmline serve` is, and one of the workers behind it.

A worker is started by its parent; nobody else has a use for it. It imports everything, then waits
for its orders. The parent imports nothing that takes long, and the first worker does so while the
parent reads the settings.
"""

import gc
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from warmline.cli.errors import say
from warmline.operations.logs import set_up_logging
from warmline.sockets import listening_on
from warmline.workers import lifeline
from warmline.workers.parent import Parent
from warmline.workers.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from warmline.settings import Settings

PROGRAM: Final = (sys.executable, "-P", "-m", "warmline.cli.worker")
"""Starts a worker; -P, so that nothing in the folder that it runs in is taken for a module."""


class Wanted(NamedTuple):
    """What the command line says; what it leaves out is as the settings have it."""

    host: str
    port: int | None
    workers: int | None
    clock: bool


def keep(wanted: Wanted, load: "Callable[[], Settings]") -> int:
    """Keep workers behind a socket there until a signal; the exit status.

    Raises what `load` does, PortTaken and NotHanded.
    """
    with Worker(PROGRAM) as first:
        settings = load()
        with listening_on(wanted.host, wanted.port or settings.port) as sockets:
            set_up_logging(settings.log_level, form=settings.log_format)
            many = wanted.workers or settings.workers
            return Parent(PROGRAM, sockets, many, wanted.clock).run(first)


def work(line: socket.socket) -> None:
    """Do as the parent at the other end orders, until a signal or the parent's own end."""
    from warmline import serving
    from warmline.settings import load

    if not lifeline.are_here(line):
        # One that stands ready has the time for what is else met at the first ring.
        from warmline.telephony import twilio  # noqa: F401  # it is the import that is wanted
    # What was imported stays: nobody need look through it for garbage.
    gc.freeze()
    gc.enable()
    taken = lifeline.take(line)
    if taken is None:
        return
    orders, sockets = taken
    lifeline.when_gone(line, lambda: os.kill(os.getpid(), signal.SIGTERM))
    serving.serve(load(), sockets, orders, lambda: line.send(lifeline.ANSWERS))


def main() -> int:
    """Work; the exit status."""
    # These are for the parent, which says what is to be done about them.
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    gc.disable()
    try:
        with socket.socket(fileno=int(sys.argv[-1])) as line:
            work(line)
    except Exception as fault:  # noqa: BLE001 # whatever it is, a person reads one line of it
        return say(fault)
    return 0


if __name__ == "__main__":
    sys.exit(main())
