"""Places as CSV: a row is a place, `starts,ends,phone,agreed`; a file comes in whole or not."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from shifts.additions import Existing, PlaceRow, additions
from shifts.csv_rows import CsvRow, read_rows
from shifts.faults import BadFile, BadLine
from shifts.models import AGREED, DRAFT, ON_STATES, Person, Place
from shifts.roster import LONGEST_PLACE, Seat, whole

COLUMNS = ("starts", "ends", "phone", "agreed")
LONGEST_SHIFT = timedelta(days=366)
"""A longer row is a slip of the pen in the year."""
YEARS = range(1970, 2200)


@dataclass(frozen=True)
class Imported:
    """What an import of places did."""

    added: int
    agreed: int
    already: int


def read_places(data: bytes, person_of: Callable[[str], int]) -> list[PlaceRow]:
    """The rows of a file; `person_of` finds a phone's person or raises ValueError, saying why.

    Instants are ISO 8601 with an offset; an empty phone is an open place; `agreed` is "yes",
    else they are asked. Raises BadFile, which names every bad line.
    """
    bad: list[BadLine] = []
    rows = [_place(row, person_of, bad) for row in read_rows(data, COLUMNS)]
    if bad:
        raise BadFile(bad)
    return [row for row in rows if row is not None]


def _place(row: CsvRow, person_of: Callable[[str], int], bad: list[BadLine]) -> PlaceRow | None:
    known = len(bad)
    starts_at = row.read("starts", instant, bad)
    ends_at = row.read("ends", instant, bad)
    person = row.read("phone", lambda text: person_of(text) if text else None, bad)
    if starts_at and ends_at:
        row.read("ends", lambda _: _check_length(starts_at, ends_at), bad)
    if starts_at is None or ends_at is None or len(bad) > known:
        return None
    agreed = row.cells["agreed"].casefold() == "yes"
    return PlaceRow(row.line, starts_at, ends_at, person, agreed)


def instant(text: str) -> datetime:
    """A UTC instant from ISO 8601 with an offset; raises ValueError, saying what is wrong."""
    example = "write it as 2026-03-01T18:00:00-05:00"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no date and time; {example}") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text[:40]!r} has no offset from UTC; {example}")
    if moment.year not in YEARS:
        raise ValueError(f"the year {moment.year} is not one of this roster's")
    return moment.astimezone(UTC)


def _check_length(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise ValueError("is not after starts")
    if ends_at - starts_at > LONGEST_SHIFT:
        raise ValueError("is more than a year after starts")


def import_places(
    connection: Connection,
    line_id: int,
    rows: list[PlaceRow],
    progress: Callable[[int], None] = lambda _done: None,
) -> Imported:
    """Add what the roster does not have yet: importing the same file twice changes nothing.

    `progress` is told how many places have been written. Raises BadFile when a row would put
    a person on twice at one instant.
    """
    people = _lock_people(connection, line_id)
    wanted = additions(rows, _existing(connection, line_id, rows), people)
    for begin in range(0, len(wanted.seats), 500):
        part = wanted.seats[begin : begin + 500]
        connection.execute(insert(Place), [_row(line_id, seat) for seat in part])
        progress(len(part))
    for place in wanted.agreed:
        connection.execute(
            update(Place).where(Place.id == place).values(state=AGREED, version=Place.version + 1)
        )
    return Imported(len(wanted.seats), len(wanted.agreed), wanted.already)


def _lock_people(connection: Connection, line_id: int) -> dict[int, str]:
    """Everybody's name; nobody's places change by another way until the import is done."""
    query = select(Person.id, Person.name).where(Person.line_id == line_id)
    rows = connection.execute(query.order_by(Person.id).with_for_update())
    return {row.id: row.name for row in rows}


def _existing(connection: Connection, line_id: int, rows: list[PlaceRow]) -> list[Existing]:
    if not rows:
        return []
    query = select(Place.id, Place.starts_at, Place.ends_at, Place.person_id, Place.state).where(
        Place.line_id == line_id,
        Place.starts_at > min(row.starts_at for row in rows) - LONGEST_PLACE,
        Place.starts_at < max(row.ends_at for row in rows),
    )
    return [Existing(*row) for row in connection.execute(query)]


def _row(line_id: int, seat: Seat) -> dict[str, object]:
    return {
        "line_id": line_id,
        "starts_at": seat.starts_at,
        "ends_at": seat.ends_at,
        "person_id": seat.person_id,
        "state": seat.state,
    }


def export_places(
    connection: Connection, line_id: int, phones: Mapping[int, str], zone: ZoneInfo
) -> str:
    """Every place but drafts as CSV, long shifts in one row, instants in `zone` with offset.

    `phones` gives each person's phone (E.164); places of somebody without one are left out.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for seat in whole(_seats(connection, line_id)):
        starts, ends = (at.astimezone(zone).isoformat() for at in (seat.starts_at, seat.ends_at))
        phone = "" if seat.person_id is None else phones.get(seat.person_id)
        if phone is not None:
            writer.writerow([starts, ends, phone, "yes" if seat.state == AGREED else ""])
    return out.getvalue()


def _seats(connection: Connection, line_id: int) -> Iterator[Seat]:
    query = select(Place.starts_at, Place.ends_at, Place.person_id, Place.state)
    for row in connection.execute(query.where(Place.line_id == line_id, Place.state != DRAFT)):
        # Cover may be wanted, but until somebody takes it the place is agreed and theirs.
        state = AGREED if row.state in ON_STATES else row.state
        yield Seat(row.starts_at, row.ends_at, row.person_id, state)
