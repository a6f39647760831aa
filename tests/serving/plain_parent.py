"""A parent as `warmline serve` is one, whose workers do nothing but say who they are.

`python plain_parent.py PORT MANY` keeps so many workers, and itself with one more word is one. They
begin in no time, and badly while there is a file `unfit` or `dying` in the working directory.
"""

import os
import signal
import socket
import sys
from pathlib import Path

from warmline.operations.logs import set_up_logging
from warmline.sockets import listening_on
from warmline.workers import lifeline
from warmline.workers.parent import Parent
from warmline.workers.worker import Worker

UNFIT = 2


def work(line: socket.socket) -> int:
    """Answer each connection with its own process id, until SIGTERM or the parent's end."""
    taken = lifeline.take(line)
    if taken is None:
        return 0
    if Path("unfit").exists():
        sys.stderr.write("this is in the way\n")
        return UNFIT
    if Path("dying").exists():
        os.kill(os.getpid(), signal.SIGKILL)
    orders, [listens] = taken
    lifeline.when_gone(line, lambda: os.kill(os.getpid(), signal.SIGTERM))
    line.send(lifeline.ANSWERS)
    while True:
        one, _ = listens.accept()
        with one:
            one.sendall(f"{os.getpid()} {orders.leads:d} {orders.clock:d}".encode())


def keep(port: int, many: int) -> int:
    program = [sys.executable, "-P", __file__, str(port)]
    with Worker(program) as first, listening_on("127.0.0.1", port) as sockets:
        set_up_logging("info")
        return Parent(program, sockets, many, clock=True).run(first)


def main() -> int:
    port, last = map(int, sys.argv[1:])
    if os.environ.get("PLAIN_WORKER"):
        with socket.socket(fileno=last) as line:
            return work(line)
    os.environ["PLAIN_WORKER"] = "yes"
    return keep(port, last)


if __name__ == "__main__":
    sys.exit(main())
