"""Tables were renamed once: rows, highest ids and what is proposed go along, and back again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Table, delete, insert, inspect, text

from tests.databases import Databases
from tests.planned import planned_by
from tests.schema.test_migrations import (
    contents,
    names_of_today,
    row_for,
    tables,
    under_new_names,
)
from warmline.database.engine import Database
from warmline.schema.revisions import migrate, schema_at

pytestmark = pytest.mark.both_databases

BEFORE, RENAMED = "0038", "0039"
PROPOSED = '{"how_days": 30}'


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A database as it was before, without any rows: the way back there is the shorter one."""
    # PostgreSQL has the names of today only, where it plans what SQLite is asked.
    with databases.migrated() as url, planned_by(None):
        command.downgrade(schema_at(url), BEFORE)
        yield url


@contextmanager
def written(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as db:
        yield db
    database.close()


def filled(db: Connection) -> None:
    """A row in every table that is called otherwise by now, or has a column that is."""
    changed = {*names_of_today().TABLES, *names_of_today().COLUMNS}
    for name, table in tables(db, *changed).items():
        own: dict[str, Any] = {"wanted": PROPOSED} if name == "proposed_keeping" else {}
        db.execute(insert(table).values(row_for(table) | known(table) | own))


def known(table: Table) -> dict[str, Any]:
    """Rows of which a rule asks that they end after they begin, or be of some kind."""
    values = row_for(table)
    late = {"ends_at": values["ends_at"].replace(hour=9)} if "ends_at" in values else {}  # type: ignore[attr-defined]  # an instant
    return late | ({"kind": "promise"} if table.name == "proposal" else {})


def test_every_row_goes_along_and_back_again(url: str) -> None:
    with written(url) as db:
        filled(db)
    before = contents(url)
    assert all(before[table] for table in names_of_today().TABLES)
    command.upgrade(schema_at(url), RENAMED)
    expected = under_new_names(before)
    [proposed] = expected["proposed_retention"]
    proposed["wanted"] = '{"feedback_days": 30}'
    assert contents(url) == expected
    command.downgrade(schema_at(url), BEFORE)
    assert contents(url) == before


def test_an_id_that_was_given_before_is_not_given_again(url: str) -> None:
    with written(url) as db:
        there = tables(db, "dates_day")
        for name in ("line", "dates_asking"):
            db.execute(insert(there[name]).values(row_for(there[name])))
        day = row_for(there["dates_day"]) | known(there["dates_day"])
        without_id = {name: value for name, value in day.items() if name != "id"}
        for _ in range(2):
            db.execute(insert(there["dates_day"]).values(without_id))
        db.execute(delete(there["dates_day"]))
    migrate(url)
    with written(url) as db:
        days = tables(db, "date_poll_day")["date_poll_day"]
        anew = without_id | {"poll_id": without_id["asking_id"]}
        del anew["asking_id"]
        assert db.scalar(insert(days).values(anew).returning(days.c.id)) == 3


def test_whatever_belongs_to_a_table_is_called_after_it(database_url: str) -> None:
    with written(database_url) as db:
        wrong = [
            f"{table}: {name}"
            for table in inspect(db).get_table_names()
            for name in belonging(db, table)
            if table != "alembic_version" and not re.match(rf"((ix|uq|ck|fk|pk)_)?{table}_?", name)
        ]
    assert not wrong


def belonging(db: Connection, table: str) -> list[str]:
    """The names of a table's indexes and constraints, and on PostgreSQL of its sequence."""
    there = inspect(db)
    kinds: list[Any] = [
        *(there.get_indexes(table), there.get_unique_constraints(table)),
        *(there.get_check_constraints(table), there.get_foreign_keys(table)),
        [there.get_pk_constraint(table)],
    ]
    found = [one["name"] for kind in kinds for one in kind if one["name"]]
    if db.dialect.name == "postgresql":
        owned = text(names_of_today().SEQUENCES)
        found += db.scalars(owned, {"name": table})
    return found


def test_on_the_way_a_lost_key_takes_only_what_nobody_can_read(url: str) -> None:
    """PostgreSQL has crashed, and empties the table of the key; SQLite has no such key."""
    with written(url) as db:
        filled(db)
        if db.dialect.name == "postgresql":
            db.execute(text("TRUNCATE fleeting_key"))
    migrate(url)
    after = contents(url)
    fleeting = ("feedback_link", "expected_feedback")
    is_lost = url.startswith("postgresql")
    assert [bool(after[name]) for name in fleeting] == [not is_lost] * 2
    assert not after["count_question"], "0046 asks anew, with what a yes would keep sealed"
    assert after["one_time_mark"]
    assert after["list_number"]
