"""The line's checks of itself as they are remembered: one a day, the last of each."""

from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from warmline.database.engine import InsertInto, Upsert, upsert
from warmline.database.records import first, made_of
from warmline.models.privacy import SelfCheck

FACTS: Final = ("files", "size", "found", "unreached")


class CheckOfADay(NamedTuple):
    """The last check of a local day: files and bytes (`size`) searched, traces found.

    `unreached` counts what could not be searched from where it ran.
    """

    line_id: int
    day: date
    files: int
    size: int
    found: int
    unreached: int


_check_of_a_day: Final = made_of(CheckOfADay, SelfCheck.__table__.c)


def _again(insert: InsertInto) -> Upsert:
    row = insert(SelfCheck)
    return row.on_conflict_do_update(
        index_elements=["line_id", "day"], set_={name: row.excluded[name] for name in FACTS}
    )


_PUT: Final = upsert(_again)


def remember(
    db: Connection, line_id: int, day: date, *, files: int, size: int, found: int, unreached: int
) -> None:
    """What a check of this local day has found; `size` in bytes."""
    facts = dict(zip(FACTS, (files, size, found, unreached), strict=True))
    db.execute(_PUT[db.dialect.name], {"line_id": line_id, "day": day, **facts})


def last(db: Connection, line_id: int) -> CheckOfADay | None:
    """The last check there was."""
    found = select(SelfCheck.__table__).where(SelfCheck.line_id == line_id)
    return first(db.execute(found.order_by(SelfCheck.day.desc()).limit(1)), _check_of_a_day)
