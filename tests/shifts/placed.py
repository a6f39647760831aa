"""Places by hours after a Monday's noon: put on a small roster, and read back as a plain list."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from shifts.local_time import Span
from shifts.models import AGREED, OPEN, Place
from tests.shifts.rosters import LINE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YESTERDAY = NOON - timedelta(days=1)
ZONE = ZoneInfo("UTC")
Shown = tuple[float, float, int | None, str]


def at(hours: float) -> datetime:
    """So many hours after noon."""
    return NOON + timedelta(hours=hours)


def span(begin: float, end: float) -> Span:
    return at(begin), at(end)


def put(
    connection: Connection,
    begin: float,
    end: float,
    person_id: int | None = None,
    state: str | None = None,
    *,
    duty: bool = False,
    line_id: int = LINE,
    origin: str | None = None,
) -> int:
    """Put a place on the roster: agreed when it is somebody's, else open; its id."""
    usual = OPEN if person_id is None else AGREED
    row = {
        "line_id": line_id,
        "starts_at": at(begin),
        "ends_at": at(end),
        "person_id": person_id,
        "state": state or usual,
        "duty": duty,
        "origin": origin,
    }
    made = connection.execute(insert(Place).values(row).returning(Place.id))
    return int(made.scalar_one())


def shown(connection: Connection, *, duty: bool = False) -> list[Shown]:
    """Every place of one kind as hours after noon, whose, and in which state."""
    query = select(Place.starts_at, Place.ends_at, Place.person_id, Place.state)
    ordered = query.where(Place.duty.is_(duty)).order_by(Place.starts_at, Place.ends_at, Place.id)
    return [
        (_hours(begin), _hours(end), person, state)
        for begin, end, person, state in connection.execute(ordered)
    ]


def _hours(instant: datetime) -> float:
    return (instant - NOON) / timedelta(hours=1)
