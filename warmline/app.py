"""The front page: every route, and every part put in; no logic."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from warmline import jobs, prompts, public_page
from warmline.conversations import arrivals, caller, lost, volunteer
from warmline.db import Database, schema_is_current
from warmline.metrics import CONTENT_TYPE, Metrics
from warmline.odds import Odds
from warmline.phone import RETRY_OVERRIDES, Provider
from warmline.phone.conversation import Turn
from warmline.phone.sender import Sender
from warmline.phone.webhook import Door
from warmline.settings import Settings


def real_clock() -> datetime:
    """The one place where the time of day comes in."""
    return datetime.now(UTC)


@dataclass
class Parts:
    """Everything the service is made of, put together once; `now` is the clock it lives by."""

    settings: Settings
    now: Callable[[], datetime] = real_clock

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database_url)
        self.odds = Odds()
        self.metrics = Metrics()
        self.prompts = prompts.load()
        self.sender = Sender(
            self.database,
            lambda: self.provider,
            self.settings.public_url,
            self.settings.calls_per_second,
            self.now,
            self._ring_failed,
            RETRY_OVERRIDES,
        )
        self.door = Door(
            self.settings,
            self.database,
            self.prompts,
            self.odds,
            self.metrics,
            self.now,
            self.sender.send_due,
        )

    @cached_property
    def provider(self) -> Provider:
        """The telephone network, met when first needed: its library is large."""
        from warmline.phone.twilio import TwilioProvider

        return TwilioProvider(self.settings, public_page.line_number(self.database))

    def turn(self, db: Connection) -> Turn:
        """A turn that no webhook asked for: of the clock, or of the sender."""
        return Turn(self.now(), db, {}, self.prompts, self.odds)

    def jobs(self) -> list[jobs.Job]:
        """What the clock does."""
        return [jobs.Job("look up lost calls", jobs.LOOK_UP_EVERY, self._look_up)]

    def close(self) -> None:
        """Give everything back."""
        self.sender.close()
        self.database.close()

    def _look_up(self) -> int:
        ended = lost.look_up_lost_calls(self.database, self.provider, self.turn, self.now())
        self.sender.send_due()
        return ended

    def _ring_failed(self, db: Connection, ring: object, _now: datetime) -> None:
        lost.ring_failed(self.turn(db), ring)  # type: ignore[arg-type]  # a row of ring


def create_app(parts: Parts, *, sends_by_itself: bool = True) -> Starlette:
    """The web and telephone service; `sends_by_itself` looks for due effects every second."""
    door = parts.door
    return Starlette(
        routes=[
            Route("/voice", door.arrival(arrivals.voice), methods=["POST"]),
            Route("/voice/status", door.arrival(arrivals.voice_status), methods=["POST"]),
            Route("/voice/fallback", door.arrival(arrivals.voice_fallback), methods=["POST"]),
            Route("/text", door.arrival(arrivals.text), methods=["POST"]),
            Route("/c/{token}/{step}", door.legs(caller), methods=["POST"]),
            Route("/r/{token}/{step}", door.legs(volunteer), methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz(parts)),
            Route("/metrics", metrics(parts)),
            Route("/", public_page.page(parts.database)),
        ],
        lifespan=lifespan(parts) if sends_by_itself else None,
    )


def healthz(_request: Request) -> Response:
    """The process is up."""
    return PlainTextResponse("ok")


def readyz(parts: Parts) -> Callable[[Request], Response]:
    """The database and its schema answer."""

    def ready(_request: Request) -> Response:
        try:
            current = schema_is_current(parts.database)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is: not ready
            return PlainTextResponse("the database does not answer", 503)
        if not current:
            return PlainTextResponse("the schema is out of date: run warmline migrate", 503)
        return PlainTextResponse("ok")

    return ready


def metrics(parts: Parts) -> Callable[[Request], Response]:
    """Figures for Prometheus; without the token only loopback may read: they show who is busy."""

    def show(request: Request) -> Response:
        token = parts.settings.metrics_token
        local = request.client is not None and request.client.host in ("127.0.0.1", "::1")
        if token and request.headers.get("authorization") != f"Bearer {token}":
            return PlainTextResponse("a bearer token is needed", 403)
        if not token and not local:
            return PlainTextResponse("only from this machine", 403)
        return Response(parts.metrics.render(), media_type=CONTENT_TYPE)

    return show


def lifespan(parts: Parts) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """While the service runs, due effects are looked for every second, or at the next slot."""

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(keep_sending(parts))
        yield
        sending.cancel()
        parts.close()

    return running


async def keep_sending(parts: Parts) -> None:
    """Send what is due, again and again."""
    job = jobs.Job("send what is due", jobs.SEND_EVERY, parts.sender.send_due)
    while True:
        await run_in_threadpool(jobs.run_once, job)
        slot = parts.sender.next_slot
        pause = jobs.SEND_EVERY if slot is None else (slot - parts.now()).total_seconds()
        await asyncio.sleep(min(jobs.SEND_EVERY, max(0.02, pause)))
