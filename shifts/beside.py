"""Rows of other tables that a change of the roster makes or takes away, so that undo finds them.

A temporary roster, for example, is not only places: it is a dated change and what that hides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from shifts.instants import Instant
from shifts.models import Base


class NoLonger(Exception):
    """A row is not as it was when the change was made; the transaction must end."""


@dataclass(frozen=True)
class Beside:
    """One row beside the places: made, or taken away; `row` is all of it, `id` too."""

    table: str
    row: dict[str, Any]
    made: bool


def make(
    connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]
) -> list[Beside]:
    """Write new rows, all with the same columns; none has an id yet."""
    wanted = _table(table)
    if not rows:
        return []
    made = connection.execute(insert(wanted).returning(wanted), list(rows))
    return [Beside(wanted.name, dict(row._mapping), made=True) for row in made]


def take(connection: Connection, table: type[Base], *where: ColumnElement[bool]) -> list[Beside]:
    """Take rows away: those for which all of `where` holds."""
    rows = standing(connection, table, *where)
    connection.execute(delete(_table(table)).where(*where))
    return [Beside(one.table, one.row, made=False) for one in rows]


def standing(
    connection: Connection, table: type[Base], *where: ColumnElement[bool]
) -> list[Beside]:
    """Rows that were just made elsewhere: those for which all of `where` holds, by id."""
    wanted = _table(table)
    rows = connection.execute(select(wanted).where(*where).order_by(wanted.c.id))
    return [Beside(wanted.name, dict(row._mapping), made=True) for row in rows]


def turned_back(connection: Connection, rows: Iterable[Beside]) -> list[Beside]:
    """Do the opposite, the last first: what was made goes, what was taken away is back.

    Raises NoLonger when a row is gone, or others hang on it now.
    """
    try:
        return [_turned(connection, one) for one in reversed(list(rows))]
    except IntegrityError as error:
        raise NoLonger from error


def from_json(entry: Mapping[str, Any]) -> Beside:
    """A row from its JSON: `dataclasses.asdict` of it, dates and instants in ISO 8601."""
    columns = Base.metadata.tables[entry["table"]].c
    kinds = {key: columns[key].type for key in entry["row"]}
    row = {key: _value(kinds[key], value) for key, value in entry["row"].items()}
    return Beside(entry["table"], row, entry["made"])


def _turned(connection: Connection, one: Beside) -> Beside:
    table = Base.metadata.tables[one.table]
    if not one.made:
        return _written(connection, table, one.row)
    if connection.execute(delete(table).where(table.c.id == one.row["id"])).rowcount != 1:
        raise NoLonger
    return Beside(one.table, one.row, made=False)


def _written(connection: Connection, table: Table, row: dict[str, Any]) -> Beside:
    made = connection.execute(insert(table).values(row).returning(table)).one()
    return Beside(table.name, dict(made._mapping), made=True)


def _value(kind: object, value: Any) -> Any:
    if value is not None and isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if value is not None and isinstance(kind, Date) else value


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
