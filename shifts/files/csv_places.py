"""Places as CSV: a row is a place, `starts,ends,phone,agreed`; a file comes in whole or not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from shifts.faults import BadLines
from shifts.files.comparing import plan_rows
from shifts.files.csv_rows import CsvRow, stream_rows, written
from shifts.files.importing import Imported, finish, lock_people
from shifts.files.staging import FilePlace
from shifts.models import AGREED
from shifts.place_listing import whole_shifts

COLUMNS = ("starts", "ends", "phone", "agreed")
LONGEST_SHIFT = timedelta(days=366)
"""A longer row is a slip of the pen in the year."""
YEARS = range(1970, 2200)


def read_places(
    file: BinaryIO, person_of: Callable[[str], int], bad: BadLines, *, all_agreed: bool = False
) -> Iterator[FilePlace]:
    """The rows of a file; `person_of` finds a phone's person or raises ValueError, saying why.

    Instants are ISO 8601 with an offset; an empty phone is an open place; `agreed` is "yes"
    (or `all_agreed`), else they are asked. Rows that cannot be go to `bad`; raises BadFile when
    the file is no such file at all.
    """
    for row in stream_rows(file, COLUMNS, bad):
        place = _place(row, person_of, bad, all_agreed=all_agreed)
        if place is not None:
            yield place


def _place(
    row: CsvRow, person_of: Callable[[str], int], bad: BadLines, *, all_agreed: bool
) -> FilePlace | None:
    known = len(bad)
    starts_at = row.read("starts", instant, bad)
    ends_at = row.read("ends", instant, bad)
    person = row.read("phone", lambda text: person_of(text) if text else None, bad)
    if starts_at and ends_at:
        row.read("ends", lambda _: _check_length(starts_at, ends_at), bad)
    if starts_at is None or ends_at is None or len(bad) > known:
        return None
    agreed = all_agreed or row.cells["agreed"].casefold() == "yes"
    return FilePlace(row.line, starts_at, ends_at, person, agreed)


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
    names: Mapping[int, str],
    now: datetime,
    *,
    dry_run: bool = False,
    by_id: int | None = None,
) -> Imported:
    """Add staged rows that the roster does not have yet: the same file twice changes nothing.

    A yes makes an asked place agreed; nothing takes a yes back. `names` are those of persons who
    are not on the roster yet (a dry run's); `by_id` is who brings it in. Raises BadFile when a row
    would put a person on twice at one instant.
    """
    lock_people(connection, line_id)
    plan_rows(connection, line_id)
    return finish(connection, line_id, names, "starts", now, dry_run=dry_run, by_id=by_id)


def export_places(
    connection: Connection, line_id: int, phones: Mapping[int, str], zone: ZoneInfo
) -> Iterator[str]:
    """Every peer's place but drafts as lines of CSV, long shifts as one, instants in `zone`.

    `phones` gives each person's phone (E.164); places of somebody without one are left out.
    """
    yield written(COLUMNS)
    for shift in whole_shifts(connection, line_id, as_held=True):
        starts, ends = (at.astimezone(zone).isoformat() for at in (shift.starts_at, shift.ends_at))
        phone = "" if shift.person_id is None else phones.get(shift.person_id)
        if phone is not None:
            yield written([starts, ends, phone, "yes" if shift.state == AGREED else ""])
