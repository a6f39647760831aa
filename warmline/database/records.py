"""Rows as records: what a read gives to others has names and types that are checked beforehand.

A record is a NamedTuple with a field for each column, in the order of the statement. `made_of`
compares the two when its module is loaded; tests/database/test_records.py compares the types.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Result, Row

R = TypeVar("R", bound=tuple[Any, ...])
"""A record: a NamedTuple."""


class Made(NamedTuple):
    """A record, and the columns that its rows come from."""

    record: type[tuple[Any, ...]]
    columns: tuple[ColumnElement[Any], ...]


MADE: Final[list[Made]] = []
"""Every record that is read from the database, for whoever compares their types."""


def made_of(record: type[R], columns: Iterable[ColumnElement[Any]]) -> Callable[[Iterable[Any]], R]:
    """How a row of these columns becomes a record; raises TypeError where one has another name."""
    given = tuple(columns)
    names = tuple(str(getattr(column, "key", "")) for column in given)
    fields: tuple[str, ...] = getattr(record, "_fields")  # noqa: B009  # each NamedTuple has them
    if names != fields:
        apart = [pair for pair in zip(names, fields, strict=False) if len(set(pair)) == 2]
        raise TypeError(f"{record.__name__} is not made of {names}: {apart or 'too many or few'}")
    MADE.append(Made(record, given))
    make: Callable[[Iterable[Any]], R] = getattr(record, "_make")  # noqa: B009  # and this
    return make


def first(result: Result[Any], make: Callable[[Iterable[Any]], R]) -> R | None:
    """The first row as a record; None where there is none."""
    row: Row[Any] | None = result.first()
    return None if row is None else make(row)


def every(result: Result[Any], make: Callable[[Iterable[Any]], R]) -> list[R]:
    """All rows as records."""
    return [make(row) for row in result]
