"""The service under a real server on loopback, with a way to know when it has nothing in flight."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from warmline.app import Parts, create_app
from warmline.settings import Settings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "not-a-real-token"
AT_ONCE = 1000.0
"""Texts a second: most stories are not about their pace."""
SECRET = "not a secret and long enough for one"


class InFlight:
    """Counts requests that the service has not done with, work after the answer included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._number = 0
        self._changed = threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count(1)
        try:
            await self._app(scope, receive, send)
        finally:
            self._count(-1)

    def wait_for_none(self) -> None:
        with self._changed:
            quiet = self._changed.wait_for(lambda: self._number == 0, timeout=30)
        assert quiet, "the service is still busy after 30 s"

    def _count(self, change: int) -> None:
        with self._changed:
            self._number += change
            self._changed.notify_all()


def settings_for(
    database_url: str,
    port: int,
    provider_url: str,
    per_second: float,
    texts_per_second: float = AT_ONCE,
) -> Settings:
    return Settings(
        database_url=database_url,
        account_sid=ACCOUNT,
        auth_tokens=(TOKEN,),
        provider_url=provider_url,
        public_url=f"http://127.0.0.1:{port}",
        calls_per_second=per_second,
        texts_per_second=texts_per_second,
        secret_keys=(SECRET,),
        port=port,
    )


@contextmanager
def served(
    database_url: str,
    provider_url: str,
    now: Callable[[], datetime],
    per_second: float = 1.0,
    texts_per_second: float = AT_ONCE,
) -> Iterator[tuple[Parts, InFlight]]:
    """The service on a free port. Its sender and its clock are run by whoever holds the time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        parts = Parts(
            settings_for(database_url, port, provider_url, per_second, texts_per_second), now
        )
        app = InFlight(create_app(parts, sends_by_itself=False))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        )
        parts.desk.is_ending = lambda: server.should_exit
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield parts, app
        finally:
            server.should_exit = True
            thread.join()
            parts.close()
