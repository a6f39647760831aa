"""Virtual time: what is to be done, each thing at its second, and no wall clock anywhere."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

Deed = Callable[[], None]


class VirtualClock:
    """Seconds since `start` (an aware instant) and the deeds that wait for their second.

    Raises ValueError when `start` has no time zone.
    """

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("start: an instant with a time zone is needed, such as UTC")
        # In UTC: in a zone of its own, an hour that comes twice would be one hour long.
        self._start = start.astimezone(UTC)
        self._zone = start.tzinfo
        self._order = count()
        self._deeds: list[tuple[float, int, Deed]] = []
        self.seconds = 0.0

    def now(self) -> datetime:
        """The virtual instant, in the zone of `start`."""
        return self.instant(self.seconds)

    def instant(self, second: float) -> datetime:
        """The instant that many seconds after the start, in its zone."""
        return (self._start + timedelta(seconds=second)).astimezone(self._zone)

    def after(self, seconds: float, deed: Deed) -> None:
        """Do it that many seconds from now; 0 = still at this instant, after what is waiting."""
        self.at(self.seconds + max(0.0, seconds), deed)

    def at(self, second: float, deed: Deed) -> None:
        """Do it at that second since the start; deeds of one second keep their order."""
        heapq.heappush(self._deeds, (second, next(self._order), deed))

    def next_second(self) -> float | None:
        """When the next deed is due, in seconds since the start; None = nothing waits."""
        return self._deeds[0][0] if self._deeds else None

    def do_what_is_due(self) -> bool:
        """Do every deed due by now, also those added meanwhile; whether there was any."""
        any_done = False
        while self._deeds and self._deeds[0][0] <= self.seconds:
            deed = heapq.heappop(self._deeds)[2]
            deed()
            any_done = True
        return any_done
