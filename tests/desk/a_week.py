"""A week of the demo that is the same whatever day it is: beyond the demo's own roster."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from shifts.local_time import DAY, local_day, start_instant
from shifts.models import AGREED, Person, Place
from tests.demo.conftest import Demo
from warmline.demo.stage import ZONE

AHEAD: Final = timedelta(weeks=6)
"""The demo's roster ends after thirty-one days."""
SHIFTS: Final[Mapping[str, tuple[tuple[int, int, int], ...]]] = {
    "Ivo": ((0, 18, 22), (5, 18, 22)),
    "Hal": ((1, 10, 12),),
    "Eli": ((1, 18, 22), (3, 18, 22)),
    "Fay": ((2, 18, 22), (4, 18, 22)),
}
"""On which days of the week, from which hour to which. Gia is free all week, and so is Chi."""


def a_week(demo: Demo) -> date:
    """The Monday of that week; its shifts are on the roster."""
    zone = ZoneInfo(ZONE)
    today = local_day(demo.stage.exchange.now(), zone)
    monday = today - today.weekday() * DAY + AHEAD

    def at(day: int, hour: int) -> datetime:
        return start_instant(datetime.combine(monday + day * DAY, time(hour)), zone)

    with demo.stage.parts.database.writing() as db:
        people = {
            one.name: one for one in db.execute(select(Person.name, Person.id, Person.line_id))
        }
        rows = [
            {
                "line_id": people[name].line_id,
                "person_id": people[name].id,
                "state": AGREED,
                "duty": False,
                "starts_at": at(day, starts),
                "ends_at": at(day, ends),
            }
            for name, shifts in SHIFTS.items()
            for day, starts, ends in shifts
        ]
        db.execute(insert(Place), rows)
    return monday
