"""Which migration failed, in words for a person: one line, and what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from sqlalchemy.exc import DBAPIError

from shifts.faults import Fault
from warmline.database.error_words import NO_TABLES

NOTHING_CHANGED: Final = "nothing was changed"
"""All migrations happen in one transaction, on both databases."""
NOT_AS_NUMBERED: Final = re.compile(f"{NO_TABLES.pattern}|already exists|duplicate column")
ANOTHER_HISTORY: Final = (
    "the database is not what its number says, as by a version under development; restore a"
    " backup, or begin a new database and bring in what the old one exports"
)
VALUE: Final = re.compile(r': ".*')
"""What PostgreSQL quotes behind a colon may be what somebody wrote."""


class MigrationFailed(Fault):
    """A migration could not be carried out; the database is as it was."""


class UnknownSchema(Fault):
    """The database was brought up to date by a version that this one does not know."""


class Migration(NamedTuple):
    """One step of the schema: its number, and what its file is called after."""

    revision: str
    slug: str

    def __str__(self) -> str:
        return f"migration {self.revision} ({self.slug})"


@contextmanager
def saying_which_failed() -> Iterator[None]:
    """Whatever goes wrong meanwhile is said with the migration in which it did."""
    from alembic.util import CommandError

    try:
        yield
    except CommandError as fault:
        raise UnknownSchema(_unknown(str(fault))) from fault
    except Exception as fault:
        if isinstance(fault, DBAPIError) and isinstance(fault.orig, Fault):
            raise fault.orig from None
        migration = _failed(fault.__traceback__)
        if migration is None and not _is_of_tables(fault):
            raise
        where = migration or "bringing the schema up to date"
        raise MigrationFailed(*(f"{where} failed: {line}" for line in _why(fault))) from fault


def _failed(trace: TracebackType | None) -> Migration | None:
    """The migration in whose file a fault came about."""
    while trace is not None:
        names = trace.tb_frame.f_globals
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.parent.name == "versions" and "down_revision" in names:
            slug = file.stem.removeprefix(f"{names['revision']}_").replace("_", " ")
            return Migration(names["revision"], slug)
        trace = trace.tb_next
    return None


def _is_of_tables(fault: Exception) -> bool:
    return isinstance(fault, DBAPIError) and bool(NOT_AS_NUMBERED.search(str(fault.orig)))


def _why(fault: Exception) -> Iterator[str]:
    if isinstance(fault, Fault):
        yield from (f"{line}; {NOTHING_CHANGED}" for line in fault.lines)
    elif isinstance(fault, DBAPIError):
        words = VALUE.sub("", str(fault.orig).partition("\n")[0])
        then = f"; {ANOTHER_HISTORY}" if _is_of_tables(fault) else ""
        yield f"{words}; {NOTHING_CHANGED}{then}"
    else:
        yield f"{type(fault).__name__}; {NOTHING_CHANGED}"


def _unknown(words: str) -> str:
    """Alembic's own words name the revision, and nothing else that a person could use."""
    found = re.search(r"'([\w-]+)'", words)
    which = found[1] if found else "another one"
    return (
        f"the database's schema is {which}, which this version of Warmline does not know;"
        f" install the version that made it, or a newer one; {NOTHING_CHANGED}"
    )
