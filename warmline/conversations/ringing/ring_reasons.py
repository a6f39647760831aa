"""Why a volunteer's phone rang, or did not: told to that volunteer alone, and gone in two days.

Of whoever calls nothing is kept here: a reason stands beside a volunteer and the minute.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from warmline.database.turns import of_own_row
from warmline.models.people import RingReason
from warmline.prompts import Prompts
from warmline.routing.reasons import GivenReason, Reason, RingEnd

KEPT_FOR: Final = timedelta(days=2)
SAME: Final = timedelta(minutes=10)
"""A reason that goes on for so long is said again, with the minute then."""
_ADD: Final = of_own_row(insert(RingReason))
_LATEST: Final = select(RingReason.person_id, RingReason.reason).where(
    RingReason.id.in_(
        select(func.max(RingReason.id))
        .where(
            RingReason.person_id.in_(bindparam("people", expanding=True)),
            RingReason.at > bindparam("since"),
        )
        .group_by(RingReason.person_id)
    )
)
_OF_PERSON: Final = (
    select(RingReason.at, RingReason.reason, RingReason.until, RingReason.code)
    .where(RingReason.person_id == bindparam("whose"), RingReason.at > bindparam("since"))
    .order_by(RingReason.id.desc())
)


class Moment(NamedTuple):
    """At which minute (UTC) a phone rang or did not, and why."""

    at: datetime
    told: GivenReason


def ended(db: Connection, line_id: int, person_id: int, how: RingEnd, now: datetime) -> None:
    """What a ring of theirs has come to."""
    note(db, line_id, {person_id: GivenReason(how)}, now)


def note(db: Connection, line_id: int, told: Mapping[int, GivenReason], now: datetime) -> None:
    """Write what was found, by person id."""
    minute = now.replace(second=0, microsecond=0)
    rows = [
        {"line_id": line_id, "person_id": person, "at": minute, **one._asdict()}
        for person, one in told.items()
    ]
    if rows:
        db.execute(_ADD, rows)


def note_what_is_new(
    db: Connection, line_id: int, told: Mapping[int, GivenReason], now: datetime
) -> None:
    """Write what the search has found of those whom it does not ring, where that is another thing.

    A search goes a step on with nearly every request: most of its steps find nothing new.
    """
    if not told:
        return
    query: dict[str, Any] = {"people": list(told), "since": now - SAME}
    known = {row.person_id: row.reason for row in db.execute(_LATEST, query)}
    new = {person: one for person, one in told.items() if known.get(person) != one.reason}
    note(db, line_id, new, now)


def of_person(db: Connection, person_id: int, now: datetime) -> list[Moment]:
    """What is known of one volunteer's phone, the latest first; for nobody but them."""
    found = db.execute(_OF_PERSON, {"whose": person_id, "since": now - KEPT_FOR})
    return [
        Moment(row.at, GivenReason(cast("Reason", row.reason), row.until, row.code))
        for row in found
    ]


def by_reason(db: Connection, line_id: int, now: datetime) -> list[tuple[str, int]]:
    """How often each reason was found on the line in two days, of nobody; the most often first."""
    number = func.count(RingReason.id)
    query = select(RingReason.reason, number).where(
        RingReason.line_id == line_id, RingReason.at > now - KEPT_FOR
    )
    found = db.execute(query.group_by(RingReason.reason)).all()
    return sorted(((reason, many) for reason, many in found), key=lambda one: (-one[1], one[0]))


def in_words(prompts: Prompts, language: str, told: GivenReason, until: str | None) -> str:
    """A reason as its volunteer reads it; `until` is the time in words where there is one."""
    words = prompts.text(language, f"why.{told.reason.replace(' ', '_')}", code=told.code)
    return prompts.text(language, "why.until", reason=words, until=until) if until else words


def forget(db: Connection, now: datetime) -> int:
    """Erase what is older than two days; how many rows."""
    return db.execute(delete(RingReason).where(RingReason.at <= now - KEPT_FOR)).rowcount
