"""Counts of what the process does, for `/metrics`; nothing in them points to a person."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

RingResult = Literal["accepted", "passed", "missed", "ended", "refused", "unknown"]
"""How a ring came out: taken · key 2 · rang out, busy or no key · ended by us · not placed by the
provider · its creation was never confirmed."""

SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds between which webhooks are sorted by how long they took; the provider waits for 15."""
SUMMED: Final = frozenset({"counter", "histogram"})
"""Kinds of figures that add up over processes."""

_STEP = re.compile(r"[a-z][a-z_]{0,39}")
_CODE = re.compile(r"[a-z0-9][a-z0-9 ]{0,19}")


class Key(NamedTuple):
    """One series: the figure it belongs to, its own name, and its labels."""

    figure: str
    name: str
    labels: tuple[tuple[str, str], ...]


Sums = Mapping[Key, float]


class Pool(NamedTuple):
    """Connections to the database of one process: in use, and how many there may be."""

    in_use: int
    most: int


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
        self._answers = self._counter("provider_answers", "The provider's answers.", "code")
        self._refused = self._counter("texts_refused", "Texts that were refused.", "code")
        self._took = Histogram(
            "warmline_webhook_seconds",
            "How long a webhook took to be answered, by step.",
            ["step"],
            registry=self._registry,
            buckets=SECONDS,
        )
        self._outbox = self._gauge("outbox_waiting", "Effects not yet sent.")
        self._oldest = self._gauge("outbox_oldest_seconds", "Age of the oldest effect not sent.")
        self._build = self._gauge("build_info", "The version that answers.", "version")
        self._schema = self._gauge(
            "schema_info", "The schema's revision, and the one expected.", "revision", "expected"
        )
        self._ran = self._gauge("job_last_run_timestamp_seconds", "When a job ran last.", "job")
        self._pool = self._gauge(
            "database_connections", "Connections of the process that answers.", "state"
        )
        for result in get_args(RingResult):
            self._rings.labels(result)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"warmline_{name}", what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"warmline_{name}", what, labels, registry=self._registry)

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

    def outbox_oldest(self, seconds: float) -> None:
        """How long the oldest effect that is due waits by now; 0 with none."""
        self._oldest.set(seconds)

    def took(self, step: str, seconds: float) -> None:
        """A webhook has been answered after so long."""
        self._took.labels(step if _STEP.fullmatch(step) else "other").observe(seconds)

    def provider_answered(self, code: str) -> None:
        """The provider has answered: an HTTP status, its own code, or in words that none came."""
        self._answers.labels(code if _CODE.fullmatch(code) else "other").inc()

    def text_refused(self, code: int) -> None:
        """One more text was refused by the provider, or by a carrier, for this reason."""
        self._refused.labels(str(code)).inc()

    def runs(self, version: str, revision: str | None, expected: str | None, pool: Pool) -> None:
        """What this process is."""
        self._build.labels(version).set(1)
        self._schema.clear()
        self._schema.labels(revision or "none", expected or "none").set(1)
        self._pool.labels("in use").set(pool.in_use)
        self._pool.labels("most").set(pool.most)

    def jobs_ran(self, last: Iterable[tuple[str, datetime]]) -> None:
        """When each timed job ran last, whichever clock ran it."""
        for job, at in last:
            self._ran.labels(job).set(at.timestamp())

    def counted(self) -> dict[Key, float]:
        """Whatever of this process adds up with what others have counted."""
        return {
            _key(figure, sample): sample.value
            for figure in self._registry.collect()
            if figure.type in SUMMED
            for sample in figure.samples
        }

    def render(self, sums: Sums | None = None) -> bytes:
        """All of it in the Prometheus text format (CONTENT_TYPE).

        With `sums`, what adds up is told as there, not as this process alone has counted it.
        """
        return generate_latest(self._registry if sums is None else _Summed(self._registry, sums))


class _Summed(Collector):
    """A registry whose counters are those of all processes."""

    def __init__(self, registry: CollectorRegistry, sums: Sums) -> None:
        self._registry = registry
        self._sums = sums

    def collect(self) -> Iterator[Metric]:
        for figure in self._registry.collect():
            if figure.type in SUMMED:
                figure.samples = [
                    Sample(key.name, dict(key.labels), value)
                    for key, value in self._sums.items()
                    if key.figure == figure.name
                ]
            yield figure


def _key(figure: Metric, sample: Sample) -> Key:
    return Key(figure.name, sample.name, tuple(sorted(sample.labels.items())))
