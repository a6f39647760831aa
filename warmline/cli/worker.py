"""One of the processes behind `warmline serve`: imports everything, then waits for its orders.

Its parent starts it; nobody else has a use for it.
"""

import gc
import os
import signal
import socket
import sys
from typing import Final

from warmline.cli.errors import say
from warmline.workers import lifeline

PROGRAM: Final = (sys.executable, "-P", "-m", "warmline.cli.worker")
"""Starts one; -P, so that nothing in the folder that it runs in is taken for a module."""


def work(line: socket.socket) -> None:
    """Do as the parent at the other end orders, until a signal or the parent's own end."""
    from warmline import serving
    from warmline.settings import load

    if not lifeline.are_here(line):
        # One that stands ready has the time for what is else met at the first ring.
        from warmline.telephony import twilio  # noqa: F401
    # What was imported stays: nobody need look through it for garbage.
    gc.freeze()
    gc.enable()
    taken = lifeline.take(line)
    if taken is None:
        return
    orders, sockets = taken
    lifeline.when_gone(line, lambda: os.kill(os.getpid(), signal.SIGTERM))
    settings = load(needs=serving.NEEDS)
    serving.serve(settings, sockets, orders, lambda: line.send(lifeline.ANSWERS))


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
