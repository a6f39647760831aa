"""Columns whose texts lie sealed in the database: numbers of the people on the roster.

AES-256-GCM under a key of WARMLINE_SECRET_KEY; rows are found by a keyed digest beside it. Where
a command runs without that setting what it writes lies open, until the clock of the service (which
does not start without) seals it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shifts.faults import Fault
from warmline.database.sealing import Seal, Unsealable

MARK: Final = "~"
"""What ciphertext begins with; a number never does."""
_seal: ContextVar[Seal | None] = ContextVar("the keys of this transaction", default=None)


class NoSecretKey(Fault):
    """What lies sealed cannot be read: the setting is missing, or is another."""


@contextmanager
def under(seal: Seal | None) -> Iterator[None]:
    """Whatever is read or written meanwhile is so with these keys."""
    before = _seal.set(seal)
    try:
        yield
    finally:
        _seal.reset(before)


def indexes(text: str) -> list[str]:
    """By what a text is found: a digest for each key, and the text where it lies open."""
    seal = _seal.get()
    return [*(seal.digests(text) if seal else ()), text]


def index_of(text: str) -> str:
    """The digest that is stored beside a text."""
    return indexes(text)[0]


def index_beside(column: str) -> Any:
    """A default for the column of digests: that of what is written into `column`."""

    def index(context: Any) -> str:
        return index_of(context.get_current_parameters()[column])

    return index


def closed(value: str, about: str) -> str:
    """As it lies in the database; `about` is the table and column, to which it is bound."""
    seal = _seal.get()
    return MARK + seal.close(value, about) if seal else value


def opened(value: str, about: str) -> str:
    """As it is meant; raises NoSecretKey."""
    if not value.startswith(MARK):
        return value
    if (seal := _seal.get()) is None:
        raise NoSecretKey("WARMLINE_SECRET_KEY: needed to read the numbers of the roster")
    try:
        return seal.open(value[1:], about)
    except Unsealable:
        raise NoSecretKey(
            "WARMLINE_SECRET_KEY: none of its keys opens the numbers of the roster; add the old one"
        ) from None


class Sealed(TypeDecorator[str]):
    """A text that lies sealed, no two times alike: it is found by its digest alone."""

    impl = Text
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    class Comparator(TypeDecorator.Comparator[str]):
        """A text is never compared with it: no two ciphertexts of one are alike."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Refuse what could only ever be false."""
            if any(isinstance(one, str) for one in other):
                raise TypeError("a sealed column is found by its digest (sealed_columns.indexes)")
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written."""
        return value if value is None else closed(value, self.about)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What was read."""
        return value if value is None else opened(value, self.about)
