"""Folds notes that are old enough into tallies: of a month so many, and no note any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select

from warmline.counts.counting import FEWEST
from warmline.counts.small_numbers import OTHER
from warmline.database.engine import upsert
from warmline.models.privacy import LineKeeps, Note, NoteTally

MONTHS: Final = 13
KEYS: Final = ("line_id", "month", "channel", "language", "answered")
_ADD: Final = upsert(
    lambda insert: (row := insert(NoteTally)).on_conflict_do_update(
        index_elements=list(KEYS), set_={"number": NoteTally.number + row.excluded.number}
    )
)


def forget(db: Connection, now: datetime) -> int:
    """Fold notes of months that were over so many months ago as the line keeps them; how many."""
    lines = db.scalars(select(Note.line_id).distinct()).all()
    rows = [row for line_id in lines for row in _old(db, line_id, now)]
    if not rows:
        return 0
    spoken = Counter((row.line_id, row.day.replace(day=1), row.language) for row in rows)
    tallies: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        month = row.day.replace(day=1)
        few = spoken[row.line_id, month, row.language] < FEWEST
        language = OTHER if few else row.language
        tallies[row.line_id, month, row.channel, language, row.answered] += 1
    folded = [dict(zip(KEYS, key, strict=True)) | {"number": many} for key, many in tallies.items()]
    db.execute(_ADD[db.dialect.name], folded)
    db.execute(delete(Note).where(Note.id.in_([row.id for row in rows])))
    return len(rows)


def _old(db: Connection, line_id: int, now: datetime) -> Sequence[Row[Any]]:
    kept = select(LineKeeps.notes_months).where(LineKeeps.line_id == line_id)
    before = first_kept(now.date(), db.scalar(kept) or MONTHS)
    old = select(Note.__table__).where(Note.line_id == line_id, Note.day < before)
    return db.execute(old).all()


def first_kept(today: date, months: int = MONTHS) -> date:
    """The first day of the first month of which notes are still kept one by one."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)
