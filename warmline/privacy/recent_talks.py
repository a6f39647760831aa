"""For ten minutes after a talk by phone its volunteer can still say that a line was crossed.

Of the caller nothing is there but a digest with a salt of its own, once they have gone; both go
when the ten minutes are over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select, update

from warmline.database.records import first, made_of
from warmline.database.sealing import Seal
from warmline.models.privacy import RecentTalk
from warmline.privacy import boundaries
from warmline.privacy.boundaries import Digest

AFTERWARDS: Final = timedelta(minutes=10)


class Recent(NamedTuple):
    """A volunteer's last talk by phone, as its table has it."""

    person_id: int
    line_id: int
    call_id: int | None
    salt: str | None
    digest: str | None
    crossed: bool
    until: datetime

    @property
    def phone(self) -> Digest | None:
        """The caller's phone, as a boundary would know it."""
        if self.salt is None or self.digest is None:
            return None
        return Digest(self.salt, self.digest)


_recent: Final = made_of(Recent, RecentTalk.__table__.c)


def over(db: Connection, line_id: int, person_id: int, call_id: int, now: datetime) -> None:
    """Their talk in this call is over; what was there of an earlier one goes."""
    db.execute(delete(RecentTalk).where(RecentTalk.person_id == person_id))
    row = {"person_id": person_id, "line_id": line_id, "call_id": call_id}
    db.execute(insert(RecentTalk).values(row | {"until": now + AFTERWARDS}))


def caller_gone(
    db: Connection, seal: Seal, line_id: int, call_id: int, number: str, now: datetime
) -> Sequence[int]:
    """The caller has gone: their number becomes a digest where the ten minutes are not over.

    Who has said meanwhile that a line was crossed, by their persons.
    """
    of_call = RecentTalk.call_id == call_id
    theirs = db.execute(select(RecentTalk.person_id, RecentTalk.crossed).where(of_call)).all()
    if not theirs:
        return []
    phone = boundaries.digest_of(db, seal, line_id, number, now)
    known = {} if phone is None else phone._asdict()
    db.execute(update(RecentTalk).where(of_call).values(call_id=None, **known))
    return [row.person_id for row in theirs if row.crossed]


def of(db: Connection, person_id: int, now: datetime) -> Recent | None:
    """Their last talk by phone, if it was over less than ten minutes ago."""
    found = select(RecentTalk.__table__).where(
        RecentTalk.person_id == person_id, RecentTalk.until > now
    )
    return first(db.execute(found), _recent)


def say_crossed(db: Connection, person_id: int) -> None:
    """They have said that a line was crossed in it."""
    db.execute(update(RecentTalk).where(RecentTalk.person_id == person_id).values(crossed=True))


def forget(db: Connection, now: datetime) -> int:
    """Erase what is over; what was said of a call that goes on waits for its end. How many."""
    waits = or_(RecentTalk.call_id.is_(None), ~RecentTalk.crossed)
    return db.execute(delete(RecentTalk).where(RecentTalk.until <= now, waits)).rowcount
