"""The front page: every route, and every part put in; no logic."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Connection, Row
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Route, Router

from warmline import (
    attempts,
    books,
    dates_rows,
    jobs,
    line_words,
    metric_sums,
    once,
    prompts,
)
from warmline.conversations import (
    arrivals,
    back,
    caller,
    code_call,
    given_up,
    lost,
    talk_clock,
    text,
    volunteer,
)
from warmline.db import Database
from warmline.desk import codes, public, sessions, steps, wishes
from warmline.desk.door import ANYBODY, DeskDoor
from warmline.desk.routes import routes as desk_routes
from warmline.desk.starting import Start
from warmline.few import Languages
from warmline.figures import Figures
from warmline.health import Endpoint, Waits, healthz, metrics, readyz
from warmline.job_runs import Runs
from warmline.keeping import (
    boundaries,
    call_backs,
    erased,
    folding,
    how_it_went,
    joiners,
    notes,
    resealing,
)
from warmline.line_words import LineWords
from warmline.metric_sums import AddedUp
from warmline.metrics import Metrics
from warmline.odds import Odds
from warmline.opening import find_line, line_number
from warmline.phone import FALLBACK_PATH, RETRY_OVERRIDES, Provider, passing, sweeping, texts
from warmline.phone.abilities import OF_PROVIDER
from warmline.phone.conversation import Turn
from warmline.phone.pacing import Pacing
from warmline.phone.sender import Sender
from warmline.phone.webhook import Door
from warmline.request_log import RequestLog
from warmline.roster_jobs import roster_jobs
from warmline.sealing import Seal
from warmline.settings import Settings
from warmline.text_jobs import text_jobs

FORGETFUL = (
    *(texts, passing, once, notes, joiners, codes, sessions, steps, wishes, line_words, dates_rows),
    *(books, boundaries, call_backs, how_it_went, folding, attempts, erased, metric_sums),
)
"""Whatever holds something for a while only."""
SUCCESS = re.compile(r"2\d\d")
"""What the provider answers that has done what it was asked."""


def real_clock() -> datetime:
    """The one place where the time of day comes in."""
    return datetime.now(UTC)


@dataclass
class Parts:
    """Everything the service is made of, put together once; `now` is the clock it lives by."""

    settings: Settings
    now: Callable[[], datetime] = real_clock
    own_address: str = ""
    """Where this process itself answers the web, once it does; without, the public address does."""

    def __post_init__(self) -> None:
        self.seal = Seal(self.settings.secret_keys)
        keys = self.seal if self.settings.secret_keys else None
        self.database = Database(self.settings.database_url, keys, self.settings.database_pool)
        self.odds = Odds()
        self.languages = Languages()
        self.metrics = Metrics()
        self.prompts = prompts.load()
        self.sender = Sender(
            self.database,
            lambda: self.provider,
            self.settings.public_url,
            Pacing(self.settings.calls_per_second, self.settings.texts_per_second),
            self.now,
            self._ring_failed,
            self.seal,
            RETRY_OVERRIDES,
            self._text_refused,
            self._not_erased,
            OF_PROVIDER[self.settings.provider],
        )
        self.runs = Runs(self.database)
        self.waits = Waits()
        self.added_up = AddedUp(self.database, self.seal, self.metrics)
        self.sending = jobs.Job("send what is due", jobs.SEND_EVERY, self.sender.send_due)
        self.door = Door(
            self.settings,
            self.database,
            self.prompts,
            self.odds,
            self.metrics,
            self.seal,
            self.now,
            lambda: jobs.run_once(self.sending),
            LineWords(self.prompts, self.settings.public_url).of,
            self.languages,
        )
        send = partial(jobs.run_once, self.sending)
        self.desk = DeskDoor(self.settings, self.database, self.seal, self.now, send, self._turn)
        self.start = Start(self.desk)

    @cached_property
    def provider(self) -> Provider:
        """The telephone network, met when first needed: its library is large."""
        from warmline.phone.twilio import TwilioProvider

        return TwilioProvider(self.settings, line_number(self.database), self._provider_answered)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A turn that no webhook asked for, in a transaction of its own: the clock's."""
        with self.database.writing() as db:
            turn = self._turn(db)
            yield turn
        self._count(turn)

    def _reading(self) -> AbstractContextManager[Connection]:
        return self.database.reading()

    def _heartbeat(self, periods: dict[str, float]) -> list[jobs.Job]:
        """The job that says elsewhere that all is well, if it is to be said."""
        if not self.settings.heartbeat_url:
            return []
        from warmline import heartbeat

        beat = heartbeat.Heartbeat(
            self.settings.heartbeat_url,
            lambda: self.own_address or self.settings.public_url,
            self.database,
            self.sender.outages,
            periods,
            self.now,
        )
        return [jobs.Job(heartbeat.NAME, heartbeat.EVERY, beat.run)]

    def jobs(self) -> list[jobs.Job]:
        """What the clock does."""
        lost_calls = jobs.Job("look up lost calls", jobs.LOOK_UP_EVERY, self._look_up)
        over_texts = jobs.Job("forget texts that are over", jobs.FORGET_EVERY, self.forget)
        swept = jobs.Job("sweep what the provider still keeps", sweeping.EVERY, self.sweep)
        let_go = jobs.Job("let go of what was erased", jobs.FORGET_EVERY, self._let_go)
        talks = jobs.Job("look after talks by text", jobs.TALKS_EVERY, self._look_after_talks)
        told = text_jobs(self._reading, self.turn, self.now)
        roster = roster_jobs(self.database, self.now)
        timed = [lost_calls, over_texts, swept, let_go, talks, *told, *roster]
        return [*timed, *self._heartbeat({job.name: job.seconds for job in timed})]

    def has_run(self, name: str) -> None:
        """A job of the clock has run."""
        self.runs.note(name, self.now())

    def close(self) -> None:
        """Give everything back."""
        self.desk.changes.close()
        self.door.close()
        self.sender.close()
        self.waits.close()
        self.database.close()

    def sweep(self, over_for: timedelta = sweeping.OVER_FOR) -> int:
        """Erase at the provider what was missed and is over so long; how many records."""
        with self.database.reading() as db:
            line = find_line(db)
        if line is None:
            return 0
        return sweeping.sweep(self.database, self.provider, line, self.now(), over_for)

    def add_up(self) -> int:
        """Add what was counted here to what all processes have counted; how many series."""
        return self.added_up.add(self.now()) if self.settings.secret_keys else 0

    def _provider_answered(self, code: str) -> None:
        self.metrics.provider_answered(code)
        if SUCCESS.fullmatch(code):
            self.sender.outages.answered()

    def _look_up(self) -> int:
        failed = partial(self.sender.outages.failed, doing="look up", then="asked again")
        ended = lost.look_up_lost_calls(self.database, self.provider, self.turn, self.now(), failed)
        self.sender.send_due()
        return ended

    def forget(self) -> int:
        """Erase what was held for a while only; how many rows."""
        with self.database.writing() as db:
            resealing.seal_open(db)
            return sum(one.forget(db, self.now()) for one in FORGETFUL)

    def _let_go(self) -> int:
        return self.database.let_go()

    def _look_after_talks(self) -> int:
        done = talk_clock.look(self.database, self.turn, self.now())
        self.sender.send_due()
        return done

    def _ring_failed(self, db: Connection, ring: Row[Any], refused: int) -> None:
        turn = self._turn(db)
        lost.ring_failed(turn, ring, refused=bool(refused))
        if refused:
            given_up.ring_refused(turn, ring, refused)
        self._count(turn)

    def _text_refused(self, db: Connection, token: str, code: int) -> None:
        turn = self._turn(db)
        turn.counted.append(lambda metrics: metrics.text_refused(code))
        given_up.text_refused(turn, token, code)
        self._count(turn)

    def _not_erased(self, db: Connection, line_id: int) -> None:
        given_up.not_erased(self._turn(db), line_id)

    def _turn(self, db: Connection) -> Turn:
        turn = Turn(self.now(), db, {}, self.prompts, self.odds, self.seal)
        turn.languages = self.languages
        return turn

    def _count(self, turn: Turn) -> None:
        for count in turn.counted:
            count(self.metrics)


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
            Route("/healthz", healthz),
            Route(
                "/readyz",
                readyz(parts.database, parts.waits, settings.secret_keys, settings.public_url),
            ),
            Route("/metrics", figures_of(parts)),
            Route("/", parts.desk.page(public.show, ANYBODY)),
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
        with suppress(Exception):  # A database that is away now is read by the first call.
            await run_in_threadpool(parts.door.learn_languages)
        at_work = [asyncio.create_task(one(parts)) for one in (keep_sending, keep_adding_up)]
        yield
        parts.sender.stop()
        for one in at_work:
            one.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        with suppress(Exception):  # What was counted last is lost with a database that is away.
            await run_in_threadpool(parts.add_up)
        parts.close()

    return running


async def keep_sending(parts: Parts) -> None:
    """Send what is due, again and again."""
    while True:
        await run_in_threadpool(jobs.run_once, parts.sending)
        slot = parts.sender.next_slot
        pause = jobs.SEND_EVERY if slot is None else (slot - parts.now()).total_seconds()
        await asyncio.sleep(min(jobs.SEND_EVERY, max(0.02, pause)))


async def keep_adding_up(parts: Parts) -> None:
    """Add what was counted here to what all processes have, again and again."""
    while True:
        with suppress(Exception):  # The next time adds what this one could not.
            await run_in_threadpool(parts.add_up)
        await asyncio.sleep(metric_sums.EVERY)
