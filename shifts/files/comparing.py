"""A file's places beside the roster's: which are there already, which get a yes, which are new."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    union,
    union_all,
    update,
)

from shifts.files.staging import file_change, file_met, file_place, file_there, settle_statistics
from shifts.local_time import Span
from shifts.models import AGREED, ASKED, DRAFT, OPEN, Place
from shifts.who_is_on import LONGEST_PLACE

ADDED, NOW_AGREED, CHANGED, REMOVED = "added", "agreed", "changed", "removed"
NEVER = datetime(1970, 1, 2, tzinfo=UTC)
SEAT = ("starts_at", "ends_at", "person_id", "state", "duty", "origin")


class OwnSpan(NamedTuple):
    """When somebody will be on: UTC, half-open; `line` of the file, 0: of the roster alone."""

    person_id: int
    duty: bool
    starts_at: datetime
    ends_at: datetime
    line: int


OwnSpans = Select[int, bool, datetime, datetime, int]
"""A statement that reads these columns, in this order."""


def plan_rows(connection: Connection, line_id: int) -> None:
    """What the roster lacks of staged rows; an equal place is there whatever made it."""
    meet_equals(connection, line_id, unmade_only=False)
    plan_the_rest(connection)


def meet_equals(connection: Connection, line_id: int, *, unmade_only: bool) -> None:
    """Bring each staged place together with an equal one of the roster: start, end and person.

    Of equal open places as many are there as the roster has; `unmade_only` counts only those
    that no pattern and no other calendar has made.
    """
    span = _span(connection)
    if span is None:
        return
    others = ~exists().where(file_there.c.place_id == Place.id)
    meet(connection, _equal_held([Place.line_id == line_id, others]))
    spare = [*_near(line_id, *span), others]
    meet(connection, _equal_open([*spare, Place.origin.is_(None)] if unmade_only else spare))


def meet(connection: Connection, pairs: Select[int, int]) -> None:
    """Note which staged place (id) is which place of the roster (id)."""
    connection.execute(insert(file_met).from_select(["file_id", "place_id"], pairs))
    met = select(file_met.c.file_id)
    connection.execute(
        update(file_place).where(~file_place.c.met, file_place.c.id.in_(met)).values(met=True)
    )


def plan_the_rest(connection: Connection) -> None:
    """A yes of the file makes an asked place agreed; what was not met is new."""
    settle_statistics(connection)
    kept = [Place.starts_at, Place.ends_at, Place.person_id, Place.duty, Place.origin]
    yes = (
        select(literal(NOW_AGREED), func.min(file_place.c.line), Place.id, literal(AGREED), *kept)
        .join(file_met, file_met.c.place_id == Place.id)
        .join(file_place, file_place.c.id == file_met.c.file_id)
        .where(
            file_place.c.state == AGREED,
            file_place.c.person_id == Place.person_id,
            Place.state.in_((ASKED, DRAFT)),
            ~exists().where(file_change.c.place_id == Place.id),
        )
        .group_by(Place.id)
    )
    named = ["starts_at", "ends_at", "person_id", "duty", "origin"]
    into = insert(file_change)
    connection.execute(into.from_select(["kind", "line", "place_id", "state", *named], yes))
    seat = [file_place.c[name] for name in SEAT]
    new = select(literal(ADDED), file_place.c.line, null(), *seat).where(~file_place.c.met)
    rows = new.order_by(file_place.c.id)
    connection.execute(into.from_select(["kind", "line", "place_id", *SEAT], rows))
    settle_statistics(connection)


def own_spans(connection: Connection, line_id: int) -> OwnSpans:
    """The spans that everybody whom the file concerns will have, person by person, by start.

    Its rows are those of an OwnSpan.
    """
    planned = select(*_own(file_change), file_change.c.line.label("line")).where(
        file_change.c.kind != REMOVED, file_change.c.person_id.is_not(None)
    )
    begin, end = _span(connection) or (NEVER, NEVER)
    persons = union(select(file_place.c.person_id), select(file_change.c.person_id))
    there = (
        select(*_own(Place.__table__), func.coalesce(file_place.c.line, 0).label("line"))
        .outerjoin(file_met, file_met.c.place_id == Place.id)
        .outerjoin(file_place, file_place.c.id == file_met.c.file_id)
        .where(
            *_near(line_id, begin, end),
            Place.person_id.in_(select(persons.subquery().c.person_id)),
            ~exists().where(file_change.c.place_id == Place.id),
        )
    )
    own = union_all(planned, there).subquery()
    columns = (own.c.person_id, own.c.duty, own.c.starts_at, own.c.ends_at)
    return select(*columns, own.c.line).order_by(*columns)


def _own(table: FromClause) -> list[ColumnElement[object]]:
    return [table.c[name] for name in ("person_id", "duty", "starts_at", "ends_at")]


def _span(connection: Connection) -> Span | None:
    """From the first start to the last end of what is staged; None when nothing is."""
    ends = select(func.min(file_place.c.starts_at), func.max(file_place.c.ends_at))
    begin, end = connection.execute(ends).one()
    return None if begin is None else (begin, end)


def _near(line_id: int, begin: datetime, end: datetime) -> list[ColumnElement[bool]]:
    return [
        Place.line_id == line_id,
        Place.starts_at > begin - LONGEST_PLACE,
        Place.starts_at < end,
    ]


def _equal_held(those: Sequence[ColumnElement[bool]]) -> Select[int, int]:
    return (
        select(file_place.c.id, func.min(Place.id))
        .join(
            Place,
            and_(
                Place.person_id == file_place.c.person_id,
                Place.starts_at == file_place.c.starts_at,
                Place.ends_at == file_place.c.ends_at,
                Place.duty == file_place.c.duty,
            ),
        )
        .where(~file_place.c.met, *those)
        .group_by(file_place.c.id)
    )


def _equal_open(those: Sequence[ColumnElement[bool]]) -> Select[int, int]:
    """The first of equal staged places with the first of equal open ones, and so on."""
    staged = _numbered(file_place).where(~file_place.c.met, file_place.c.person_id.is_(None))
    spare = _numbered(Place.__table__).where(Place.state == OPEN, *those)
    a, b = staged.subquery("staged"), spare.subquery("spare")
    same = (a.c[name] == b.c[name] for name in ("starts_at", "ends_at", "duty", "nth"))
    return select(a.c.id, b.c.id).join(b, and_(*same))


def _numbered(table: FromClause) -> Select[int, datetime, datetime, bool, int]:
    columns = table.c
    equal = [columns[name] for name in ("starts_at", "ends_at", "duty")]
    nth = func.row_number().over(partition_by=equal, order_by=columns["id"])
    return select(columns["id"], *equal, nth.label("nth"))
