"""How it went: said unnamed, read by two whom the line has named, answered, erased in time."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, Delete, delete, func, insert, select, update

from warmline.database.engine import upsert
from warmline.database.records import every, first, made_of
from warmline.database.sealing import Seal, Unsealable
from warmline.models.privacy import (
    ExpectedFeedback,
    Feedback,
    FeedbackKind,
    FeedbackLink,
    RetentionRules,
)
from warmline.operations import one_time

KINDS: Final[Mapping[str, FeedbackKind]] = {
    "1": "heard",
    "2": "not_heard",
    "3": "pressed",
    "4": "promise",
}
"""What can be said with a key. "words": it was written."""
WORDS: Final[FeedbackKind] = "words"
DIGITS: Final = 8
LONGEST: Final = 1500
"""Characters of what is written, and of an answer."""
KEPT_FOR: Final = timedelta(days=90)
LINKED_FOR: Final = timedelta(hours=1)
WRITTEN_WITHIN: Final = timedelta(minutes=30)
MOST_AN_HOUR: Final = 30
"""So much is taken in for a line within an hour, whoever sends it."""

_SAY: Final = upsert(
    lambda insert: insert(Feedback).on_conflict_do_nothing(index_elements=["line_id", "receipt"])
)
_LINK: Final = upsert(
    lambda insert: insert(FeedbackLink).on_conflict_do_nothing(index_elements=["number"])
)


@dataclass(frozen=True)
class FeedbackSeen:
    """What a reader sees: `about` is a person id, None where the peer is not to be known."""

    id: int
    day: date
    kind: FeedbackKind
    words: str
    about: int | None
    answer: str


class SaidSealed(NamedTuple):
    """The same as its table has it: `words`, `about` and `answer` are sealed, by `receipt`."""

    id: int
    line_id: int
    receipt: str
    day: date
    kind: FeedbackKind
    words: str
    about: str
    answer: str


_said_sealed: Final = made_of(SaidSealed, Feedback.__table__.c)


def may_say(db: Connection, line_id: int, way: str, now: datetime) -> bool:
    """Whether there is room for one more in this hour; each way is counted apart."""
    return one_time.one_of(db, f"how {line_id} {way}", MOST_AN_HOUR, now, now + timedelta(hours=1))


def fresh_number() -> str:
    """Eight digits at random."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def number_of_call(seal: Seal, token: str, what: str) -> str:
    """Eight digits made of a call's token, so that a request sent twice gets the same."""
    return f"{int(seal.digests(f'how {token} {what}')[0], 16) % 10**DIGITS:0{DIGITS}}"


def say(
    db: Connection,
    seal: Seal,
    line_id: int,
    number: str,
    day: date,
    *,
    kind: FeedbackKind = WORDS,
    words: str = "",
    about: int | None = None,
) -> None:
    """Keep what somebody said; said again with the same number it is the same."""
    receipt = _receipts(seal, line_id, number)[0]
    sealed = {
        "words": seal.close(words[:LONGEST], receipt) if words else "",
        "about": seal.close(str(about), receipt) if about is not None else "",
    }
    row = {"line_id": line_id, "receipt": receipt, "day": day, "kind": kind}
    db.execute(_SAY[db.dialect.name], row | sealed)


def answer_to(db: Connection, seal: Seal, line_id: int, number: str) -> str | None:
    """The answer for whoever has this number; empty: none yet; None: nothing has this number."""
    found = select(Feedback.answer, Feedback.receipt).where(
        Feedback.line_id == line_id, Feedback.receipt.in_(_receipts(seal, line_id, number))
    )
    row = db.execute(found).first()
    return None if row is None else _opened(seal, row.answer, row.receipt)


def for_reader(db: Connection, seal: Seal, line_id: int, person_id: int) -> list[FeedbackSeen]:
    """All that this reader may see, the newest first: never what is about themselves."""
    found = select(Feedback.__table__).where(Feedback.line_id == line_id)
    rows = every(db.execute(found.order_by(Feedback.id.desc())), _said_sealed)
    said = [_seen(seal, row) for row in rows]
    return [one for one in said if one.about != person_id]


def answer(db: Connection, seal: Seal, said_id: int, person_id: int, words: str) -> bool:
    """Answer what one may see; False otherwise. A second answer takes the place of the first."""
    found = select(Feedback.__table__).where(Feedback.id == said_id)
    row = first(db.execute(found), _said_sealed)
    if row is None or _seen(seal, row).about == person_id:
        return False
    sealed = seal.close(words[:LONGEST], row.receipt)
    db.execute(update(Feedback).where(Feedback.id == said_id).values(answer=sealed))
    return True


def answered_count(db: Connection, line_id: int) -> tuple[int, int]:
    """How many were said in the last ninety days, and how many of them are answered."""
    answered = func.count().filter(Feedback.answer != "")
    found = select(func.count(), answered).where(Feedback.line_id == line_id)
    said, done = db.execute(found).one()
    return int(said), int(done)


def link(db: Connection, seal: Seal, line_id: int, number: str, about: int, now: datetime) -> None:
    """For an hour, whoever has this number may let it be known with which peer they talked."""
    digest = _links(seal, line_id, number)[0]
    row = {"number": digest, "line_id": line_id, "about": seal.close(str(about), digest)}
    db.execute(_LINK[db.dialect.name], row | {"until": now + LINKED_FOR})


def linked(db: Connection, seal: Seal, line_id: int, number: str, now: datetime) -> int | None:
    """With which peer (a person id) whoever has this number has talked; used, it is gone."""
    digests = _links(seal, line_id, number)
    gone = delete(FeedbackLink).where(
        FeedbackLink.number.in_(digests), FeedbackLink.line_id == line_id
    )
    row = db.execute(
        gone.returning(FeedbackLink.number, FeedbackLink.about, FeedbackLink.until)
    ).first()
    if row is None or row.until <= now:
        return None
    return _person(seal, row.about, row.number)


def ask_to_write(
    db: Connection, line_id: int, digests: Sequence[str], about: str, now: datetime
) -> None:
    """Their next text is how it went; `about` is sealed for the digest of their number."""
    theirs = ExpectedFeedback.line_id == line_id, ExpectedFeedback.number_digest.in_(digests)
    db.execute(delete(ExpectedFeedback).where(*theirs))
    row = {"line_id": line_id, "number_digest": digests[0], "about": about}
    db.execute(insert(ExpectedFeedback).values(row | {"until": now + WRITTEN_WITHIN}))


def was_asked(
    db: Connection, line_id: int, digests: Sequence[str], now: datetime
) -> tuple[str, str] | None:
    """The digest and the sealed `about` of whoever was asked to write; it is asked no longer."""
    theirs = ExpectedFeedback.line_id == line_id, ExpectedFeedback.number_digest.in_(digests)
    gone = delete(ExpectedFeedback).where(*theirs)
    row = db.execute(
        gone.returning(
            ExpectedFeedback.number_digest, ExpectedFeedback.about, ExpectedFeedback.until
        )
    ).first()
    return None if row is None or row.until <= now else (row.number_digest, row.about)


def forget_person(db: Connection, seal: Seal, person_id: int) -> None:
    """Whoever has left is known nowhere any more as the peer of anything."""
    for row in db.execute(select(Feedback.__table__).where(Feedback.about != "")).all():
        if _person(seal, row.about, row.receipt) == person_id:
            db.execute(update(Feedback).where(Feedback.id == row.id).values(about=""))
    for link in db.execute(select(FeedbackLink.__table__)).all():
        if _person(seal, link.about, link.number) == person_id:
            db.execute(delete(FeedbackLink).where(FeedbackLink.number == link.number))


def forget(db: Connection, now: datetime) -> int:
    """Erase what is over; how many rows."""
    lines = db.scalars(select(Feedback.line_id).distinct()).all()
    old = [_older_than_kept(db, line_id, now) for line_id in lines]
    links = delete(FeedbackLink).where(FeedbackLink.until <= now)
    asked = delete(ExpectedFeedback).where(ExpectedFeedback.until <= now)
    return sum(db.execute(one).rowcount for one in (*old, links, asked))


def _older_than_kept(db: Connection, line_id: int, now: datetime) -> Delete:
    kept = db.scalar(select(RetentionRules.feedback_days).where(RetentionRules.line_id == line_id))
    before = (now - (timedelta(days=kept) if kept else KEPT_FOR)).date()
    return delete(Feedback).where(Feedback.line_id == line_id, Feedback.day < before)


def _seen(seal: Seal, row: SaidSealed) -> FeedbackSeen:
    words = _opened(seal, row.words, row.receipt)
    about = _person(seal, row.about, row.receipt)
    return FeedbackSeen(
        row.id, row.day, row.kind, words, about, _opened(seal, row.answer, row.receipt)
    )


def _opened(seal: Seal, sealed: str, about: str) -> str:
    try:
        return seal.open(sealed, about) if sealed else ""
    except Unsealable:
        return ""


def _person(seal: Seal, sealed: str, about: str) -> int | None:
    opened = _opened(seal, sealed, about)
    return int(opened) if opened else None


def _receipts(seal: Seal, line_id: int, number: str) -> list[str]:
    return seal.digests(f"how {line_id} {number}")


def _links(seal: Seal, line_id: int, number: str) -> list[str]:
    return seal.digests(f"how link {line_id} {number}")
