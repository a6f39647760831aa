"""One web process: checked, opened and run until a signal ends it; and the clock alone."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import Final

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shifts.faults import Fault
from warmline.app import create_app
from warmline.connections import (
    ACCEPTED_AT_ONCE,
    IDLE_SECONDS,
    Connection,
    Limits,
    Room,
    raise_descriptors,
    usual_limits,
)
from warmline.database import line_file
from warmline.database.breaker import is_away
from warmline.line import opening
from warmline.operations import metric_sums, timed_jobs
from warmline.operations.logs import set_up_logging
from warmline.parts import Parts
from warmline.schema.revisions import schema_is_current
from warmline.settings import Settings, refuse_missing
from warmline.sockets import BACKLOG, address_of, own_address
from warmline.workers.lifeline import Orders

NEEDS: Final = (
    *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    *("WARMLINE_PUBLIC_URL", "WARMLINE_SECRET_KEY"),
)
"""Settings without which nothing can be answered or rung."""
ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
DRAIN_SECONDS: Final = 7.5
"""After a signal the process is gone within so long: platforms kill it after ten."""
ANSWERS_SECONDS: Final = 5
"""Of these, requests that have come in have so long to be answered."""

log = structlog.get_logger(__name__)


class DatabaseSilent(Fault):
    """The database at DATABASE_URL does not answer."""


class SchemaOutOfDate(Fault):
    """The database's schema is not the one this version was written for."""


def serve(
    settings: Settings,
    sockets: Sequence[socket.socket],
    orders: Orders,
    begun: Callable[[], object] = lambda: None,
) -> None:
    """Answer the provider on these sockets, with the clock inside if so ordered, until a signal.

    `begun` is told once it answers. The sockets are closed at the end. Raises BadSetting,
    DatabaseSilent or SchemaOutOfDate before anything was answered; the text of each is fit for a
    person.
    """
    raise_descriptors()
    with ready_parts(settings) as parts:
        set_up_logging(settings.log_level, form=settings.log_format)
        parts.start.code = orders.start_code or parts.start.code
        open_if_it_can(parts, says_where=orders.leads)
        app = create_app(parts)
        if orders.clock:
            add_clock(app, parts)
        server = server_for(app, lifespan=True)
        server.begun, server.ends = begun, leave_in_time
        parts.own_address = own_address(sockets)
        parts.desk.is_ending = lambda: server.should_exit
        with ended_by_signal(server):
            for one in sockets:
                log.info("listening", on=address_of(one), clock=orders.clock)
            server.run(list(sockets))


def clock(settings: Settings) -> None:
    """The clock alone, until a signal ends it; raises as `serve` does."""
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        leave_in_time()
        ended.set()

    with ready_parts(settings) as parts, handled(end):
        set_up_logging(settings.log_level, form=settings.log_format)
        adding_up = timed_jobs.Job("add up what was counted", metric_sums.EVERY, parts.add_up)
        running = timed_jobs.clock([*parts.jobs(), adding_up], parts.has_run, parts.now)
        ended.wait()
        parts.sender.stop()
        running.shutdown()
        with suppress(SQLAlchemyError):  # What was counted last is lost with the database.
            parts.add_up()


@contextmanager
def ready_parts(settings: Settings) -> Iterator[Parts]:
    """The parts of a service that may begin: settings, schema and line are there."""
    refuse_missing(settings, NEEDS)
    line_file.refuse_thrown_away(settings.database_url)
    parts = Parts(settings)
    try:
        check_schema(parts)
        yield parts
    finally:
        parts.close()


def check_schema(parts: Parts) -> None:
    """Raise DatabaseSilent or SchemaOutOfDate unless the database is as this version needs it."""
    try:
        if file := line_file.path_of(parts.settings.database_url):
            line_file.refuse_missing(file)
        current = schema_is_current(parts.database)
    except line_file.NoDatabase as fault:
        raise SchemaOutOfDate(f"{fault} For an empty database: warmline migrate") from None
    except SQLAlchemyError as fault:
        # Its text may hold the address with a password; the kind is enough to go on with.
        raise DatabaseSilent(
            f"DATABASE_URL: the database does not answer ({type(fault).__name__});"
            " check that it runs and that its name, user and password are right"
        ) from None
    if not current:
        raise SchemaOutOfDate(
            "the database's schema is out of date; bring it up to date with: warmline migrate"
        )


def open_if_it_can(parts: Parts, *, says_where: bool) -> None:
    """As `open_the_line`; where others hold the database (a migration), nobody waits for that.

    Whoever calls meanwhile hears "a moment": better than a process that ends because of it.
    """
    try:
        open_the_line(parts, says_where=says_where)
    except SQLAlchemyError as fault:
        if not is_away(fault):
            raise
        then = "a line that is not open yet opens at the next start"
        log.warning("others hold the database", kind=type(fault).__name__, then=then)


def open_the_line(parts: Parts, *, says_where: bool = True) -> None:
    """Open the line if its promise is in force; until then it says that it is not open yet.

    While there is no line, whoever runs the machine is told where to make it, and with which code:
    by one of several workers.
    """
    with parts.database.writing() as db:
        line = opening.find_line(db)
        if line is None:
            if not says_where:
                return
            sys.stdout.write(
                f"There is no line yet. Make it at {parts.settings.public_url}/desk/start"
                f" with the code {parts.start.code}, or with: warmline init\n"
            )
            sys.stdout.flush()
            return
        opened = opening.open_line(db, line.line_id, parts.now())
    if not opened:
        log.warning("the line is not open: its promise is not in force in its first language")


class Server(uvicorn.Server):
    """The web server, with room for whoever comes.

    `begun` is told when it answers, `ends` when a signal ends it.
    """

    def __init__(self, config: uvicorn.Config, limits: Limits) -> None:
        super().__init__(config)
        self.server_state = Room(limits)
        self.begun: Callable[[], object] = lambda: None
        self.ends: Callable[[], object] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept; so many may wait for that as the system allows."""
        await super().startup(sockets)
        for one in sockets or ():
            # By itself it would let as few wait as it accepts at once.
            one.listen(BACKLOG)
        if self.started:
            self.begun()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal has come."""
        self.ends()
        super().handle_exit(sig, frame)


def server_for(app: ASGIApp, *, lifespan: bool, limits: Limits | None = None) -> Server:
    """A web server that logs what we log and nothing of its own about who asked what."""
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on" if lifespan else "off",
        backlog=ACCEPTED_AT_ONCE,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=ANSWERS_SECONDS,
    )
    return Server(config, limits or usual_limits())


def leave_in_time() -> None:
    """A signal has come: what is still under way after `DRAIN_SECONDS` is left to the next start.

    Every state is in the database, so that nothing is lost by it.
    """
    said = "not all was done in time; the rest is done after the next start"
    # Two, so that a log that takes nothing more keeps nobody here.
    for seconds, then in (
        (DRAIN_SECONDS - 0.5, lambda: log.warning(said)),
        (DRAIN_SECONDS, lambda: os._exit(0)),
    ):
        last = threading.Timer(seconds, then)
        last.daemon = True
        last.start()


def add_clock(app: Starlette, parts: Parts) -> None:
    """Let the clock run while the app does: it starts after the app and ends before it."""
    without_clock = app.router.lifespan_context

    @asynccontextmanager
    async def with_clock(app: Starlette) -> AsyncIterator[None]:
        async with without_clock(app):
            running = timed_jobs.clock(parts.jobs(), parts.has_run, parts.now)
            yield
            await asyncio.to_thread(running.shutdown)

    app.router.lifespan_context = with_clock


@contextmanager
def ended_by_signal(server: uvicorn.Server) -> Iterator[None]:
    """SIGINT and SIGTERM end the server, running or about to: an end by signal is a good end."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        # The server hands its own signal on once it has finished: this does no harm then.
        server.should_exit = True

    with handled(end):
        yield


@contextmanager
def handled(what: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """SIGINT and SIGTERM do this meanwhile; threads other than the main one get none."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, what) for one in ENDING_SIGNALS}
    try:
        yield
    finally:
        for one, old in before.items():
            signal.signal(one, old)
