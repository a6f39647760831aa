"""The schema of an older version comes up to date with its rows in place."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Select, Table, insert, select
from sqlalchemy.types import Boolean, Date, DateTime, Integer

from tests.databases import Databases
from warmline.database import fleeting
from warmline.database.engine import Database
from warmline.schema.revisions import migrate, schema_at

pytestmark = pytest.mark.both_databases

THEN = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
Contents = dict[str, list[dict[str, Any]]]
KNOWN: dict[str, dict[str, object]] = {
    "person": {"name": "Ana"},
    "day_count": {"what": "offered"},
    "line": {"name": "Riverside", "time_zone": "America/New_York"},
    "place": {"state": "agreed", "ends_at": THEN.replace(hour=9)},
    "dated_change": {"kind": "hide", "ends_at": THEN.replace(hour=9)},
    "hidden_place": {"state": "agreed"},
    "volunteer": {"phone": "+14135550111", "languages": "en,es", "agreed": "yes"},
}
"""What a row cannot do without; every other column gets something of its kind."""


class Journey(NamedTuple):
    """What stood in a database of the first schema, in the newest, and in the first again."""

    first: Contents
    newest: Contents
    back: Contents


@pytest.fixture
def journey(databases: Databases) -> Journey:
    """Two lines, and a row in each other table, through all migrations and back."""
    return travelled(databases)


@cache
def travelled(databases: Databases) -> Journey:
    """Once for each kind of database: all migrations take it seconds."""
    with databases.blank() as url:
        command.upgrade(schema_at(url), "0001")
        first = filled(url)
        migrate(url)
        newest = contents(url)
        command.downgrade(schema_at(url), "0001")
        return Journey(first, newest, contents(url))


def test_rows_of_the_first_schema_are_all_there_in_the_newest(journey: Journey) -> None:
    assert all(journey.first.values())
    first = under_new_names(journey.first)
    assert kept(journey.newest, first) == first


def test_every_line_has_a_calendar_key_of_its_own(journey: Journey) -> None:
    keys = [row["calendar_key"] for row in journey.newest["line"]]
    assert len(set(keys)) == 2
    assert all(len(key) == 16 for key in keys)


def test_the_newest_schema_goes_back_to_the_first_with_its_rows(journey: Journey) -> None:
    assert journey.back == journey.first


def test_the_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    command.check(schema_at(database_url))


NAMED = ("place", "dated_change", "hidden_place", "opening_exception", "roster_change", "swap")


@pytest.mark.parametrize("name", NAMED)
def test_an_id_that_the_history_or_an_answer_names_is_never_used_twice(
    database_url: str, name: str
) -> None:
    database = Database(database_url)
    with database.writing() as db:
        there = tables(db, "line", "person", "dated_change", name)
        for parent in ("line", "person", "dated_change"):
            db.execute(insert(there[parent]).values(referring(there[parent]) | {"id": 2}))
        first = added(db, there[name])
        db.execute(there[name].delete())
        assert added(db, there[name]) > first
    database.close()


def added(db: Connection, table: Table) -> int:
    """The id of one more row, as the database gives it."""
    values = {name: value for name, value in referring(table).items() if name != "id"}
    return int(db.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def referring(table: Table) -> dict[str, object]:
    """A row that refers to rows whose id is 2."""
    return row_for(table) | {key.parent.name: 2 for key in table.foreign_keys}


def filled(url: str) -> Contents:
    """One row in each table, and a second line; what was written."""
    database = Database(url)
    with database.writing() as db:
        there = tables(db)
        for table in there.values():
            db.execute(insert(table).values(row_for(table)))
        db.execute(insert(there["line"]).values(row_for(there["line"]) | {"id": 2}))
    database.close()
    return contents(url)


def row_for(table: Table) -> dict[str, object]:
    known = KNOWN.get(table.name, {})
    return {column.name: known.get(column.name, something(column)) for column in table.columns}


def something(column: Column[Any]) -> object:
    """A value of the column's kind; 1 wherever a number is wanted, so that rows refer well."""
    kinds = {Boolean: True, Integer: 1, Date: THEN.date(), DateTime: THEN}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), "yes")


def contents(url: str) -> Contents:
    database = Database(url)
    with database.reading() as db:
        rows = {
            name: [legible(row) for row in db.execute(in_order(table)).mappings()]
            for name, table in tables(db).items()
        }
    database.close()
    return rows


def in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns)


def legible(row: Mapping[Any, Any]) -> dict[str, object]:
    """A row as the code reads it: on PostgreSQL what is fleeting lies there sealed."""
    sealed = {name: str(value) for name, value in row.items() if str(value)[:1] == fleeting.MARK}
    return dict(row) | {name: fleeting.opened(value) for name, value in sealed.items()}


def names_of_today() -> ModuleType:
    """The migration that knows which tables and columns were called otherwise."""
    script = ScriptDirectory.from_config(schema_at("sqlite://")).get_revision("0039")
    assert script is not None
    return script.module


def under_new_names(before: Contents) -> Contents:
    """Rows as they stood before that migration, each under the names of today."""
    named = names_of_today()
    return {
        named.TABLES.get(table, table): [
            {named.COLUMNS.get(table, {}).get(column, column): row[column] for column in row}
            for row in rows
        ]
        for table, rows in before.items()
    }


def kept(now: Contents, before: Contents) -> Contents:
    """What there is now of the tables and columns that there were before."""
    return {
        name: [
            {column: row[column] for column in old}
            for row, old in zip(now[name], rows, strict=True)
        ]
        for name, rows in before.items()
    }


def tables(db: Connection, *only: str) -> dict[str, Table]:
    """The tables as they are in the database, those that others refer to first.

    `only` these, if any are named, and those to which they refer.
    """
    found = MetaData()
    found.reflect(db, only=only or None)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}
