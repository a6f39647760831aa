"""The service under a real server on loopback, with a way to know when it has nothing in flight."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.waiting import LONG, until
from warmline.app import create_app
from warmline.parts import Parts
from warmline.settings import Settings

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "not-a-real-token"
AT_ONCE = 1000.0
"""Texts a second: most stories are not about their pace."""
STREAM = "/desk/today/live"
SECRET = "not a secret and long enough for one"


class InFlight:
    """Counts requests that the service has not done with, work after the answer included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._number = self._streams = 0
        self._changed = threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        streams = scope.get("path") == STREAM
        self._count(1, streams)
        try:
            await self._app(scope, receive, send)
        finally:
            self._count(-1, streams)

    def wait_for_none(self) -> None:
        self._wait(lambda: self._number == 0)

    def wait_for_streams(self) -> None:
        """Until those too have ended that last as long as somebody looks at a page."""
        self._wait(lambda: self._number + self._streams == 0)

    def _wait(self, is_quiet: Callable[[], bool]) -> None:
        with self._changed:
            quiet = self._changed.wait_for(is_quiet, timeout=LONG)
        assert quiet, "the service never came to rest"

    def _count(self, change: int, streams: bool) -> None:
        with self._changed:
            if streams:
                self._streams += change
            else:
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


class House:
    """A server that stays up, for one service after the other: to start and end one takes long."""

    def __init__(self) -> None:
        self.service: ASGIApp = _nobody_home
        # Named with its protocol, as the service's own: else each answer waits 40 ms in the kernel.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.bind(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        self.config = uvicorn.Config(self, log_level="warning", access_log=False, lifespan="off")
        server = uvicorn.Server(self.config)
        threading.Thread(target=server.run, args=([listening],), daemon=True).start()
        until(lambda: server.started)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.service(scope, receive, send)


_nobody_home = PlainTextResponse("Nobody is at home.", status_code=503)
_empty: list[House] = []


@contextmanager
def house() -> Iterator[House]:
    """A server of one's own, until it is left."""
    mine = _empty.pop() if _empty else House()
    # Whoever moved in before may have set logging up otherwise.
    mine.config.configure_logging()
    try:
        yield mine
    finally:
        mine.service = _nobody_home
        _empty.append(mine)


@contextmanager
def lives_in(house: House, parts: Parts) -> Iterator[InFlight]:
    """The service behind these parts answers there; at the end, when it has nothing in hand."""
    app = InFlight(create_app(parts, sends_by_itself=False))
    ending = threading.Event()
    parts.desk.is_ending = ending.is_set
    house.service = app
    try:
        yield app
    finally:
        house.service = _nobody_home
        ending.set()
        app.wait_for_streams()


@contextmanager
def served(
    database_url: str,
    provider_url: str,
    now: Callable[[], datetime],
    per_second: float = 1.0,
    texts_per_second: float = AT_ONCE,
) -> Iterator[tuple[Parts, InFlight]]:
    """The service on a port. Its sender and its clock are run by whoever holds the time."""
    with house() as home:
        settings = settings_for(database_url, home.port, provider_url, per_second, texts_per_second)
        parts = Parts(settings, now)
        # On a busy machine a step may take long; the provider's patience is as long here.
        parts.door.in_time.seconds = LONG
        # Nor does the wall's time bring the next slot; the simulated network paces calls itself.
        parts.breath.phones.pause = lambda _seconds: None
        try:
            with lives_in(home, parts) as in_flight:
                yield parts, in_flight
        finally:
            parts.close()
