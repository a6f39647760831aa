"""Who is signed in: a row for each browser, known by the digest of what its cookie holds."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from shifts.models import Person
from warmline.database.records import every, first, made_of
from warmline.database.sealing import Seal
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole, DeskSession, Role
from warmline.sign_in.visitors import Visitor

LASTS: Final = timedelta(days=30)
IDLE: Final = timedelta(days=7)
"""So long without a visit, and it has ended."""
SEEN_EVERY: Final = timedelta(hours=1)
MOST: Final = 10
"""Browsers somebody can be signed in on; the one not seen for longest makes room."""


class Session(NamedTuple):
    """A browser somebody is signed in on, as its table has it; instants are UTC."""

    id: int
    line_id: int
    key: str
    person_id: int
    browser: str
    made_at: datetime
    seen_at: datetime
    until: datetime


class SignedIn(NamedTuple):
    """Who is signed in on a browser: `id` is the session's, `languages` with commas between."""

    id: int
    person_id: int
    name: str
    role: Role | None
    languages: str


_FOUND: Final = (
    select(DeskSession.id, DeskSession.person_id, Person.name, DeskRole.role, Volunteer.languages)
    .join(Person, Person.id == DeskSession.person_id)
    .join(Volunteer, Volunteer.person_id == DeskSession.person_id)
    .join(DeskRole, DeskRole.person_id == DeskSession.person_id, isouter=True)
    .where(
        DeskSession.key.in_(bindparam("keys", expanding=True)),
        DeskSession.until > bindparam("now"),
        DeskSession.seen_at > bindparam("idle_since"),
    )
)
_session: Final = made_of(Session, DeskSession.__table__.c)
_signed_in: Final = made_of(SignedIn, _FOUND.selected_columns)


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


def listed(db: Connection, person_id: int) -> Sequence[Session]:
    """Where somebody is signed in, the latest first."""
    theirs = select(DeskSession.__table__).where(DeskSession.person_id == person_id)
    latest = theirs.order_by(DeskSession.seen_at.desc(), DeskSession.id.desc())
    return every(db.execute(latest), _session)


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


def _found(db: Connection, keys: Sequence[str], now: datetime) -> SignedIn | None:
    this = {"keys": keys, "now": now, "idle_since": now - IDLE}
    return first(db.execute(_FOUND, this), _signed_in)


def _make_room(db: Connection, person_id: int) -> None:
    surplus = [row.id for row in listed(db, person_id)[MOST - 1 :]]
    if surplus:
        db.execute(delete(DeskSession).where(DeskSession.id.in_(surplus)))
