"""How Alembic reaches the database: the URL that `migrate` hands over, or DATABASE_URL by hand."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

import warmline.models  # noqa: F401 - fills the metadata with every table there is
from shifts.instants import Instant
from shifts.models import Base
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.schema.differences import is_of_another_type


def url() -> str:
    """The URL handed over by `migrate`, else the one in the settings."""
    handed = context.config.attributes.get("url")
    if handed:
        return str(handed)
    from warmline.settings import load

    return load().database_url


def seal() -> Seal | None:
    """The keys of the settings, if there are any: what lies sealed may have to be opened."""
    from warmline.settings import BadSetting, load

    try:
        keys = load().secret_keys
    except BadSetting:
        return None
    return Seal(keys) if keys else None


def plain_instants(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write instants into migrations as plain columns, so that old migrations stand alone."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations in one transaction: in the one handed over, if there is one."""
    if (handed := context.config.attributes.get("connection")) is not None:
        run_in(handed)
        return
    database = Database(url(), seal(), makes=True)
    try:
        with database.writing(unhurried=True) as connection:
            run_in(connection)
    finally:
        database.close()


def run_in(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_instants,
        compare_type=is_of_another_type,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
