"""Erases changes of the roster that are over; only the count of each kind in its month stays."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from shifts.history.history import KEPT_FOR
from shifts.planning_models import ChangeCount, RemovedPlace, RosterChange

Kinds = Counter[tuple[int, date, str]]
"""Changes by line, month (its first day) and kind."""


class _Forgotten(NamedTuple):
    """What is counted of a change that is erased; it was made at an instant (UTC)."""

    line_id: int
    made_at: datetime
    kind: str
    counted: bool


_FORGOTTEN: Final = (
    *(RosterChange.line_id, RosterChange.made_at, RosterChange.kind, RosterChange.counted),
)


def forget(connection: Connection, now: datetime) -> int:
    """Erase the changes, and the removed places that nobody's calendar needs; how many rows."""
    over = delete(RosterChange).where(RosterChange.forget_at <= now)
    gone = connection.execute(over.returning(*_FORGOTTEN)).all()
    _count(connection, _kinds(_Forgotten(*row) for row in gone))
    ended = RemovedPlace.ends_at <= now - KEPT_FOR
    removed = connection.execute(delete(RemovedPlace).where(ended))
    return len(gone) + removed.rowcount


def counts(connection: Connection, line_id: int) -> list[tuple[date, str, int]]:
    """How many changes of each kind were made in each month that is forgotten, the latest first."""
    query = select(ChangeCount.month, ChangeCount.kind, ChangeCount.number)
    ordered = query.order_by(ChangeCount.month.desc(), ChangeCount.kind)
    rows = connection.execute(ordered.where(ChangeCount.line_id == line_id))
    return [(row.month, row.kind, row.number) for row in rows]


def _kinds(changes: Iterable[_Forgotten]) -> Kinds:
    """Months of UTC: days do not matter, and no line's zone is known here."""
    return Counter(
        (one.line_id, one.made_at.date().replace(day=1), one.kind) for one in changes if one.counted
    )


def _count(connection: Connection, kinds: Kinds) -> None:
    for (line_id, month, kind), number in kinds.items():
        same = ChangeCount.line_id == line_id, ChangeCount.month == month, ChangeCount.kind == kind
        more = update(ChangeCount).where(*same).values(number=ChangeCount.number + number)
        if connection.execute(more).rowcount == 0:
            row = {"line_id": line_id, "month": month, "kind": kind, "number": number}
            connection.execute(insert(ChangeCount).values(row))
