"""A pause that others ask for: when one alone may, and how the line remembers it."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from warmline.database.records import every, first, made_of
from warmline.models.people import PauseByOthers, Volunteer
from warmline.operations import one_time
from warmline.promise.promise import YES

HELD: Final = "held"
ALONE_FOR: Final = timedelta(hours=24)
ALONE_AGAIN: Final = timedelta(days=7)
"""One after the other, each alone, would be a pause by one for longer than its day."""
DAYS: Final = (7, 14, 30)
"""For how long two may ask."""
MOST_WORDS: Final = 100
"""Characters of the reason, so that it fits into the text in which its person is told."""


class Pause(NamedTuple):
    """A pause that others have asked for, until `until` (UTC); see models/people.py."""

    person_id: int
    line_id: int
    by_id: int | None
    alone: bool
    why: str
    until: datetime


_pause: Final = made_of(Pause, PauseByOthers.__table__.c)


class NotNow(Exception):
    """They cannot be paused so; `key` names why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def of(db: Connection, person_id: int) -> Pause | None:
    """The pause somebody is in, if others have asked for one."""
    return first(
        db.execute(select(PauseByOthers.__table__).where(PauseByOthers.person_id == person_id)),
        _pause,
    )


def all_of(db: Connection, line_id: int) -> dict[int, Pause]:
    """Every pause of a line, by person."""
    rows = every(
        db.execute(select(PauseByOthers.__table__).where(PauseByOthers.line_id == line_id)), _pause
    )
    return {row.person_id: row for row in rows}


def refuse_alone(db: Connection, person_id: int, by_id: int, now: datetime) -> None:
    """Raise NotNow unless one alone may pause them: not in a pause, and once a week.

    Nor does one pause a second person within that week: nobody can empty a roster alone.
    """
    if of(db, person_id) is not None:
        raise NotNow("held_already")
    for what in (f"held:{person_id}", f"held-by:{by_id}"):
        if not one_time.first(db, what, now, now + ALONE_AGAIN):
            raise NotNow("held_lately")


def begin(
    db: Connection, line_id: int, person_id: int, by_id: int, why: str, now: datetime, days: int = 0
) -> datetime:
    """They are paused for so many days, or for a day by one alone; until when (UTC).

    One that they are in already gives way. Whoever is not rung anyway stays so when it is over.
    """
    until = now + (timedelta(days=days) if days else ALONE_FOR)
    db.execute(delete(PauseByOthers).where(PauseByOthers.person_id == person_id))
    row = {"person_id": person_id, "line_id": line_id, "by_id": by_id, "alone": not days}
    db.execute(insert(PauseByOthers).values(row | {"why": why, "until": until}))
    _turn(db, person_id, YES, HELD)
    return until


def end(db: Connection, person_id: int) -> bool:
    """It is over: their own yes holds as before; whether they were in one."""
    ended = db.execute(delete(PauseByOthers).where(PauseByOthers.person_id == person_id)).rowcount
    _turn(db, person_id, HELD, YES)
    return bool(ended)


def over(db: Connection, now: datetime) -> list[int]:
    """Whose pause is over by now."""
    return list(db.scalars(select(PauseByOthers.person_id).where(PauseByOthers.until <= now)))


def kept(db: Connection, person_id: int, agreed: str) -> str:
    """What is to be written where somebody says yes to rings and texts: not yet, in a pause."""
    return HELD if agreed == YES and of(db, person_id) is not None else agreed


def _turn(db: Connection, person_id: int, old: str, new: str) -> None:
    theirs = update(Volunteer).where(Volunteer.person_id == person_id, Volunteer.agreed == old)
    db.execute(theirs.values(agreed=new))
