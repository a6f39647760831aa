"""Hour by hour of some days: how many are wanted, how many are on; pure, from pieces of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.hours import opening_hours, wanted
from shifts.hours.cover import Piece, cover
from shifts.hours.wanted import LINE
from shifts.local_time import Span, start_instant
from shifts.places import in_span
from warmline.desk.roster import grid
from warmline.line.opening import TheLine
from warmline.people.volunteers import who_counts

HOUR = timedelta(hours=1)
HOURS = range(24)
USUAL = 1
STRONGEST = 4


@dataclass(frozen=True)
class Hour:
    """An hour of a local day: `wanted` at most while open (0: closed), `on` at least then.

    `skipped`: the clocks leave it out.
    """

    hour: int
    starts_at: datetime
    ends_at: datetime
    wanted: int
    on: int
    skipped: bool

    @property
    def missing(self) -> int:
        """How many are wanted who are not on."""
        return max(0, self.wanted - self.on)

    @property
    def heat(self) -> int:
        """How strongly it is marked, 0 to 4: all who are lacking is strongest."""
        if not self.missing:
            return 1 if self.wanted else 0
        return STRONGEST if self.on == 0 else min(STRONGEST - 1, 1 + self.missing)


def table(db: Connection, line: TheLine, days: Sequence[date], zone: ZoneInfo) -> list[list[Hour]]:
    """Each day's 24 hours on the clock of `zone`."""
    begin, end = grid.span_of(days, zone)
    opened = opening_hours.open_spans(opening_hours.read(db, line.line_id), begin, end, line.zone)
    wishes = [one for one in wanted.read(db, line.line_id) if one.subject == LINE]
    wants = wanted.pieces(wishes, [Piece(begin, end, USUAL)], line.zone)
    counted = frozenset(db.scalars(who_counts(line.line_id, LINE)))
    on = cover(in_span(db, line.line_id, begin, end), begin, end, counted)
    return [
        [_hour(hour, span, opened, wants, on) for hour, span in _hours(day, zone)] for day in days
    ]


def _hours(day: date, zone: ZoneInfo) -> Iterator[tuple[int, Span]]:
    midnight = datetime.combine(day, time.min)
    starts = [start_instant(midnight + hour * HOUR, zone) for hour in (*HOURS, len(HOURS))]
    yield from zip(HOURS, pairwise(starts), strict=True)


def _hour(
    hour: int, span: Span, opened: Sequence[Span], wants: Sequence[Piece], on: Sequence[Piece]
) -> Hour:
    within = list(_clipped(opened, span))
    most = max(_numbers(wants, within), default=0)
    fewest = min(_numbers(on, within), default=0)
    return Hour(hour, *span, most, fewest, span[0] >= span[1])


def _clipped(spans: Iterable[Span], to: Span) -> Iterator[Span]:
    for starts, ends in spans:
        if starts < to[1] and ends > to[0]:
            yield max(starts, to[0]), min(ends, to[1])


def _numbers(pieces: Sequence[Piece], within: Sequence[Span]) -> Iterator[int]:
    for begin, end in within:
        yield from (one.number for one in pieces if one.start < end and one.end > begin)
