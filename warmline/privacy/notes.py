"""What may be kept of a talk: asked for when it is over, and erased with its receipt's number."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypedDict

from sqlalchemy import Connection, bindparam, delete, insert, select

from warmline.database.engine import upsert
from warmline.database.sealing import Seal
from warmline.models.privacy import Channel, Note
from warmline.models.talks import CountQuestion
from warmline.operations import attempts
from warmline.operations.attempts import Limit
from warmline.privacy import erased

ANSWERED_WITHIN: Final = timedelta(minutes=10)
DIGITS: Final = 8
Way = Literal["text", "voice", "web"]
"""How a number of eight digits comes in: each way is counted apart, so that whoever fills one up
leaves the others open."""
A_MINUTE: Final[Mapping[Way, Limit]] = {
    way: Limit(f"receipts by {way}", 5, timedelta(minutes=1))
    for way in ("text", "voice", "web")  # each of Way
}
"""So many receipts are looked up for a line in one minute: there are 10^8 numbers to guess, and
whoever has written theirs down does not mind to write it again."""
BY_ONE: Final = Limit("receipts of one", 5, timedelta(hours=1))
"""So many from one phone, in one call, or from one network."""


class Facts(TypedDict):
    """What a note says of a talk: `day` and `hour`, of when it began, are the line's own.

    `wait` and `length` are bands of counts/counting.py. FACTS are the keys.
    """

    line_id: int
    day: date
    hour: int
    language: str
    wait: str
    length: str
    answered: bool
    promise_version: int


class Asked(Facts):
    """What somebody was asked last, with who the peer was, sealed (`about`)."""

    about: str


FACTS: Final = (
    *("line_id", "day", "hour", "language", "wait", "length"),
    *("answered", "promise_version"),
)

_KEEP: Final = upsert(
    lambda insert: (
        insert(Note)
        .on_conflict_do_nothing(index_elements=["line_id", "receipt"])
        .returning(Note.id)
    )
)
_NO_MORE: Final = (
    delete(CountQuestion)
    .where(
        CountQuestion.line_id == bindparam("line_id"),
        CountQuestion.number_digest.in_(bindparam("digests", expanding=True)),
    )
    .returning(*CountQuestion.__table__.c)
)


def ask(
    db: Connection, seal: Seal, facts: Facts, number_digest: str, about: str, now: datetime
) -> None:
    """Note that somebody was asked whether their talk may be counted; `facts` has FACTS.

    `about` is who the peer was, sealed; so are the facts, for there is no yes yet.
    """
    plain = json.dumps(facts | {"day": facts["day"].isoformat()})
    asked = {"number_digest": number_digest, "about": about, "until": now + ANSWERED_WITHIN}
    asked |= {"line_id": facts["line_id"], "facts": seal.close(plain, number_digest)}
    db.execute(insert(CountQuestion).values(asked))


def is_asked(db: Connection, line_id: int, digests: Sequence[str], now: datetime) -> bool:
    """Whether a talk with this number has ended so lately that an answer is still waited for."""
    theirs = (CountQuestion.line_id == line_id, CountQuestion.number_digest.in_(digests))
    found = select(CountQuestion.until).where(*theirs, CountQuestion.until > now)
    return db.execute(found).first() is not None


def asked(
    db: Connection, seal: Seal, line_id: int, digests: Sequence[str], now: datetime
) -> Asked | None:
    """FACTS, and `about`, of what somebody was asked last; it is asked no longer.

    None if it is too late to answer.
    """
    row = db.execute(_NO_MORE, {"line_id": line_id, "digests": digests}).first()
    if row is None or row.until <= now:
        return None
    facts = json.loads(seal.open(row.facts, row.number_digest))
    return Asked(
        line_id=facts["line_id"],
        day=date.fromisoformat(facts["day"]),
        hour=facts["hour"],
        language=facts["language"],
        wait=facts["wait"],
        length=facts["length"],
        answered=facts["answered"],
        promise_version=facts["promise_version"],
        about=row.about,
    )


def keep(db: Connection, seal: Seal, facts: Facts, channel: Channel) -> str:
    """Write a note of FACTS; the eight-digit number that erases it.

    That number is not kept here: it is theirs alone.
    """
    while True:
        number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        receipt = seal.digests(_about(facts["line_id"], number))[0]
        # Of what was asked (Asked), who the peer was is no part of a note.
        note = {name: value for name, value in facts.items() if name in FACTS}
        note |= {"channel": channel, "receipt": receipt}
        if db.execute(_KEEP[db.dialect.name], note).first() is not None:
            return number


def number_of_call(seal: Seal, token: str) -> str:
    """The eight-digit number of a call's receipt, made of its token: it is kept nowhere."""
    made = int(seal.digests(f"receipt of call {token}")[0], 16)
    return f"{made % 10**DIGITS:0{DIGITS}}"


def keep_of_call(db: Connection, seal: Seal, facts: Facts, token: str) -> None:
    """Write the note of a call by phone; whoever was told its number can erase it.

    Should another note have that number, this one has none.
    """
    receipt = seal.digests(_about(facts["line_id"], number_of_call(seal, token)))[0]
    note = {**facts, "channel": "voice"}
    if db.execute(_KEEP[db.dialect.name], note | {"receipt": receipt}).first() is None:
        db.execute(insert(Note).values(note))


def erase(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> bool:
    """Erase the note whose receipt has this number; False when there is none (any more)."""
    receipts = seal.digests(_about(line_id, number))
    gone = delete(Note).where(Note.line_id == line_id, Note.receipt.in_(receipts))
    found = db.scalars(gone.returning(Note.receipt)).all()
    for receipt in found:
        erased.note(db, seal, erased.NOTE, receipt, now)
    return bool(found)


def may_look_up(db: Connection, seal: Seal, line_id: int, way: Way, by: str, now: datetime) -> bool:
    """Whether one more receipt may be looked up just now.

    `by` is who asks: a number, a call's token, or a network; empty where that is not known.
    """
    if by and attempts.refused(db, seal, BY_ONE, f"{way} {by}", now) is not None:
        return False
    return attempts.refused(db, seal, A_MINUTE[way], line_id, now) is None


def tried_of_late(db: Connection, seal: Seal, number: str, now: datetime) -> bool:
    """Whether a receipt's number was texted from this phone within the hour."""
    return attempts.counts(db, seal, BY_ONE, f"text {number}", now)


def forget(db: Connection, now: datetime) -> int:
    """Erase what nobody has answered in time; how many rows."""
    return db.execute(delete(CountQuestion).where(CountQuestion.until <= now)).rowcount


def forget_sooner(db: Connection) -> int:
    """Erase what has been asked, though it could still be answered; how many rows."""
    return db.execute(delete(CountQuestion)).rowcount


def _about(line_id: int, number: str) -> str:
    return f"receipt {line_id} {number}"
