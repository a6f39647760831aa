"""Puts the web app together: which address is what, for the provider and for people."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    suppress,
)

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Route, Router

from warmline.conversations.arrivals import arrivals, code_call
from warmline.conversations.steps import back, caller, text, volunteer
from warmline.desk.door import ANYBODY
from warmline.desk.public import front
from warmline.desk_routes import routes as desk_routes
from warmline.health.endpoints import Endpoint, healthz, metrics, readyz
from warmline.health.figures import Figures
from warmline.operations import metric_sums, timed_jobs
from warmline.operations.request_log import RequestLog
from warmline.parts import Parts
from warmline.telephony.port import FALLBACK_PATH
from warmline.without_database import roster
from warmline.without_database.breath import PATH as WITHOUT_DATABASE


def create_app(parts: Parts, *, sends_by_itself: bool = True) -> Starlette:
    """The web and telephone service; `sends_by_itself` looks for due effects every second."""
    door, settings = parts.door, parts.settings
    app = Starlette(
        routes=[
            Route("/voice", door.arrival(arrivals.voice), methods=["POST"]),
            Route("/voice/status", door.told(arrivals.voice_status), methods=["POST"]),
            Route(FALLBACK_PATH, door.fallback(), methods=["POST"]),
            Route("/text", door.text(arrivals.text), methods=["POST"]),
            Route("/c/{token}/{step}", door.legs(caller), methods=["POST"]),
            Route("/r/{token}/{step}", door.legs(volunteer), methods=["POST"]),
            Route("/b/{token}/{step}", door.legs(back), methods=["POST"]),
            Route("/k/{token}/{step}", door.legs(code_call.conversation), methods=["POST"]),
            Route("/t/{token}/{step}", door.legs(text), methods=["POST"]),
            Route(
                f"{WITHOUT_DATABASE}/{{piece}}/{{step}}",
                door.without_database(parts.breath.answer),
                methods=["POST"],
            ),
            Route("/healthz", healthz),
            Route(
                "/readyz",
                readyz(parts.database, parts.waits, settings.secret_keys, settings.public_url),
            ),
            Route("/metrics", figures_of(parts)),
            Route("/", parts.desk.page(front.show, ANYBODY)),
            *desk_routes(parts.desk, parts.start),
        ],
        lifespan=lifespan(parts) if sends_by_itself else None,
        middleware=[Middleware(RequestLog, parts.metrics)],
    )
    return without_redirects(app)


def figures_of(parts: Parts) -> Endpoint:
    """The endpoint that shows what is counted, over all processes of the line."""
    figures = Figures(parts.metrics, parts.added_up, parts.database, parts.now)
    return metrics(parts.settings.metrics_token, parts.settings.public_url, figures, parts.waits)


def without_redirects(app: Starlette) -> Starlette:
    """The provider follows a redirect by GET and without the form: a wrong path is a 404."""
    router: Router = app.router
    router.redirect_slashes = False
    return app


def lifespan(parts: Parts) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """While the service runs, due effects are looked for every second, or at the next slot."""

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        work = (keep_remembering, keep_looking, keep_sending, keep_adding_up)
        at_work = [asyncio.create_task(one(parts)) for one in work]
        yield
        parts.sender.stop()
        for one in at_work:
            one.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        with suppress(Exception):  # What was counted last is lost with a database that is away.
            await run_in_threadpool(parts.add_up)
        parts.close()

    return running


async def keep_remembering(parts: Parts) -> None:
    """Read what is needed once the database cannot be, again and again."""
    while True:
        with suppress(Exception):  # What was read last is what is known.
            await run_in_threadpool(parts.remember)
        await asyncio.sleep(roster.EVERY)


async def keep_looking(parts: Parts) -> None:
    """After a failure of the database, look whether it is back."""
    while True:
        if parts.door.in_time.breaker.has_failed:
            await run_in_threadpool(parts.door.in_time.look)
        await asyncio.sleep(timed_jobs.SEND_EVERY)


async def keep_sending(parts: Parts) -> None:
    """Send what is due, again and again."""
    while True:
        await run_in_threadpool(timed_jobs.run_once, parts.sending)
        slot = parts.sender.next_slot
        pause = timed_jobs.SEND_EVERY if slot is None else (slot - parts.now()).total_seconds()
        await asyncio.sleep(min(timed_jobs.SEND_EVERY, max(0.02, pause)))


async def keep_adding_up(parts: Parts) -> None:
    """Add what was counted here to what all processes have, again and again."""
    while True:
        with suppress(Exception):  # The next time adds what this one could not.
            await run_in_threadpool(parts.add_up)
        await asyncio.sleep(metric_sums.EVERY)
