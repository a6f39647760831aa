"""Who is on and who is next: the one resolver over the places of a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from shifts.models import LONGEST_PLACE_HOURS, ON_STATES, Person, Place

LONGEST_PLACE = timedelta(hours=LONGEST_PLACE_HOURS)
WEEK = timedelta(days=7)
PLACES_AHEAD = 100
"""How many places are read to find somebody's next few shifts: enough, and never a whole roster."""


@dataclass(frozen=True)
class OnShift:
    """Somebody who is on: since `starts_at`, seamlessly `until`; UTC, half-open."""

    person_id: int
    name: str
    starts_at: datetime
    until: datetime


@dataclass(frozen=True)
class Stretch:
    """One or more adjoining places of one person, as they are shown: [starts_at, until), UTC."""

    starts_at: datetime
    until: datetime


def on_places(
    line_id: int | BindParameter[int],
    now: datetime | BindParameter[datetime],
    earliest: BindParameter[datetime] | None = None,
    *,
    duty: bool = False,
) -> Select[int | None, datetime, datetime]:
    """The places whose holders are on at `now`: person, start and end.

    Because no place is longer than 25 hours, the start lies within one short range of
    ix_place_on, whatever the number of places. `earliest` is that range's begin when `now`
    is a bound parameter. `duty` asks for the coordinators on call instead of peers.
    """
    since = now - LONGEST_PLACE if earliest is None else earliest
    return select(Place.person_id, Place.starts_at, Place.ends_at).where(
        Place.line_id == line_id,
        Place.duty.is_(duty),
        Place.starts_at > since,
        Place.starts_at <= now,
        Place.ends_at > now,
        Place.state.in_(ON_STATES),
    )


_next = aliased(Place)
_adjoining_end = (
    select(_next.ends_at)
    .where(
        _next.person_id == Place.person_id,
        _next.duty == Place.duty,
        _next.starts_at == Place.ends_at,
        _next.state.in_(ON_STATES),
    )
    .limit(1)
    .correlate(Place)
    .scalar_subquery()
)


def _who_is_on(*, duty: bool) -> Select[int | None, datetime, datetime, str, datetime]:
    query = on_places(bindparam("line_id"), bindparam("now"), bindparam("earliest"), duty=duty)
    # With the line beside the id, PostgreSQL reads the persons of this line and no others.
    theirs = and_(Person.id == Place.person_id, Person.line_id == Place.line_id)
    holders = query.join(Person, theirs)
    return holders.add_columns(Person.name, _adjoining_end.label("next_ends_at"))


_PEERS_ON, _ON_DUTY = _who_is_on(duty=False), _who_is_on(duty=True)


def who_is_on(
    connection: Connection,
    line_id: int,
    at: datetime,
    among: Select[int] | None = None,
    *,
    duty: bool = False,
) -> list[OnShift]:
    """Who is on at an instant, by name; `until` follows adjoining places of the same person.

    `among` narrows it to some persons (their ids), for example to those who may be rung; `duty`
    asks for the coordinators on call instead of peers.
    """
    query = _ON_DUTY if duty else _PEERS_ON
    query = query if among is None else query.where(Place.person_id.in_(among))
    values = {"line_id": line_id, "now": at, "earliest": at - LONGEST_PLACE}
    on, going_on = [], {}
    for row in connection.execute(query, values):
        on.append(OnShift(row.person_id, row.name, row.starts_at, row.ends_at))
        if row.next_ends_at is not None:
            going_on[row.person_id] = row.next_ends_at
    last = _followed(connection, line_id, going_on, duty=duty) if going_on else {}
    seamless = (replace(one, until=last.get(one.person_id, one.until)) for one in on)
    return sorted(seamless, key=lambda one: (one.name, one.person_id))


def _followed(
    connection: Connection, line_id: int, ends: dict[int, datetime], *, duty: bool = False
) -> dict[int, datetime]:
    """Where each person's adjoining places end at last, given where the first of them ends."""
    last, moving = dict(ends), dict(ends)
    while moving:
        query = select(Place.person_id, Place.starts_at, Place.ends_at).where(
            Place.line_id == line_id,
            Place.duty.is_(duty),
            Place.person_id.in_(moving),
            Place.starts_at.in_(set(moving.values())),
            Place.state.in_(ON_STATES),
        )
        rows = connection.execute(query)
        moving = {
            row.person_id: row.ends_at for row in rows if moving[row.person_id] == row.starts_at
        }
        last |= moving
    return last


def seamless_until(
    connection: Connection, line_id: int, person_id: int, end: datetime, *, duty: bool = False
) -> datetime:
    """Where the places that adjoin `end` for this person come to an end; `end` if none does."""
    return _followed(connection, line_id, {person_id: end}, duty=duty)[person_id]


def next_on(
    connection: Connection,
    line_id: int,
    now: datetime,
    within: timedelta = WEEK,
    among: Select[int] | None = None,
    *,
    duty: bool = False,
) -> datetime | None:
    """When somebody is next on: the earliest start after `now`, at most `within` ahead.

    `among` and `duty` as in `who_is_on`.
    """
    query = (
        select(Place.starts_at)
        .where(
            Place.line_id == line_id,
            Place.duty.is_(duty),
            Place.starts_at > now,
            Place.starts_at <= now + within,
            Place.state.in_(ON_STATES),
        )
        .order_by(Place.starts_at)
        .limit(1)
    )
    if among is not None:
        query = query.where(Place.person_id.in_(among))
    return connection.scalar(query)


def next_places(
    connection: Connection,
    line_id: int,
    person_id: int,
    now: datetime,
    most: int = 3,
    *,
    duty: bool = False,
) -> list[Stretch]:
    """A person's own coming shifts in order, adjoining places as one; the present one is none.

    `duty` asks for their coming times as the coordinator on call instead.
    """
    query = (
        select(Place.starts_at, Place.ends_at)
        .where(
            *held_by(line_id, person_id),
            Place.duty.is_(duty),
            Place.starts_at > now - LONGEST_PLACE,
            Place.ends_at > now,
            Place.state.in_(ON_STATES),
        )
        .order_by(Place.starts_at)
        .limit(PLACES_AHEAD)
    )
    places = (Stretch(*row) for row in connection.execute(query))
    coming = (one for one in stretches(places) if one.starts_at > now)
    return [one for one, _ in zip(coming, range(most), strict=False)]


def held_by(line_id: int, person_id: int) -> tuple[ColumnElement[bool], ...]:
    """A person's places, found by the person alone.

    By the line, SQLite would read its whole roster to come for somebody who has few places or
    none: a column of which something is made is no way into an index.
    """
    return Place.line_id + 0 == line_id, Place.person_id == person_id


def stretches(places: Iterable[Stretch]) -> Iterator[Stretch]:
    """One person's places, in order of start, with those that adjoin joined into one."""
    current: Stretch | None = None
    for place in places:
        if current is not None and place.starts_at <= current.until:
            current = replace(current, until=max(current.until, place.until))
            continue
        if current is not None:
            yield current
        current = place
    if current is not None:
        yield current


def pieces(starts_at: datetime, ends_at: datetime) -> list[tuple[datetime, datetime]]:
    """A shift of any length as the adjoining places that store it, each at most 25 hours."""
    cuts = [starts_at]
    while ends_at - cuts[-1] > LONGEST_PLACE:
        cuts.append(cuts[-1] + LONGEST_PLACE)
    return list(zip(cuts, [*cuts[1:], ends_at], strict=True))
