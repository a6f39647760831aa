"""A schema is compared with the one the code knows once, for all SQLite files that have it.

To compare takes Alembic a third of a second, and `init`, `migrate` and `doctor` do it each time.
For tests in which a line is set up, or doctor is asked, again and again on one and the same schema.
"""

from typing import Any

import pytest
from alembic import autogenerate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Row

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
_known: dict[tuple[Row[Any], ...], Any] = {}


def is_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, to the end of the test; one that differs by a single letter is another."""
    monkeypatch.setattr(autogenerate, "compare_metadata", _compared)


def _compared(context: MigrationContext, metadata: MetaData) -> Any:
    connection = context.connection
    if connection is None or connection.dialect.name != "sqlite":
        return compare_metadata(context, metadata)
    schema = tuple(connection.exec_driver_sql(SCHEMA))
    if schema not in _known:
        _known[schema] = compare_metadata(context, metadata)
    return _known[schema]
