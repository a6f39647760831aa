"""One worker as its parent sees it: a process that is brought up, put to work, and ends."""

import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, Self

from warmline.workers import lifeline
from warmline.workers.lifeline import Orders

Role = Literal["spare", "coming", "serving", "leaving"]
"""Spare: has imported everything and waits for orders. Coming: is to take the place of others."""


class Worker:
    """A process of `program`, which is given the number of its end of the lifeline as last word.

    It is of a group of its own: what is typed at the parent's terminal is for the parent alone.
    """

    def __init__(self, program: Sequence[str]) -> None:
        self.role: Role = "spare"
        self.orders: Orders | None = None
        self.answers = False
        self.line, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - a program of ours
                [*program, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing of it is left."""
        self.process.kill()
        self.process.wait()
        self.line.close()

    def put_to_work(self, role: Role, orders: Orders, sockets: Sequence[socket.socket]) -> None:
        """From now on it is to answer; one that is gone meanwhile is heard of as ever."""
        self.role, self.orders = role, orders
        with suppress(OSError):
            lifeline.give(self.line, orders, sockets)

    def heard(self) -> bool:
        """What it says is there to be read: that it answers (true), or that it is gone (false)."""
        try:
            said = self.line.recv(lifeline.MOST_BYTES)
        except OSError:
            said = b""
        self.answers = self.answers or bool(said)
        return bool(said)

    def gone(self) -> int:
        """It has ended: its exit status, or less than 0 for the signal that ended it."""
        self.line.close()
        return self.process.wait()

    def leave(self) -> None:
        """Let it finish what it has in hand; one without orders has nothing in hand."""
        self.role = "leaving"
        if self.orders is None:
            self.process.kill()
        else:
            self.process.terminate()
