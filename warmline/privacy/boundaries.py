"""Remembers that a line was crossed: that phone waits longer for some hours, never shut out."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from warmline import phone_numbers
from warmline.database.sealing import Seal
from warmline.models.privacy import Boundary, BoundaryRules

INTERNATIONAL: Final = "ZZ"
"""No country: the network writes E.164 (phonenumbers' own word for an unknown region)."""
HOURS: Final = 2
MOST_HOURS: Final = 24
SLOW: Final = timedelta(minutes=2)
"""How much longer somebody waits whose phone meets a boundary."""


@dataclass(frozen=True)
class Rules:
    """For how many hours a boundary holds, and the numbers (E.164) that never carry one."""

    hours: int = HOURS
    shared: frozenset[str] = frozenset()


def rules(db: Connection, line_id: int) -> Rules:
    """What holds on a line."""
    of_line = select(BoundaryRules.__table__).where(BoundaryRules.line_id == line_id)
    row = db.execute(of_line).first()
    return Rules() if row is None else Rules(row.hours, frozenset(row.shared_numbers.split()))


def set_rules(db: Connection, line_id: int, wanted: Rules) -> None:
    """What is to hold on a line from now on; boundaries that stand end when they were to."""
    shared = " ".join(sorted(wanted.shared))
    row = {"line_id": line_id, "hours": wanted.hours, "shared_numbers": shared}
    db.execute(delete(BoundaryRules).where(BoundaryRules.line_id == line_id))
    db.execute(insert(BoundaryRules).values(row))


def remember(
    db: Connection, seal: Seal, line_id: int, number: str, by_id: int | None, now: datetime
) -> bool:
    """A line was crossed in a talk with this number; whether that is remembered now, and was not.

    A number that is withheld or shared by many never carries one. Told twice, it is one.
    """
    phone = digest_of(db, seal, line_id, number, now)
    return phone is not None and remember_digest(db, line_id, phone, by_id, now)


class Digest(NamedTuple):
    """A phone as a boundary knows it: a salt of its own, and the keyed digest of both."""

    salt: str
    digest: str


def digest_of(
    db: Connection, seal: Seal, line_id: int, number: str, now: datetime
) -> Digest | None:
    """A phone (E.164) as a boundary would know it; None where it never carries one.

    A phone that meets one already is known as that one knows it.
    """
    if not _is_a_phone_of_ones_own(number, rules(db, line_id)):
        return None
    known = _met(db, seal, line_id, number, now)
    if known is not None:
        found = select(Boundary.salt, Boundary.digest).where(Boundary.id == known)
        return Digest(*db.execute(found).one())
    salt = secrets.token_hex(16)
    return Digest(salt, seal.digests(_salted(salt, number))[0])


def remember_digest(
    db: Connection, line_id: int, phone: Digest, by_id: int | None, now: datetime
) -> bool:
    """The same of a phone of which no more than this is known."""
    until = now + timedelta(hours=rules(db, line_id).hours)
    same = (Boundary.line_id == line_id, Boundary.salt == phone.salt, Boundary.until > now)
    stands = update(Boundary).where(*same, Boundary.digest == phone.digest)
    if db.execute(stands.values(until=until, by_id=by_id)).rowcount:
        return False
    row = {"line_id": line_id, **phone._asdict(), "by_id": by_id, "until": until}
    db.execute(insert(Boundary).values(row))
    return True


def until(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> datetime | None:
    """Until when (UTC) this number meets a boundary; None: it meets none."""
    met = _met(db, seal, line_id, number, now)
    return None if met is None else db.scalar(select(Boundary.until).where(Boundary.id == met))


def take_back(db: Connection, person_id: int, now: datetime) -> bool:
    """Their latest boundary that stands is as if it had not been; whether there was one."""
    theirs = (Boundary.by_id == person_id, Boundary.until > now)
    latest = db.scalar(select(func.max(Boundary.id)).where(*theirs))
    return bool(db.execute(delete(Boundary).where(Boundary.id == latest)).rowcount)


def standing(db: Connection, line_id: int, now: datetime) -> list[tuple[int, datetime]]:
    """Every boundary that stands, by its id, and until when; of no one in particular."""
    found = select(Boundary.id, Boundary.until).where(
        Boundary.line_id == line_id, Boundary.until > now
    )
    return [(row.id, row.until) for row in db.execute(found.order_by(Boundary.id))]


def end(db: Connection, line_id: int, boundary_id: int) -> bool:
    """One of them ends now."""
    this = (Boundary.line_id == line_id, Boundary.id == boundary_id)
    return bool(db.execute(delete(Boundary).where(*this)).rowcount)


def forget(db: Connection, now: datetime) -> int:
    """Erase what has lapsed, with its salt; how many."""
    return db.execute(delete(Boundary).where(Boundary.until <= now)).rowcount


_STANDING: Final = select(Boundary.id, Boundary.salt, Boundary.digest).where(
    Boundary.line_id == bindparam("line_id"), Boundary.until > bindparam("now")
)


def _met(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> int | None:
    """The id of the boundary that a number meets: each has a salt of its own, so each is tried."""
    for row in db.execute(_STANDING, {"line_id": line_id, "now": now}):
        if row.digest in seal.digests(_salted(row.salt, number)):
            return int(row.id)
    return None


def _salted(salt: str, number: str) -> str:
    return f"boundary {salt} {number}"


def _is_a_phone_of_ones_own(number: str, held: Rules) -> bool:
    """Not withheld (the network writes a number that is none), and not one that many share."""
    try:
        return phone_numbers.parse(number, INTERNATIONAL) not in held.shared
    except phone_numbers.BadNumber:
        return False
