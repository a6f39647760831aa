"""What is kept for how long, and who reads how it went: changed together, as the promise is."""

import json
from collections.abc import Mapping
from typing import Final, Literal, TypedDict

from sqlalchemy import Connection, delete, insert, select

from warmline.models.privacy import RetentionRules
from warmline.privacy import boundaries, feedback_readers

Length = Literal["boundary_hours", "notes_months", "feedback_days"]
MOST: Final[Mapping[Length, int]] = {
    "boundary_hours": boundaries.MOST_HOURS,
    "notes_months": 13,
    "feedback_days": 90,
}
"""None is ever longer. Fewer protects callers more."""
READERS: Final = "readers"


class Kept(TypedDict):
    """Each of MOST with a number, and READERS with the person ids of two, fewer when one left."""

    boundary_hours: int
    notes_months: int
    feedback_days: int
    readers: list[int]


class Wanted(TypedDict, total=False):
    """What is to be otherwise: some of Kept."""

    boundary_hours: int
    notes_months: int
    feedback_days: int
    readers: list[int]


class NotSo(ValueError):
    """What is wanted cannot be, or is so already; `name` says which, `most` how many at most."""

    def __init__(self, name: str, most: int = 0) -> None:
        super().__init__(name)
        self.name = name
        self.most = most


def kept_now(db: Connection, line_id: int) -> Kept:
    """What holds now."""
    row = db.execute(
        select(RetentionRules.__table__).where(RetentionRules.line_id == line_id)
    ).first()
    months, days = (13, 90) if row is None else (row.notes_months, row.feedback_days)
    hours = boundaries.rules(db, line_id).hours
    readers = feedback_readers.named(db, line_id)
    return Kept(boundary_hours=hours, notes_months=months, feedback_days=days, readers=readers)


def changes(db: Connection, line_id: int, wanted: Wanted) -> Wanted:
    """What of it would change; raises NotSo where something cannot be, or nothing would."""
    now = kept_now(db, line_id)
    for name, most in MOST.items():
        if name in wanted and not 1 <= wanted[name] <= most:
            raise NotSo(name, most)
    if READERS in wanted:
        _check_readers(db, line_id, wanted[READERS])
    changed: Wanted = {}
    for name in MOST:
        if name in wanted and wanted[name] != now[name]:
            changed[name] = wanted[name]
    if READERS in wanted and wanted[READERS] != now[READERS]:
        changed[READERS] = wanted[READERS]
    if not changed:
        raise NotSo("nothing")
    return changed


def _check_readers(db: Connection, line_id: int, two: list[int]) -> None:
    try:
        feedback_readers.check(db, line_id, two)
    except feedback_readers.NotThese:
        raise NotSo(READERS) from None


def only_protects(now: Kept, wanted: Wanted) -> bool:
    """Whether everything is kept as long as now or shorter, and the same people read."""
    numbers = all(wanted[name] <= now[name] for name in MOST if name in wanted)
    return numbers and READERS not in wanted


def put_in_force(db: Connection, line_id: int, wanted: Wanted) -> None:
    """It holds from now on; readers who are not willing any more are left as they are."""
    kept: Kept = {**kept_now(db, line_id), **wanted}
    hours = boundaries.rules(db, line_id)
    boundaries.set_rules(db, line_id, boundaries.Rules(kept["boundary_hours"], hours.shared))
    db.execute(delete(RetentionRules).where(RetentionRules.line_id == line_id))
    lengths = {"notes_months": kept["notes_months"], "feedback_days": kept["feedback_days"]}
    db.execute(insert(RetentionRules).values(line_id=line_id, **lengths))
    if READERS in wanted:
        try:
            feedback_readers.name(db, line_id, wanted[READERS])
        except feedback_readers.NotThese:
            return


def as_text(wanted: Wanted) -> str:
    """As it is stored."""
    return json.dumps(dict(wanted), sort_keys=True)


def from_text(text: str) -> Wanted:
    """As it was stored."""
    found: Wanted = json.loads(text)
    return found
