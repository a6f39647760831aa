"""Limits the web server's connections: how long a request may take, and who makes room.

The web server beneath limits neither how long a request may take to come in nor how many sockets
may stand open. Here a request is whole within ten seconds or its connection is closed; and when
all room is taken, whoever has waited longest, without a whole request or without taking the answer,
makes room for the next. A whole request that is being answered is never cut off. So nobody keeps
others out by saying nothing, or half of something.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NamedTuple

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

try:
    import resource
except ImportError:  # pragma: no cover  # not on every system; there, what is usual holds
    resource = None  # type: ignore[assignment]  # the module may be lacking

REQUEST_SECONDS: Final = 10.0
"""Header and body of a request have come in after so long."""
SLOWEST_UPLOAD: Final = 16_384
"""Bytes: a longer body has a second more for each so many, as a recording sent by phone needs."""
IDLE_SECONDS: Final = 75
"""How long a connection may be kept for a next request: longer than front servers keep theirs
(60 s), so that none of them sends one into a connection that is just being closed."""
STALLED_SECONDS: Final = 60.0
"""For so long an answer may lie here that nobody takes."""
LAST_SECONDS: Final = 1.0
"""While the server ends, a request that has begun has so long to come in."""

WANTED_DESCRIPTORS: Final = 8192
USUAL_DESCRIPTORS: Final = 1024
OTHER_DESCRIPTORS: Final = 256
"""What a process needs beside connections: database (three files for each connection to SQLite),
provider, log, libraries."""
ACCEPTED_AT_ONCE: Final = 128
"""So many connections are taken in before the first of them is looked at."""
MOST_CONNECTIONS: Final = 4096
FEWEST_CONNECTIONS: Final = 64


class Limits(NamedTuple):
    """How long and how many: seconds, and connections of the process."""

    connections: int
    request_seconds: float = REQUEST_SECONDS
    stalled_seconds: float = STALLED_SECONDS
    last_seconds: float = LAST_SECONDS

    @property
    def waiting_of_one(self) -> int:
        """How many may wait that come from one address; a front server's all come from its own."""
        return max(1, self.connections // 2)


def usual_limits() -> Limits:
    """As many connections as the process has descriptors for, and leaves room for all else."""
    spare = descriptors() - OTHER_DESCRIPTORS - ACCEPTED_AT_ONCE
    return Limits(max(FEWEST_CONNECTIONS, min(MOST_CONNECTIONS, spare)))


def descriptors() -> int:
    """How many files and sockets the process may have open."""
    if resource is None:  # pragma: no cover  # not on every system
        return USUAL_DESCRIPTORS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def raise_descriptors() -> None:
    """Ask for as many descriptors as the system grants, up to what is wanted."""
    if resource is None:  # pragma: no cover  # not on every system
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else WANTED_DESCRIPTORS
    wanted = min(WANTED_DESCRIPTORS, most)
    if descriptors() < wanted:
        with suppress(ValueError, OSError):  # What the system does not grant, we do without.
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Room(ServerState):
    """Who is connected, and who of them waits: neither asks nor takes an answer; oldest first."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.here: set[Connection] = set()
        self._waiting: dict[Connection, None] = {}
        self._of_one: dict[str, dict[Connection, None]] = {}

    def came(self, one: "Connection") -> None:
        """One more has connected; whoever has waited longest goes if that is one too many."""
        self.here.add(one)
        self.waits(one)
        if len(self.here) > self.limits.connections:
            next(iter(self._waiting)).cut()

    def waits(self, one: "Connection") -> None:
        """It has no whole request in hand, or does not take the answer, since now."""
        if one in self._waiting:
            return
        self._waiting[one] = None
        of_one = self._of_one.setdefault(one.address, {})
        of_one[one] = None
        if len(of_one) > self.limits.waiting_of_one:
            next(iter(of_one)).cut()

    def works(self, one: "Connection") -> None:
        """Its request is whole."""
        self._waiting.pop(one, None)
        of_one = self._of_one.get(one.address, {})
        of_one.pop(one, None)
        if not of_one:
            self._of_one.pop(one.address, None)

    def left(self, one: "Connection") -> None:
        """It is gone, or as good as gone."""
        self.works(one)
        self.here.discard(one)


class _Countdown:
    """Does something when its seconds are over, unless it is called off."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._runs: asyncio.TimerHandle | None = None

    @property
    def runs(self) -> bool:
        return self._runs is not None

    def begin(self, seconds: float, then: Callable[[], object]) -> None:
        self.call_off()
        self._runs = self._loop.call_later(seconds, then)

    def call_off(self) -> None:
        if self._runs is not None:
            self._runs.cancel()
            self._runs = None


class Connection(H11Protocol):
    """One connection: its request comes in whole in time, its answer is taken in time."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: Room,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.room = server_state
        self.limits = server_state.limits
        self.address = ""
        self._begun = 0.0
        self._received = 0
        self._to_be_whole = _Countdown(self.loop)
        self._to_be_taken = _Countdown(self.loop)
        self._ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base does
        """It begins, and with it the time in which its first request is to be whole."""
        super().connection_made(transport)
        # So that every answer is told of that is not taken at once, and again when it has been.
        transport.set_write_buffer_limits(0)
        self.address = self.client[0] if self.client else ""
        self._begin()
        self.room.came(self)

    def data_received(self, data: bytes) -> None:
        """A piece of a request, or a whole one."""
        if not self._to_be_whole.runs:
            self._received = 0
        self._received += len(data)
        super().data_received(data)
        if self._ending and self.cycle is not None:
            self.cycle.keep_alive = False
        self._look()

    def on_response_complete(self) -> None:
        """The answer has been written; the next request may be here already."""
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """What was written has not all been taken; even closing would wait for that."""
        super().pause_writing()
        self._to_be_taken.begin(self.limits.stalled_seconds, self.cut)
        self.room.waits(self)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._to_be_taken.call_off()
        self._look()

    def shutdown(self) -> None:
        """The server ends: what has not come in whole has a moment left."""
        self._ending = True
        if not self._to_be_whole.runs:
            super().shutdown()
            return
        if self.cycle is not None:
            self.cycle.keep_alive = False
        self.loop.call_later(self.limits.last_seconds, self._cut_if_not_whole)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended."""
        self._to_be_whole.call_off()
        self._to_be_taken.call_off()
        self.room.left(self)
        super().connection_lost(exc)

    def cut(self) -> None:
        """Close it at once, whatever has not been sent or read yet."""
        self.room.left(self)
        self.transport.abort()

    def _look(self) -> None:
        """Whether a whole request is in hand, part of one, or none."""
        if self.transport.is_closing():
            self._to_be_whole.call_off()
            return
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._to_be_whole.call_off()
            self.room.works(self)
            return
        if not self._to_be_whole.runs and not self._is_idle():
            self._begin()
        self.room.waits(self)

    def _is_idle(self) -> bool:
        return self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    def _begin(self) -> None:
        self._begun = self.loop.time()
        self._to_be_whole.begin(self.limits.request_seconds, self._overdue)

    def _overdue(self) -> None:
        """Its time is over, unless much has come in or we are the ones who do not read."""
        if self.flow.read_paused:
            self._begun = self.loop.time()
        may_take = self.limits.request_seconds + self._received / SLOWEST_UPLOAD
        left = self._begun + may_take - self.loop.time()
        if left > 0:
            self._to_be_whole.begin(left, self._overdue)
        else:
            self.cut()

    def _cut_if_not_whole(self) -> None:
        if self._to_be_whole.runs:
            self.cut()
