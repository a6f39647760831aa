"""The line's own web server on loopback, in a thread, and whether it has anything in flight."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

from starlette.types import ASGIApp, Receive, Scope, Send

from warmline.serving import server_for

LONGEST_SECONDS = 30
GLANCE_SECONDS = 0.005


class InFlight:
    """Counts requests that the line has not done with, work after the answer included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._number = 0
        self._changed = threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        self._count(1)
        try:
            await self._app(scope, receive, send)
        finally:
            self._count(-1)

    def wait_for_none(self) -> None:
        """Returns when nothing is in flight; after 30 s in any event."""
        with self._changed:
            self._changed.wait_for(lambda: self._number == 0, timeout=LONGEST_SECONDS)

    def _count(self, change: int) -> None:
        with self._changed:
            self._number += change
            self._changed.notify_all()


@contextmanager
def answering(app: ASGIApp, socket_: socket) -> Iterator[None]:
    """The app answers on the socket meanwhile."""
    server = server_for(app, lifespan=False)
    thread = threading.Thread(target=server.run, args=([socket_],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(GLANCE_SECONDS)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
