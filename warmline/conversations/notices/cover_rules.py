"""For which open places somebody is asked whether they could take them; pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shifts.claims.findings import Limits, findings
from shifts.hours.opening_hours import merged
from shifts.local_time import Span
from shifts.places import PlaceRow

AHEAD: Final = timedelta(days=7)
WORTH_IT: Final = timedelta(minutes=30)
"""A place of which less is left is nobody's errand any more."""
SOON: Final = timedelta(days=1)
"""A place so near is asked for once more, of those who know of it already."""
URGENT: Final = timedelta(hours=2)
"""A place so near is asked for at once, whoever might still undo having given it up."""
AT_ONCE: Final = 3
"""As many places as one text asks for: the soonest."""
A_WEEK: Final = timedelta(days=7)
TEXTS_A_SHIFT: Final = 2
"""Whoever has a shift hears of it before, and when it begins (reminders.py)."""
TEXTS_A_WEEK: Final = 6
"""As many, of their shifts and of open places, as the opt-in words say of a week of two shifts."""
LEAST_ASKED: Final = 2
"""So often a week anybody may be asked, however many shifts are theirs: somebody is missing."""
_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Somebody:
    """Who may be asked: what they have already, what they know of, and what they gave up.

    `own` are places of theirs, asked or agreed, from ten days before now to ten days after the
    places ahead; `known` and `given_up` are ids of places.
    """

    person_id: int
    own: Sequence[PlaceRow]
    aways: Sequence[Span]
    limits: Limits
    known: Collection[int | None] = ()
    given_up: Collection[int | None] = ()
    asked: int = 0
    """How often they were asked within the last week."""


def to_ask(
    one: Somebody, needing: Iterable[PlaceRow], zone: ZoneInfo, now: datetime
) -> list[PlaceRow]:
    """The places they are asked for now, the soonest first; none where there is nothing new.

    A place is put to somebody once, and once more in its last day: whoever could take none of
    the others is left in peace. `needing` are open or offered places by start; one that has begun
    is asked for by itself, for it needs somebody at once. Nobody is asked more often in a week than
    their shifts leave room for, and the last time is kept for what is near.
    """
    left = asks_a_week(one.own, now) - one.asked
    needing = [place for place in needing if left > 1 or place.starts_at - now <= SOON]
    if left < 1:
        return []
    if not _has_news(one, needing, now):
        return []
    could = list(_could_take(one, needing, zone, now))
    begun = [place for place in could if place.starts_at <= now]
    if begun:
        return begun[:1]
    return could[:AT_ONCE] if _has_news(one, could, now) else []


def asks_a_week(own: Iterable[PlaceRow], now: datetime) -> int:
    """How often somebody may be asked in a week, beside what they hear of their own shifts.

    Of the weeks before and after now the one with more shifts counts; adjoining places are one.
    """
    spans = merged((place.starts_at, place.ends_at) for place in own)
    before = sum(now - A_WEEK < begins <= now for begins, _ in spans)
    after = sum(now < begins <= now + A_WEEK for begins, _ in spans)
    return max(LEAST_ASKED, TEXTS_A_WEEK - TEXTS_A_SHIFT * max(before, after))


def may_be_asked(one: Somebody, now: datetime) -> bool:
    """Whether their week has room for being asked once more."""
    return one.asked < asks_a_week(one.own, now)


def could_take(one: Somebody, place: PlaceRow, zone: ZoneInfo, now: datetime) -> bool:
    """Whether nothing of theirs speaks against one place that needs someone."""
    return bool(list(_could_take(one, [place], zone, now)))


def _has_news(one: Somebody, places: Iterable[PlaceRow], now: datetime) -> bool:
    return any(place.id not in one.known or place.starts_at - now <= SOON for place in places)


def _could_take(
    one: Somebody, needing: Iterable[PlaceRow], zone: ZoneInfo, now: datetime
) -> Iterator[PlaceRow]:
    """Places against which nothing of theirs speaks, one of each time."""
    times = set[Span]()
    for place in needing:
        span = (place.starts_at, place.ends_at)
        if span in times or place.id in one.given_up or _has_left(one, place, now):
            continue
        left = (max(place.starts_at, now + _INSTANT), place.ends_at)
        if not findings(left, one.own, one.aways, one.limits, zone, now):
            times.add(span)
            yield place


def _has_left(one: Somebody, place: PlaceRow, now: datetime) -> bool:
    """Whether it is theirs to give, or the rest of a shift that they have just left."""
    left = place.starts_at <= now and any(own.ends_at == place.starts_at for own in one.own)
    return left or place.person_id == one.person_id


def worth_asking(
    needing: Iterable[PlaceRow], settling: Collection[int | None], now: datetime, *, short: bool
) -> list[PlaceRow]:
    """Of open and offered places those for which somebody is to be asked now.

    `settling` are places given up a moment ago, whose holder may still undo it: they wait, but
    for those that begin within two hours. One that has begun counts only while the line is `short`.
    """
    return [
        place
        for place in needing
        if place.ends_at - now >= WORTH_IT
        and (place.starts_at > now or short)
        and (place.id not in settling or place.starts_at - now <= URGENT)
    ]
