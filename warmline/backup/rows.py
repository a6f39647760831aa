"""How a row is written in a backup: as JSON, the same for every kind of database."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Final

INSTANT: Final = "instant"
DATE: Final = "date"
BYTES: Final = "bytes"
Value = str | int | float | bool | None | datetime | date | bytes
"""What a column may hold."""
Written = str | int | float | bool | None | dict[str, str]
"""The same in JSON: what JSON has no kind for stands beside the name of its kind."""


def written(values: Iterable[object]) -> bytes:
    """One line, with its end. Texts, numbers, yes and no stay as they are; the rest is named."""
    return json.dumps([_named(one) for one in values], separators=(",", ":")).encode() + b"\n"


def read(line: list[Written]) -> list[Value]:
    """The values again; instants are aware."""
    return [_meant(one) for one in line]


def _named(value: object) -> object:
    # An instant is a date as well: it is asked for first.
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {DATE: value.isoformat()}
    if isinstance(value, bytes):
        return {BYTES: b64encode(value).decode()}
    return value


def _meant(value: Written) -> Value:
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    return READERS[kind](text)


READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    INSTANT: datetime.fromisoformat,
    DATE: date.fromisoformat,
    BYTES: b64decode,
}
