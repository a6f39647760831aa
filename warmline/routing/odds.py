"""How likely a ring is to be accepted, and so how many phones to ring for one caller."""

import math
from collections import deque
from typing import Final

CHANCE_WANTED: Final = 0.90
LAST_RINGS: Final = 50
FIRST_GUESS: Final = (True,) * 11 + (False,) * 9
"""A line begins as if 11 of 20 rings had been accepted (0.55), so that no first ring decides."""
MOST_AT_ONCE: Final = 4


class Odds:
    """How likely a ring is to be accepted: over the last 50 rings of the line, in memory only."""

    def __init__(self) -> None:
        self._last: deque[bool] = deque(FIRST_GUESS, maxlen=LAST_RINGS)

    def record(self, *, accepted: bool) -> None:
        """Add a ring that was accepted, missed or passed; rings we ended ourselves do not count."""
        self._last.append(accepted)

    @property
    def chance(self) -> float:
        """Accepted by all counted, from 0 to 1."""
        return sum(self._last) / len(self._last)


def phones_for_one(chance: float, most: int = MOST_AT_ONCE) -> int:
    """How many phones to keep ringing for each waiting caller, so that 9 times of 10 one answers.

    ceil(ln(1 - 0.90) / ln(1 - chance)), from 1 to `most`: 3 at 0.55, 2 at 0.75, 1 at 0.9.
    """
    if chance >= CHANCE_WANTED:
        return 1
    if chance <= 0:
        return most
    # Rounded first: two binary digits must not make three phones of two.
    wanted = round(math.log(1 - CHANCE_WANTED) / math.log1p(-chance), 9)
    return math.ceil(min(most, wanted))
