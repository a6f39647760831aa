"""Two other ways to know how long callers wait: Erlang's own formula, and an evening played."""

import heapq
import math
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Played:
    """How the callers of a played line fared: shares 0 to 1, the wait of the answered in s."""

    waits: float
    soon: float
    wait_seconds: float
    leave: float


def erlang_c(load: float, peers: int) -> float:
    """The chance to wait for one of so many peers, where nobody ever leaves; `load` in erlang."""
    whole = load**peers / math.factorial(peers) * peers / (peers - load)
    return whole / (sum(load**busy / math.factorial(busy) for busy in range(peers)) + whole)


def play(
    peers: int,
    callers_an_hour: float,
    busy_minutes: float,
    patience_seconds: float,
    *,
    number: int,
    seed: int,
    breather_minutes: float | None = None,
) -> Played:
    """So many callers, one after the other, each served in turn unless they leave before it.

    Lengths of talks and patience are by chance; with a breather, that is always of one length.
    """
    dice = random.Random(seed)  # noqa: S311 - dice for a test, not a secret
    free_at = [0.0] * peers
    now, waited, left, busy, soon = 0.0, 0.0, 0, 0, 0
    for _ in range(number):
        now += dice.expovariate(callers_an_hour / 3600)
        wait = max(0.0, free_at[0] - now)
        busy += wait > 0
        if wait > dice.expovariate(1 / patience_seconds):
            left += 1
            continue
        waited += wait
        soon += wait <= 30
        talk = dice.expovariate(1 / (60 * busy_minutes))
        heapq.heapreplace(free_at, now + wait + talk + 60 * (breather_minutes or 0))
    return Played(busy / number, soon / number, waited / (number - left), left / number)


def play_rings(accepted: float, phones: int, ring: float, patience: float, seed: int) -> Played:
    """Callers for whom so many phones ring in rounds until one is answered or they leave."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test, not a secret
    number, waited, left, soon = 40_000, 0.0, 0, 0
    for _ in range(number):
        leaves_at, wait = dice.expovariate(1 / patience), 0.0
        while all(dice.random() >= accepted for _ in range(phones)):
            wait += ring
        if wait > leaves_at:
            left += 1
            continue
        waited += wait
        soon += wait <= 30
    return Played(0.0, soon / number, waited / (number - left), left / number)
