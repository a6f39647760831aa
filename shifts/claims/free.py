"""Whether somebody is free for a place, and what else speaks against it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.claims.findings import DOUBLE, Finding, Limits, findings
from shifts.claims.own_limits import aways
from shifts.claims.presence import THEIRS
from shifts.places import PlaceRow, of_person
from shifts.refusals import DoublePlace

AROUND = timedelta(days=10)
"""A week's hours and the rest before and after lie within it, with the longest place to spare."""


def judge(
    connection: Connection,
    place: PlaceRow,
    limits: Limits,
    zone: ZoneInfo,
    now: datetime,
    without: Collection[int | None],
) -> tuple[Finding, ...]:
    """What may be said about somebody's having a place as it would be; it does not forbid it.

    `without` are places that do not count, such as the place itself as it is. A person's limits
    are about peers' shifts: to a place on duty they do not apply. Raises DoublePlace.
    """
    own = _own(connection, place, AROUND, without)
    span = (place.starts_at, place.ends_at)
    away = [(one.starts_at, one.ends_at) for one in aways(connection, *_whose(place), now)]
    found = findings(span, own, away, Limits() if place.duty else limits, zone, now)
    for double in (one for one in found if one.name == DOUBLE):
        raise DoublePlace(double.sentence)
    return tuple(one for one in found if not one.blocks)


def refuse_double(
    connection: Connection, places: Iterable[PlaceRow], without: Collection[int | None]
) -> None:
    """Raises DoublePlace when a holder of these places has another one then.

    `without` are places that do not count: those that become these.
    """
    for place in places:
        if place.person_id is not None and _own(connection, place, timedelta(), without):
            raise DoublePlace("That would put somebody on two shifts at the same time; look again.")


def _whose(place: PlaceRow) -> tuple[int, int]:
    return place.line_id, place.person_id or 0


def _own(
    connection: Connection, place: PlaceRow, around: timedelta, without: Collection[int | None]
) -> list[PlaceRow]:
    begin, end = place.starts_at - around, place.ends_at + around
    own: Iterable[PlaceRow] = of_person(connection, *_whose(place), begin, end, duty=place.duty)
    return [one for one in own if one.state in THEIRS and one.id not in without]
