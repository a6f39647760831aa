"""What a calendar's event says: when it is, how it comes again, who is asked; its occurrences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.ical.ical_rules import Patience, Rule, local_starts
from shifts.ical.ical_times import Length, Moment
from shifts.local_time import end_instant, local_day

YEARS: Final = range(1970, 2200)
LONGEST_SHIFT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Heading:
    """Which event an entry of the file is about; instants in UTC.

    `stands_for` is the original start of the one occurrence that the entry is about, None where
    it is about the event itself.
    """

    line: int
    uid: str
    sequence: int
    cancelled: bool
    stands_for: datetime | None


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody with a phone who is asked to an event, as the file writes it."""

    line: int
    phone: str
    name: str
    agreed: bool
    declined: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An event that takes place.

    `further` are dates beside the rule, a length of None is the event's; what is left out is
    known by its start (UTC) or its local day.
    """

    start: Moment
    length: Length
    rule: Rule | None
    further: tuple[tuple[Moment, Length | None], ...]
    left_out: frozenset[datetime]
    days_left_out: frozenset[date]
    attendees: tuple[Attendee, ...]
    duty: bool

    @property
    def comes_again(self) -> bool:
        """Whether it is more than one occurrence."""
        return self.rule is not None or bool(self.further)

    def occurrences(
        self, horizon: datetime, patience: Patience
    ) -> Iterator[tuple[datetime, datetime]]:
        """Start and end of each occurrence (UTC), once; an endless rule runs to the horizon.

        Raises ValueError where the rule or a year cannot be, TooFar.
        """
        seen = set()
        for moment, length in self._all(horizon, patience):
            start, end = moment.instant, end_of(moment, length or self.length)
            _check_year(start)
            _check_year(end)
            # Where the clocks leave nothing of it, there is no occurrence.
            if start not in seen and start < end and not self._is_left_out(start, moment.zone):
                seen.add(start)
                yield start, end

    def _all(self, horizon: datetime, patience: Patience) -> Iterator[tuple[Moment, Length | None]]:
        first, zone = self.start.local, self.start.zone
        if self.rule is None:
            yield self.start, None
        else:
            for local in local_starts(self.rule, first, zone, horizon, patience):
                yield Moment(local, zone), None
        yield from self.further

    def _is_left_out(self, start: datetime, zone: ZoneInfo) -> bool:
        if start in self.left_out:
            return True
        return bool(self.days_left_out) and local_day(start, zone) in self.days_left_out


def end_of(start: Moment, length: Length) -> datetime:
    """The UTC instant of an end: first on the wall's clock, then in exact time."""
    if not length.wall:
        return start.instant + length.exact
    return end_instant(start.local + length.wall, start.zone) + length.exact


def _check_year(instant: datetime) -> None:
    if instant.year not in YEARS:
        raise ValueError(f"the year {instant.year} is not one of this roster's")
