"""What is said or done once, or once in a while, whichever process is first to say it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from warmline.database.engine import upsert
from warmline.models.texts import OneTimeMark

_FIRST: Final = upsert(
    lambda insert: (
        insert(OneTimeMark)
        .on_conflict_do_nothing(index_elements=["what"])
        .returning(OneTimeMark.what)
    )
)


def first(db: Connection, what: str, now: datetime, until: datetime) -> bool:
    """Whether nobody has said this yet; from now on, until `until` (UTC), somebody has.

    `what` names the thing and whom it is for by ids, never by name or number. The key is unique,
    so that of two processes one is first.
    """
    db.execute(delete(OneTimeMark).where(OneTimeMark.what == what, OneTimeMark.until <= now))
    new = {"what": what, "until": until}
    return db.execute(_FIRST[db.dialect.name], new).first() is not None


def stands(db: Connection, what: str, now: datetime) -> bool:
    """Whether this was said, and may not be said again yet; it says nothing itself."""
    said = select(OneTimeMark.what).where(OneTimeMark.what == what, OneTimeMark.until > now)
    return db.execute(said).first() is not None


def one_of(db: Connection, what: str, many: int, now: datetime, until: datetime) -> bool:
    """Whether this is among the first `many` times something is done before it may be anew."""
    return any(first(db, f"{what}:{number}", now, until) for number in range(many))


def forget(db: Connection, now: datetime) -> int:
    """Erase what may be said again; how many rows."""
    return db.execute(delete(OneTimeMark).where(OneTimeMark.until <= now)).rowcount
