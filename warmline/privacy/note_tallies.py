"""Folds notes that are old enough into tallies: of a month so many, and no note any more."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from warmline.counts.counting import FEWEST, Noted, of_note
from warmline.counts.small_numbers import OTHER
from warmline.database.engine import upsert
from warmline.database.records import every, made_of
from warmline.models.privacy import Note, NoteTally, RetentionRules

MONTHS: Final = 13
KEYS: Final = ("line_id", "month", "what")
_ADD: Final = upsert(
    lambda insert: (row := insert(NoteTally)).on_conflict_do_update(
        index_elements=list(KEYS), set_={"number": NoteTally.number + row.excluded.number}
    )
)


class OldNote(NamedTuple):
    """What a tally needs of a note: the note's id and line, then the fields of Noted."""

    id: int
    line_id: int
    day: date
    hour: int
    channel: str
    language: str
    wait: str
    length: str
    answered: bool


_OLD: Final = select(*(getattr(Note, name) for name in OldNote._fields)).where(
    Note.line_id == bindparam("line_id"), Note.day < bindparam("before")
)
_old_note: Final = made_of(OldNote, _OLD.selected_columns)


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
        noted = Noted(*row[2:])._replace(language=OTHER if few else row.language)
        tallies.update((row.line_id, month, what) for what in of_note(noted))
    folded = [dict(zip(KEYS, key, strict=True)) | {"number": many} for key, many in tallies.items()]
    db.execute(_ADD[db.dialect.name], folded)
    db.execute(delete(Note).where(Note.id.in_([row.id for row in rows])))
    return len(rows)


def _old(db: Connection, line_id: int, now: datetime) -> Sequence[OldNote]:
    kept = select(RetentionRules.notes_months).where(RetentionRules.line_id == line_id)
    before = first_kept(now.date(), db.scalar(kept) or MONTHS)
    return every(db.execute(_OLD, {"line_id": line_id, "before": before}), _old_note)


def first_kept(today: date, months: int = MONTHS) -> date:
    """The first day of the first month of which notes are still kept one by one."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)
