"""Shifts that begin soon, or now: their people hear of it once, as they wish."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from shifts.local_time import Span
from shifts.models import ON_STATES, Line, Place
from shifts.who_is_on import LONGEST_PLACE, seamless_until
from warmline.conversations import persons
from warmline.database.records import every, made_of
from warmline.models.people import Volunteer
from warmline.models.texts import OneTimeMark
from warmline.operations import one_time
from warmline.people import quiet_hours
from warmline.sending import texts
from warmline.telephony.conversation import Turn

DAY_AHEAD, HOUR_AHEAD = timedelta(hours=24), timedelta(hours=1)
DAY_OF_USE, HOUR_OF_USE = timedelta(hours=3), timedelta(minutes=45)
START_OF_USE: Final = timedelta(minutes=15)
LOOKED_AHEAD: Final = DAY_AHEAD + timedelta(hours=24) + DAY_OF_USE
"""A reminder that would fall into quiet hours comes before them: up to a day earlier."""
DAY, HOUR, OFF = "day", "hour", "off"
AHEAD, NOW = "ahead", "now"


@dataclass(frozen=True)
class Reminder:
    """One text about a shift: to be sent from `at` on, of use until `until` (UTC)."""

    kind: str
    at: datetime
    until: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it is time, and not too late."""
        return self.at <= now < self.until


class Beginning(NamedTuple):
    """A place that begins soon, with its person's wishes; `of_line` is the line's zone."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    duty: bool
    remind: str
    quiet_from: int | None
    quiet_until: int | None
    time_zone: str | None
    of_line: str


def of_shift(
    starts_at: datetime,
    wish: str,
    zone: ZoneInfo,
    quiet_from: int | None = None,
    quiet_until: int | None = None,
) -> list[Reminder]:
    """The texts about a shift by its person's own wish: "day", "hour" or "off".

    The one of the day before keeps out of their quiet hours: it comes just before they begin.
    """
    if wish == OFF:
        return []
    now = Reminder(NOW, starts_at, starts_at + START_OF_USE)
    if wish == HOUR:
        at = starts_at - HOUR_AHEAD
        return [Reminder(AHEAD, at, at + HOUR_OF_USE), now]
    return [_day_before(starts_at - DAY_AHEAD, zone, quiet_from, quiet_until), now]


def _day_before(
    at: datetime, zone: ZoneInfo, quiet_from: int | None, quiet_until: int | None
) -> Reminder:
    """At `at`, or before the quiet hours in which that lies; of no use once those begin."""
    hours = quiet_hours.around(at, zone, quiet_from, quiet_until)
    if hours is not None:
        return Reminder(AHEAD, hours[0] - DAY_OF_USE, hours[0])
    hours = quiet_hours.around(at + DAY_OF_USE, zone, quiet_from, quiet_until)
    return Reminder(AHEAD, at, at + DAY_OF_USE if hours is None else hours[0])


def are_due(db: Connection, now: datetime) -> bool:
    """Whether somebody has to be told of a shift of theirs."""
    return any(True for _ in _due(db, now))


def remind(turn: Turn) -> int:
    """Tell everybody whose shift is soon, or begins; how many texts."""
    told = 0
    for place, reminder in [*_due(turn.db, turn.now)]:
        if one_time.first(turn.db, _key(place, reminder), turn.now, place.starts_at + DAY_AHEAD):
            told += _tell(turn, place, reminder)
    return told


def need_none(turn: Turn, person_id: int) -> None:
    """Whoever has just said yes, or come on, needs no word about what they know."""
    for place, reminder in [*_due(turn.db, turn.now, person_id)]:
        one_time.first(turn.db, _key(place, reminder), turn.now, place.starts_at + DAY_AHEAD)


def _tell(turn: Turn, place: Beginning, reminder: Reminder) -> int:
    me = persons.by_person(turn, place.person_id)
    if me is None or not me.agreed:
        return 0
    who = (turn.db, me.line_id, me.person_id)
    until = seamless_until(*who, place.ends_at, duty=place.duty)
    key = f"remind_{reminder.kind}_duty" if place.duty else f"remind_{reminder.kind}"
    span: Span = (place.starts_at, until)
    said = me.text(turn, key, when=me.span(*span), until=me.time(until))
    persons.tell(turn, me, [said], texts.SHIFT, reminder.until - turn.now)
    return 1


def _due(
    db: Connection, now: datetime, person_id: int | None = None
) -> Iterator[tuple[Beginning, Reminder]]:
    """The shifts, by their first place, of which something has to be said now and was not yet."""
    found = [
        (row, one)
        for row in _beginning(db, now, person_id)
        for one in of_shift(
            row.starts_at,
            row.remind,
            ZoneInfo(row.time_zone or row.of_line),
            row.quiet_from,
            row.quiet_until,
        )
        if one.is_due(now)
    ]
    known = _reminded(db, [_key(row, one) for row, one in found])
    yield from ((row, one) for row, one in found if _key(row, one) not in known)


_before: Final = aliased(Place)
_CONTINUES: Final = exists().where(
    _before.person_id == Place.person_id,
    _before.duty == Place.duty,
    _before.starts_at > bindparam("earliest"),
    _before.starts_at < Place.starts_at,
    _before.ends_at == Place.starts_at,
    _before.state.in_(ON_STATES),
)
"""Whether a place goes on with another of the same person; without `earliest` their whole past
would be read."""
_BEGINNING: Final = (
    select(
        *(Volunteer.person_id, Place.starts_at, Place.ends_at, Place.duty),
        *(Volunteer.remind, Volunteer.quiet_from, Volunteer.quiet_until),
        *(Volunteer.time_zone, Line.time_zone.label("of_line")),
    )
    .join(Volunteer, Volunteer.person_id == Place.person_id)
    .join(Line, Line.id == Place.line_id)
    .where(
        Place.starts_at > bindparam("begun"),
        Place.starts_at <= bindparam("until"),
        or_(Place.starts_at <= bindparam("in_an_hour"), Place.starts_at > bindparam("in_a_day")),
        Place.state.in_(ON_STATES),
        Volunteer.agreed == "yes",
        Volunteer.remind != OFF,
        ~_CONTINUES,
    )
    .order_by(Place.starts_at, Place.id)
)
_THEIRS: Final = _BEGINNING.where(Place.person_id == bindparam("person_id"))
_place: Final = made_of(Beginning, _BEGINNING.selected_columns)


def _beginning(db: Connection, now: datetime, person_id: int | None) -> list[Beginning]:
    """Places that begin about now, or in a day or two, and continue none of the same person."""
    begun = now - START_OF_USE
    soon = {"in_an_hour": now + HOUR_AHEAD, "in_a_day": now + DAY_AHEAD - DAY_OF_USE}
    spans = {"earliest": begun - LONGEST_PLACE, "begun": begun, "until": now + LOOKED_AHEAD}
    if person_id is None:
        return every(db.execute(_BEGINNING, spans | soon), _place)
    return every(db.execute(_THEIRS, spans | soon | {"person_id": person_id}), _place)


def _reminded(db: Connection, keys: Sequence[str]) -> set[str]:
    return (
        set(db.scalars(select(OneTimeMark.what).where(OneTimeMark.what.in_(keys))))
        if keys
        else set()
    )


def _key(place: Beginning, reminder: Reminder) -> str:
    """By whose it is and when it begins: a place that is written anew is no other shift."""
    begins, kind = int(place.starts_at.timestamp()) // 60, "duty" if place.duty else "shift"
    return f"remind:{reminder.kind}:{kind}:{place.person_id}:{begins}"
