"""A migration that fails says which it was, changes nothing, and leads nobody in a circle."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import insert, inspect, text
from typer.testing import CliRunner

from tests.schema.test_migrations import KNOWN, row_for, tables
from warmline.cli import app
from warmline.database.engine import Database
from warmline.schema.revisions import schema_at

pytestmark = [pytest.mark.usefixtures("fixed_clock"), pytest.mark.both_databases]

Migrate = Callable[..., str]
LINE = (
    *("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York"),
    *("--exceptions", "There are none.", "--coordinator-phone", "+14135550109"),
)


@pytest.fixture
def complaint(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Migrate:
    """The one line with which a command on the database fails; `migrate` unless said."""
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, words or ("migrate",))
        assert done.exit_code == 1, done.output
        (line,) = done.output.splitlines()
        assert "warmline migrate" not in line
        return line

    return run


def do(url: str, *statements: str) -> None:
    database = Database(url)
    with database.writing() as db:
        for statement in statements:
            db.execute(text(statement))
    database.close()


def was_at(url: str, number: str) -> None:
    """An empty database of today goes back to an older schema: the way there is far longer."""
    command.downgrade(schema_at(url), number)


def shape(url: str) -> dict[str, list[str]]:
    """Every table with its columns, and the number under which they are kept."""
    database = Database(url)
    with database.reading() as db:
        there = inspect(db)
        tables = {
            name: [column["name"] for column in there.get_columns(name)]
            for name in there.get_table_names()
        }
        tables["number"] = list(db.scalars(text("SELECT version_num FROM alembic_version")))
    database.close()
    return tables


def test_it_is_named_and_nothing_was_changed(complaint: Migrate, database_url: str) -> None:
    was_at(database_url, "0030")
    do(database_url, "CREATE TABLE note_tally (id INTEGER)")
    before = shape(database_url)
    for words in ((), ("init", *LINE)):
        said = complaint(*words)
        assert said.startswith("migration 0032 (note tallies) failed: ")
        assert "already exists" in said
        assert "; nothing was changed; " in said
        assert shape(database_url) == before


def test_numbers_that_meant_something_else_lead_to_no_circle(
    complaint: Migrate, database_url: str
) -> None:
    """As after one day's commit, which called its second and third next steps 0021 and 0022."""
    was_at(database_url, "0020")
    command.stamp(schema_at(database_url), "0022")
    before = shape(database_url)
    if database_url.startswith("sqlite"):
        wanted = "all migrations have run, yet the database lacks the table "
    else:
        wanted = "migration 0023 (fleeting columns) failed: "
    first = complaint()
    assert first.startswith(wanted)
    assert "boundary" in first
    assert "restore a backup" in first
    if "nothing was changed" in first:
        assert shape(database_url) == before
    assert complaint() == first


def test_a_column_that_is_lacking_is_named(complaint: Migrate, database_url: str) -> None:
    do(database_url, "ALTER TABLE day_note RENAME TO day_notes_of_old")
    assert "yet the database lacks the table day_note" in complaint()


def test_a_schema_of_a_newer_version_is_told_from_an_old_one(
    complaint: Migrate, database_url: str
) -> None:
    do(database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert complaint() == (
        "the database's schema is 9999, which this version of Warmline does not know;"
        " install the version that made it, or a newer one; nothing was changed"
    )


def test_what_somebody_wrote_is_not_among_the_words(complaint: Migrate, database_url: str) -> None:
    """0030 makes numbers unique by a new column: two of one number in one line cannot be."""
    was_at(database_url, "0029")
    do(database_url, "DROP INDEX uq_volunteer_phone")
    database = Database(database_url)
    with database.writing() as db:
        there = tables(db, "line", "person", "volunteer")
        db.execute(insert(there["line"]).values(row_for(there["line"])))
        for person in (1, 2):
            own = {"id": person, "person_id": person, "line_id": 1}
            for name in ("person", "volunteer"):
                row = row_for(there[name])
                db.execute(insert(there[name]).values(row | {k: own[k] for k in own if k in row}))
    database.close()
    said = complaint()
    assert said.startswith("migration 0030 (sealed numbers) failed: ")
    assert said.endswith("; nothing was changed")
    assert str(KNOWN["volunteer"]["phone"]) not in said
