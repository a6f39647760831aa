"""Who is signed in: a row for each browser, known by the digest of what its cookie holds."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from shifts.models import Person
from warmline.database.sealing import Seal
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole, DeskSession
from warmline.sign_in.visitors import Visitor

LASTS: Final = timedelta(days=30)
IDLE: Final = timedelta(days=7)
"""So long without a visit, and it has ended."""
SEEN_EVERY: Final = timedelta(hours=1)
MOST: Final = 10
"""Browsers somebody can be signed in on; the one not seen for longest makes room."""


def about(cookie: str) -> str:
    """What the digest of a session's cookie is made of."""
    return f"desk session {cookie}"


def begin(
    db: Connection, seal: Seal, line_id: int, person_id: int, browser: str, now: datetime
) -> str:
    """Sign somebody in; what their browser's cookie is to hold."""
    cookie = secrets.token_urlsafe(32)
    row = {
        "line_id": line_id,
        "key": seal.digests(about(cookie))[0],
        "person_id": person_id,
        "browser": browser,
        "made_at": now,
        "seen_at": now,
        "until": now + LASTS,
    }
    _make_room(db, person_id)
    db.execute(insert(DeskSession).values(row))
    return cookie


def visitor(db: Connection, seal: Seal, cookie: str, now: datetime) -> Visitor | None:
    """Whose browser this is; None when nobody is signed in on it (any more)."""
    row = _found(db, seal.digests(about(cookie)), now) if cookie else None
    if row is None:
        return None
    languages = tuple(row.languages.split(","))
    return Visitor(row.person_id, row.name, row.role, row.id, languages)


def seen(db: Connection, visitor: Visitor, now: datetime) -> None:
    """They were here just now."""
    this = update(DeskSession).where(DeskSession.id == visitor.session_id)
    db.execute(this.values(seen_at=now))


def not_seen_lately(db: Connection, visitor: Visitor, now: datetime) -> bool:
    """Whether it is time to note again that they come."""
    this = select(DeskSession.id).where(DeskSession.id == visitor.session_id)
    return db.execute(this.where(DeskSession.seen_at <= now - SEEN_EVERY)).first() is not None


def listed(db: Connection, person_id: int) -> Sequence[Row[Any]]:
    """Where somebody is signed in, the latest first."""
    theirs = select(DeskSession.__table__).where(DeskSession.person_id == person_id)
    return db.execute(theirs.order_by(DeskSession.seen_at.desc(), DeskSession.id.desc())).all()


def end(db: Connection, person_id: int, session_id: int | None = None) -> int:
    """End one of somebody's sessions, or (None) all of them; how many."""
    gone = delete(DeskSession).where(DeskSession.person_id == person_id)
    if session_id is not None:
        gone = gone.where(DeskSession.id == session_id)
    return db.execute(gone).rowcount


def forget(db: Connection, now: datetime) -> int:
    """Erase sessions that are over; how many."""
    idle = DeskSession.seen_at <= now - IDLE
    return db.execute(delete(DeskSession).where(idle | (DeskSession.until <= now))).rowcount


def _found(db: Connection, keys: Sequence[str], now: datetime) -> Row[Any] | None:
    columns = (DeskSession.id, DeskSession.person_id, Person.name, DeskRole.role)
    found: Any = (
        select(*columns, Volunteer.languages)
        .join(Person, Person.id == DeskSession.person_id)
        .join(Volunteer, Volunteer.person_id == DeskSession.person_id)
        .join(DeskRole, DeskRole.person_id == DeskSession.person_id, isouter=True)
        .where(
            DeskSession.key.in_(keys),
            DeskSession.until > now,
            DeskSession.seen_at > now - IDLE,
        )
    )
    row: Row[Any] | None = db.execute(found).first()
    return row


def _make_room(db: Connection, person_id: int) -> None:
    surplus = [row.id for row in listed(db, person_id)[MOST - 1 :]]
    if surplus:
        db.execute(delete(DeskSession).where(DeskSession.id.in_(surplus)))
