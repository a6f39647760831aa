"""Open places: whoever could take one is asked, once a day at most and never in quiet hours."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, or_, select, update

from shifts.free import judge
from shifts.models import COVER_WANTED, OPEN, Line, Place
from shifts.own_limits import limits_of
from shifts.places import PlaceRow, between
from shifts.refusals import DoublePlace
from warmline import once, quiet
from warmline.conversations import texting
from warmline.conversations.texted_shifts import OPEN_LIST, Entry, page
from warmline.models import Volunteer
from warmline.phone import texts
from warmline.phone.conversation import Turn
from warmline.text_models import Told

AHEAD: Final = timedelta(days=7)
ONCE_IN: Final = timedelta(days=1)
AT_ONCE: Final = 3
"""As many places as one text asks for: the soonest."""


def is_wanted(db: Connection, now: datetime) -> bool:
    """Whether a place needs somebody, and somebody may be asked now."""
    needs = select(Place.id).where(
        Place.state.in_((OPEN, COVER_WANTED)),
        Place.duty.is_(False),
        Place.starts_at > now,
        Place.starts_at <= now + AHEAD,
    )
    return db.execute(needs.limit(1)).first() is not None and any(
        True for _ in _may_be_asked(db, now)
    )


def ask(turn: Turn) -> int:
    """Ask everybody who could take one of the open places; how many were asked."""
    people = [*_may_be_asked(turn.db, turn.now)]
    return sum(_ask(turn, row) for row in people)


def gave_up(db: Connection, place_id: int, person_id: int, now: datetime, until: datetime) -> None:
    """Whoever has given a place up is not asked whether they could take it."""
    if until > now:
        once.first(db, _given_up(place_id, person_id), now, until)


def _may_be_asked(db: Connection, now: datetime) -> Iterator[Any]:
    """Volunteers who were not asked for a day, and for whom it is not quiet."""
    lately = or_(Volunteer.cover_asked_at.is_(None), Volunteer.cover_asked_at <= now - ONCE_IN)
    found = (
        select(Volunteer.__table__, Line.time_zone.label("of_line"))
        .join(Line, Line.id == Volunteer.line_id)
        .where(Volunteer.agreed == "yes", lately)
        .order_by(Volunteer.person_id)
    )
    for row in db.execute(found):
        zone = ZoneInfo(row.time_zone or row.of_line)
        hours = (row.quiet_from, row.quiet_until)
        if row.asked_at_night or quiet.until(now, zone, *hours) is None:
            yield row


def _ask(turn: Turn, row: Any) -> bool:
    zone = ZoneInfo(row.of_line)
    could = [*_could_take(turn, row.line_id, row.person_id, zone)][:AT_ONCE]
    me = texting.by_person(turn, row.person_id) if could else None
    if me is None or not _claim(turn.db, row.person_id, turn.now):
        return False
    bodies = page(turn, me, "cover", OPEN_LIST, [Entry((place,)) for place in could])
    texting.tell(turn, me, bodies, texts.COVER, could[0].starts_at - turn.now)
    return True


def _could_take(turn: Turn, line_id: int, person_id: int, zone: ZoneInfo) -> Iterator[PlaceRow]:
    """Open places of the days ahead against which nothing of theirs speaks, one of each time."""
    limits = limits_of(turn.db, line_id, person_id)
    times = set()
    for place in _needing(turn.db, line_id, turn.now):
        span = (place.starts_at, place.ends_at)
        if span in times or place.person_id == person_id:
            continue
        if _has_given_up(turn.db, place, person_id):
            continue
        as_theirs = PlaceRow(place.id, line_id, *span, person_id, OPEN)
        try:
            speaks_against = judge(turn.db, as_theirs, limits, zone, turn.now, [place.id])
        except DoublePlace:
            continue
        if not speaks_against:
            times.add(span)
            yield place


def _needing(db: Connection, line_id: int, now: datetime) -> Sequence[PlaceRow]:
    ahead = between(db, line_id, now, now + AHEAD)
    return [one for one in ahead if one.state in (OPEN, COVER_WANTED) and one.starts_at > now]


def _has_given_up(db: Connection, place: PlaceRow, person_id: int) -> bool:
    marked = exists().where(Told.what == _given_up(place.id or 0, person_id))
    return bool(db.execute(select(marked)).scalar())


def _given_up(place_id: int, person_id: int) -> str:
    return f"gave:{place_id}:{person_id}"


def _claim(db: Connection, person_id: int, now: datetime) -> bool:
    """Of several clocks, one asks: whoever has changed the row."""
    lately = or_(Volunteer.cover_asked_at.is_(None), Volunteer.cover_asked_at <= now - ONCE_IN)
    mine = update(Volunteer).where(Volunteer.person_id == person_id, lately)
    return db.execute(mine.values(cover_asked_at=now)).rowcount == 1
