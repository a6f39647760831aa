"""A name for each request, in each line that is logged in it; and which requests were slow."""

import secrets
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from warmline.operations.metrics import Metrics

SLOW_MS: Final = 1000
"""From so many milliseconds on, somebody waits who could notice."""
STEP: Final = "step"
"""Under this name the phone's door says in a request's scope which step it is."""
TURNED_AWAY: Final = frozenset({400, 403, 404})
"""Answers to whoever is not the provider; how quick those are tells nothing of the line."""

log = structlog.get_logger(__name__)


class RequestLog:
    """Around the whole app: binds `request` to the log, and notes how long an answer took.

    The name is random, as nothing of a request may point to who asked.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Never let go of: the web server's own line on a fault comes after this, in the same task.
        # It begins with a letter: of figures alone it would be left out, as a number of somebody.
        name = secrets.choice("abcdef") + secrets.token_hex(4)[1:]
        structlog.contextvars.bind_contextvars(request=name)
        begun = time.monotonic()

        async def send_noting(message: Message) -> None:
            # Until the answer begins: a stream of events then lasts for as long as it is looked at.
            if message["type"] == "http.response.start":
                self._note(scope, message["status"], time.monotonic() - begun)
            await send(message)

        await self._app(scope, receive, send_noting)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        step = scope.get(STEP)
        if step is not None and status not in TURNED_AWAY:
            self._metrics.took(step, seconds)
        if seconds * 1000 >= SLOW_MS:
            name = step or getattr(scope.get("route"), "path", "none")
            log.warning("slow", step=name, ms=round(seconds * 1000))
