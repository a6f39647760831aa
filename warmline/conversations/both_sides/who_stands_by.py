"""Who may be rung to stand by a peer: whoever is on duty, then fellows on shift who said yes."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from shifts.models import ON_STATES, Place
from shifts.who_is_on import LONGEST_PLACE
from warmline.calls.records import LiveCall
from warmline.conversations.ringing import whom_to_ring
from warmline.database.records import every, made_of
from warmline.languages import FIRST
from warmline.models.calls import Call, Ring
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.promise.promise import has_agreed
from warmline.routing.peers import END_OF_SHIFT


class Fellow(NamedTuple):
    """Somebody who may be rung to stand by a peer, with their languages as codes with commas."""

    person_id: int
    languages: str


_RINGS_NOW: Final = exists().where(Ring.person_id == Volunteer.person_id)
_CALLS: Final = exists().where(Call.volunteer_id == Volunteer.person_id)
_TEXTS: Final = exists().where(
    or_(Talk.volunteer_id == Volunteer.person_id, Talk.person_id == Volunteer.person_id)
)
_NOW: Final[Any] = bindparam("now")
_ON_DUTY: Final[Any] = (
    select(Volunteer.person_id, Volunteer.languages)
    .join(
        Place,
        and_(Volunteer.person_id == Place.person_id, Volunteer.line_id == Place.line_id),
    )
    .where(
        Place.line_id == bindparam("line_id"),
        Place.duty.is_(True),
        Place.starts_at > bindparam("earliest"),
        Place.starts_at <= _NOW,
        Place.ends_at >= bindparam("soon"),
        Place.state.in_(ON_STATES),
        has_agreed(bindparam("line_id")),
        Volunteer.voice,
        *(~busy for busy in (_RINGS_NOW, _CALLS, _TEXTS)),
        *(
            or_(rests.is_(None), rests <= _NOW)
            for rests in (
                Volunteer.paused_until,
                Volunteer.breather_until,
                Volunteer.resting_until,
            )
        ),
    )
    .order_by(Volunteer.person_id)
    .distinct()
)
_SAID_YES: Final = select(Volunteer.person_id).where(
    Volunteer.line_id == bindparam("line_id"), Volunteer.stands_by
)
_fellow: Final = made_of(Fellow, _ON_DUTY.selected_columns)


def language_of_peer(db: Connection, call: LiveCall) -> str:
    """The first language of the call's peer, in which they would be stood by."""
    known = select(Volunteer.languages).where(Volunteer.person_id == call.peer_id)
    return str(db.scalar(known) or FIRST).split(",")[0]


def next_one(db: Connection, call: LiveCall, tried: set[int], now: datetime) -> int | None:
    """Whom to ring next for the peer of this call; None: there is nobody (any more).

    Nobody is rung for it without having said yes beforehand: to being on duty, or to this. Of the
    fellows none whom a waiting caller may need.
    """
    not_them = tried | {call.peer_id, call.volunteer_id}
    language = language_of_peer(db, call)
    when = {"line_id": call.line_id, "now": now, "earliest": now - LONGEST_PLACE}
    on_duty = every(db.execute(_ON_DUTY, when | {"soon": now + END_OF_SHIFT}), _fellow)
    found = [one for one in on_duty if one.person_id not in not_them]
    if not found:
        found = [one for one in _fellows(db, call, now) if one.person_id not in not_them]
    # sorted() keeps the order of those who are alike: whoever has been idle longest.
    best = sorted(found, key=lambda one: language not in one.languages.split(","))
    return best[0].person_id if best else None


def _fellows(db: Connection, call: LiveCall, now: datetime) -> list[Fellow]:
    willing = set(db.scalars(_SAID_YES, {"line_id": call.line_id}))
    if not willing:
        return []
    spare = whom_to_ring.spare(db, call.line_id, now)
    if spare.beyond <= 0:
        return []
    free = [one for one in spare.peers if one.person_id in willing]
    free.sort(key=lambda one: one.standing(now))
    return [Fellow(one.person_id, ",".join(one.languages)) for one in free]
