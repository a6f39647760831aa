"""Limits on what may be tried: counted in the database, for all processes and sessions together.

Whoever is counted is known by a keyed digest alone, and by none once the limit's time is over.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, literal, select

from warmline.database.sealing import Seal
from warmline.models.sign_in import Attempt


class Limit(NamedTuple):
    """So many times at most within any span of this length; `what` names what is tried."""

    what: str
    most: int
    lasts: timedelta


_NEW: Final = ("what", "until")


def refused(
    db: Connection, seal: Seal, limit: Limit, subject: object, now: datetime
) -> datetime | None:
    """Count one more try of `subject`'s; None: within the limit.

    Else the instant (UTC) from which it may be tried again: then it was not counted. `db` is a
    transaction that may write, of which there is one at a time: of any number of processes that
    ask at once no more are let through.
    """
    what = _digest(seal, limit, subject)
    many = select(func.count()).where(*_counts(what, now)).scalar_subquery()
    types = Attempt.__table__.c
    new = (literal(what, types.what.type), literal(now + limit.lasts, types.until.type))
    row = select(*new).where(many < limit.most)
    if db.execute(insert(Attempt).from_select(_NEW, row).returning(Attempt.id)).first() is not None:
        return None
    return db.scalar(select(func.min(Attempt.until)).where(*_counts(what, now)))


def used_up(
    db: Connection, seal: Seal, limit: Limit, subject: object, now: datetime
) -> datetime | None:
    """Until when (UTC) nothing more may be tried; None while something may. It counts nothing."""
    counts = _counts(_digest(seal, limit, subject), now)
    full = select(func.min(Attempt.until)).where(*counts).having(func.count() >= limit.most)
    return db.scalar(full)


def counts(db: Connection, seal: Seal, limit: Limit, subject: object, now: datetime) -> bool:
    """Whether anything is counted of this just now."""
    counted = _counts(_digest(seal, limit, subject), now)
    return db.scalar(select(Attempt.id).where(*counted).limit(1)) is not None


def erase(db: Connection, seal: Seal, limit: Limit, subject: object) -> None:
    """Forget what was counted of this."""
    db.execute(delete(Attempt).where(Attempt.what == _digest(seal, limit, subject)))


def take_back(db: Connection, seal: Seal, limit: Limit, subject: object) -> None:
    """The last try does not count: it was right, or wanted."""
    what = _digest(seal, limit, subject)
    last = select(func.max(Attempt.id)).where(Attempt.what == what).scalar_subquery()
    db.execute(delete(Attempt).where(Attempt.id == last))


def forget(db: Connection, now: datetime) -> int:
    """Erase what limits nobody any more; how many rows."""
    return db.execute(delete(Attempt).where(Attempt.until <= now)).rowcount


def _counts(what: str, now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Attempt.what == what, Attempt.until > now


def _digest(seal: Seal, limit: Limit, subject: object) -> str:
    return seal.digests(f"attempt: {limit.what} {subject}")[0]
