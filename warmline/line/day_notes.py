"""Short notes of the line's for days of the roster; each goes when its day is over."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from warmline.database.engine import upsert
from warmline.models.line import DayNote

LONGEST: Final = 200
FURTHEST_ZONES: Final = timedelta(days=2)
"""A day that began in UTC so long ago is over everywhere."""


class BadNote(ValueError):
    """A note is too long, or cannot be shown."""


def read(db: Connection, line_id: int, first: date, last: date) -> Mapping[date, str]:
    """The notes of the days from `first` to `last`, both included."""
    of_days = (DayNote.line_id == line_id, DayNote.day >= first, DayNote.day <= last)
    return {row.day: row.words for row in db.execute(select(DayNote.__table__).where(*of_days))}


def write(db: Connection, line_id: int, day: date, words: str) -> None:
    """The day's note is these words from now on; none: there is no note. Raises BadNote."""
    words = " ".join(words.split())
    if len(words) > LONGEST or not words.isprintable():
        raise BadNote("at most 200 letters that can be shown")
    if words:
        row = {"line_id": line_id, "day": day, "words": words}
        db.execute(_WRITE[db.dialect.name], row)
    else:
        db.execute(delete(DayNote).where(DayNote.line_id == line_id, DayNote.day == day))


def forget(db: Connection, now: datetime) -> int:
    """Erase the notes of days that are over; how many."""
    over = DayNote.day < (now - FURTHEST_ZONES).date()
    return db.execute(delete(DayNote).where(over)).rowcount


_WRITE: Final = upsert(
    lambda insert: (made := insert(DayNote)).on_conflict_do_update(
        index_elements=["line_id", "day"], set_={"words": made.excluded.words}
    )
)
