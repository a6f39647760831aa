"""Where a file's places wait to be compared with the roster: tables of this connection alone.

They are temporary tables, so that a file of any length takes little memory, and reading it keeps
no writer waiting: the roster is locked only once the whole file has been read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    text,
)
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable, SchemaItem

from shifts.faults import Fault
from shifts.instants import Instant
from shifts.models import AGREED, ASKED, OPEN, PlaceState
from shifts.who_is_on import pieces

AT_A_TIME = 1000
MOST_PLACES = 1_000_000
"""Pieces of 25 hours counted one by one: more than a line of fifty has in ten years."""
UID_KEY, OCCURRENCE, ORIGIN = 24, 41, 80
"""Characters: an event's key, with its original start, and with person and times (Place.origin)."""


class TooManyPlaces(Fault):
    """A file holds more places than any roster needs."""


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A calendar's event as the file has it; `id` counts them from 1.

    `occurrence` is None for an event itself, and names the one occurrence of it that this entry
    stands for (RECURRENCE-ID). `own_id` is the place whose name of our own the event carries.
    """

    id: int
    line: int
    uid_key: str
    occurrence: str | None
    sequence: int
    cancelled: bool
    own_id: int | None


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place as a file has it: UTC, of any length; without a person it is open.

    Of a calendar: its event, the occurrence of it (key and original start), and its origin.
    """

    line: int
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    agreed: bool
    duty: bool = False
    event: int | None = None
    occurrence: str | None = None
    origin: str | None = None

    @property
    def state(self) -> PlaceState:
        """What the place is when it is written."""
        if self.person_id is None:
            return OPEN
        return AGREED if self.agreed else ASKED


def _table(name: str, *columns: SchemaItem) -> Table:
    return Table(name, _tables, *columns, prefixes=["TEMPORARY"])


def _seat() -> list[SchemaItem]:
    return [
        Column("starts_at", Instant),
        Column("ends_at", Instant),
        Column("person_id", Integer),
        Column("state", String(16)),
        Column("duty", Boolean),
        Column("origin", String(ORIGIN)),
    ]


_tables = MetaData()
file_event = _table(
    "file_event",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer),
    Column("uid_key", String(UID_KEY)),
    Column("occurrence", String(OCCURRENCE)),
    Column("sequence", Integer),
    Column("cancelled", Boolean),
    Column("own_id", Integer),
)
file_place = _table(
    "file_place",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer),
    *_seat(),
    Column("event", Integer),
    Column("occurrence", String(OCCURRENCE)),
    Column("met", Boolean, nullable=False),
)
"""The places of the file in pieces of at most 25 hours; `met`: the roster has it already."""
file_met = _table("file_met", Column("file_id", Integer), Column("place_id", Integer))
"""Which place of the roster is which of the file."""
file_there = _table(
    "file_there",
    Column("place_id", Integer, primary_key=True, autoincrement=False),
    Column("uid_key", String(UID_KEY)),
    Column("occurrence", String(OCCURRENCE)),
    Column("origin", String(ORIGIN)),
    Column("met", Boolean, nullable=False),
)
"""The roster's places of the file's events."""
file_change = _table(
    "file_change",
    Column("id", Integer, primary_key=True),
    Column("kind", String(8)),
    Column("line", Integer),
    Column("place_id", Integer),
    *_seat(),
)
"""What is to be done: a place as it will be; `place_id` None is a new one."""
_indexes = (
    Index("ix_file_event_uid", file_event.c.uid_key, file_event.c.occurrence),
    Index("ix_file_event_occurrence", file_event.c.occurrence),
    Index("ix_file_place_event", file_place.c.event),
    Index("ix_file_place_occurrence", file_place.c.occurrence),
    Index("ix_file_place_origin", file_place.c.origin),
    Index("ix_file_place_person", file_place.c.person_id, file_place.c.starts_at),
    Index("ix_file_met_file", file_met.c.file_id),
    Index("ix_file_met_place", file_met.c.place_id),
    Index("ix_file_there_uid", file_there.c.uid_key),
    Index("ix_file_there_occurrence", file_there.c.occurrence),
    Index("ix_file_there_origin", file_there.c.origin),
    Index("ix_file_change_place", file_change.c.place_id),
)


def clear(connection: Connection) -> None:
    """Take the tables away, if they are there."""
    for table in _tables.sorted_tables:
        connection.execute(DropTable(table, if_exists=True))


def stage(connection: Connection, found: Iterable[FileEvent | FilePlace]) -> None:
    """Put what a file holds into fresh tables. Raises TooManyPlaces, and what `found` raises."""
    clear(connection)
    for table in _tables.sorted_tables:
        connection.execute(CreateTable(table))
    for table, rows in _batches(_rows(found)):
        connection.execute(insert(table), rows)
    for index in _indexes:
        connection.execute(CreateIndex(index))
    settle_statistics(connection)


def settle_statistics(connection: Connection, *others: str) -> None:
    """Let PostgreSQL see how full the tables are; nobody else looks at temporary tables.

    Nor at others, named, that the transaction itself has filled: what it finds empty it reads
    over and over, for each row anew.
    """
    if connection.dialect.name == "postgresql":
        for name in (*(table.name for table in _tables.sorted_tables), *others):
            connection.execute(text(f"ANALYZE {name}"))


def _rows(found: Iterable[FileEvent | FilePlace]) -> Iterator[tuple[Table, dict[str, object]]]:
    number = 0
    for one in found:
        if isinstance(one, FileEvent):
            yield file_event, {name: getattr(one, name) for name in FileEvent.__slots__}
            continue
        for starts_at, ends_at in pieces(one.starts_at, one.ends_at):
            number += 1
            yield file_place, _row(number, one) | {"starts_at": starts_at, "ends_at": ends_at}
        if number > MOST_PLACES:
            raise TooManyPlaces(f"line {one.line}: the file holds more than {MOST_PLACES} places")


def _row(number: int, place: FilePlace) -> dict[str, object]:
    return {
        "id": number,
        "line": place.line,
        "person_id": place.person_id,
        "state": place.state,
        "duty": place.duty,
        "origin": place.origin,
        "event": place.event,
        "occurrence": place.occurrence,
        "met": False,
    }


def _batches(
    rows: Iterable[tuple[Table, dict[str, object]]],
) -> Iterator[tuple[Table, list[dict[str, object]]]]:
    waiting: dict[Table, list[dict[str, object]]] = {file_event: [], file_place: []}
    for table, row in rows:
        waiting[table].append(row)
        if len(waiting[table]) == AT_A_TIME:
            yield table, waiting[table]
            waiting[table] = []
    yield from ((table, left) for table, left in waiting.items() if left)
