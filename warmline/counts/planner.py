"""How many peers it takes: how long callers would wait, and how many leave, with so many on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from warmline.counts.erlang import Chain, Met
from warmline.routing.odds import phones_for_one

PEERS: Final = range(1, 9)
SOON: Final = 30.0
"""Seconds within which somebody should answer."""
RING_SECONDS: Final = 15.0
MANY_LEAVE: Final = 0.2
"""An hour in which a larger share of callers leaves unanswered is thin."""
MOST_CALLERS: Final = 500.0
MOST_MINUTES: Final = 600.0
LONGEST_PATIENCE: Final = 24 * 3600.0


class CannotPlan(ValueError):
    """A number that no line has, such as talks of no length."""


@dataclass(frozen=True, slots=True)
class ExpectedCalls:
    """What comes to a line: callers an hour, minutes of a talk and of the breather after it.

    `patience_seconds` is how long a caller waits on average before they leave; `rings_answered`
    the share (0 to 1) of rings that are answered; a ring that is not goes on for `ring_seconds`.
    Raises CannotPlan.
    """

    callers_an_hour: float
    talk_minutes: float
    breather_minutes: float
    patience_seconds: float
    rings_answered: float
    ring_seconds: float = RING_SECONDS

    def __post_init__(self) -> None:
        _check("callers an hour", self.callers_an_hour, 0, MOST_CALLERS)
        _check("minutes of a talk", self.talk_minutes, 0.1, MOST_MINUTES)
        _check("minutes of a breather", self.breather_minutes, 0, MOST_MINUTES)
        _check("seconds of patience", self.patience_seconds, 1, LONGEST_PATIENCE)
        _check("share of rings answered", self.rings_answered, 0.01, 1)
        _check("seconds of a ring", self.ring_seconds, 1, 120)


@dataclass(frozen=True, slots=True)
class Reach:
    """How callers would fare with so many peers; shares are 0 to 1.

    `waits`: the chance that everybody is busy when a caller comes; `soon`: that somebody answers
    within 30 s; `wait_seconds`: the mean wait of those answered, None if nobody is; `leave`: the
    share who leave unanswered.
    """

    peers: int
    waits: float
    soon: float
    wait_seconds: float | None
    leave: float


@dataclass(frozen=True, slots=True)
class ThinHour:
    """An hour of the week (0 to 167) in which many leave; what would do: None if not even 8 peers.

    `callers` is how many are expected in it, `leave` the share of them who leave unanswered.
    """

    hour: int
    callers: float
    peers: int
    leave: float
    enough: int | None


def reaches(demand: ExpectedCalls) -> list[Reach]:
    """How callers would fare with 1 to 8 peers on."""
    return [reach(demand, peers) for peers in PEERS]


@lru_cache(maxsize=2048)
def reach(demand: ExpectedCalls, peers: int) -> Reach:
    """How callers would fare with so many peers on; with none of them, everybody leaves."""
    if peers < 1:
        return Reach(0, 1.0, 0.0, None, 1.0)
    return combined(peers, _chain(demand, peers).met(SOON))


def combined(peers: int, met: Sequence[Met]) -> Reach:
    """What the states say together of a caller who meets any of them."""
    answered = math.fsum(one.chance * one.answered for one in met)
    waited = math.fsum(one.chance * one.answered * one.wait for one in met)
    return Reach(
        peers,
        waits=math.fsum(one.chance for one in met[peers:]),
        soon=math.fsum(one.chance * one.soon for one in met),
        wait_seconds=waited / answered,
        leave=max(0.0, 1 - answered),
    )


def thin_hours(
    demand: ExpectedCalls, callers: Sequence[float], peers: Sequence[int], bound: float = MANY_LEAVE
) -> list[ThinHour]:
    """The hours of a week in which a share over `bound` would leave, in the week's order.

    `callers` an hour and `peers` on are by hour of the week, 168 of each; the rest is `demand`'s.
    """
    by_hour = enumerate(zip(callers, peers, strict=True))
    found = (
        _short_hour(replace(demand, callers_an_hour=n), hour, on, bound)
        for hour, (n, on) in by_hour
    )
    return [thin for thin in found if thin is not None]


def _short_hour(demand: ExpectedCalls, hour: int, on: int, bound: float) -> ThinHour | None:
    leave = reach(demand, on).leave
    if leave <= bound or not demand.callers_an_hour:
        return None
    enough = next((one.peers for one in reaches(demand) if one.leave <= bound), None)
    return ThinHour(hour, demand.callers_an_hour, on, leave, enough)


def _chain(demand: ExpectedCalls, peers: int) -> Chain:
    return Chain(
        peers,
        come=demand.callers_an_hour / 3600,
        end=1 / (60 * (demand.talk_minutes + demand.breather_minutes)),
        leave=1 / demand.patience_seconds,
        accepted=demand.rings_answered,
        ring_seconds=demand.ring_seconds,
        at_once=phones_for_one(demand.rings_answered),
    )


def _check(what: str, number: float, least: float, most: float) -> None:
    if not least <= number <= most:
        raise CannotPlan(f"{what}: {least:g} to {most:g}")
