"""Rows of other tables that a change of the roster makes or takes away, so that undo finds them.

A temporary roster, for example, is not only places: it is a dated change and what that hides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy import ColumnElement, Connection, Date, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from shifts.instants import Instant
from shifts.models import Base


class NoLonger(Exception):
    """A row is not as it was when the change was made; the transaction must end."""


@dataclass(frozen=True)
class RelatedRow:
    """One row beside the places: made, or taken away; `row` is all of it, its key too.

    Or changed, when there is a `was`: both then are its `id`, its `version` and what is another.
    """

    table: str
    row: dict[str, Any]
    made: bool
    was: dict[str, Any] | None = None


class BesideInJson(TypedDict):
    """The same in JSON: dates and instants in ISO 8601."""

    table: str
    row: dict[str, object]
    made: bool
    was: NotRequired[dict[str, object] | None]


def make(
    connection: Connection, table: type[Base], rows: Sequence[Mapping[str, object]]
) -> list[RelatedRow]:
    """Write new rows, all with the same columns; none has an id yet."""
    wanted = _table(table)
    if not rows:
        return []
    made = connection.execute(insert(wanted).returning(wanted), list(rows))
    return [RelatedRow(wanted.name, dict(row._mapping), made=True) for row in made]


def take(
    connection: Connection, table: type[Base], *where: ColumnElement[bool]
) -> list[RelatedRow]:
    """Take rows away: those for which all of `where` holds, exactly as they are by then."""
    wanted = _table(table)
    rows = connection.execute(delete(wanted).where(*where).returning(wanted))
    return [RelatedRow(wanted.name, dict(row._mapping), made=False) for row in rows]


def standing(
    connection: Connection, table: type[Base], *where: ColumnElement[bool]
) -> list[RelatedRow]:
    """Rows that were just made elsewhere: those for which all of `where` holds, by their key."""
    wanted = _table(table)
    rows = connection.execute(select(wanted).where(*where).order_by(*wanted.primary_key))
    return [RelatedRow(wanted.name, dict(row._mapping), made=True) for row in rows]


def turned_back(connection: Connection, rows: Iterable[RelatedRow]) -> list[RelatedRow]:
    """Do the opposite, the last first: what was made goes, what was taken or changed is back.

    Raises NoLonger when a row is gone or changed since, or others hang on it now.
    """
    try:
        return [_turned(connection, one) for one in reversed(list(rows))]
    except IntegrityError as error:
        raise NoLonger from error


def from_json(entry: BesideInJson) -> RelatedRow:
    """A row from its JSON: `dataclasses.asdict` of it, dates and instants in ISO 8601."""
    table = Base.metadata.tables[entry["table"]]
    row, was = (_values(table, one) for one in (entry["row"], entry.get("was")))
    return RelatedRow(table.name, row or {}, entry["made"], was)


def _turned(connection: Connection, one: RelatedRow) -> RelatedRow:
    table = Base.metadata.tables[one.table]
    if one.was is not None:
        return _changed_back(connection, table, one, one.was)
    if not one.made:
        return _written(connection, table, one.row)
    its_key = (column == one.row[column.name] for column in table.primary_key)
    if connection.execute(delete(table).where(*its_key)).rowcount != 1:
        raise NoLonger
    return RelatedRow(one.table, one.row, made=False)


def _changed_back(
    connection: Connection, table: Table, one: RelatedRow, was: dict[str, object]
) -> RelatedRow:
    row = one.row
    again = was | {"version": row["version"] + 1}
    as_it_was = (table.c.id == row["id"], table.c.version == row["version"])
    if connection.execute(update(table).where(*as_it_was).values(again)).rowcount != 1:
        raise NoLonger
    return RelatedRow(table.name, again, made=True, was=row)


def _written(connection: Connection, table: Table, row: dict[str, object]) -> RelatedRow:
    made = connection.execute(insert(table).values(row).returning(table)).one()
    return RelatedRow(table.name, dict(made._mapping), made=True)


def _values(table: Table, values: Mapping[str, object] | None) -> dict[str, object] | None:
    if values is None:
        return None
    return {key: _value(table.c[key].type, value) for key, value in values.items()}


def _value(kind: object, value: object) -> object:
    if isinstance(kind, Instant) and isinstance(value, str):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) and isinstance(value, str) else value


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
