"""Which phones ring now for whom, and how the others are told that somebody was faster.

This process's own memory, and nothing in it that a call could not do without: before a phone is
rung the provider is asked whether it is in a call with us already, whoever had placed that.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from warmline.telephony.port import Provider, ProviderError, Unknown, is_over

SPARED: Final = timedelta(seconds=20)
"""Whoever was found in a call is asked about again after so long."""
LONGEST_LEG: Final = timedelta(hours=4)
"""The provider ends a leg after so long: older ones are over."""
LATELY: Final = timedelta(minutes=2)
AHEAD: Final = timedelta(seconds=3)
"""Slots further ahead than this are left to a later request: much may have changed by then."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Ringing:
    """A phone that rings for a queue, or is about to, until an instant (UTC)."""

    until: datetime
    provider_id: str = ""
    picked_up: bool = False
    unwanted: bool = False
    spared: bool = False
    met: bool = False


class Wanted(NamedTuple):
    """A ring that is to be placed, after a pause in seconds, until its slot comes.

    `to` is E.164; `busy`: they were in a call when last read.
    """

    queue: str
    person_id: int
    to: str
    busy: bool
    ring_seconds: int
    pause: float
    answer_url: str
    status_url: str


class Elsewhere(NamedTuple):
    """A ring that another process may have placed: whose phone (E.164)."""

    person_id: int
    to: str


class Phones:
    """Rings without a database, as one process knows them. Thread-safe."""

    def __init__(
        self, provider: Callable[[], Provider], per_second: float, now: Callable[[], datetime]
    ) -> None:
        self._provider = provider
        self._gap = timedelta(seconds=1 / per_second)
        self._now = now
        self._next: datetime | None = None
        self._rings: dict[tuple[str, int], Ringing] = {}
        self._lock = threading.Lock()
        self.pause: Callable[[float], object] = time.sleep
        """Waits for so many seconds."""
        self.placed: set[str] = set()
        """Ids of the legs that were placed: to be erased at the provider once somebody can."""

    def take_slot(self) -> float | None:
        """Take the provider's next slot for a call: in how many seconds it is; None: too late."""
        now = self._now()
        with self._lock:
            slot = now if self._next is None else max(now, self._next)
            # A clock that was set back by an hour holds nobody up for an hour.
            if slot - now > LATELY:
                slot = now
            if slot - now > AHEAD:
                return None
            self._next = slot + self._gap
        return (slot - now).total_seconds()

    def is_free(self, person_id: int) -> bool:
        """Whether this phone neither rings nor talks, as far as this process knows."""
        now = self._now()
        with self._lock:
            return not any(who == person_id and one.until > now for (_, who), one in self._all())

    def rings_for(self, queue: str, person_id: int) -> bool:
        """Whether this ring may still be answered; one of another process may."""
        with self._lock:
            one = self._rings.get((queue, person_id))
        return one is None or not (one.unwanted or one.spared or one.until <= self._now())

    def was_spared(self, queue: str, person_id: int) -> bool:
        """Whether this phone was not rung after all, for it was in a call."""
        with self._lock:
            one = self._rings.get((queue, person_id))
        return one is not None and one.spared

    def wish(self, queue: str, person_id: int, until: datetime) -> None:
        """This phone is about to ring."""
        with self._lock:
            for key in [key for key, one in self._rings.items() if one.until < until - LONGEST_LEG]:
                del self._rings[key]
            self._rings[queue, person_id] = Ringing(until)

    def place(self, wanted: Wanted) -> None:
        """Ring it, unless it is in a call; waits for the provider."""
        self.pause(wanted.pause)
        one = self._rings.get((wanted.queue, wanted.person_id))
        if one is None or one.unwanted:
            return
        try:
            if self._is_in_a_call(wanted):
                one.until, one.spared = self._now() + SPARED, True
                return
            ring = self._provider().ring
            urls = (wanted.answer_url, wanted.status_url)
            one.provider_id = ring(wanted.to, *urls, wanted.ring_seconds)
        except ProviderError as no:
            log.warning("the provider fails", code=no.told_as, kind="ring", then="the next is rung")
            if not isinstance(no, Unknown):
                one.until = self._now()
            return
        self.placed.add(one.provider_id)
        if one.unwanted:
            self._end(one, "")

    def picked_up(self, queue: str, person_id: int, provider_id: str) -> bool:
        """They hear the offer; whether it is still wished for."""
        with self._lock:
            one = self._rings.setdefault((queue, person_id), Ringing(self._now()))
            one.picked_up, one.provider_id = True, provider_id
            one.until = self._now() + LONGEST_LEG
            self.placed.add(provider_id)
            return not one.unwanted

    def met(self, queue: str, person_id: int) -> None:
        """They are with the caller: their leg is no ring any more."""
        with self._lock:
            one = self._rings.setdefault((queue, person_id), Ringing(self._now() + LONGEST_LEG))
            one.met = True

    def over(self, queue: str, person_id: int) -> None:
        """Their leg has ended."""
        with self._lock:
            one = self._rings.get((queue, person_id))
            if one is not None:
                one.until = self._now()

    def unwanted(self, queue: str) -> list[tuple[int, Ringing]]:
        """No ring for a queue is wished for any more: which they were, with whose phones."""
        now = self._now()
        with self._lock:
            live = [
                (who, one)
                for (of, who), one in self._all()
                if of == queue and one.until > now and not (one.unwanted or one.met)
            ]
            for _, one in live:
                one.unwanted = True
        return live

    def stop(
        self,
        rings: Sequence[tuple[int, Ringing]],
        elsewhere: Sequence[Elsewhere],
        late_url: Callable[[int], str],
    ) -> None:
        """End these rings; whoever has picked up is told why. Waits for the provider."""
        for person_id, one in rings:
            self._end(one, late_url(person_id))
        for other in elsewhere:
            self._end_elsewhere(other)

    def _all(self) -> list[tuple[tuple[str, int], Ringing]]:
        return list(self._rings.items())

    def _is_in_a_call(self, wanted: Wanted) -> bool:
        try:
            found = self._provider().find_ring(wanted.to, self._now() - LONGEST_LEG)
        except ProviderError:
            return wanted.busy
        return any(not is_over(one.status) for one in found)

    def _end(self, one: Ringing, late_url: str) -> None:
        if not one.provider_id:
            return
        try:
            if one.picked_up and late_url:
                self._provider().move(one.provider_id, late_url)
            else:
                self._provider().hang_up(one.provider_id)
        except ProviderError as no:
            log.warning("the provider fails", code=no.told_as, kind="hang up", then="it rings out")
        one.until = self._now()

    def _end_elsewhere(self, other: Elsewhere) -> None:
        try:
            found = self._provider().find_ring(other.to, self._now() - LATELY)
            for one in found:
                if not is_over(one.status) and one.status != "in-progress":
                    self._provider().hang_up(one.provider_id)
        except ProviderError as no:
            log.warning("the provider fails", code=no.told_as, kind="hang up", then="it rings out")
