"""Which tables of a database were written, and which were read: known by listening to engines.

So a question whose tables nobody has written since need not be asked again.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, NamedTuple
from weakref import WeakValueDictionary

from sqlalchemy import Connection, Engine, event

from shifts.models import Base

WRITES: Final = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
"""What a statement writes, or one that stands in a WITH."""
WORD: Final = re.compile(r"\w+")

_of_url: Final[WeakValueDictionary[str, "WrittenTables"]] = WeakValueDictionary()


class WrittenTables:
    """How often each table of one database was written by this process."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()
        self._uncommitted: Final[dict[int, set[str]]] = {}
        self._reading = threading.local()

    @contextmanager
    def read(self) -> Iterator[set[str]]:
        """The tables that this thread's statements name meanwhile."""
        tables: set[str] = set()
        self._reading.tables = tables
        try:
            yield tables
        finally:
            self._reading.tables = None

    def listen(self, engine: Engine) -> None:
        """Hear of each statement, and of the end of each transaction."""
        event.listen(engine, "before_cursor_execute", self._executes)
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "commit", self._committed)
        event.listen(engine, "rollback", self._committed)

    def _executes(self, _connection: object, _cursor: object, words: str, *_more: Any) -> None:
        reading = getattr(self._reading, "tables", None)
        if reading is not None:
            reading |= _tables_of(words).named

    def _executed(self, connection: Connection, cursor: Any, words: str, *_more: Any) -> None:
        # With RETURNING, it is not known yet how many rows there are.
        if (cursor.rowcount or "RETURNING" in words) and (written := _tables_of(words).written):
            self._uncommitted.setdefault(id(connection), set()).update(written)
            self.times.update(written)

    def _committed(self, connection: Connection) -> None:
        # Again: whoever asked between the statement and its end has seen nothing of it.
        self.times.update(self._uncommitted.pop(id(connection), ()))


def tables_of(engine: Engine) -> WrittenTables:
    """What is known of the tables of this engine's database."""
    url = engine.url.render_as_string(hide_password=False)
    if (known := _of_url.get(url)) is None:
        known = _of_url[url] = WrittenTables()
    return known


class Tables(NamedTuple):
    """The tables that a statement names, and those that it writes."""

    named: frozenset[str]
    written: frozenset[str]


@cache
def _tables_of(words: str) -> Tables:
    """No table changes with another: none has a rule for the rows that refer to its own."""
    known = Base.metadata.tables.keys()
    found = (set(of.findall(words)) for of in (WORD, WRITES))
    return Tables(*(frozenset(known & names) for names in found))
