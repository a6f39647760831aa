"""The two who read how it went: by their own yes, named by the line, one of them no coordinator."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from warmline.models.privacy import FeedbackReader
from warmline.models.sign_in import COORDINATOR, DeskRole

TWO: Final = 2


class NotThese(ValueError):
    """These cannot be the two."""


def willing(db: Connection, line_id: int) -> list[int]:
    """Person ids of those who are willing to read, in the order of their ids."""
    found = select(FeedbackReader.person_id).where(FeedbackReader.line_id == line_id)
    return list(db.scalars(found.order_by(FeedbackReader.person_id)))


def named(db: Connection, line_id: int) -> list[int]:
    """Person ids of the two whom the line has named; fewer when one has left."""
    found = select(FeedbackReader.person_id).where(
        FeedbackReader.line_id == line_id, FeedbackReader.named
    )
    return list(db.scalars(found.order_by(FeedbackReader.person_id)))


def offer(db: Connection, line_id: int, person_id: int) -> None:
    """They would read it; nobody else can say so for them."""
    if person_id not in willing(db, line_id):
        db.execute(insert(FeedbackReader).values(person_id=person_id, line_id=line_id))


def take_back(db: Connection, person_id: int) -> None:
    """They read it no longer, at once."""
    db.execute(delete(FeedbackReader).where(FeedbackReader.person_id == person_id))


def coordinators(db: Connection, line_id: int) -> set[int]:
    """Person ids of the line's coordinators."""
    found = select(DeskRole.person_id).where(
        DeskRole.line_id == line_id, DeskRole.role == COORDINATOR
    )
    return set(db.scalars(found))


def check(db: Connection, line_id: int, two: Collection[int]) -> None:
    """Raises NotThese unless both are willing and one of them is no coordinator."""
    chosen = set(two)
    if len(chosen) != TWO or not chosen <= set(willing(db, line_id)):
        raise NotThese
    if chosen <= coordinators(db, line_id):
        raise NotThese


def name(db: Connection, line_id: int, two: Collection[int]) -> None:
    """From now on these two read; raises NotThese as `check` does."""
    check(db, line_id, two)
    chosen = set(two)
    of_line = update(FeedbackReader).where(FeedbackReader.line_id == line_id)
    db.execute(of_line.values(named=False))
    db.execute(of_line.where(FeedbackReader.person_id.in_(chosen)).values(named=True))
