"""Answers what is asked about a line between two instants: who comes and goes, who is lacking.

Each answer is an obvious query, then a pure rule. Who is on at an instant, when somebody is next
on and when one person is, who_is_on.py answers: `who_is_on`, `next_on`, `next_places`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.hours import opening_hours, wanted
from shifts.hours.cover import Gap, HandOver, Piece, changes, cover, gaps, outside
from shifts.hours.wanted import LINE, Subject, Wish
from shifts.local_time import Span
from shifts.places import PlaceRow, in_span

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Need:
    """Whom cover is looked at for: the persons who count, and how many are wanted as a rule."""

    subject: Subject
    persons: Collection[int]
    usual: int


@dataclass(frozen=True)
class Lack:
    """A gap and whom it is about."""

    subject: Subject
    gap: Gap


@dataclass(frozen=True)
class Ahead:
    """What there is of a line between two instants: when it is open, what is wanted, who is on."""

    begin: datetime
    end: datetime
    zone: ZoneInfo
    open_at: Sequence[Span]
    wishes: Sequence[Wish]
    places: Sequence[PlaceRow]
    duty_places: Sequence[PlaceRow]


def changes_between(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    among: Collection[int] | None = None,
    *,
    duty: bool = False,
) -> list[HandOver]:
    """Who comes on and goes off at which instant of [begin, end), UTC; see cover.changes."""
    rows = in_span(connection, line_id, begin - _INSTANT, end, duty=duty)
    return changes(rows, begin, end, among)


def cover_between(
    connection: Connection,
    line_id: int,
    begin: datetime,
    end: datetime,
    among: Collection[int] | None = None,
    *,
    duty: bool = False,
) -> list[Piece]:
    """How many are on over the whole of [begin, end), UTC; see cover.cover."""
    return cover(in_span(connection, line_id, begin, end, duty=duty), begin, end, among)


def lacks_between(
    connection: Connection,
    line_id: int,
    zone: ZoneInfo,
    needs: Sequence[Need],
    begin: datetime,
    end: datetime,
) -> list[Lack]:
    """Who is lacking within the opening hours in [begin, end), UTC; see `lacks`."""
    opened = opening_hours.read(connection, line_id)
    seen = Ahead(
        begin,
        end,
        zone,
        opening_hours.open_spans(opened, begin, end, zone),
        wanted.read(connection, line_id),
        in_span(connection, line_id, begin, end),
        in_span(connection, line_id, begin, end, duty=True),
    )
    return lacks(needs, seen)


def lacks(needs: Iterable[Need], seen: Ahead) -> list[Lack]:
    """Every gap of every need, by start. One need is the line's own.

    Where the line lacks everybody, that is said once: nobody's language or channel is missed
    there. Nor is it where the line wants nobody, unless a wish says so.
    """
    needs = list(needs)
    of_line = next(need for need in needs if need.subject == LINE)
    everywhere = [Piece(seen.begin, seen.end, of_line.usual)]
    line_wants = wanted.pieces(_wishes(seen, LINE), everywhere, seen.zone)
    found = gaps(seen.open_at, line_wants, cover(*_on(seen, of_line)))
    peopled = outside(seen.open_at, [(gap.start, gap.end) for gap in found if gap.on == 0])
    lacking = [Lack(LINE, gap) for gap in found]
    for need in needs:
        if need.subject != LINE:
            within = seen.open_at if need.subject.duty else peopled
            lacking += _lacks_of(need, seen, within, line_wants)
    return sorted(lacking, key=lambda lack: lack.gap.start)


def _lacks_of(
    need: Need, seen: Ahead, within: Sequence[Span], line_wants: Sequence[Piece]
) -> Iterator[Lack]:
    usual = [Piece(seen.begin, seen.end, need.usual)]
    if not need.subject.duty:
        usual = [piece._replace(number=min(need.usual, piece.number)) for piece in line_wants]
    asked = wanted.pieces(_wishes(seen, need.subject), usual, seen.zone)
    for gap in gaps(within, asked, cover(*_on(seen, need))):
        yield Lack(need.subject, gap)


def _on(seen: Ahead, need: Need) -> tuple[Sequence[PlaceRow], datetime, datetime, Collection[int]]:
    places = seen.duty_places if need.subject.duty else seen.places
    return places, seen.begin, seen.end, need.persons


def _wishes(seen: Ahead, subject: Subject) -> list[Wish]:
    return [one for one in seen.wishes if one.subject == subject]
