"""The whole line on this machine: database, volunteers on shift, phone network, time."""

import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from shifts.history.history import Change
from shifts.local_time import local_day, start_instant
from warmline.app import create_app
from warmline.database import line_file
from warmline.demo import roster
from warmline.demo.cast import LINE_NAME, LINE_NUMBER, VOLUNTEERS, Cast
from warmline.demo.phones import Tape, Threads
from warmline.demo.server import InFlight, answering
from warmline.languages import CODES, FIRST
from warmline.line import opening
from warmline.parts import Parts
from warmline.promise import promise_file
from warmline.prompts.own_words_store import SAID, Which, set_text
from warmline.schema.revisions import migrate
from warmline.settings import Settings
from warmline.simulator import Exchange
from warmline.sockets import listening

ZONE: Final = "America/New_York"
OPENS_AT: Final = time(18)
GREETING: Final = "Hello, this is {line}. We are peers who know hard days, and glad you call."
"""The line greets in words of its own."""
BREATHER_MINUTES: Final = 1
"""Short, so that whoever tries the demo soon finds everybody free again."""
SPEEDS: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Virtual seconds for each second of the wall; 0 stands still."""


@dataclass
class Stage:
    """Everything the demo plays with. `speed` is one of SPEEDS."""

    exchange: Exchange
    parts: Parts
    speed: float = 1.0
    tape: Tape = field(default_factory=Tape)
    threads: Threads = field(default_factory=Threads)

    def __post_init__(self) -> None:
        self.cast = Cast(self.exchange)
        self.exchange.on_event(self.tape.hear_of)
        self.exchange.on_event(self.threads.hear_of)


@contextmanager
def staged(begins: datetime) -> Iterator[Stage]:
    """The line, open and with its volunteers on shift; time runs until the end of the block.

    `begins` is the instant at which the network's own time begins, such as `first_evening(day)`.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="warmline-demo-"))
        account, token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
        exchange = Exchange(account, token, start=begins.astimezone(UTC))
        ours = stack.enter_context(listening("127.0.0.1", 0))
        url = f"http://127.0.0.1:{ours.getsockname()[1]}"
        database_url = line_file.url_of(Path(folder) / "line.db")
        migrate(database_url)
        settings = Settings(
            database_url=database_url,
            account_sid=account,
            auth_tokens=(token,),
            provider_url=exchange.open(),
            public_url=url,
            secret_keys=(secrets.token_hex(32),),
        )
        parts = Parts(settings, exchange.now)
        stack.callback(parts.close)
        set_up(parts)
        stack.enter_context(answered(parts, exchange, ours))
        stack.callback(exchange.close)
        stage = Stage(exchange, parts)
        exchange.run_at_speed(lambda: stage.speed)
        yield stage


def first_evening(day: date) -> datetime:
    """Six in the evening of that day, where the line is; a UTC instant."""
    return start_instant(datetime.combine(day, OPENS_AT), ZoneInfo(ZONE))


def day_at(now: datetime) -> date:
    """Which day it is at that instant where the line is."""
    return local_day(now, ZoneInfo(ZONE))


def set_up(parts: Parts) -> None:
    """The line with its promise, never to all of it, and three volunteers who are on."""
    wanted = {
        "name": LINE_NAME,
        "number": LINE_NUMBER,
        "time_zone": ZONE,
        "languages": CODES,
        "breather_minutes": BREATHER_MINUTES,
        "coordinator_phone": VOLUNTEERS[0].number,
    }
    promises = promise_file.from_exceptions("There are none.", CODES)
    with parts.database.writing() as db:
        opening.set_up(db, opening.complete(wanted), promises, parts.now())
        line_id = opening.the_line(db).line_id
        opening.open_line(db, line_id, parts.now())
        roster.fill(db, line_id, parts.now(), ZoneInfo(ZONE))
        own = Change(line_id, SAID, None, parts.now())
        set_text(db, own, Which(line_id, FIRST, "hello.greeting"), GREETING)
    # The provider's library takes a second to load: better now than during the first call.
    _ = parts.provider


@contextmanager
def answered(parts: Parts, exchange: Exchange, socket_: socket.socket) -> Iterator[None]:
    """The line answers the network; its sender and its clock live by the network's time."""
    app = InFlight(create_app(parts, sends_by_itself=False))
    url = parts.settings.public_url
    exchange.add_number(
        LINE_NUMBER,
        voice_url=f"{url}/voice",
        status_url=f"{url}/voice/status",
        text_url=f"{url}/text",
        fallback_url=f"{url}/voice/fallback",
        text_fallback_url=f"{url}/text",
    )
    exchange.settled = app.wait_for_none
    exchange.every(0.25, lambda now: wake_for_slot(parts, now))
    exchange.every(1, lambda _now: parts.sender.send_due())
    for job in parts.jobs():
        exchange.every(job.seconds, lambda _now, job=job: job.run())  # type: ignore[misc]  # mypy cannot infer a lambda's default
    with answering(app, socket_):
        yield


def wake_for_slot(parts: Parts, now: datetime) -> None:
    """Send as soon as the provider's next slot has come."""
    slot = parts.sender.next_slot
    if slot is not None and slot <= now:
        parts.sender.send_due()
