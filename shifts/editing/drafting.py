"""What a coordinator plans: copies as drafts, and drafts published in one go; each can be undone.

A draft is nobody's business yet: it is not asked for, not counted and not texted. Publishing opens
a draft of nobody's and asks the person of every other; a yes is never made up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.claims.findings import DOUBLE, Finding
from shifts.editing.editing import LONGEST, Wish, speaks_against
from shifts.history.history import Change, Pair, write
from shifts.local_time import DAY, Span, end_instant, start_instant
from shifts.models import AGREED, ASKED, DRAFT, OPEN
from shifts.places import PlaceRow, in_span

COPY, PUBLISH = "copy", "publish"
MOST_COPIED = 2000


@dataclass(frozen=True)
class LeftOut:
    """A place that was not copied or published, and what speaks against it."""

    place: PlaceRow
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Done:
    """A change of many places: its id (None: nothing was done), how many, and what was left."""

    change_id: int | None
    places: int
    asked: frozenset[int]
    left_out: tuple[LeftOut, ...]


def copied(
    connection: Connection,
    line_id: int,
    source: Span,
    days: int,
    times: int,
    by_id: int | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    with_people: bool,
) -> Done:
    """The shifts that begin in a span once more, so many local days later, so often; as drafts.

    Each is looked at anew: who would have two at once, or is away, is left out of theirs, which
    is copied as nobody's and named in `left_out`.
    """
    found = [row for row in both_kinds(connection, line_id, source) if source[0] <= row.starts_at]
    there = Counter(map(seat, both_kinds(connection, line_id, _to(source, days, times, zone))))
    pairs, left = list[Pair](), list[LeftOut]()
    for row in islice(_later_ones(found, days, times, zone, with_people), MOST_COPIED):
        if there[seat(row)]:
            # Whoever copies twice gets it once.
            there[seat(row)] -= 1
            continue
        against = speaks_against_draft(connection, row, [one.after for one in pairs], zone, now)
        left += [LeftOut(row, tuple(against))] if against else []
        pairs.append(Pair(None, replace(row, person_id=None) if against else row))
    return written(connection, Change(line_id, COPY, by_id, now), pairs, left)


def publish(
    connection: Connection,
    line_id: int,
    span: Span,
    by_id: int | None,
    now: datetime,
    zone: ZoneInfo,
) -> Done:
    """Every draft that begins in a span and is not over: open, or asked of its person.

    Whoever has another shift then keeps it, and the draft stays one: it is in `left_out`.
    """
    coming = [one for one in drafts(connection, line_id, span) if one.ends_at > now]
    pairs, left = published(connection, coming, zone, now)
    return written(connection, Change(line_id, PUBLISH, by_id, now), pairs, left)


def published(
    connection: Connection, coming: Iterable[PlaceRow], zone: ZoneInfo, now: datetime
) -> tuple[list[Pair], list[LeftOut]]:
    """What publishing drafts makes of them, and which stay drafts; nothing is written."""
    pairs, left = list[Pair](), list[LeftOut]()
    for draft in coming:
        against = speaks_against_draft(connection, draft, [one.after for one in pairs], zone, now)
        double = [one for one in against if one.name == DOUBLE]
        if double:
            left.append(LeftOut(draft, tuple(double)))
            continue
        state = OPEN if draft.person_id is None else ASKED
        pairs.append(Pair(draft, replace(draft, state=state)))
    return pairs, left


def drafts(connection: Connection, line_id: int, span: Span) -> list[PlaceRow]:
    """What is planned and not published, of both kinds, that begins in a span; by start."""
    rows = [
        row
        for row in both_kinds(connection, line_id, span)
        if row.state == DRAFT and span[0] <= row.starts_at
    ]
    return sorted(rows, key=lambda row: (row.starts_at, row.ends_at, row.id or 0))


def _to(source: Span, days: int, times: int, zone: ZoneInfo) -> Span:
    """The stretch that copies can lie in, and a day around it."""
    first = (source[0].astimezone(zone) + days * DAY).astimezone(zone)
    last = (source[1].astimezone(zone) + days * times * DAY).astimezone(zone)
    return first - 2 * DAY, last + LONGEST


def written(
    connection: Connection, change: Change, pairs: Sequence[Pair], left: Sequence[LeftOut]
) -> Done:
    """Make a change of planned places, if it is one, and tell what it did."""
    change_id = write(connection, change, pairs) if pairs else None
    asked = {one.after.person_id for one in pairs if one.after and one.after.state == ASKED}
    return Done(change_id, len(pairs), frozenset(filter(None, asked)), tuple(left))


def later(row: PlaceRow, days: int, zone: ZoneInfo) -> PlaceRow:
    """The place so many local days later, a draft at the same times on the wall's clock."""
    begin, end = (
        at.astimezone(zone).replace(tzinfo=None) + days * DAY for at in (row.starts_at, row.ends_at)
    )
    kept = PlaceRow(
        None,
        row.line_id,
        start_instant(begin, zone),
        end_instant(end, zone),
        row.person_id,
        DRAFT,
        row.duty,
    )
    return (
        kept if kept.ends_at > kept.starts_at else replace(kept, ends_at=row.ends_at + days * DAY)
    )


def _later_ones(
    found: Sequence[PlaceRow], days: int, times: int, zone: ZoneInfo, with_people: bool
) -> Iterator[PlaceRow]:
    for turn in range(1, times + 1):
        for row in found:
            moved = later(row, days * turn, zone)
            yield moved if with_people else replace(moved, person_id=None)


def both_kinds(connection: Connection, line_id: int, span: Span) -> list[PlaceRow]:
    """Places of peers and on duty that share an instant with a span."""
    return [row for duty in (False, True) for row in in_span(connection, line_id, *span, duty=duty)]


def seat(row: PlaceRow) -> tuple[object, ...]:
    """When a place is, whose, and of which kind: equal ones are several seats."""
    return row.starts_at, row.ends_at, row.person_id, row.duty


def speaks_against_draft(
    connection: Connection,
    row: PlaceRow,
    new: Iterable[PlaceRow | None],
    zone: ZoneInfo,
    now: datetime,
) -> list[Finding]:
    """What speaks against a draft as a shift, also among what the same change makes."""
    wish = Wish(row.starts_at, row.ends_at, row.person_id, AGREED, row.duty)
    found = speaks_against(connection, row.line_id, wish, zone, now, {row.id})
    alike = list(_same_time(row, new))
    return [*found, *alike]


def _same_time(row: PlaceRow, new: Iterable[PlaceRow | None]) -> Iterator[Finding]:
    for one in filter(None, new):
        theirs = one.person_id is not None and one.person_id == row.person_id
        meet = one.starts_at < row.ends_at and row.starts_at < one.ends_at
        if theirs and meet and one.duty == row.duty:
            yield Finding(DOUBLE, True, "Twice in this plan.", one.starts_at, one.ends_at)
