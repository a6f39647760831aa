"""Since when each of the line's numbers is the line's: from then on the provider's copies are too.

A number may come with a past: of whoever had it before, or of the same people with another
system. That past is not the line's to erase unasked.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from warmline.line.opening import TheLine
from warmline.models.line import NumberSince
from warmline.models.promise import Promise

Since = Mapping[str, datetime]
"""By number (E.164), the instant (UTC) from which its calls and texts are the line's."""


def opened_at(db: Connection, line: TheLine) -> datetime | None:
    """When the line opened; while that was not noted, since when a promise is in force.

    None: it answers nobody yet.
    """
    if line.opened_at is not None:
        return line.opened_at
    in_force = select(func.min(Promise.in_force_at)).where(Promise.line_id == line.line_id)
    return db.scalar(in_force)


def read(db: Connection, line: TheLine, now: datetime) -> Since:
    """Since when; `now` for a number that has come just now, and while the line is not open."""
    opened = opened_at(db, line) or now
    noted = _noted(db, line)
    otherwise = now if noted else opened
    return {number: max(noted.get(number, otherwise), opened) for number in line.numbers}


def note(db: Connection, line: TheLine, now: datetime) -> Since:
    """As `read`, and remembered; a number that was given up is forgotten. Empty: not open yet."""
    if opened_at(db, line) is None:
        return {}
    since, noted = read(db, line, now), _noted(db, line)
    gone = [number for number in noted if number not in since]
    if gone:
        theirs = NumberSince.line_id == line.line_id, NumberSince.number.in_(gone)
        db.execute(delete(NumberSince).where(*theirs))
    fresh = [
        {"line_id": line.line_id, "number": number, "since": began}
        for number, began in since.items()
        if number not in noted
    ]
    if fresh:
        db.execute(insert(NumberSince), fresh)
    return since


def _noted(db: Connection, line: TheLine) -> dict[str, datetime]:
    found = select(NumberSince.number, NumberSince.since)
    rows = db.execute(found.where(NumberSince.line_id == line.line_id))
    return {row.number: row.since for row in rows}
