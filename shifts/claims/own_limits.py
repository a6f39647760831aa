"""What persons say of themselves: times they are away, and limits of their own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, delete, insert, select, update

from shifts.claims.findings import Limits
from shifts.claims.presence import THEIRS
from shifts.faults import Fault, NotInRoster
from shifts.local_time import DAY, Span, start_of_day
from shifts.models import Away, Person
from shifts.patterns.rule import EARLIEST, LATEST
from shifts.places import PlaceRow, of_person

LONGEST_AWAY = timedelta(days=400)
RANGES = {
    "most_hours_a_week": (1, 168, "hours a week"),
    "rest_hours": (0, 48, "hours of rest between two shifts"),
    "most_talks_a_shift": (1, 50, "talks a shift"),
}
"""Each limit's least and most, and what it is called."""


class AwayBackwards(Fault):
    """A time away would end before it begins."""


class AwayOver(Fault):
    """A time away lies in the past."""


class AwayTooLong(Fault):
    """A time away is longer than 400 days."""


class AwayTooFar(Fault):
    """A day lies before the zones' own data, or so far ahead that it is a slip of the keys."""


class NoSuchAway(Fault):
    """The person has no such time away."""


class LimitOutOfRange(Fault):
    """A limit is smaller or larger than such a limit can be."""


@dataclass(frozen=True)
class AwayTime:
    """A time away: half-open [starts_at, ends_at), UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class AwayTold:
    """A time away that was taken down, and the person's places that fall into it, untouched."""

    away: AwayTime
    places: tuple[PlaceRow, ...]


def local_days(first: date, last: date, zone: ZoneInfo) -> Span:
    """From the first instant of a local day to the end of another.

    Raises AwayBackwards or AwayTooFar.
    """
    if last < first:
        raise AwayBackwards(f"The last day, {last}, is before the first, {first}.")
    if first < EARLIEST or last > LATEST:
        raise AwayTooFar(f"A time away lies in the days from {EARLIEST} to {LATEST}.")
    return start_of_day(first, zone), start_of_day(last + DAY, zone)


def add_away(
    connection: Connection, line_id: int, person_id: int, span: Span, now: datetime
) -> AwayTold:
    """Somebody is away for a span (UTC); no place is given up by it: those in it are returned.

    A time that lies within one they have said before adds nothing. Raises AwayBackwards,
    AwayOver, AwayTooLong (over 400 days) or NotInRoster.
    """
    _refuse_impossible(span, now)
    locked(connection, line_id, person_id)
    within = _aways(line_id, person_id).where(Away.starts_at <= span[0], Away.ends_at >= span[1])
    known = connection.execute(within.limit(1)).first()
    away = AwayTime(*known) if known else _written(connection, person_id, span)
    fallen = [
        place
        for duty in (False, True)
        for place in of_person(connection, line_id, person_id, *span, duty=duty)
        if place.state in THEIRS and place.ends_at > now
    ]
    return AwayTold(away, tuple(sorted(fallen, key=lambda place: place.starts_at)))


def aways(connection: Connection, line_id: int, person_id: int, now: datetime) -> list[AwayTime]:
    """A person's times away that are not over, by start."""
    coming = _aways(line_id, person_id).where(Away.ends_at > now)
    return [AwayTime(*row) for row in connection.execute(coming)]


def remove_away(connection: Connection, line_id: int, person_id: int, away_id: int) -> AwayTime:
    """They are not away then after all; what it was. Raises NoSuchAway."""
    row = connection.execute(_aways(line_id, person_id).where(Away.id == away_id)).first()
    if row is None:
        raise NoSuchAway("That time away is not on the roster; AWAY shows those that are.")
    connection.execute(delete(Away).where(Away.id == away_id))
    return AwayTime(*row)


def forget_aways(connection: Connection, now: datetime) -> int:
    """Erase the times away that are over: when somebody was away is nobody's business later."""
    return connection.execute(delete(Away).where(Away.ends_at <= now)).rowcount


def limits_of(connection: Connection, line_id: int, person_id: int) -> Limits:
    """A person's own limits; raises NotInRoster."""
    return _limits(connection, _limits_query(line_id, person_id))


def locked(connection: Connection, line_id: int, person_id: int) -> Limits:
    """As `limits_of`, and nobody else changes this person's places until the transaction ends.

    On SQLite the writing transaction does that. Rows that merely name the person (a key share)
    are not held up, so that two who change different persons' places never wait in a circle.
    """
    return _limits(connection, _limits_query(line_id, person_id).with_for_update(key_share=True))


def set_limit(
    connection: Connection, line_id: int, person_id: int, name: str, number: int | None
) -> Limits:
    """Set one limit (a key of RANGES) or clear it (None); the limits as they are then.

    Raises LimitOutOfRange or NotInRoster.
    """
    least, most, words = RANGES[name]
    if number is not None and not least <= number <= most:
        raise LimitOutOfRange(f"{number} {words} cannot be a limit; {least} to {most} can.")
    theirs = (Person.id == person_id, Person.line_id == line_id)
    connection.execute(update(Person).where(*theirs).values({name: number}))
    return limits_of(connection, line_id, person_id)


def _refuse_impossible(span: Span, now: datetime) -> None:
    begin, end = span
    if end <= begin:
        raise AwayBackwards("A time away ends after it begins.")
    if end <= now:
        raise AwayOver("That time has passed.")
    if end - begin > LONGEST_AWAY:
        raise AwayTooLong("A time away is at most 400 days; say how long for now.")


def _aways(line_id: int, person_id: int) -> Select[int, datetime, datetime]:
    query = select(Away.id, Away.starts_at, Away.ends_at).join(Person)
    theirs = query.where(Away.person_id == person_id, Person.line_id == line_id)
    return theirs.order_by(Away.starts_at, Away.id)


def _written(connection: Connection, person_id: int, span: Span) -> AwayTime:
    row = {"person_id": person_id, "starts_at": span[0], "ends_at": span[1]}
    made = connection.execute(insert(Away).values(row).returning(Away.id))
    return AwayTime(made.scalar_one(), *span)


def _limits_query(line_id: int, person_id: int) -> Select[int | None, int | None, int | None]:
    limits = (Person.most_hours_a_week, Person.rest_hours, Person.most_talks_a_shift)
    return select(*limits).where(Person.id == person_id, Person.line_id == line_id)


def _limits(connection: Connection, query: Select[int | None, int | None, int | None]) -> Limits:
    row = connection.execute(query).first()
    if row is None:
        raise NotInRoster("That person is not on this line's roster.")
    return Limits(*row)
