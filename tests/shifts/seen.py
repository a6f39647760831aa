"""The roster as tests look at it: hours after eight on a Monday, whose, in which state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from shifts import places
from shifts.history import history
from shifts.models import AGREED, Place
from shifts.places import PlaceRow
from shifts.planning_models import RosterChange
from shifts.who_is_on import pieces, who_is_on
from tests.shifts.rosters import ANA, LINE

EIGHT = datetime(2027, 6, 7, 8, tzinfo=UTC)
DAY = timedelta(days=1)
BY_ANA: Final[dict[str, Any]] = {"by_id": ANA, "now": EIGHT - DAY}
"""Who made a change, and when: the day before."""


def at(hours: float) -> datetime:
    """That many hours after eight."""
    return EIGHT + timedelta(hours=hours)


def rows(connection: Connection, *, duty: bool = False) -> list[PlaceRow]:
    """Every place of the line, by start."""
    return places.in_span(connection, LINE, EIGHT - 400 * DAY, EIGHT + 400 * DAY, duty=duty)


def unversioned(connection: Connection) -> list[PlaceRow]:
    """Every place without the count of its changes: what an undo gives back exactly."""
    return [replace(row, version=0) for row in rows(connection)]


def shown(connection: Connection) -> list[tuple[float, float, int | None, str]]:
    """Begin and end in hours after eight, whose, in which state."""
    return [
        (_hours(row.starts_at), _hours(row.ends_at), row.person_id, row.state)
        for row in rows(connection)
    ]


def on(connection: Connection, hours: float) -> list[str]:
    """Who is on that many hours after eight."""
    return [one.name for one in who_is_on(connection, LINE, at(hours))]


def undone(connection: Connection, change_id: int) -> list[PlaceRow]:
    """The places after a change was undone."""
    history.undo(connection, LINE, change_id, ANA, EIGHT - DAY)
    return unversioned(connection)


def undo_last(connection: Connection, line_id: int, by_id: int | None, now: datetime) -> str:
    """Undo somebody's last change that is not undone yet; its kind."""
    query = select(RosterChange.id).where(
        RosterChange.line_id == line_id,
        RosterChange.by_id == by_id,
        RosterChange.undone.is_(False),
        RosterChange.kind != history.UNDO,
    )
    last = connection.scalar(query.order_by(RosterChange.id.desc()).limit(1))
    return history.undo(connection, line_id, last or 0, by_id, now)


def put_long(
    connection: Connection, begin: float, end: float, person_id: int, *, duty: bool = False
) -> None:
    """A shift of any length that somebody has agreed to, in the places that it is kept as."""
    for starts_at, ends_at in pieces(at(begin), at(end)):
        row = {"line_id": LINE, "starts_at": starts_at, "ends_at": ends_at, "duty": duty}
        connection.execute(insert(Place).values(row | {"person_id": person_id, "state": AGREED}))


def _hours(instant: datetime) -> float:
    return (instant - EIGHT) / timedelta(hours=1)
