"""Whether somebody of the roster is on shift or on duty, and whether a call has them already."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from shifts.models import LONGEST_PLACE_HOURS, ON_STATES, Place
from warmline.models.calls import Call
from warmline.models.talks import Talk
from warmline.routing.peers import END_OF_SHIFT

LONGEST: Final = timedelta(hours=LONGEST_PLACE_HOURS)


def is_on(db: Connection, person_id: int, now: datetime, *, duty: bool = False) -> bool:
    """On shift (or duty) now, and still in 20 s: nobody is rung into their evening."""
    held = (
        select(Place.starts_at, Place.ends_at)
        .where(
            Place.person_id == person_id,
            Place.duty.is_(duty),
            Place.starts_at > now - LONGEST,
            Place.starts_at <= now + END_OF_SHIFT,
            Place.ends_at > now,
            Place.state.in_(ON_STATES),
        )
        .order_by(Place.starts_at)
    )
    until = now
    for place in db.execute(held).all():
        if place.starts_at <= until:
            until = max(until, place.ends_at)
    return until - now >= END_OF_SHIFT


def is_in_a_call(db: Connection, person_id: int) -> bool:
    """As a peer, or as a caller themselves, or as the texter of a talk by text."""
    as_peer = select(Call.id).where(Call.peer_id == person_id, Call.ring_id.is_not(None))
    as_caller = select(Call.id).where(Call.volunteer_id == person_id)
    texting = select(Talk.id).where(Talk.volunteer_id == person_id)
    return db.execute(as_peer.union(as_caller, texting).limit(1)).first() is not None
