"""What stands in the way of an undo: somebody would be on twice, a later change would be lost."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, select

from shifts.history.related_rows import RelatedRow
from shifts.models import DRAFT, Person
from shifts.places import PlaceRow, of_person
from shifts.planning_models import DatedChange
from shifts.refusals import DoublePlace


def refuse_double(
    connection: Connection, line_id: int, back: Sequence[PlaceRow], gone: Collection[int | None]
) -> None:
    """Raises DoublePlace when somebody whose place would be back has another one then by now.

    `gone` are places that do not count: those that the undo takes away. Locks the persons, in
    the order everybody does.
    """
    rows = [row for row in back if row.person_id is not None and row.state != DRAFT]
    theirs = Person.id.in_({row.person_id for row in rows})
    people = select(Person.id, Person.name).where(theirs).order_by(Person.id).with_for_update()
    names = {one.id: one.name for one in connection.execute(people)}
    untouched = {*gone, *(row.id for row in back)}
    for row in rows:
        person, span = row.person_id or 0, (row.starts_at, row.ends_at)
        own = of_person(connection, line_id, person, *span, duty=row.duty)
        if any(one.state != DRAFT and one.id not in untouched for one in own):
            name = names[person]
            raise DoublePlace(f"{name} has another shift at that time by now; change that first.")


def hides_under_others(connection: Connection, made: Iterable[RelatedRow]) -> bool:
    """Whether one of these rows is a hiding change with later ones for a part of its time.

    What it hides is back under those only when it is lifted.
    """
    changes = (one.row for one in made if one.made and one.table == DatedChange.__tablename__)
    return any(_later(connection, row) for row in changes if row["kind"] == "hide")


def _later(connection: Connection, row: dict[str, object]) -> bool:
    query = select(DatedChange.id).where(
        DatedChange.id > row["id"],
        DatedChange.line_id == row["line_id"],
        DatedChange.duty == row["duty"],
        DatedChange.starts_at < row["ends_at"],
        DatedChange.ends_at > row["starts_at"],
    )
    return connection.scalar(query.limit(1)) is not None
