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

import pytest
from sqlalchemy import func, insert, select

from shifts.models import Line, Person, Place
from tests.bench.crowd import PEER_NUMBERS
from tests.bench.figures import Figures
from tests.databases import Databases
from warmline.db import Database
from warmline.models import LineRules, Volunteer

pytestmark = pytest.mark.bench
SMALL_SIZES, SIZES = (100, 500), (10_000, 100_000)
ON_AT_ONCE, PERSONS, SHIFT = 10, 30, timedelta(hours=8)
BEGIN = datetime(2025, 6, 1, tzinfo=UTC)
COMMAND = "from warmline.cli import main; main()"
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


def seat(number: int) -> tuple[datetime, datetime, str]:
    shift, chair = divmod(number, ON_AT_ONCE)
    starts = BEGIN + shift * SHIFT
    return starts, starts + SHIFT, PEER_NUMBERS[1 + chair + ON_AT_ONCE * (shift % 3)]


@pytest.mark.parametrize(("name", "write"), [("shifts.csv", rows)])
def test_a_file_ten_times_as_long_takes_no_more_memory(
    name: str, write: Write, databases: Databases, figures: Figures, full: bool, tmp_path: Path
) -> None:
    sizes = SIZES if full else SMALL_SIZES
    kind, table = "", []
    for size in sizes:
        write(tmp_path / name, size)
        with line(databases) as database:
            first, again = (taken(database, tmp_path / name) for _ in range(2))
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
        with database.writing() as db:
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
    words = [sys.executable, "-c", COMMAND, "shifts", "import", str(file)]
    began = time.perf_counter()
    with subprocess.Popen(
        words,
        env=os.environ | {"DATABASE_URL": database.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints = process.stderr.read() if process.stderr else b""
    assert process.returncode == 0, complaints
    return Taken(time.perf_counter() - began, used.ru_maxrss / 1024)


def number_of_places(database: Database) -> int:
    with database.reading() as db:
        return db.execute(select(func.count()).select_from(Place)).scalar_one()
