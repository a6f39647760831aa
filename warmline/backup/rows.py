"""How a row is written in a backup: as JSON, the same for every kind of database."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

INSTANT: Final = "instant"
DATE: Final = "date"
BYTES: Final = "bytes"


def written(values: Sequence[Any]) -> bytes:
    """One line, with its end. Texts, numbers, yes and no stay as they are; the rest is named."""
    return json.dumps([_named(one) for one in values], separators=(",", ":")).encode() + b"\n"


def read(line: list[Any]) -> list[Any]:
    """The values again; instants are aware."""
    return [_meant(one) for one in line]


def _named(value: Any) -> Any:
    # An instant is a date as well: it is asked for first.
    if isinstance(value, datetime):
        return {INSTANT: value.isoformat()}
    if isinstance(value, date):
        return {DATE: value.isoformat()}
    if isinstance(value, bytes):
        return {BYTES: b64encode(value).decode()}
    return value


def _meant(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    return READERS[kind](text)


READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    INSTANT: datetime.fromisoformat,
    DATE: date.fromisoformat,
    BYTES: b64decode,
}
