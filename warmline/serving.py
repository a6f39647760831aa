"""The service for real: checked, opened and run until a signal ends it; and the clock alone."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Final

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shifts.faults import Fault
from warmline import jobs, line_file, opening
from warmline.app import Parts, create_app
from warmline.db import schema_is_current
from warmline.scrub import set_up_logging
from warmline.settings import Settings, refuse_missing

NEEDS: Final = (
    *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    *("WARMLINE_PUBLIC_URL", "WARMLINE_SECRET_KEY"),
)
"""Settings without which nothing can be answered or rung."""
ENDING_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
BACKLOG: Final = 2048

log = structlog.get_logger(__name__)


class DatabaseSilent(Fault):
    """The database at DATABASE_URL does not answer."""


class SchemaOutOfDate(Fault):
    """The database's schema is not the one this version was written for."""


class PortTaken(Fault):
    """The address to listen on cannot be had."""


def serve(settings: Settings, host: str, port: int, with_clock: bool) -> None:
    """Answer the provider on `host` and `port`, with the clock inside if asked, until a signal.

    Raises BadSetting, DatabaseSilent, SchemaOutOfDate or PortTaken, before
    anything was answered; the text of each is fit for a person.
    """
    with ready_parts(settings) as parts, listening(host, port) as socket_:
        set_up_logging(settings.log_level)
        open_the_line(parts)
        app = create_app(parts)
        if with_clock:
            add_clock(app, parts)
        server = server_for(app, lifespan=True)
        parts.desk.is_ending = lambda: server.should_exit
        with ended_by_signal(server):
            log.info("listening", host=host, port=port, clock=with_clock)
            server.run([socket_])


def clock(settings: Settings) -> None:
    """The clock alone, until a signal ends it; raises as `serve` does."""
    ended = threading.Event()
    with ready_parts(settings) as parts, handled(lambda _signal, _frame: ended.set()):
        set_up_logging(settings.log_level)
        running = jobs.clock(parts.jobs(), parts.has_run)
        ended.wait()
        running.shutdown()


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


def open_the_line(parts: Parts) -> None:
    """Open the line if its promise is in force; until then it says that it is not open yet.

    While there is no line, whoever runs the machine is told where to make it, and with which code.
    """
    with parts.database.writing() as db:
        line = opening.find_line(db)
        if line is None:
            sys.stdout.write(
                f"There is no line yet. Make it at {parts.settings.public_url}/desk/start"
                f" with the code {parts.start.code}, or with: warmline init\n"
            )
            sys.stdout.flush()
            return
        opened = opening.open_line(db, line.line_id, parts.now())
    if not opened:
        log.warning("the line is not open: its promise is not in force in its first language")


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens there; raises PortTaken, with what to do, when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise PortTaken(
            f"cannot listen on {host} port {port} ({_why(fault)}); choose another,"
            f" for example --port {port + 1 if port < 65535 else 8000}"
        ) from None
    with taken:
        yield taken


def _why(fault: OSError) -> str:
    """The system's own few words; the library adds the address to them, which is said already."""
    if fault.errno is not None and fault.errno > 0:
        return os.strerror(fault.errno)
    return str(fault.strerror)


def server_for(app: ASGIApp, *, lifespan: bool) -> uvicorn.Server:
    """A web server that logs what we log and nothing of its own about who asked what."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on" if lifespan else "off",
    )
    return uvicorn.Server(config)


def add_clock(app: Starlette, parts: Parts) -> None:
    """Let the clock run while the app does: it starts after the app and ends before it."""
    without_clock = app.router.lifespan_context

    @asynccontextmanager
    async def with_clock(app: Starlette) -> AsyncIterator[None]:
        async with without_clock(app):
            running = jobs.clock(parts.jobs(), parts.has_run)
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
