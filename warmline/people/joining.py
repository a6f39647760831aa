"""Remembers who would like to join: their number, sealed, for thirty days at most or until a no."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from warmline.database.sealing import Seal
from warmline.models.people import Joining

KEPT_FOR: Final = timedelta(days=30)


def note(
    db: Connection, seal: Seal, line_id: int, number: str, language: str, now: datetime
) -> bool:
    """Remember a wish to join; `number` is E.164. False when it was known already."""
    digests = seal.digests(number)
    known = select(Joining.id).where(Joining.line_id == line_id)
    if db.execute(known.where(Joining.number_digest.in_(digests))).first() is not None:
        return False
    sealed = {"number_digest": digests[0], "number": seal.close(number, digests[0])}
    row = {"line_id": line_id, "language": language, "until": now + KEPT_FOR}
    db.execute(insert(Joining).values(row | sealed))
    return True


def erase(db: Connection, line_id: int, digests: Sequence[str]) -> bool:
    """Forget whoever has this number; whether they were known."""
    theirs = (Joining.line_id == line_id, Joining.number_digest.in_(digests))
    return db.execute(delete(Joining).where(*theirs)).rowcount > 0


def forget(db: Connection, now: datetime) -> int:
    """Erase wishes that have waited too long; how many."""
    return db.execute(delete(Joining).where(Joining.until <= now)).rowcount
