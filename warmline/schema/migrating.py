"""Bringing the schema up to date; and whether it then is what its number says."""

from collections.abc import Iterator

from shifts.faults import Fault
from warmline.database import line_file
from warmline.database.engine import Database
from warmline.schema import differences
from warmline.schema.migration_faults import ANOTHER_HISTORY
from warmline.schema.revisions import migrate


class WrongSchema(Fault):
    """The schema has this version's number and not its tables."""


def bring_up_to_date(url: str) -> Iterator[str]:
    """Migrate, and say what was done; raises Fault, with the database as it was."""
    file = line_file.path_of(url)
    is_new = file is not None and not file.exists()
    migrate(url)
    refuse_wrong_schema(url)
    if is_new:
        yield f"made a new database at {file}; for a line in it: warmline init"
    yield "the schema is up to date"


def refuse_wrong_schema(url: str) -> None:
    """Raise WrongSchema, one line, if tables or columns are lacking though all migrations ran."""
    database = Database(url)
    try:
        with database.reading() as connection:
            lacking = differences.missing(connection)
    finally:
        database.close()
    if lacking:
        raise WrongSchema(
            f"all migrations have run, yet the database {', '.join(lacking)}: {ANOTHER_HISTORY}"
        )
