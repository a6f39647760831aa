"""Which languages have so few calls that a count would tell of one person: they are "other"."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import Final

from warmline.counts.counting import FEWEST

OTHER: Final = "other"
LATELY: Final = timedelta(days=30)


class Languages:
    """When calls and talks in each language were over, in this process's memory alone.

    Nothing of it is written down: a language is named in a count once this process has seen five
    within thirty days, and is "other" until then. The line's first language is always named, for
    whoever chooses none is counted there.
    """

    def __init__(self) -> None:
        self._over: dict[tuple[int, str], deque[datetime]] = defaultdict(
            lambda: deque(maxlen=FEWEST)
        )

    def name(self, line_id: int, language: str, first: str, now: datetime) -> str:
        """What this one is counted as; it is one more of its language from now on."""
        seen = self._over[line_id, language]
        seen.append(now)
        known = len(seen) == FEWEST and now - seen[0] <= LATELY
        return language if known or language == first else OTHER
