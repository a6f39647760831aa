"""Each statement that a test asks of SQLite is planned by PostgreSQL once: it understands them all.

Most tests run on SQLite alone, where the database decides nothing. What they ask is put to a
PostgreSQL too, in its own words and with the same values, by EXPLAIN: it reads the statement,
finds its tables, types and functions, and does not run it.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import ClauseElement, Engine, SelectBase, UpdateBase, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import Executable

from shifts.models import Base
from warmline.database.engine import Database

NO_TABLE: Final = re.compile(r'relation "(\w+)" does not exist')
"""A table of nobody's schema is one that somebody has made for a while, where they work."""


class Explain(Executable, ClauseElement):
    """EXPLAIN of a statement, in the words of the database that is asked."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement: Final = statement


@compiles(Explain)
def _explained(element: Explain, compiler: Any, **more: Any) -> str:
    words = compiler.process(element.statement, **more)
    # Its rows are those of the plan, whatever the statement changes.
    compiler.isinsert = compiler.isupdate = compiler.isdelete = False
    return f"EXPLAIN {words}"


class Planner:
    """A PostgreSQL that plans each statement once; `faults` holds what it does not understand.

    `url` is a database there with the schema of today.
    """

    def __init__(self, url: str) -> None:
        self.faults: Final[list[str]] = []
        self._database: Final = Database(url)
        self._known: Final[set[str]] = set()
        self._lock: Final = threading.Lock()
        self._asked = threading.local()

    def listen(self, engine: Engine) -> None:
        """Plan what is asked of this SQLite from now on."""
        event.listen(engine, "before_execute", self._hear)
        event.listen(engine, "before_cursor_execute", self._plan_if_new)

    def close(self) -> None:
        """Give back every connection."""
        self._database.close()

    def _hear(
        self, _connection: object, statement: Any, many: Any, values: Any, _options: object
    ) -> None:
        self._asked.statement, self._asked.values = statement, many[0] if many else values

    def _plan_if_new(
        self, _connection: object, _cursor: object, words: str, *_more: object
    ) -> None:
        statement = getattr(self._asked, "statement", None)
        self._asked.statement = None
        if words in self._known or not isinstance(statement, SelectBase | UpdateBase):
            return
        with self._lock:
            self._known.add(words)
            self._plan(statement, dict(self._asked.values), words)

    def _plan(self, statement: Any, values: dict[str, Any], words: str) -> None:
        # SQLite's ON CONFLICT is PostgreSQL's, but that it knows no constraints by name.
        conflict = getattr(statement, "_post_values_clause", None)
        if conflict is not None and not hasattr(conflict, "constraint_target"):
            conflict.constraint_target = None
        try:
            with self._database.reading() as connection:
                connection.execute(Explain(statement), values)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the test that asked is told
            lacking = NO_TABLE.search(str(fault))
            if lacking is None or lacking[1] in Base.metadata.tables:
                self.faults.append(f"{words}\n{fault!r}")


_planners: list[Planner] = []


@contextmanager
def planned_by(planner: Planner | None) -> Iterator[None]:
    """Engines for SQLite that are made meanwhile are listened to."""
    _planners[:] = [planner] if planner is not None else []
    try:
        yield
    finally:
        _planners.clear()


def plan(engine: Engine) -> None:
    """An engine was made."""
    if engine.dialect.name == "sqlite":
        for planner in _planners:
            planner.listen(engine)


def fail_for_faults(planner: Planner) -> None:
    """The test that asked first what PostgreSQL does not understand fails."""
    if planner.faults:
        faults = "\n\n".join(planner.faults)
        planner.faults.clear()
        pytest.fail(f"PostgreSQL does not understand:\n{faults}", pytrace=False)
