"""Whether a database has the tables and columns that this version works with: by looking."""

import warnings
from collections.abc import Iterator
from typing import Any, Literal

from sqlalchemy import Connection, String

import warmline.models  # noqa: F401 - fills the metadata with every table there is
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.database.sealed_columns import Sealed


def differences(connection: Connection) -> list[str]:
    """What the database lacks or has otherwise, in words; empty when it is as it should be.

    Tables and indexes that are not ours are nobody's fault: hosted databases bring some.
    """
    return sorted({words for one in _changes(connection) if (words := _in_words(one))})


def lacking(connection: Connection) -> list[str]:
    """Of the differences only tables that are not there, and then columns."""
    changes = _changes(connection)
    kinds = ("add_table", "add_column")
    return [_in_words(one) for kind in kinds for one in changes if one[0] == kind]


def _changes(connection: Connection) -> list[tuple[Any, ...]]:
    """What a migration would have to change."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": is_of_another_type})
    with warnings.catch_warnings():
        # What cannot be compared is told to whoever writes migrations, not here.
        warnings.simplefilter("ignore")
        found = compare_metadata(context, Base.metadata)
    return list(_flat(found))


def is_of_another_type(
    _context: object, _there: object, _column: object, there: object, wanted: object
) -> bool | None:
    """A fleeting column is any kind of text, by the kind of database; None: as Alembic sees it."""
    return not isinstance(there, String) if isinstance(wanted, Fleeting | Sealed) else None


def _flat(found: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Changes of one column come in a list of their own."""
    for one in found:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one


def _in_words(change: tuple[Any, ...]) -> str:
    kind: Literal["add_table", "add_column"] | str = change[0]
    if kind == "add_table":
        return f"lacks the table {change[1].name}"
    if kind == "add_column":
        return f"lacks the column {change[2]}.{change[3].name}"
    if kind == "remove_column":
        return f"has a column {change[2]}.{change[3].name} that is not known"
    if kind == "add_index":
        return f"lacks the index {change[1].name}"
    if kind in ("add_constraint", "add_fk"):
        return f"lacks a constraint of the table {change[1].table.name}"
    if kind.startswith("modify_"):
        return f"has the column {change[2]}.{change[3]} otherwise"
    return ""
