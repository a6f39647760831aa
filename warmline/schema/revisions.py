"""Which schema a database has, which one this code was written for, and the way between them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from warmline.database import line_file
from warmline.database.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

PACKAGE = Path(__file__).resolve().parent.parent
PLACES_OF_MIGRATIONS = (PACKAGE / "migrations", PACKAGE.parent / "alembic")
"""Inside the package as it is installed; beside it in a checkout."""


def migrate(url: str) -> None:
    """Bring the schema at `url` up to date; raises Fault that names the migration that failed."""
    from alembic import command

    from warmline.schema.migration_faults import saying_which_failed

    with saying_which_failed():
        command.upgrade(schema_at(url), "head")


def schema_is_current(database: Database) -> bool:
    """Whether the schema is the one this code was written for."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(schema_at(database.url)).get_current_head()
    try:
        with database.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision() == wanted
    except OperationalError as fault:
        if isinstance(fault.orig, line_file.NoDatabase) and fault.orig.can_be_made:
            return False
        raise


def revision(connection: Connection) -> str | None:
    """Which schema there is; None: none."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def schema_at(url: str) -> "Config":
    """The configuration with which Alembic's own commands work on the database at `url`."""
    from alembic.config import Config

    # The stream of now: by itself it takes the one there was when its library was first loaded.
    config = Config(stdout=sys.stdout)
    place = next(place for place in PLACES_OF_MIGRATIONS if (place / "env.py").is_file())
    # A percent sign in the path is no reference to another option.
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    config.attributes["url"] = url
    return config
