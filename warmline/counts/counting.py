"""The bare sums of a day: what the line counts of everybody, without anybody's yes.

How many called or wrote, how many were answered and how many reached nobody; no hour, language,
wait or length. What a yes adds is a note (privacy/notes.py), and the bands in it are named here.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from shifts.local_time import local_day
from warmline.database.engine import upsert
from warmline.database.turns import of_own_row
from warmline.models.counts import DayCount

SOON: Final = timedelta(seconds=20)
"""Whoever leaves before that has not waited (FIELD 3)."""
FEWEST: Final = 5
"""A smaller number of callers is told only as part of something larger."""
OFFERED: Final = "offered"
ANSWERED: Final = "answered"
NOT_REACHED: Final = "not reached"
BARE_SUMS: Final = (OFFERED, ANSWERED, NOT_REACHED)
"""All that is kept of a call or talk by text that nobody said yes to, by day alone."""
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
LENGTHS: Final = ("under 5 min", "5 to 15 min", "15 to 30 min", "over 30 min")
NO_LENGTH: Final = "none"
"""The length of a talk that never came about."""
BY_TEXT: Final = "by text"


class Noted(NamedTuple):
    """What a note says that numbers are made of; `day` and `hour` are the line's own.

    `wait` is one of WAITS or how they left, empty where it is not known any more.
    """

    day: date
    hour: int
    channel: str
    language: str
    wait: str
    length: str
    answered: bool


def count_offered(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Somebody would like to talk, by phone or by text, on a line with this zone."""
    _count(db, line_id, local_day(now, zone), OFFERED)


def count_over(
    db: Connection, line_id: int, now: datetime, zone: ZoneInfo, *, answered: bool
) -> None:
    """A call or a talk by text is over."""
    _count(db, line_id, local_day(now, zone), ANSWERED if answered else NOT_REACHED)


def count_boundary(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """A line was crossed in a talk, and that phone waits longer for a while."""
    _count(db, line_id, local_day(now, zone), BOUNDARY)


def count_spoken_yes(db: Connection, line_id: int, now: datetime, zone: ZoneInfo) -> None:
    """A volunteer says that a caller said yes, aloud, to a third person."""
    _count(db, line_id, local_day(now, zone), SPOKEN_YES)


def since(db: Connection, line_id: int, what: str, first: date) -> int:
    """How many boundaries were set, or yeses reported, from a local day on."""
    since = (DayCount.line_id == line_id, DayCount.day >= first, DayCount.what == what)
    return db.scalar(select(func.coalesce(func.sum(DayCount.number), 0)).where(*since)) or 0


def wait_band(began: datetime, came: datetime | None, ended: datetime, *, answered: bool) -> str:
    """About how long somebody waited for their first peer, or how they left.

    `came` is when that peer came; None with `answered`: it is not known any more, so empty.
    """
    if not answered:
        return LEFT_EARLY if ended - began < SOON else LEFT_LATER
    if came is None:
        return ""
    return next(name for limit, name in WAITS if came - began <= limit)


def of_note(noted: Noted) -> Iterator[str]:
    """The numbers of a month in which a note is one more; of none of them two at once.

    Folded, a note is these alone: which of them belong together is known no more.
    """
    outcome = ANSWERED if noted.answered else NOT_REACHED
    hour = hour_of_week(noted.day, noted.hour)
    yield OFFERED
    yield outcome
    yield in_language(outcome, noted.language)
    yield in_hour(OFFERED, hour)
    if not noted.answered:
        yield in_hour(NOT_REACHED, hour)
    if noted.channel == "text":
        yield BY_TEXT
    if noted.wait:
        yield noted.wait
    if noted.length != NO_LENGTH:
        yield of_length(noted.length)


def in_language(outcome: str, language: str) -> str:
    """The name of a count of all, calls and talks by text, that were in one language."""
    return f"{outcome} {language}"


def in_hour(what: str, hour: int) -> str:
    """The name of a count of an hour of the week, 0 to 167."""
    return f"hour {hour} {what}"


def of_length(length: str) -> str:
    """The name of a count of talks that took about so long."""
    return f"took {length}"


def hour_of_week(day: date, hour: int) -> int:
    """0 (Monday, the hour from midnight) to 167, by a local day and hour."""
    return day.weekday() * 24 + hour


_OF_DAY: Final = upsert(
    lambda insert: of_own_row(
        insert(DayCount).on_conflict_do_update(
            index_elements=["line_id", "day", "what"], set_={"number": DayCount.number + 1}
        )
    )
)


def _count(db: Connection, line_id: int, day: date, what: str) -> None:
    row = {"line_id": line_id, "day": day, "number": 1, "what": what}
    db.execute(_OF_DAY[db.dialect.name], row)
