"""The life of somebody more coming into a call: who wished for it, the search, in."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from warmline.calls.records import LiveCall
from warmline.database.engine import upsert
from warmline.database.records import every, first, made_of
from warmline.models.calls import ThirdPerson, ThirdPersonRules

ThirdState = Literal["looking", "coming", "in"]
LOOKING: Final[ThirdState] = "looking"
COMING: Final[ThirdState] = "coming"
"""Somebody has pressed 1; where the yes was spoken, the caller hears so before they come in."""
IN: Final[ThirdState] = "in"
Purpose = Literal["join", "take over", "stand by"]
JOIN: Final[Purpose] = "join"
TAKE_OVER: Final[Purpose] = "take over"
"""In place of the peer: both of these need the caller's own yes."""
STAND_BY: Final[Purpose] = "stand by"
"""Beside the peer alone, while the caller waits: they never meet the caller."""
LAPSES: Final = timedelta(minutes=3)
"""The yes lapses with the search that it started."""


class ThirdWish(NamedTuple):
    """A wish for somebody more: for which call, how far its search is; see models/calls.py."""

    call_id: int
    line_id: int
    state: ThirdState
    purpose: Purpose
    room: str | None
    aloud: bool
    ring_id: int | None
    tried: str
    until: datetime


_TABLE: Final[Any] = ThirdPerson.__table__
_OF_CALL: Final = select(_TABLE).where(ThirdPerson.call_id == bindparam("call_id"))
_OF_RING: Final = select(_TABLE).where(ThirdPerson.ring_id == bindparam("ring_id"))
_WISH: Final = upsert(
    lambda insert: (
        insert(ThirdPerson)
        .on_conflict_do_nothing(index_elements=["call_id"])
        .returning(ThirdPerson.call_id)
    )
)
_END: Final = (
    delete(ThirdPerson).where(ThirdPerson.call_id == bindparam("whose")).returning(*_TABLE.c)
)

_third: Final = made_of(ThirdWish, _TABLE.c)


def of_call(db: Connection, call_id: int) -> ThirdWish | None:
    """The third person wished for in a call, looked for or there."""
    return first(db.execute(_OF_CALL, {"call_id": call_id}), _third)


def of_ring(db: Connection, ring_id: int) -> ThirdWish | None:
    """The wish that a third person's ring serves; None once it is over."""
    return first(db.execute(_OF_RING, {"ring_id": ring_id}), _third)


def wish(
    db: Connection,
    call: LiveCall,
    until: datetime,
    purpose: Purpose = JOIN,
    *,
    aloud: bool = False,
    room: str | None = None,
) -> bool:
    """One more person is wished for; False while there is one, or one is sought."""
    row: dict[str, object] = {"call_id": call.id, "line_id": call.line_id, "state": LOOKING}
    row |= {"until": until, "purpose": purpose, "aloud": aloud, "room": room}
    return db.execute(_WISH[db.dialect.name], row).first() is not None


def move(db: Connection, call_id: int, old: ThirdState, new: ThirdState) -> bool:
    """From one state to the next; whoever changes the row has done it."""
    this = update(ThirdPerson).where(ThirdPerson.call_id == call_id, ThirdPerson.state == old)
    return db.execute(this.values(state=new)).rowcount == 1


def is_rung(db: Connection, call_id: int, ring_id: int) -> bool:
    """From now on this ring serves the wish, if none did."""
    free = (
        ThirdPerson.call_id == call_id,
        ThirdPerson.ring_id.is_(None),
        ThirdPerson.state == LOOKING,
    )
    return db.execute(update(ThirdPerson).where(*free).values(ring_id=ring_id)).rowcount == 1


def not_them(db: Connection, third: ThirdWish, person_id: int) -> None:
    """They pass, or their phone was not picked up: somebody else may be rung."""
    tried = ",".join(filter(None, (third.tried, str(person_id))))
    still = update(ThirdPerson).where(
        ThirdPerson.call_id == third.call_id, ThirdPerson.ring_id == third.ring_id
    )
    db.execute(still.values(ring_id=None, tried=tried))


def tried(third: ThirdWish) -> set[int]:
    """Whom the search has rung."""
    return {int(one) for one in third.tried.split(",") if one}


def end(db: Connection, call_id: int) -> ThirdWish | None:
    """The yes is used up or over: the row as it was, or None."""
    return first(db.execute(_END, {"whose": call_id}), _third)


def searching_wishes(db: Connection) -> list[ThirdWish]:
    """Every wish whose search goes on, whether somebody is rung for it just now or not."""
    return every(db.execute(select(_TABLE).where(ThirdPerson.state == LOOKING)), _third)


def takes_spoken(db: Connection, line_id: int) -> bool:
    """Whether a line takes a yes that a volunteer reports."""
    found = select(ThirdPersonRules.spoken).where(ThirdPersonRules.line_id == line_id)
    said = db.scalar(found)
    return said is None or bool(said)


def take_spoken(db: Connection, line_id: int, *, takes: bool) -> None:
    """Whether it does from now on."""
    db.execute(delete(ThirdPersonRules).where(ThirdPersonRules.line_id == line_id))
    db.execute(insert(ThirdPersonRules).values(line_id=line_id, spoken=takes))
