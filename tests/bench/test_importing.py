"""The command that takes in ten thousand and a hundred thousand places: seconds, and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from shifts.models import Line, Person, Place
from tests.bench.crowd import PEER_NUMBERS
from tests.bench.figures import Figures
from tests.databases import Databases
from warmline.database.engine import Database
from warmline.models.line import LineRules
from warmline.models.people import Volunteer

pytestmark = pytest.mark.bench
SMALL_SIZES, SIZES = (10,), (10_000, 100_000)
ROOT = Path(__file__).resolve().parents[2]
ON_AT_ONCE, PERSONS, SHIFT = 10, 30, timedelta(hours=8)
BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
Write = Callable[[Path, int], None]


@dataclass(frozen=True)
class Taken:
    """What a command took: seconds, and megabytes at most."""

    seconds: float
    megabytes: float


def rows(file: Path, size: int) -> None:
    """Ten persons hold each shift of eight hours, the next ten the next."""
    with file.open("w", encoding="utf-8") as out:
        out.write("starts,ends,phone,agreed\n")
        for number in range(size):
            starts, ends, phone = seat(number)
            out.write(f"{starts.isoformat()},{ends.isoformat()},{phone},yes\n")


def events(file: Path, size: int) -> None:
    """The same places as a calendar program writes them, each an event of its own."""
    with file.open("w", encoding="utf-8", newline="\r\n") as out:
        out.write("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Calendar//EN\n")
        for number in range(size):
            out.write(event(number))
        out.write("END:VCALENDAR\n")


def event(number: int) -> str:
    starts, ends, phone = seat(number)
    zone = ZoneInfo("America/New_York")
    return (
        f"BEGIN:VEVENT\nDTSTART;TZID=America/New_York:{starts.astimezone(zone):%Y%m%dT%H%M%S}\n"
        f"DTEND:{ends:%Y%m%dT%H%M%SZ}\nDTSTAMP:20250501T000000Z\n"
        f"UID:{number:026}@calendar.example\nCREATED:20250501T000000Z\n"
        f"ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Peer:tel:{phone}\n"
        "DESCRIPTION:A shift of eight hours\nLAST-MODIFIED:20250501T000000Z\nSEQUENCE:0\n"
        "STATUS:CONFIRMED\nSUMMARY:Shift\nTRANSP:OPAQUE\nEND:VEVENT\n"
    )


def seat(number: int) -> tuple[datetime, datetime, str]:
    shift, chair = divmod(number, ON_AT_ONCE)
    starts = BEGIN + shift * SHIFT
    return starts, starts + SHIFT, PEER_NUMBERS[1 + chair + ON_AT_ONCE * (shift % 3)]


@pytest.mark.parametrize(("name", "write"), [("shifts.csv", rows), ("shifts.ics", events)])
def test_a_file_ten_times_as_long_takes_no_more_memory(
    name: str, write: Write, databases: Databases, figures: Figures, full: bool, tmp_path: Path
) -> None:
    sizes = SIZES if full else SMALL_SIZES
    kind, table = "", []
    for size in sizes:
        write(tmp_path / name, size)
        with line(databases) as database:
            first = taken(database, tmp_path / name)
            again = taken(database, tmp_path / name) if full else first
            assert number_of_places(database) == size
            kind = database.engine.dialect.name
        figures_of = (f"{one:.1f}" for one in (first.seconds, again.seconds))
        table.append((f"{size:,} places", *figures_of, f"{first.megabytes:.0f}"))
    head = ("", "seconds", "seconds, once more", "MB at most")
    figures.table(f"warmline shifts import {name}, {kind}", head, table)


@contextmanager
def line(databases: Databases) -> Iterator[Database]:
    """A line with thirty volunteers and no places."""
    with databases.migrated() as url:
        database = Database(url)
        with database.writing(unhurried=True) as db:
            db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
            db.execute(insert(LineRules).values(line_id=1, number=PEER_NUMBERS[0]))
            numbers = range(1, PERSONS + 1)
            people = [{"id": one, "line_id": 1, "name": f"Peer {one}"} for one in numbers]
            db.execute(insert(Person), people)
            of_line = {"line_id": 1, "languages": "en", "agreed": "yes"}
            phones = [of_line | {"person_id": one, "phone": PEER_NUMBERS[one]} for one in numbers]
            db.execute(insert(Volunteer), phones)
        yield database
        database.close()


def taken(database: Database, file: Path) -> Taken:
    """What importing a file takes, in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.peak", "shifts", "import", str(file)]
    place = os.environ | {"DATABASE_URL": database.url}
    began = time.perf_counter()
    done = subprocess.run(words, cwd=ROOT, env=place, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    assert done.returncode == 0, done.stderr
    return Taken(seconds, float(done.stderr.splitlines()[-1]))


def number_of_places(database: Database) -> int:
    with database.reading() as db:
        return db.execute(select(func.count()).select_from(Place)).scalar_one()
