"""The line's open books: entered by any two people on the roster within 72 hours, then public."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from warmline.database.records import every, made_of
from warmline.models.promise import BookEntry, BookKind, LineAbout

EXCEPTION: Final[BookKind] = "exception"
BROKEN: Final[BookKind] = "broken"
CHANGED: Final[BookKind] = "changed"
KINDS: Final[tuple[BookKind, ...]] = (EXCEPTION, BROKEN, CHANGED)
TOGETHER: Final = timedelta(hours=72)
LONGEST: Final = 300


@dataclass(frozen=True)
class Books:
    """What is public: how often by month, both numbers also when 0, and what was changed."""

    exceptions: int
    broken: int
    by_month: Sequence[tuple[date, str, int]]
    changed: Sequence[tuple[date, str]]


class Entry(NamedTuple):
    """A line of the books as its table has it; `until` (UTC) and `by_id` as in BookEntry."""

    id: int
    line_id: int
    kind: BookKind
    month: date
    words: str
    by_id: int | None
    until: datetime | None


_entry: Final = made_of(Entry, BookEntry.__table__.c)


def enter(
    db: Connection,
    line_id: int,
    kind: str,
    month: date,
    words: str,
    by_id: int,
    now: datetime,
) -> bool:
    """Enter one, or join somebody else who entered the same; whether it is public now.

    Entered twice by the same person it waits all the same.
    """
    first = month.replace(day=1)
    same = (BookEntry.line_id == line_id, BookEntry.kind == kind, BookEntry.month == first)
    waits = (BookEntry.until > now, BookEntry.words == words)
    found = db.execute(select(BookEntry.id, BookEntry.by_id).where(*same, *waits)).all()
    others = [row.id for row in found if row.by_id != by_id]
    if others:
        return second(db, line_id, others[0], by_id, now)
    if not found:
        row = {"line_id": line_id, "kind": kind, "month": first, "words": words}
        db.execute(insert(BookEntry).values(row | {"by_id": by_id, "until": now + TOGETHER}))
    return False


def second(db: Connection, line_id: int, entry: int, by_id: int, now: datetime) -> bool:
    """Somebody else says so too: it is public from now on, of nobody. False: not to be had."""
    this = (BookEntry.id == entry, BookEntry.line_id == line_id, BookEntry.until > now)
    public = update(BookEntry).where(*this, BookEntry.by_id.is_distinct_from(by_id))
    return db.execute(public.values(by_id=None, until=None)).rowcount == 1


def waiting(db: Connection, line_id: int, now: datetime) -> Sequence[Entry]:
    """What waits for a second person, the oldest first."""
    mine = select(BookEntry.__table__).where(BookEntry.line_id == line_id, BookEntry.until > now)
    return every(db.execute(mine.order_by(BookEntry.id)), _entry)


def public(db: Connection, line_id: int) -> Books:
    """What anybody may read, the newest month first."""
    mine = select(BookEntry.kind, BookEntry.month, BookEntry.words)
    rows = db.execute(mine.where(BookEntry.line_id == line_id, BookEntry.until.is_(None))).all()
    often = Counter((row.month, row.kind) for row in rows if row.kind != CHANGED)
    by_month = [(month, kind, many) for (month, kind), many in sorted(often.items(), reverse=True)]
    changed = sorted(((row.month, row.words) for row in rows if row.kind == CHANGED), reverse=True)
    total = Counter(row.kind for row in rows)
    return Books(total[EXCEPTION], total[BROKEN], by_month, changed)


def forget(db: Connection, now: datetime) -> int:
    """Erase what nobody else has entered in time; how many."""
    return db.execute(delete(BookEntry).where(BookEntry.until <= now)).rowcount


def about(db: Connection, line_id: int) -> tuple[str, str]:
    """Who runs the machine and where the source is; empty where it was not said."""
    row = db.execute(select(LineAbout.__table__).where(LineAbout.line_id == line_id)).first()
    return ("", "") if row is None else (row.runs_it, row.source)


def say_about(db: Connection, line_id: int, runs_it: str, source: str) -> None:
    """Say so from now on."""
    db.execute(delete(LineAbout).where(LineAbout.line_id == line_id))
    db.execute(insert(LineAbout).values(line_id=line_id, runs_it=runs_it, source=source))


def software() -> str:
    """The version of this software."""
    return version("warmline")
