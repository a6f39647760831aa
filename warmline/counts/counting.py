"""What is counted of calls and of talks by text: by day and by hour of the week, of nobody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from shifts.local_time import local_day
from warmline.database.engine import upsert
from warmline.database.turns import of_own_row
from warmline.models.counts import DayCount, WeekCount

SOON: Final = timedelta(seconds=20)
"""Whoever leaves before that has not waited (FIELD 3)."""
FEWEST: Final = 5
"""A smaller number of callers is told only as part of something larger."""
VOICE: Final = ""
TEXT: Final = "text "
"""What the name of a count of talks by text begins with; a call's has nothing before it."""
CHANNELS: Final = (VOICE, TEXT)
OFFERED: Final = "offered"
ANSWERED: Final = "answered"
NOT_REACHED: Final = "not reached"
BOUNDARY: Final = "boundary"
SPOKEN_YES: Final = "spoken yes"
WAITS: Final = (
    (timedelta(seconds=30), "waited 30 s"),
    (timedelta(minutes=2), "waited 2 min"),
    (timedelta.max, "waited longer"),
)
"""How long those who were answered had waited: up to so long."""
LEFT_EARLY: Final = "left early"
LEFT_LATER: Final = "left later"
"""Before anybody came: within `SOON` of calling, or after it."""
SINCE_THEN: Final = tuple(
    channel + what
    for channel in CHANNELS
    for what in (*(name for _, name in WAITS), LEFT_EARLY, LEFT_LATER)
)
"""Whatever is over moves one of these, ever since the hours of the week are counted too."""


@dataclass(frozen=True, slots=True)
class Over:
    """A call or a talk by text that is over, on a line with this zone.

    `came_at` is when their first peer came, None too where that is not known any more.
    """

    channel: str
    language: str
    began_at: datetime
    came_at: datetime | None
    ended_at: datetime
    answered: bool
    zone: ZoneInfo


def count_offered(
    db: Connection, line_id: int, channel: str, now: datetime, zone: ZoneInfo
) -> None:
    """Somebody would like to talk, on a line with this zone."""
    _count(db, line_id, local_day(now, zone), (channel + OFFERED,))


def count_boundary(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """A line was crossed in a talk, and that phone waits longer for a while."""
    _count(db, line_id, local_day(now, zone), (BOUNDARY,))


def count_spoken_yes(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """A volunteer says that a caller said yes, aloud, to a third person."""
    _count(db, line_id, local_day(now, zone), (SPOKEN_YES,))


def since(db: Connection, line_id: int, what: str, first: date) -> int:
    """How many boundaries were set, or yeses reported, from a local day on."""
    since = (DayCount.line_id == line_id, DayCount.day >= first, DayCount.what == what)
    return db.scalar(select(func.coalesce(func.sum(DayCount.number), 0)).where(*since)) or 0


def count_over(db: Connection, line_id: int, over: Over) -> None:
    """Count what is over: two statements, and none before whoever called or wrote has left."""
    _count(db, line_id, local_day(over.ended_at, over.zone), of_day(over))
    began = over.began_at.astimezone(over.zone)
    row = {"line_id": line_id, "month": began.date().replace(day=1), "number": 1}
    row["hour_of_week"] = hour_of_week(began)
    db.execute(_OF_WEEK[db.dialect.name], [row | {"what": what} for what in of_week(over)])


def of_day(over: Over) -> Iterator[str]:
    """What of its day's counts move when a call or talk is over."""
    outcome = ANSWERED if over.answered else NOT_REACHED
    yield over.channel + outcome
    yield in_language(outcome, over.language)
    if not over.answered:
        early = over.ended_at - over.began_at < SOON
        yield over.channel + (LEFT_EARLY if early else LEFT_LATER)
    elif over.came_at is not None:
        waited = over.came_at - over.began_at
        yield over.channel + next(name for limit, name in WAITS if waited <= limit)


def of_week(over: Over) -> Iterator[str]:
    """What of the counts of its hour of the week, in its month, move."""
    yield over.channel + OFFERED
    if not over.answered:
        yield over.channel + NOT_REACHED


def in_language(outcome: str, language: str) -> str:
    """The name of a count of all, calls and talks by text, that were in one language."""
    return f"{outcome} {language}"


def hour_of_week(local: datetime) -> int:
    """0 (Monday, the hour from midnight) to 167, by a local time."""
    return local.weekday() * 24 + local.hour


_OF_DAY: Final = upsert(
    lambda insert: of_own_row(
        insert(DayCount).on_conflict_do_update(
            index_elements=["line_id", "day", "what"], set_={"number": DayCount.number + 1}
        )
    )
)
_OF_WEEK: Final = upsert(
    lambda insert: insert(WeekCount).on_conflict_do_update(
        index_elements=["line_id", "month", "hour_of_week", "what"],
        set_={"number": WeekCount.number + 1},
    )
)


def _count(db: Connection, line_id: int, day: date, whats: Iterable[str]) -> None:
    row = {"line_id": line_id, "day": day, "number": 1}
    db.execute(_OF_DAY[db.dialect.name], [row | {"what": what} for what in whats])
