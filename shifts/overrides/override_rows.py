"""Dated changes as they are kept: checked before anything is done, read for an interval, stored."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, or_, select

from shifts.faults import Fault, NotInRoster
from shifts.history import related_rows
from shifts.history.history import KEPT_FOR
from shifts.history.related_rows import RelatedRow
from shifts.hours.opening_hours import check_note
from shifts.models import Line, Person
from shifts.overrides.override_rules import DatedRow, HiddenRow
from shifts.planning_models import DatedChange, HiddenPlace, Pattern

LONGEST_CHANGE: Final = timedelta(days=366)
COLUMNS: Final = (
    *(DatedChange.id, DatedChange.kind, DatedChange.duty, DatedChange.starts_at),
    *(DatedChange.ends_at, DatedChange.leaves_id, DatedChange.comes_id, DatedChange.agreed),
)
"""Those of a DatedRow."""


class EndsBeforeStart(Fault):
    """The end of a change or a place is not after its start."""


class LongerThanAYear(Fault):
    """A dated change is for at most a year; what is for longer is a change of the pattern."""


class NothingThere(Fault):
    """There is no place that the change could change, and no pattern will make one."""


class LiftedAlready(Fault):
    """There is no such dated change, or not any more."""


def check_span(connection: Connection, line_id: int, begin: datetime, end: datetime) -> None:
    """Raises EndsBeforeStart or LongerThanAYear."""
    if end <= begin:
        starts, ends = (in_words(connection, line_id, one) for one in (begin, end))
        raise EndsBeforeStart(
            f"The end, {ends}, is not after the start, {starts}; say a later end."
        )
    if end - begin > LONGEST_CHANGE:
        starts = in_words(connection, line_id, begin)
        raise LongerThanAYear(
            f"A change from {starts} on may last a year at most; for longer, change the pattern."
        )


def lock_people(connection: Connection, line_id: int, people: Iterable[int | None]) -> None:
    """One change of these persons' places at a time; always locked in the same order.

    On SQLite the writing transaction does it. Raises NotInRoster.
    """
    wanted = {person for person in people if person is not None}
    query = select(Person.id).where(Person.id.in_(wanted), Person.line_id == line_id)
    found = (
        set(connection.scalars(query.order_by(Person.id).with_for_update())) if wanted else set()
    )
    if missing := wanted - found:
        numbers = ", ".join(map(str, sorted(missing)))
        raise NotInRoster(f"Nobody of this line's roster has the number {numbers}.")


def in_words(connection: Connection, line_id: int, at: datetime) -> str:
    """An instant as the line's clocks show it, for a sentence."""
    zone = connection.execute(select(Line.time_zone).where(Line.id == line_id)).scalar_one()
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %Y %H:%M}"


def name_of(connection: Connection, person_id: int | None) -> str:
    """A person's name, for a sentence."""
    return connection.scalar(select(Person.name).where(Person.id == person_id)) or "Nobody"


def in_span(connection: Connection, line_id: int, begin: datetime, end: datetime) -> list[DatedRow]:
    """The line's dated changes that share an instant with [begin, end), for override_rules."""
    query = select(*COLUMNS).where(
        DatedChange.line_id == line_id, DatedChange.starts_at < end, DatedChange.ends_at > begin
    )
    return [DatedRow(*row) for row in connection.execute(query.order_by(DatedChange.id))]


def store(
    connection: Connection, line_id: int, new: DatedRow, note: str = ""
) -> tuple[DatedRow, RelatedRow]:
    """A new dated change with the id it gets (it had none), and the row that undo takes away.

    Raises BadNote.
    """
    check_note("The note", note)
    values = asdict(new) | {"line_id": line_id, "note": note}
    kept = {key: value for key, value in values.items() if key != "id"}
    [row] = related_rows.make(connection, DatedChange, [kept])
    return replace(new, id=row.row["id"]), row


def keep_hidden(connection: Connection, hidden: Sequence[HiddenRow]) -> list[RelatedRow]:
    """Write down what dated changes hide, so that lifting them brings it back."""
    rows = [asdict(one.place) | {"dated_change_id": one.change_id} for one in hidden]
    for row in rows:
        del row["id"]
    return related_rows.make(connection, HiddenPlace, rows)


def more_to_come(connection: Connection, line_id: int, end: datetime, *, duty: bool) -> bool:
    """Whether a pattern will still make places before `end`: a change is kept for them too."""
    unmade = or_(Pattern.made_until.is_(None), Pattern.made_until < end)
    query = select(Pattern.id).where(
        Pattern.line_id == line_id, Pattern.duty.is_(duty), Pattern.ended.is_(False), unmade
    )
    return connection.scalar(query.limit(1)) is not None


def forget(connection: Connection, now: datetime) -> int:
    """Erase dated changes that were over long ago, with what they hid; how many."""
    over = DatedChange.ends_at <= now - KEPT_FOR
    old = select(DatedChange.id).where(over)
    connection.execute(delete(HiddenPlace).where(HiddenPlace.dated_change_id.in_(old)))
    return connection.execute(delete(DatedChange).where(over)).rowcount
