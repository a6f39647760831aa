"""Records have the names and the types of the columns that they are made of."""

import types
from datetime import date, datetime, time
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import Column, Integer, String, column

import warmline.app  # noqa: F401 - loads every module that makes records
from warmline.calls import records
from warmline.database.records import MADE, Made, made_of


class Small(NamedTuple):
    id: int
    name: str | None


def kinds(hint: Any) -> set[type]:
    """The Python types that a field may have, those of its literals among them."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return set().union(*(kinds(one) for one in get_args(hint)))
    if origin is Literal:
        return {type(one) for one in get_args(hint)}
    return {hint}


def python_type(one: Any) -> type | None:
    try:
        kind: type = one.type.python_type
    except NotImplementedError:
        return None
    return kind


def apart(made: Made) -> list[str]:
    """Fields of a record that have another type than their column, in words."""
    hints = get_type_hints(made.record)
    found = []
    for name, one in zip(hints, made.columns, strict=True):
        allowed, given = kinds(hints[name]), python_type(one)
        of_a_table = isinstance(one, Column)
        if given in (bool, int, float, str, datetime, date, time, bytes) and given not in allowed:
            found.append(f"{made.record.__name__}.{name} is {hints[name]}, its column {given}")
        if of_a_table and one.nullable and type(None) not in allowed:
            found.append(f"{made.record.__name__}.{name} may be NULL in its column")
    return found


def test_each_field_has_the_type_of_its_column() -> None:
    assert len(MADE) > 10
    assert [words for made in MADE for words in apart(made)] == []


def test_a_record_with_another_name_than_its_column_is_refused_when_it_is_made() -> None:
    with pytest.raises(TypeError, match=r"Small is not made of .*\('names', 'name'\)"):
        made_of(Small, [column("id"), column("names")])
    with pytest.raises(TypeError, match="too many or few"):
        made_of(Small, [column("id")])


def test_a_field_of_another_type_or_that_may_be_null_is_seen() -> None:
    wrong = Made(Small, (Column("id", String), Column("name", Integer)))
    assert [words.split(" ")[0] for words in apart(wrong)] == ["Small.id", "Small.id", "Small.name"]
    assert apart(Made(Small, (Column("id", Integer, nullable=False), Column("name", String)))) == []


def test_what_is_joined_by_position_stands_in_that_order() -> None:
    """`calls.moved` and `calls.claim` put a call together from a row of it and a line's rules."""
    of_line = records.LineFacts._fields[1:]
    assert records.LiveCall._fields == records.CallRow._fields + of_line
    assert records.LiveRing._fields[-len(of_line) :] == of_line
    assert records.LiveRing._fields[: len(records.RingRow._fields)] == records.RingRow._fields
