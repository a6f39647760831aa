"""What is kept for how long, and who reads how it went: changed together, as the promise is."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from warmline.models.privacy import LineKeeps
from warmline.privacy import boundaries, feedback_readers

MOST: Final = {"boundary_hours": boundaries.MOST_HOURS, "notes_months": 13, "how_days": 90}
"""None is ever longer. Fewer protects callers more."""
READERS: Final = "readers"
Wanted = Mapping[str, Any]
"""Some of MOST with a number, and READERS with two person ids."""


class NotSo(ValueError):
    """What is wanted cannot be, or is so already; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def held(db: Connection, line_id: int) -> dict[str, Any]:
    """What holds now."""
    row = db.execute(select(LineKeeps.__table__).where(LineKeeps.line_id == line_id)).first()
    months, days = (13, 90) if row is None else (row.notes_months, row.how_days)
    hours = boundaries.rules(db, line_id).hours
    kept = {"boundary_hours": hours, "notes_months": months, "how_days": days}
    return kept | {READERS: feedback_readers.named(db, line_id)}


def changes(db: Connection, line_id: int, wanted: Wanted) -> dict[str, Any]:
    """What of it would change; raises NotSo where something cannot be, or nothing would."""
    now = held(db, line_id)
    for name, most in MOST.items():
        if name in wanted and not 1 <= wanted[name] <= most:
            raise NotSo(name)
    if READERS in wanted:
        _check_readers(db, line_id, wanted[READERS])
    changed = {name: value for name, value in wanted.items() if value != now[name]}
    if not changed:
        raise NotSo("nothing")
    return changed


def _check_readers(db: Connection, line_id: int, two: list[int]) -> None:
    try:
        feedback_readers.check(db, line_id, two)
    except feedback_readers.NotThese:
        raise NotSo(READERS) from None


def only_protects(now: Wanted, wanted: Wanted) -> bool:
    """Whether everything is kept as long as now or shorter, and the same people read."""
    numbers = all(wanted[name] <= now[name] for name in MOST if name in wanted)
    return numbers and READERS not in wanted


def put_in_force(db: Connection, line_id: int, wanted: Wanted) -> None:
    """It holds from now on; readers who are not willing any more are left as they are."""
    kept = held(db, line_id) | dict(wanted)
    hours = boundaries.rules(db, line_id)
    boundaries.set_rules(db, line_id, boundaries.Rules(kept["boundary_hours"], hours.shared))
    db.execute(delete(LineKeeps).where(LineKeeps.line_id == line_id))
    lengths = {name: kept[name] for name in ("notes_months", "how_days")}
    db.execute(insert(LineKeeps).values(line_id=line_id, **lengths))
    if READERS in wanted:
        try:
            feedback_readers.name(db, line_id, wanted[READERS])
        except feedback_readers.NotThese:
            return


def as_text(wanted: Wanted) -> str:
    """As it is stored."""
    return json.dumps(dict(wanted), sort_keys=True)


def from_text(text: str) -> dict[str, Any]:
    """As it was stored."""
    found: dict[str, Any] = json.loads(text)
    return found
