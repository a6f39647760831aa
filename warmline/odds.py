"""How likely a ring is to be accepted, and so how many phones to ring for one caller."""

import math
from collections import deque
from typing import Final

CHANCE_WANTED: Final = 0.90
FIRST_GUESS: Final = 0.55
LAST_RINGS: Final = 50
MOST_AT_ONCE: Final = 4


class Odds:
    """How likely a ring is to be accepted: over the last 50 rings of the line, in memory only."""

    def __init__(self) -> None:
        self._last: deque[bool] = deque(maxlen=LAST_RINGS)

    def record(self, *, accepted: bool) -> None:
        """Add a ring that was accepted, missed or passed; rings we ended ourselves do not count."""
        self._last.append(accepted)

    @property
    def chance(self) -> float:
        """Accepted by all counted; the first guess stands in while there are none."""
        return sum(self._last) / len(self._last) if self._last else FIRST_GUESS


def phones_for_one(chance: float, most: int = MOST_AT_ONCE) -> int:
    """How many phones to keep ringing for each waiting caller: 3 at 0.55, 2 at 0.75, 1 at 0.9."""
    if chance >= CHANCE_WANTED:
        return 1
    if chance <= 0:
        return most
    # Rounded first: ln(0.1) / ln(0.1) must be 1 whatever the last binary digit says.
    wanted = round(math.log(1 - CHANCE_WANTED) / math.log(1 - chance), 9)
    return min(most, max(1, math.ceil(wanted)))
