"""The one guard for whatever rings or texts: only who agreed, only on shift, only phones."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from shifts.models import LONGEST_PLACE_HOURS, ON_STATES, Place
from warmline.keeping.sealing import Seal, Unsealable
from warmline.models import Call, LineRules, Ring, Volunteer
from warmline.numbers import NotDialled, may_be_dialled
from warmline.peers import END_OF_SHIFT
from warmline.text_models import Talk, TalkText, TextOut

LONGEST: Final = timedelta(hours=LONGEST_PLACE_HOURS)


class MayNotText(Exception):
    """This text may not go out, now or any more; what it says holds no number."""


class MayNotRing(Exception):
    """This phone may not be rung now; the text says why and holds no number."""


def number_to_ring(db: Connection, token: str, now: datetime) -> tuple[str, int]:
    """The phone (E.164) of the ring with this token, and for how many seconds it may ring.

    Asked at the last moment before the ring is placed, for things change while it waits for
    its slot. Raises MayNotRing unless the volunteer has agreed, is on shift, is not in a pause,
    a breather or a talk, and the number is a phone in one of the line's countries.
    """
    found = (
        select(
            Volunteer.__table__,
            LineRules.countries,
            LineRules.ring_seconds,
            Ring.state.label("ring_state"),
        )
        .join(Ring, Ring.person_id == Volunteer.person_id)
        .join(LineRules, LineRules.line_id == Volunteer.line_id)
        .where(Ring.token == token)
    )
    row = db.execute(found).first()
    if row is None or row.ring_state != "asked for":
        raise MayNotRing("the ring is not wanted any more")
    _refuse_unwilling(row, now)
    if not _is_on(db, row.person_id, now):
        raise MayNotRing("they are off shift, or will be in a moment")
    if _is_in_a_call(db, row.person_id):
        raise MayNotRing("they are in a talk, or are calling themselves")
    try:
        may_be_dialled(row.phone, row.countries.split(","))
    except NotDialled as no:
        raise MayNotRing("the number is no phone that the line may dial") from no
    return row.phone, row.ring_seconds


def number_to_text(db: Connection, token: str) -> str:
    """The phone (E.164) to which the text with this token goes.

    An answer goes to whoever has just texted, also to somebody who has not agreed to more.
    Raises MayNotText unless the number is a phone in one of the line's countries.
    """
    found = (
        select(Volunteer.phone, LineRules.countries)
        .join(TextOut, TextOut.person_id == Volunteer.person_id)
        .join(LineRules, LineRules.line_id == Volunteer.line_id)
        .where(TextOut.token == token)
    )
    row = db.execute(found).first()
    if row is None:
        raise MayNotText("the text is not wanted any more")
    try:
        may_be_dialled(row.phone, row.countries.split(","))
    except NotDialled as no:
        raise MayNotText("the number is no phone that the line may text") from no
    return str(row.phone)


def number_of_talk(db: Connection, seal: Seal, token: str) -> str:
    """The phone (E.164) to which the text of a talk with this token goes.

    To the texter: their own number, sealed with the text. To a peer, or to somebody asked while
    the talk has none: only who has agreed. Raises MayNotText, also where the number is no phone
    in one of the line's countries.
    """
    found = (
        select(TalkText.__table__, LineRules.countries, Volunteer.phone, Volunteer.agreed)
        .join(LineRules, LineRules.line_id == TalkText.line_id)
        .join(Volunteer, Volunteer.person_id == TalkText.person_id, isouter=True)
        .where(TalkText.token == token)
    )
    row = db.execute(found).first()
    if row is None or (row.side == "asked" and not _is_looked_for(db, row.talk)):
        raise MayNotText("the text is not wanted any more")
    number = _number_of(row, seal)
    try:
        may_be_dialled(number, row.countries.split(","))
    except NotDialled as no:
        raise MayNotText("the number is no phone that the line may text") from no
    return number


def _number_of(row: Row[Any], seal: Seal) -> str:
    if row.side != "caller":
        if row.agreed != "yes":
            raise MayNotText("they have not agreed to texts")
        return str(row.phone)
    if row.number is None:
        raise MayNotText("the network has it already")
    try:
        return seal.open(row.number, row.token)
    except Unsealable as no:
        raise MayNotText(str(no)) from None


def _is_looked_for(db: Connection, talk: str) -> bool:
    alone = select(Talk.id).where(Talk.token == talk, Talk.person_id.is_(None))
    return db.execute(alone).first() is not None


def _refuse_unwilling(row: Row[Any], now: datetime) -> None:
    if row.agreed != "yes" or not row.voice:
        raise MayNotRing("they have not agreed to calls")
    if any(until is not None and until > now for until in (row.paused_until, row.breather_until)):
        raise MayNotRing("they are in a pause or a breather")


def _is_on(db: Connection, person_id: int, now: datetime) -> bool:
    """On shift now, and still when 20 s have passed, so that nobody is rung into their evening."""
    held = (
        select(Place.starts_at, Place.ends_at)
        .where(
            Place.person_id == person_id,
            Place.duty.is_(False),
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


def _is_in_a_call(db: Connection, person_id: int) -> bool:
    """As a peer, or as a caller themselves."""
    as_peer = select(Call.id).where(Call.peer_id == person_id, Call.ring_id.is_not(None))
    as_caller = select(Call.id).where(Call.volunteer_id == person_id)
    return db.execute(as_peer.union(as_caller).limit(1)).first() is not None
