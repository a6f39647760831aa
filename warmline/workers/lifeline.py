"""A pair of sockets between a parent and its worker: orders one way, "it answers" the other.

Each end closes with the process that holds it, however that ended: so either learns at once that
the other is gone, also by a signal that nobody can catch.
"""

import json
import select
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

ANSWERS: Final = b"answers"
MOST_BYTES: Final = 1024
"""Longer than any orders are."""
MOST_SOCKETS: Final = 64


class Orders(NamedTuple):
    """What one worker is to do besides answering the web.

    One of all `leads`: it says where a line is to be made, with the code that all of them take.
    """

    leads: bool
    clock: bool
    start_code: str = ""


def give(line: socket.socket, orders: Orders, sockets: Sequence[socket.socket]) -> None:
    """Put a worker to work on these listening sockets. Raises OSError if it is gone."""
    said = json.dumps(orders).encode()
    socket.send_fds(line, [said], [one.fileno() for one in sockets])


def take(line: socket.socket) -> tuple[Orders, list[socket.socket]] | None:
    """Wait for orders, and for the sockets to answer on; none if the parent is gone."""
    try:
        said, descriptors, _, _ = socket.recv_fds(line, MOST_BYTES, MOST_SOCKETS)
    except ConnectionResetError:
        return None
    if not said:
        return None
    return Orders(*json.loads(said)), [socket.socket(fileno=one) for one in descriptors]


def are_here(line: socket.socket) -> bool:
    """Whether `take` would return at once."""
    return bool(select.select([line], [], [], 0)[0])


def when_gone(line: socket.socket, then: Callable[[], object]) -> None:
    """Call `then`, in a thread of its own, once the parent is gone."""

    def listen() -> None:
        # One that was killed before it read what was said to it ends the pair with an error.
        with suppress(ConnectionResetError):
            while line.recv(MOST_BYTES):
                """Nothing more is ever said."""
        then()

    threading.Thread(target=listen, name="lifeline", daemon=True).start()
