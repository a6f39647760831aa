"""Counts of what the process does, for `/metrics`; nothing in them points to a person."""

import re
from typing import Literal, get_args

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    disable_created_metrics,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

RingResult = Literal["accepted", "passed", "missed", "ended", "refused", "unknown"]
"""How a ring came out: taken · key 2 · rang out, busy or no key · ended by us · not placed by the
provider · its creation was never confirmed."""

_STEP = re.compile(r"[a-z][a-z_]{0,39}")


class Metrics:
    """The counters of one process, in a registry of their own. Thread-safe."""

    def __init__(self) -> None:
        # They would tell the moment at which a step was first reached: when somebody called.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no type for it
        self._registry = CollectorRegistry()
        self._offered = self._counter("calls_offered", "Calls for which a peer was looked for.")
        self._answered = self._counter("calls_answered", "Calls that came to talk with a peer.")
        self._unreached = self._counter("calls_not_reached", "Calls that ended without a peer.")
        self._talks_offered = self._counter("talks_offered", "Talks by text that began.")
        self._talks_answered = self._counter("talks_answered", "Talks by text that had a peer.")
        self._talks_unreached = self._counter("talks_not_reached", "Talks by text without a peer.")
        self._webhooks = self._counter("webhooks", "Webhooks by step and status.", "step", "status")
        self._rings = self._counter("rings", "Rings by how they came out.", "result")
        self._outbox = Gauge(
            "warmline_outbox_waiting", "Effects not yet sent.", registry=self._registry
        )
        for result in get_args(RingResult):
            self._rings.labels(result)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"warmline_{name}", what, labels, registry=self._registry)

    def call_offered(self) -> None:
        """The search for a peer has begun for one more call."""
        self._offered.inc()

    def call_answered(self) -> None:
        """One more caller talks with a peer for the first time in their call."""
        self._answered.inc()

    def call_not_reached(self) -> None:
        """One more call has ended without a peer."""
        self._unreached.inc()

    def talk_offered(self) -> None:
        """Somebody has texted for the first time: a peer is looked for."""
        self._talks_offered.inc()

    def talk_answered(self) -> None:
        """One more talk by text that had a peer is over."""
        self._talks_answered.inc()

    def talk_not_reached(self) -> None:
        """One more talk by text has ended without ever having had a peer."""
        self._talks_unreached.inc()

    def webhook(self, step: str, status: int) -> None:
        """One more webhook answered; anything but a step function's name counts as "other"."""
        self._webhooks.labels(step if _STEP.fullmatch(step) else "other", str(status)).inc()

    def ring(self, result: RingResult) -> None:
        """One more ring has come out this way."""
        self._rings.labels(result).inc()

    def outbox_waiting(self, effects: int) -> None:
        """How many effects wait to be sent now."""
        self._outbox.set(effects)

    def render(self) -> bytes:
        """All of it in the Prometheus text format (CONTENT_TYPE)."""
        return generate_latest(self._registry)
