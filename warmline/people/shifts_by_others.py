"""Shifts that somebody else enters as agreed: their people hear of it, and can say no."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from shifts.files.comparing import NOW_AGREED
from shifts.files.staging import file_change
from shifts.history.history import remembered
from shifts.models import AGREED, Place
from shifts.planning_models import RosterChange
from warmline.models.people import ShiftByOthers


def newest(db: Connection) -> int:
    """The id of the newest place there is; 0 while there is none."""
    return db.execute(select(func.coalesce(func.max(Place.id), 0))).scalar_one()


def note(db: Connection, line_id: int, newest_before: int, now: datetime) -> None:
    """Remember whose shifts to come an import has just entered as agreed, in two statements.

    `newest_before` is what `newest` said before it. Called while the file's changes are known.
    """
    agreed_now = select(file_change.c.place_id).where(file_change.c.kind == NOW_AGREED)
    for fresh in (Place.id > newest_before, Place.id.in_(agreed_now)):
        db.execute(
            insert(ShiftByOthers).from_select(
                ["place_id", "person_id"], _ahead(line_id, now, fresh)
            )
        )


def note_change(db: Connection, change_id: int, now: datetime) -> None:
    """Remember whose shifts to come one change of the roster has entered as agreed."""
    did = db.execute(select(RosterChange.places).where(RosterChange.id == change_id)).scalar_one()
    rows = [pair.after for pair in remembered(did) if pair.after]
    known = set(db.scalars(select(ShiftByOthers.place_id)))
    new = [
        {"place_id": row.id, "person_id": row.person_id}
        for row in rows
        if row.state == AGREED and row.person_id and row.starts_at > now and row.id not in known
    ]
    if new:
        db.execute(insert(ShiftByOthers), new)


def _ahead(line_id: int, now: datetime, fresh: ColumnElement[bool]) -> Select[int, int | None]:
    known = select(ShiftByOthers.place_id)
    return select(Place.id, Place.person_id).where(
        fresh,
        Place.line_id == line_id,
        Place.state == AGREED,
        Place.starts_at > now,
        Place.id.not_in(known),
    )
