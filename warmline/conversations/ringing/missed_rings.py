"""Rings that did not get through: at the second the volunteer alone is told, and nobody counts."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from shifts.models import ON_STATES, Place
from shifts.who_is_on import LONGEST_PLACE
from warmline.calls.records import LiveRing
from warmline.conversations import persons
from warmline.models.people import Volunteer
from warmline.sending import texts
from warmline.telephony.conversation import Turn

TOLD_AT: Final = 2
OF_USE: Final = timedelta(minutes=30)
_MISSED: Final = (
    update(Volunteer)
    .where(Volunteer.person_id == bindparam("whose"))
    .values(missed=Volunteer.missed + 1)
    .returning(Volunteer.missed)
)
_HEARD: Final = update(Volunteer).where(
    Volunteer.person_id == bindparam("whose"), Volunteer.missed > 0
)


def missed(turn: Turn, ring: LiveRing) -> None:
    """Their phone did not get through; the second time in a row they are told."""
    number = turn.db.execute(_MISSED, {"whose": ring.person_id}).scalar()
    if number is None or number < TOLD_AT:
        return
    heard_of(turn.db, ring.person_id)
    me = persons.by_person(turn, ring.person_id)
    if me is not None:
        persons.tell(turn, me, [me.text(turn, "missed_twice")], texts.SHIFT, OF_USE)


def heard_of(db: Connection, person_id: int) -> None:
    """They are there: they pressed a key, or wrote."""
    db.execute(_HEARD, {"whose": person_id, "missed": 0})


def are_known(db: Connection, now: datetime) -> bool:
    """Whether something is known of the evening of somebody who is off shift now."""
    return db.execute(select(Volunteer.person_id).where(*_over(now)).limit(1)).first() is not None


def forget_evenings(db: Connection, now: datetime) -> int:
    """What was known of the evening of those who are off shift now is erased; how many they are."""
    nothing = {"missed": 0, "idle_since": None, "resting_until": None, "breather_until": None}
    return db.execute(update(Volunteer).where(*_over(now)).values(**nothing)).rowcount


def _over(now: datetime) -> Any:
    on = select(Place.person_id).where(
        Place.person_id.is_not(None),
        Place.starts_at > now - LONGEST_PLACE,
        Place.starts_at <= now,
        Place.ends_at > now,
        Place.state.in_(ON_STATES),
    )
    known = (
        (Volunteer.missed > 0)
        | Volunteer.idle_since.is_not(None)
        | Volunteer.resting_until.is_not(None)
        | (Volunteer.breather_until <= now)
    )
    return known, Volunteer.person_id.not_in(on)
