"""Callers who come by chance to so many peers, wait, are rung for and leave: Erlang A (M/M/n+M).

Talks, breathers and patience are of any length around their means. The states are how many callers
are with a peer or wait; each is as likely as the balance of coming and going makes it, and a caller
who comes meets what is likely.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

NEGLIGIBLE: Final = 1e-14
"""States that are less likely than this, all together, are left out."""


@dataclass(frozen=True, slots=True)
class Met:
    """A caller who meets a state: how likely that is, and what comes of it.

    The chances to be `answered` ever and `soon`, and the mean `wait` of the answered in seconds.
    """

    chance: float
    answered: float
    soon: float
    wait: float


@dataclass(frozen=True, slots=True)
class Chain:
    """So many peers; rates are by the second: callers who come, talks that end, callers who leave.

    `accepted` (0 to 1) is how likely a ring is to be answered, else it goes on for `ring_seconds`;
    at most `at_once` free phones are rung together.
    """

    peers: int
    come: float
    end: float
    leave: float
    accepted: float
    ring_seconds: float
    at_once: int

    def met(self, soon: float) -> list[Met]:
        """Every state that is not negligible, from all free on; `soon` in seconds."""
        likely = self.likely()
        free = [self._ringing(likely[busy], self.peers - busy, soon) for busy in range(self.peers)]
        return free + self._waiting(likely[self.peers :], soon)

    def likely(self) -> list[float]:
        """How likely it is that so many are with a peer or wait, from none on."""
        if not self.come:
            return [1.0, *[0.0] * (self.peers - 1)]
        weights = list(self._weights())
        most = max(weights)
        plain = [math.exp(weight - most) for weight in weights]
        whole = math.fsum(plain)
        return [weight / whole for weight in plain]

    def _weights(self) -> Iterator[float]:
        """The logarithm of each state's weight, until all that follow weigh nothing together."""
        here, most = 0.0, 0.0
        for state in range(1, self.peers + 1):
            yield here
            here += math.log(self.come / self._go(state))
            most = max(most, here)
        while True:
            yield here
            state += 1
            rarer = self.come / self._go(state)
            here += math.log(rarer)
            most = max(most, here)
            if rarer < 1 and here - math.log1p(-rarer) < most + math.log(NEGLIGIBLE):
                return

    def _go(self, state: int) -> float:
        """How often one of so many goes, by a talk's end or out of patience."""
        waiting = max(0, state - self.peers)
        return self.end * min(state, self.peers) + waiting * self.leave

    def _ringing(self, chance: float, free: int, soon: float) -> Met:
        """A caller for whom so many peers are free."""
        rings = self._rings(min(free, self.at_once))
        return Met(chance, rings.answered, math.fsum(rings.by_round(soon)), rings.wait)

    def _waiting(self, likely: list[float], soon: float) -> list[Met]:
        """Callers who wait behind 0, 1, 2 … others until a peer comes free, whose phone rings."""
        rings, most = self._rings(1), len(likely)
        free = self.peers * self.end
        steps = [1 / (free + (ahead + 1) * self.leave) for ahead in range(most)]
        within = [0.0] * most
        for number, chance in enumerate(rings.by_round(soon)):
            left = self._free_within(soon - number * self.ring_seconds, most)
            within = [had + chance * more for had, more in zip(within, left, strict=True)]
        waits = [wait + rings.wait for wait in accumulate(steps)]
        come_free = [free * step * rings.answered for step in steps]
        return [Met(*one) for one in zip(likely, come_free, within, waits, strict=True)]

    def _rings(self, at_once: int) -> "_Rings":
        unanswered = (1 - self.accepted) ** at_once
        return _Rings(unanswered, math.exp(-self.ring_seconds * self.leave), self.ring_seconds)

    def _free_within(self, seconds: float, most: int) -> list[float]:
        """The chance that a peer is free for a caller within so long, by how many are ahead.

        The time is cut so finely that at most one thing happens in each piece: somebody ahead
        goes, the caller leaves, or nothing does. How many pieces there are is Poisson's.
        """
        free = self.peers * self.end
        fastest = free + (most + 1) * self.leave
        moves = [(free + ahead * self.leave) / fastest for ahead in range(most)]
        leaves = self.leave / fastest
        reached, total = [0.0] * most, [0.0] * most
        for pieces in _poisson(fastest * seconds):
            total = [had + pieces * one for had, one in zip(total, reached, strict=True)]
            ahead = [1.0, *reached][:most]
            reached = [
                move * next_up + (1 - move - leaves) * stay
                for move, next_up, stay in zip(moves, ahead, reached, strict=True)
            ]
        return total


@dataclass(frozen=True, slots=True)
class _Rings:
    """Rings for one caller, round after round until one is answered or they leave.

    `unanswered` is the chance of a round, `stays` that the caller stays through it.
    """

    unanswered: float
    stays: float
    seconds: float

    @property
    def answered(self) -> float:
        """The chance that one is answered before they leave."""
        return (1 - self.unanswered) / (1 - self.unanswered * self.stays)

    @property
    def wait(self) -> float:
        """Mean seconds of the answered: the rounds before, each a whole ring."""
        again = self.unanswered * self.stays
        return self.seconds * again / (1 - again)

    def by_round(self, seconds: float) -> Iterator[float]:
        """The chances to be answered in the first round, the second …, as many as fit."""
        for number in range(1 + int(seconds / self.seconds)):
            yield (1 - self.unanswered) * (self.unanswered * self.stays) ** number


def _poisson(mean: float) -> Iterator[float]:
    """The chances of 0, 1, 2 … when there are `mean` on average, until those left are nothing."""
    if not mean:
        yield 1.0
        return
    for number in range(int(mean + 12 * math.sqrt(mean) + 20)):
        yield math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
