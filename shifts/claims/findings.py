"""Names what speaks against somebody's having a place: what forbids it, and what only warns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from shifts.local_time import DAY, Span, local_day, start_of_day
from shifts.models import DRAFT, ON_STATES
from shifts.places import PlaceRow
from shifts.who_is_on import Stretch, stretches

HOUR = timedelta(hours=1)
DOUBLE, BEGUN, PAST = "double", "begun", "past"
AWAY, REST, HOURS = "away", "rest", "hours"


@dataclass(frozen=True)
class Limits:
    """A person's own limits, None where they named none (1..168, 0..48, 1..50).

    Hours a week from Monday to Sunday in the line's time, hours of rest between two shifts, and
    talks a shift: the last is the search's to keep.
    """

    most_hours_a_week: int | None = None
    rest_hours: int | None = None
    most_talks_a_shift: int | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against a place: whether it forbids it, and when it is (UTC).

    [starts_at, ends_at) is the other place, the time away, the rest that is left, or the week.
    """

    name: str
    blocks: bool
    sentence: str
    starts_at: datetime
    ends_at: datetime


def findings(
    span: Span,
    own: Sequence[PlaceRow],
    aways: Iterable[Span],
    limits: Limits,
    zone: ZoneInfo,
    now: datetime,
) -> list[Finding]:
    """What speaks against somebody's having a place at `span`; what forbids it first.

    `own` are their places of the same kind (peers' or duty), without the one in question, from
    the week before `span` to the week after it. Adjoining places are one shift; a week with a
    change of clocks has the hours it really has. A long stretch is nobody's to judge.
    """
    held = [Stretch(one.starts_at, one.ends_at) for one in own if one.state in ON_STATES]
    with_it = sorted([*held, Stretch(*span)], key=lambda one: one.starts_at)
    joined = list(stretches(with_it))
    return [
        *_too_late(span, zone, now),
        *_double(span, own, zone),
        *_away(span, aways, zone),
        *_rest(span, joined, limits.rest_hours, zone),
        *_hours(span, joined, limits.most_hours_a_week, zone),
    ]


def spoken(span: Span, zone: ZoneInfo) -> str:
    """A span in the zone's local time: "Mon 02 Mar 18:00 to 22:00"."""
    begin, end = (at.astimezone(zone) for at in span)
    last = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%a %d %b %H:%M}"
    return f"{begin:%a %d %b %H:%M} to {last}"


def _too_late(span: Span, zone: ZoneInfo, now: datetime) -> Iterator[Finding]:
    if span[1] <= now:
        yield Finding(PAST, True, f"That shift is over: {spoken(span, zone)}.", *span)
    elif span[0] <= now:
        words = f"That shift has begun: {spoken(span, zone)}; text IN to come on now."
        yield Finding(BEGUN, True, words, *span)


def _double(span: Span, own: Iterable[PlaceRow], zone: ZoneInfo) -> Iterator[Finding]:
    """Every place of theirs at that time, also one they were only asked for."""
    for place in own:
        theirs = (place.starts_at, place.ends_at)
        if place.state != DRAFT and _clipped(theirs, span):
            agreed = "On the roster" if place.on else "Asked for a shift"
            yield Finding(DOUBLE, True, f"{agreed} already then: {spoken(theirs, zone)}.", *theirs)


def _away(span: Span, aways: Iterable[Span], zone: ZoneInfo) -> Iterator[Finding]:
    for away in sorted(aways):
        if _clipped(away, span):
            yield Finding(AWAY, False, f"Away then: {spoken(away, zone)}.", *away)


def _rest(
    span: Span, joined: Iterable[Stretch], wanted: int | None, zone: ZoneInfo
) -> Iterator[Finding]:
    if wanted is None:
        return
    for before, after in pairwise(joined):
        left = (before.until, after.starts_at)
        beside = any(one.starts_at <= span[0] < one.until for one in (before, after))
        if beside and left[1] - left[0] < wanted * HOUR:
            length = _count(left[1] - left[0])
            words = f"Only {length} h of rest, {wanted} h wanted: {spoken(left, zone)}."
            yield Finding(REST, False, words, *left)


def _hours(
    span: Span, joined: Sequence[Stretch], most: int | None, zone: ZoneInfo
) -> Iterator[Finding]:
    if most is None:
        return
    for week in _weeks(span, zone):
        parts = [_clipped((one.starts_at, one.until), week) for one in joined]
        total = sum((end - begin for begin, end in filter(None, parts)), timedelta())
        if total > most * HOUR:
            monday = f"{week[0].astimezone(zone):%a %d %b}"
            words = f"{_count(total)} h in the week of {monday}, {most} h at most wanted."
            yield Finding(HOURS, False, words, *week)


def _weeks(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The weeks, Monday to Sunday in local time, that a span touches."""
    first = local_day(span[0], zone)
    monday = first - first.weekday() * DAY
    while (begin := start_of_day(monday, zone)) < span[1]:
        monday += 7 * DAY
        yield begin, start_of_day(monday, zone)


def _clipped(span: Span, to: Span) -> Span | None:
    begin, end = max(span[0], to[0]), min(span[1], to[1])
    return (begin, end) if begin < end else None


def _count(length: timedelta) -> str:
    return f"{length / HOUR:.2f}".rstrip("0").rstrip(".")
