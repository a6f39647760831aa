"""How far a transaction that writes reaches, and so beside whom it may be on PostgreSQL.

A step of one call locks that call's row and runs beside the steps of all others. What reaches
further takes turns: two searches never want one peer for two callers. Which statements a step of
one row may do is said at the statement (`of_own_row`); at any other it is begun anew, further.
"""

from enum import IntEnum
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

REACH: Final = "how far this transaction reaches"
"""Where a connection keeps it while one is open that may write; nowhere on SQLite."""
LOCKED: Final = "the table of the row that this step has locked"
OF_OWN_ROW: Final = "of its own row"
BEGUN_ANEW: Final = frozenset({"40P01", "40001"})
"""A deadlock, and what could not be put in an order: of two the server has ended one, and whoever
does the same once more finds the other done (https://www.postgresql.org/docs/current/mvcc.html)."""

S = TypeVar("S", bound=Executable)


class Reach(IntEnum):
    """What a transaction may change, and so who may write at the same time."""

    OWN = 0
    """The row that it has locked, and what can be added to whatever others add: beside all but
    EVERYTHING, and beside another of the same row after that one."""
    OTHERS = 1
    """Rows of others too, one such transaction after another; a row that a step of its own may
    have under way is locked as it is read."""
    EVERYTHING = 2
    """Nobody else writes meanwhile."""


class Further(Exception):
    """The transaction would change what it does not reach: nothing is done, it is begun anew."""

    def __init__(self, reach: Reach) -> None:
        super().__init__(f"this needs the reach {reach.name}")
        self.reach: Final = reach


def of_own_row(statement: S) -> S:
    """The statement, which is right whatever others write beside it: of a locked row, or a sum."""
    marked: S = statement.execution_options(**{OF_OWN_ROW: True})
    return marked


class ToChange(NamedTuple):
    """One query of a row that a step may change: as it is seen, and with that row locked."""

    seen: Any
    locked: Any
    table: type[DeclarativeBase]

    def of(self, db: Connection) -> Any:
        """The query for this transaction; on SQLite nobody else writes meanwhile.

        A step of its own row locks no second one: so none can wait for another in a circle.
        """
        reach = db.info.get(REACH)
        if reach is None:
            return self.seen
        if reach is Reach.OWN and db.info.setdefault(LOCKED, self.table) is not self.table:
            raise Further(Reach.OTHERS)
        return self.locked


def to_change(query: Any, table: type[DeclarativeBase]) -> ToChange:
    """The query, whose rows of this table are locked wherever they may be changed."""
    return ToChange(query, query.with_for_update(of=table), table)


def needs(db: Connection, reach: Reach) -> None:
    """Raises Further where the transaction reaches less far."""
    if db.info.get(REACH, Reach.EVERYTHING) < reach:
        raise Further(reach)


def guard(
    db: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """The engine's listener before each statement: keeps a step to its own row."""
    if db.info.get(REACH) is not Reach.OWN or context.execution_options.get(OF_OWN_ROW):
        return
    if not statement.lstrip("( \n").startswith("SELECT"):
        raise Further(Reach.OTHERS)


def is_to_be_repeated(fault: DBAPIError) -> bool:
    """Whether the server has ended this transaction in favour of another."""
    return getattr(fault.orig, "sqlstate", None) in BEGUN_ANEW
