"""Whether the process is up, whether it can serve, and its figures; for whoever runs it."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from warmline.database.engine import Database
from warmline.health import instance
from warmline.health.figures import Figures
from warmline.operations.metrics import CONTENT_TYPE
from warmline.schema.revisions import schema_is_current
from warmline.settings import is_on_loopback

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
LONGEST_SECONDS: Final = 5.0
"""A database that has not answered by then does not answer."""
THREADS: Final = 4

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]


class Waits:
    """Looks at the database for whoever runs the line, in threads that no page and no call uses.

    Whatever holds those up, a supervisor is answered, and within five seconds.
    """

    def __init__(self, seconds: float = LONGEST_SECONDS) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, "health")

    async def on(self, work: Callable[[], T]) -> T:
        """What the work returns; raises TimeoutError, and whatever it raises."""
        waits = asyncio.get_running_loop().run_in_executor(self._threads, work)
        return await asyncio.wait_for(waits, self._seconds)

    def close(self) -> None:
        """Let go; nobody waits for what still hangs."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def healthz(_request: Request) -> Response:
    """The process is up; asked in the event loop itself, whatever all threads wait for."""
    return PlainTextResponse("ok")


def readyz(
    database: Database, waits: Waits, keys: Sequence[str] = (), public_url: str = ""
) -> Endpoint:
    """The database and its schema answer; to `doctor` also that this is the line's own web."""

    async def ready(request: Request) -> Response:
        challenge = request.headers.get(instance.CHALLENGE, "")
        try:
            current = await waits.on(lambda: schema_is_current(database))
            proves = current and keys and instance.is_one(challenge)
            shown = await waits.on(lambda: proof(challenge)) if proves else {}
        except Exception:  # noqa: BLE001 - whatever it is, the answer is: not ready
            return PlainTextResponse("the database does not answer", 503)
        if not current:
            return PlainTextResponse("the schema is out of date: run warmline migrate", 503)
        return PlainTextResponse("ok", headers=shown)

    def proof(challenge: str) -> dict[str, str]:
        with database.reading() as db:
            noted = instance.is_noted(db, challenge)
        return {instance.ANSWER: instance.answer(keys, public_url, challenge, noted=noted)}

    return ready


def metrics(token: str, public_url: str, figures: Figures, waits: Waits) -> Endpoint:
    """Figures for Prometheus. They show who is busy: only whoever has the token may read them.

    Without one only this machine may, and only while the line is not reachable from elsewhere:
    behind a front server on the same machine everybody seems to come from here.
    """
    open_here = is_on_loopback(public_url)

    async def show(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if token and not hmac.compare_digest(given, f"Bearer {token}".encode()):
            return PlainTextResponse("a bearer token is needed", 403)
        if not token and not open_here:
            return PlainTextResponse("a bearer token is needed: set WARMLINE_METRICS_TOKEN", 403)
        if not token and (request.client is None or request.client.host not in LOOPBACK):
            return PlainTextResponse("only from this machine", 403)
        # What the process knows is shown whether or not the database answers.
        with suppress(Exception):
            await waits.on(figures.look)
        return Response(figures.render(), media_type=CONTENT_TYPE)

    return show
