"""Keeps so many workers at work behind the listening sockets, until a signal ends them all."""

import os
import secrets
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

import structlog

from warmline.workers.lifeline import MOST_BYTES, Orders
from warmline.workers.worker import Role, Worker

END_SECONDS: Final = 8.0
"""A worker leaves within so long of being asked to; what is still there then is killed."""
PAUSES: Final = (0, 0, 1, 2, 4)
"""Seconds before the next start once none, one, two … on end have ended before they answered: even
the last, with a start after it, is no longer than the provider waits (RETRY_OVERRIDES)."""

log = structlog.get_logger(__name__)


class Parent:
    """So many workers of `program` behind `sockets`, whatever happens to them."""

    def __init__(
        self, program: Sequence[str], sockets: Sequence[socket.socket], many: int, clock: bool
    ) -> None:
        self.program, self.sockets, self.many, self.clock = program, sockets, many, clock
        self.status: int | None = None
        """With which the parent ends, once that is known."""
        self._code = "-".join(secrets.token_hex(2) for _ in range(4))
        self._workers: list[Worker] = []
        self._has_answered = False
        self._unfit = 0
        self._not_before = 0.0
        self._until = 0.0
        self._had_terminal = os.isatty(0)
        self._ready = selectors.DefaultSelector()

    def run(self, first: Worker) -> int:
        """Until a signal, or until the first worker cannot begin; the status to end with.

        `first` was started already, so that it imports while settings are read.
        """
        with ExitStack() as stack:
            stack.callback(self._kill_all)
            self._add(first)
            signals = stack.enter_context(_caught())
            self._ready.register(signals, selectors.EVENT_READ, partial(self._signal, signals))
            while self.status is None or self._workers:
                self._fill()
                for key, _ in self._ready.select(self._pause()):
                    act: Callable[[], None] = key.data
                    act()
                if self.status is not None and time.monotonic() >= self._until:
                    self._kill_all()
            return self.status

    # The workers.

    def _are(self, *roles: Role) -> list[Worker]:
        return [one for one in self._workers if one.role in roles]

    def _add(self, one: Worker) -> Worker:
        self._workers.append(one)
        self._ready.register(one.line, selectors.EVENT_READ, partial(self._hear, one))
        return one

    def _fill(self) -> None:
        """Put to work whoever is lacking, and let one more stand ready."""
        if self.status is not None or time.monotonic() < self._not_before:
            return
        # The first shows whether there is anything in the way of all.
        wanted = self.many if self._has_answered else 1
        for _ in range(wanted - len(self._are("serving"))):
            spare = self._are("spare")
            self._put_to_work(spare[0] if spare else self._add(Worker(self.program)), "serving")
        calm = all(one.answers for one in self._are("serving", "coming"))
        if self._has_answered and calm and not self._are("spare"):
            self._add(Worker(self.program))

    def _put_to_work(self, one: Worker, role: Role) -> None:
        others = [other.orders for other in self._are(role)]
        leads = not any(orders is not None and orders.leads for orders in others)
        orders = Orders(leads, self.clock and leads, self._code)
        one.put_to_work(role, orders, self.sockets)

    def _hear(self, one: Worker) -> None:
        if not one.heard():
            self._ready.unregister(one.line)
            self._workers.remove(one)
            self._gone(one, one.gone())
            return
        self._has_answered = True
        coming = self._are("coming")
        if coming and all(new.answers for new in coming):
            for old in self._are("serving"):
                old.leave()
            for new in coming:
                new.role = "serving"
            log.info("new workers answer; the old ones finish what they have in hand")

    def _gone(self, one: Worker, status: int) -> None:
        if one.role == "leaving":
            return
        if not self._has_answered and status > 0:
            # It has said why: a setting, the schema, the database.
            self._end(status)
            return
        if one.role == "coming":
            log.error("the new workers did not begin; the old ones stay", status=status)
            for new in self._are("coming"):
                new.leave()
            return
        # One that has answered was fit: whatever ended it, the next is not waited for.
        unfit = not (one.answers or one.role == "spare")
        self._unfit = self._unfit + 1 if unfit else 0
        pause = PAUSES[min(self._unfit, len(PAUSES) - 1)]
        self._not_before = time.monotonic() + pause
        log.warning("a worker has ended; another takes its place", status=status, seconds=pause)

    # Signals.

    def _signal(self, signals: socket.socket) -> None:
        for number in signals.recv(MOST_BYTES):
            # Whoever closes the terminal before which it runs sends the same signal.
            renews = number == signal.SIGHUP and self._had_terminal == os.isatty(0)
            if renews and self.status is None:
                self._renew()
            elif number == signal.SIGINT and self.status is not None:
                self._kill_all()
            elif not renews:
                self._end(0)

    def _renew(self) -> None:
        """New workers with the code and settings of now; the old ones answer until they do."""
        for one in self._are("spare", "coming"):
            one.leave()
        for _ in range(self.many):
            self._put_to_work(self._add(Worker(self.program)), "coming")

    def _end(self, status: int) -> None:
        if self.status is None:
            self.status, self._until = status, time.monotonic() + END_SECONDS
        for one in self._are("spare", "coming", "serving"):
            one.leave()

    def _pause(self) -> float | None:
        """Seconds until something is due though nothing is heard."""
        until = self._until if self.status is not None else self._not_before
        left = until - time.monotonic()
        return max(0.0, left) if self.status is not None or left > 0 else None

    def _kill_all(self) -> None:
        for one in self._workers:
            one.process.kill()


@contextmanager
def _caught() -> Iterator[socket.socket]:
    """SIGINT, SIGTERM and SIGHUP come out here, a byte each, its number."""
    out, into = socket.socketpair()
    with out, into:
        into.setblocking(False)
        mine = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {one: signal.signal(one, lambda _number, _frame: None) for one in mine}
        woken = signal.set_wakeup_fd(into.fileno())
        try:
            yield out
        finally:
            signal.set_wakeup_fd(woken)
            for one, old in before.items():
                signal.signal(one, old)
