"""tables are called after what a row of them is, as their classes are

Nothing moves but names: of tables, of some columns, and with them of indexes, constraints and
sequences. SQLite cannot rename a constraint, so there each table is made anew beside the old one
and takes over its rows, and with them the highest id it ever gave.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLES = {
    "shown": "list_number",
    "told": "one_time_mark",
    "entered": "shift_by_others",
    "hold": "pause_by_others",
    "wanted": "number_wanted",
    "line_keeps": "retention_rules",
    "proposed_keeping": "proposed_retention",
    "how_it_went": "feedback",
    "how_link": "feedback_link",
    "how_asked": "expected_feedback",
    "how_reader": "feedback_reader",
    "tried": "tried_peer",
    "third": "third_person",
    "third_rules": "third_person_rules",
    "talk_asked": "asked_peer",
    "count_asked": "count_question",
    "dates_asking": "date_poll",
    "dates_day": "date_poll_day",
    "dates_asked": "date_poll_person",
    "dates_can": "date_poll_choice",
}
"""Old and new; those that others refer to first."""
COLUMNS = {
    "line_keeps": {"how_days": "feedback_days"},
    "call_back": {"asked": "key_and_number"},
    "dates_day": {"asking_id": "poll_id"},
    "dates_asked": {"asking_id": "poll_id"},
}
"""Columns of the old tables, old and new."""


def upgrade() -> None:
    rename(TABLES, COLUMNS)
    in_proposals("how_days", "feedback_days", "proposed_retention")


def downgrade() -> None:
    in_proposals("feedback_days", "how_days", "proposed_retention")
    back = {
        TABLES.get(table, table): {new: old for old, new in columns.items()}
        for table, columns in COLUMNS.items()
    }
    rename({new: old for old, new in TABLES.items()}, back)


def in_proposals(old, new, table) -> None:
    """What is proposed is JSON, with the columns' names as keys."""
    rows = sa.table(table, sa.column("wanted", sa.Text))
    anew = sa.func.replace(rows.c.wanted, f'"{old}"', f'"{new}"')
    op.execute(rows.update().values(wanted=anew))


def rename(tables, columns) -> None:
    for table, renamed in columns.items():
        for old, new in renamed.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    if op.get_bind().dialect.name == "postgresql":
        for old, new in tables.items():
            rename_on_postgresql(old, new, columns.get(old, {}))
    else:
        rename_on_sqlite(tables, columns)


def name_of(name, old, new, columns) -> str:
    """What an index, a constraint or a sequence is called under its table's new name."""
    own = re.fullmatch(rf"((?:ix|uq|ck|fk|pk)_)?{old}(_.*)?", name)
    if own is None:
        return name
    kind, rest = own.groups(default="")
    for column, renamed in columns.items():
        rest = rest.replace(f"_{column}", f"_{renamed}")
    return f"{kind}{new}{rest}"


CONSTRAINTS = "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:name AS regclass)"
INDEXES = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = CAST(:name AS regclass)
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
"""Those that are no constraint's: these follow their constraints."""
SEQUENCES = """
    SELECT relname FROM pg_depend JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'
    WHERE refobjid = CAST(:name AS regclass)
"""


def rename_on_postgresql(old, new, columns) -> None:
    op.rename_table(old, new)
    for query, statement in (
        (CONSTRAINTS, f"ALTER TABLE {new} RENAME CONSTRAINT"),
        (INDEXES, "ALTER INDEX"),
        (SEQUENCES, "ALTER SEQUENCE"),
    ):
        to = "TO" if query is CONSTRAINTS else "RENAME TO"
        for one in op.get_bind().scalars(sa.text(query), {"name": new}).all():
            if (anew := name_of(one, old, new, columns)) != one:
                op.execute(f"{statement} {one} {to} {anew}")


THERE = sa.text(
    "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :type AND sql > ''"
)


WITHOUT_HIGHEST = sa.text("DELETE FROM sqlite_sequence WHERE name = :new")
HIGHEST = sa.text(
    "INSERT INTO sqlite_sequence (name, seq)"
    " SELECT :new, seq FROM sqlite_sequence WHERE name = :old"
)
"""The highest id that a table ever gave, where none is given twice."""


def rename_on_sqlite(tables, columns) -> None:
    indexes = []
    for old, new in tables.items():
        own = (old, new, columns.get(old, {}))
        [table] = statements(old, "table")
        op.execute(renamed(table, own, tables))
        op.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608 - ours
        names = {"old": old, "new": new}
        op.get_bind().execute(WITHOUT_HIGHEST, names)
        op.get_bind().execute(HIGHEST, names)
        indexes += [renamed(one, own, tables) for one in statements(old, "index")]
    for old in reversed(tables):
        op.drop_table(old)
    for one in indexes:
        op.execute(one)


def statements(table, kind):
    return op.get_bind().scalars(THERE, {"name": table, "type": kind}).all()


def renamed(statement, own, tables) -> str:
    """The same with the new names: of the table, of its constraints, and of others it names."""

    def anew(met) -> str:
        before, name = met.groups()
        is_table = before.startswith(("CREATE TABLE", "ON", "REFERENCES"))
        return before + (tables.get(name, name) if is_table else name_of(name, *own))

    named = r'(\b(?:CREATE TABLE|CREATE(?: UNIQUE)? INDEX|CONSTRAINT|ON|REFERENCES) )"?(\w+)"?'
    return re.sub(named, anew, statement)
