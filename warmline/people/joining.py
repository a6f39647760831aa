"""Remembers who would like to join: their number, sealed, for thirty days at most or until a no.

Strangers could fill the list, and have the line text whomever they like: so many an hour are
noted, through whichever door they come, and so many are answered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, delete, insert, select

from warmline.database.sealing import Seal
from warmline.models.people import Joining
from warmline.operations import attempts
from warmline.operations.attempts import Limit

KEPT_FOR: Final = timedelta(days=30)
AN_HOUR: Final = timedelta(hours=1)
WISHES: Final = Limit("wishes to join", 20, AN_HOUR)
"""Of a line, from its page, by text and by key together."""
ANSWERED: Final = Limit("answers to JOIN from a number", 2, AN_HOUR)
"""A number may be anybody's, shown by somebody else."""
PUT_OFF: Final = Limit("strangers told to text JOIN later", 20, AN_HOUR)
"""Of a line: beyond it nobody is answered who is not noted."""
PUT_OFF_ONCE: Final = Limit("told to text JOIN later", 1, AN_HOUR)
SAID_KNOWN: Final = Limit("told in a talk that their JOIN is noted", 1, AN_HOUR)
"""In a talk an OK is mostly for the peer: the line does not come between the two each time."""
OF_NUMBER: Final = (ANSWERED, PUT_OFF_ONCE, SAID_KNOWN)
Noted = Literal["new", "known", "full"]
"""How a wish to join was taken; "full": it was not, and may be said again in an hour."""


def note(
    db: Connection, seal: Seal, line_id: int, number: str, language: str, now: datetime
) -> Noted:
    """Remember a wish to join; `number` is E.164.

    While it is full nobody learns whose wish is known: the web page takes any number.
    """
    if attempts.refused(db, seal, WISHES, line_id, now) is not None:
        return "full"
    digests = seal.digests(number)
    if spoken_by(db, line_id, digests) is not None:
        attempts.take_back(db, seal, WISHES, line_id)
        return "known"
    sealed = {"number_digest": digests[0], "number": seal.close(number, digests[0])}
    row = {"line_id": line_id, "language": language, "until": now + KEPT_FOR}
    db.execute(insert(Joining).values(row | sealed))
    return "new"


def spoken_by(db: Connection, line_id: int, digests: Sequence[str]) -> str | None:
    """The language of whoever has this number and would like to join; None: nobody does."""
    theirs = (Joining.line_id == line_id, Joining.number_digest.in_(digests))
    return db.scalar(select(Joining.language).where(*theirs).limit(1))


def may_answer(db: Connection, seal: Seal, number: str, now: datetime) -> bool:
    """Whether a JOIN from this number (E.164) is answered; counted where it is."""
    return attempts.refused(db, seal, ANSWERED, number, now) is None


def may_put_off(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> bool:
    """Whether this number is told that there are too many now; counted where it is."""
    once = attempts.refused(db, seal, PUT_OFF_ONCE, number, now) is None
    return once and attempts.refused(db, seal, PUT_OFF, line_id, now) is None


def may_say_known(db: Connection, seal: Seal, number: str, now: datetime) -> bool:
    """Whether this number is told in a talk that its JOIN is noted; counted where it is."""
    return attempts.refused(db, seal, SAID_KNOWN, number, now) is None


def tried_of_late(db: Connection, seal: Seal, number: str, now: datetime) -> bool:
    """Whether a JOIN from this number was answered within the hour."""
    return any(attempts.counts(db, seal, one, number, now) for one in OF_NUMBER)


def erase(db: Connection, seal: Seal, line_id: int, number: str) -> bool:
    """Forget whoever has this number (E.164), and what was counted of it; whether they were known.

    The line's own count stays: it is of nobody.
    """
    for limit in OF_NUMBER:
        attempts.erase(db, seal, limit, number)
    theirs = (Joining.line_id == line_id, Joining.number_digest.in_(seal.digests(number)))
    return db.execute(delete(Joining).where(*theirs)).rowcount > 0


def forget(db: Connection, now: datetime) -> int:
    """Erase wishes that have waited too long; how many."""
    return db.execute(delete(Joining).where(Joining.until <= now)).rowcount
