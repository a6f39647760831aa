"""The exchange: a telephone network in memory that speaks HTTP and TwiML to the service."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from warmline.simulator.legs.trunk import Trunk
from warmline.simulator.network.switchboard import OurNumber, Posted, Switchboard
from warmline.simulator.phone import Phone
from warmline.simulator.rest.resources import call_resource, text_resource
from warmline.simulator.rest.server import RestFace
from warmline.simulator.webhooks.courier import Answer, Courier
from warmline.simulator.webhooks.faults import Faults
from warmline.simulator.webhooks.journal import Listener

SENDERS = 32
LONGEST_NAP = 0.05
log = logging.getLogger(__name__)


def _nothing() -> None:
    pass


class Exchange:
    """The provider's network for one account, on a virtual clock.

    `start` is an aware instant; `calls_per_second` is how fast calls leave the provider's queue.
    With `room_wait_repeats` a conference's wait document is asked for again when it runs out;
    the provider does not promise that, so a service should not rest on it (TELEPHONY.md 7.24).
    `patience`: the service has at least so many seconds of the wall for each answer, since the
    provider's own limits mean nothing where time is not the wall's.
    Set `settled` to a function that returns when the service has nothing in flight: it is called
    after each batch of requests, before virtual time moves.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        start: datetime,
        calls_per_second: float = 1.0,
        room_wait_repeats: bool = False,
        patience: float = 0.0,
    ) -> None:
        self._board = Switchboard(account_sid, auth_token, start)
        self._board.room_wait_repeats = room_wait_repeats
        self._trunk = Trunk(self._board, calls_per_second)
        self._courier = Courier(auth_token, patience)
        self._senders = ThreadPoolExecutor(SENDERS, "webhook")
        self._rest: RestFace | None = None
        self._outside: list[Callable[[], object]] = []
        self._closing = threading.Event()
        self._pace: threading.Thread | None = None
        self.settled: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What there is.

    @property
    def faults(self) -> Faults:
        """What goes wrong on the way; all off at first."""
        return self._board.faults

    @property
    def recordings(self) -> dict[str, float]:
        """How many seconds recordings elsewhere play, by URL; what is not named here is fetched."""
        return self._board.recordings

    @property
    def room_names(self) -> list[str]:
        """The names of all conferences there ever were: the provider keeps them (see 2.4)."""
        return list(self._board.room_names)

    def add_number(
        self,
        number: str,
        *,
        voice_url: str = "",
        status_url: str = "",
        text_url: str = "",
        fallback_url: str = "",
        text_fallback_url: str = "",
    ) -> None:
        """A number of the account (E.164) and where the service hears of it."""
        sid = self._board.new_sid("PN")
        with self._board.lock:
            self._board.numbers[number] = OurNumber(
                sid,
                number,
                voice_url=voice_url,
                status_callback=status_url,
                sms_url=text_url,
                voice_fallback_url=fallback_url,
                sms_fallback_url=text_fallback_url,
            )

    def phone(self, number: str, name: str = "") -> Phone:
        """The phone with this number (E.164); made, with its owner's name, when first named."""
        with self._board.lock:
            if number not in self._board.phones:
                self._board.phones[number] = Phone(self._board, number, name or number)
            return self._board.phones[number]

    def reach(self, public_url: str, at: str) -> None:
        """Requests for `public_url` are sent to the base URL `at`, and signed as they were."""
        self._courier.reach(public_url, at)

    def open(self) -> str:
        """Starts the REST face on a free loopback port; its base URL."""
        self._rest = RestFace(self._board, self._trunk)
        return self._rest.base_url

    def close(self) -> None:
        """Stops everything; nothing of the network goes on."""
        self._closing.set()
        self._board.touched.set()
        if self._pace is not None:
            self._pace.join()
        if self._rest is not None:
            self._rest.close()
        self._senders.shutdown()
        self._courier.close()

    # What happened.

    def story(self) -> str:
        """Everything that happened, a line each."""
        with self._board.lock:
            return self._board.journal.story()

    def on_event(self, listener: Listener) -> None:
        """Calls `listener` with each event, a plain dict; it must be quick and not call back."""
        with self._board.lock:
            self._board.journal.listen(listener)

    def records(self) -> list[dict[str, object]]:
        """The calls and texts the provider still keeps, as its API shows them."""
        with self._board.lock:
            calls = [call_resource(leg) for leg in self._board.records.calls.values()]
            texts = self._board.records.texts.values()
            return [*calls, *(text_resource(self._board, text) for text in texts)]

    # Time.

    def now(self) -> datetime:
        """The virtual instant, in the zone of `start`."""
        return self._board.clock.now()

    def every(self, seconds: float, work: Callable[[datetime], object]) -> None:
        """Calls `work(now)` every so many virtual seconds, outside the lock, from now on."""

        def again(now: datetime) -> None:
            self.after(seconds, again)
            work(now)

        self.after(seconds, again)

    def after(self, seconds: float, work: Callable[[datetime], object]) -> None:
        """Calls `work(now)` once, so many virtual seconds from now, outside the lock."""

        def due() -> None:
            self._outside.append(lambda: work(self.now()))

        with self._board.lock:
            self._board.clock.after(seconds, due)

    def run_for(self, seconds: float) -> None:
        """Lets so many virtual seconds pass."""
        self._advance(self._board.clock.seconds + seconds, lambda: False)

    def run_until(self, condition: Callable[[], bool], limit_seconds: float = 600.0) -> bool:
        """Lets time pass until the condition holds, at most so long; whether it held."""
        return self._advance(self._board.clock.seconds + limit_seconds, condition)

    def run_at_speed(self, get_factor: Callable[[], float]) -> threading.Thread:
        """Lets time pass in a thread of its own until `close()`; 0 stands still.

        `get_factor` gives the virtual seconds for each second of the wall, asked all the time.
        """
        self._pace = threading.Thread(target=self._keep_pace, args=(get_factor,), daemon=True)
        self._pace.start()
        return self._pace

    def _keep_pace(self, get_factor: Callable[[], float]) -> None:
        before = time.monotonic()
        while not self._closing.is_set():
            self._board.touched.wait(LONGEST_NAP)
            self._board.touched.clear()
            passed = (time.monotonic() - before) * get_factor()
            until = self._board.clock.seconds + passed
            try:
                self._advance(until, self._closing.is_set)
            except Exception:
                log.exception("the exchange stumbled and goes on")
            before = time.monotonic()  # while the service works, time stands still

    def _advance(self, until: float, condition: Callable[[], bool]) -> bool:
        while True:
            self._work_off_this_instant()
            if condition():
                return True
            with self._board.lock:
                due = self._board.clock.next_second()
                if due is None or due > until:
                    self._board.clock.seconds = max(until, self._board.clock.seconds)
                    return False
                self._board.clock.seconds = max(due, self._board.clock.seconds)

    def _work_off_this_instant(self) -> None:
        while True:
            with self._board.lock:
                self._board.clock.do_what_is_due()
                batch = self._board.take_posted()
                outside, self._outside = self._outside, []
            if not batch and not outside:
                return
            self._deliver(batch)
            for work in outside:
                work()
            self.settled()

    def _deliver(self, batch: list[Posted]) -> None:
        if len(batch) == 1:
            answers = [self._send(batch[0])]
        else:
            answers = list(self._senders.map(self._send, batch))
        with self._board.lock:
            for posted, answer in zip(batch, answers, strict=True):
                self._note(posted, answer)
                posted.then(answer)

    def _send(self, posted: Posted) -> Answer:
        with self._board.lock:
            losing = self.faults.losing()
        return self._courier.send(posted.webhook, losing)

    def _note(self, posted: Posted, answer: Answer) -> None:
        fields = dict(posted.webhook.params)
        leg = self._board.records.calls.get(fields.get("CallSid", ""))
        self._board.journal.note(
            "service",
            "is asked",
            about=leg.name if leg else "a text or a call now forgotten",
            status=fields.get("CallStatus") or fields.get("MessageStatus") or "",
            path=urlsplit(posted.webhook.url).path,
            outcome=answer.trouble or answer.status,
        )
