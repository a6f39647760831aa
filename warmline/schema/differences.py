"""Whether a database has the tables and columns that this version works with: by looking."""

import warnings
from collections.abc import Iterable, Iterator

from sqlalchemy import Column, Connection, Index, String, Table
from sqlalchemy.sql.schema import ColumnCollectionConstraint

import warmline.models  # noqa: F401 - fills the metadata with every table there is
from shifts.models import Base
from warmline.database.fleeting import Fleeting
from warmline.database.sealed_columns import Sealed


def differences(connection: Connection) -> list[str]:
    """What the database lacks or has otherwise, in words; empty when it is as it should be.

    Tables and indexes that are not ours are nobody's fault: hosted databases bring some.
    """
    return sorted({words for one in _changes(connection) if (words := _in_words(one))})


def missing(connection: Connection) -> list[str]:
    """Of the differences only tables that are not there, and then columns."""
    changes = _changes(connection)
    kinds = ("add_table", "add_column")
    return [_in_words(one) for kind in kinds for one in changes if one[0] == kind]


def _changes(connection: Connection) -> list[tuple[object, ...]]:
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


def _flat(found: Iterable[object]) -> Iterator[tuple[object, ...]]:
    """Changes of one column come in a list of their own."""
    for one in found:
        if isinstance(one, list):
            yield from _flat(one)
        elif isinstance(one, tuple):
            yield one


def _in_words(change: tuple[object, ...]) -> str:
    match change:
        case "add_table", Table(name=name):
            return f"lacks the table {name}"
        case "add_column", _, table, Column(name=name):
            return f"lacks the column {table}.{name}"
        case "remove_column", _, table, Column(name=name):
            return f"has a column {table}.{name} that is not known"
        case "add_index", Index(name=name):
            return f"lacks the index {name}"
        case "add_constraint" | "add_fk", ColumnCollectionConstraint(table=Table(name=name)):
            return f"lacks a constraint of the table {name}"
        case str(kind), _, table, column, *_ if kind.startswith("modify_"):
            return f"has the column {table}.{column} otherwise"
    return ""
