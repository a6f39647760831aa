"""Rosters as files through the real command line: rehearsed, taken in whole or not, given out."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from shifts.files.staging import FilePlace, stage
from shifts.models import Line, Person
from tests.schema import same_schema
from warmline.cli import app
from warmline.database.engine import Database

ANA, BO, NEW = "+14135550111", "+14135550112", "+14135550199"
SHIFTS = "starts,ends,phone,agreed\n"
EVENING = "2099-03-02T18:00:00-05:00,2099-03-02T22:00:00-05:00"
Run = Callable[..., Result]


@pytest.fixture
def warmline(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    fixed_clock: datetime,
) -> Run:
    """The command line in a folder of its own; a line with Ana and Bo."""
    same_schema.is_compared_once(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    names = ("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York")
    promise = ("--exceptions", "There are none.", "--coordinator-phone", "+14135550109")
    assert run("init", *names, *promise).exit_code == 0
    rows = f"Ana,{ANA},en,,yes,yes,yes\nBo,{BO},en,,yes,yes,yes\n"
    volunteers = file("v.csv", f"name,phone,languages,tags,voice,text,agreed\n{rows}")
    assert run("volunteers", "import", volunteers).exit_code == 0
    return run


def file(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8", newline="")
    return name


def event(*lines: str, uid: str = "evening@example.org") -> str:
    times = ("DTSTART;TZID=Eastern Standard Time:20990302T180000", "DURATION:PT4H")
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *times, *lines, "END:VEVENT"])


def calendar(*events: str) -> str:
    return "\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""])


def test_a_dry_run_says_what_would_change_and_whom_the_volunteers_lack(warmline: Run) -> None:
    warmline("shifts", "import", file("s.csv", f"{SHIFTS}{EVENING},{ANA},\n"))
    before = warmline("shifts", "export").stdout
    rows = f"{EVENING},{ANA},yes\n{EVENING},413 555 0199,\n{EVENING},{NEW},\n{EVENING},,\n"
    done = warmline("shifts", "import", "--dry-run", file("s.csv", f"{SHIFTS}{rows[:-1]}\n"))
    assert done.exit_code == 1
    assert done.stderr == (f"line 4, column starts: {NEW} has a place then in line 3 too\n")
    done = warmline(
        "shifts", "import", "--dry-run", file("s.csv", SHIFTS + rows.replace("413 555 0199", BO))
    )
    assert done.stdout.splitlines() == [
        f"new: {NEW}; import this volunteer first",
        "dry run, nothing was changed; places: 3 added, 1 now agreed, 0 as before",
    ]
    assert warmline("shifts", "export").stdout == before


def test_a_dry_run_of_a_calendar_offers_people_by_name_and_removes_nothing(warmline: Run) -> None:
    evening = file("s.ics", calendar(event(), event(f"ATTENDEE:tel:{ANA}", uid="b@example.org")))
    assert warmline("shifts", "import", evening).stdout == (
        "places: 2 added, 0 now agreed, 0 as before\n"
    )
    changed = calendar(
        event("STATUS:CANCELLED"), event(f"ATTENDEE;CN=Chi:tel:{NEW}", uid="b@example.org")
    )
    done = warmline("shifts", "import", "--dry-run", file("c.ics", changed))
    assert done.stdout.splitlines() == [
        f"new: Chi {NEW}; import this volunteer first",
        "dry run, nothing was changed; places: 1 added, 0 now agreed, 0 as before, 2 removed",
    ]
    assert warmline("shifts", "import", "c.ics").stderr == (
        "line 12: ATTENDEE of 'b@example.org': no volunteer has this phone;"
        " import the volunteers first\n"
    )
    assert warmline("shifts", "import", evening).stdout == (
        "places: 0 added, 0 now agreed, 2 as before\n"
    )


def test_a_file_may_be_declared_agreed(warmline: Run) -> None:
    rows = f"{SHIFTS}{EVENING},{ANA},\n"
    warmline("shifts", "import", "--agreed", file("s.csv", rows))
    warmline("shifts", "import", "--agreed", file("s.ics", calendar(event(f"ATTENDEE:tel:{BO}"))))
    assert warmline("shifts", "export").stdout == (
        f"{SHIFTS}{EVENING},'{ANA},yes\n{EVENING},'{BO},yes\n"
    )


def test_a_calendar_goes_out_and_comes_back_the_same(warmline: Run) -> None:
    rows = f"{SHIFTS}{EVENING},{ANA},yes\n{EVENING},{BO},\n{EVENING},,\n"
    warmline("shifts", "import", file("s.csv", rows))
    out = warmline("shifts", "export", "--ics").stdout_bytes
    assert out.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert out.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    Path("s.ics").write_bytes(out)
    done = warmline("shifts", "import", "s.ics")
    assert done.stdout == "places: 0 added, 0 now agreed, 3 as before\n"
    assert warmline("shifts", "export").stdout == rows.replace(",+", ",'+")


def test_a_bad_calendar_changes_nothing(warmline: Run) -> None:
    bad = calendar(event(), "BEGIN:VEVENT\nUID:x\nDTSTART;VALUE=DATE:20260302\nEND:VEVENT")
    done = warmline("shifts", "import", file("s.ICS", bad))
    assert done.stderr == (
        "line 9: DTSTART of 'x': an all-day event names no hours; give it a start and an end time\n"
    )
    assert warmline("shifts", "export").stdout == SHIFTS


def test_of_many_bad_lines_the_first_are_spelled_out(warmline: Run) -> None:
    done = warmline("shifts", "import", file("s.csv", SHIFTS + "a,b,,\n" * 150))
    lines = done.stderr.splitlines()
    assert len(lines) == 201
    assert lines[0].startswith("line 2, column ends: 'b' is no date and time")
    assert lines[-1] == "and 100 more faults like these"


def test_a_long_calendar_shows_how_far_it_is_and_leaves_standard_output_alone(
    warmline: Run,
) -> None:
    events = (event(uid=f"{number}@example.org") for number in range(400))
    offset = "DTSTART:19700101T000000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0500"
    zone = f"BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\n{offset}\nEND:STANDARD\nEND:VTIMEZONE"
    text = calendar(*events, zone).replace("Eastern Standard Time", "Ours")
    done = warmline("shifts", "import", file("s.ics", text))
    assert done.stdout == "places: 400 added, 0 now agreed, 0 as before\n"
    assert len(warmline("shifts", "export", "--ics").stdout.split("BEGIN:VEVENT")) == 401


def test_a_file_that_is_too_long_for_a_roster_is_not_read(warmline: Run) -> None:
    with Path("s.csv").open("wb") as long:
        long.truncate(100_000_001)
    done = warmline("shifts", "import", "s.csv")
    assert done.stderr == "s.csv: is longer than 100 MB\n"


def test_reading_a_file_keeps_no_writer_waiting(database_url: str) -> None:
    begin = datetime(2026, 3, 2, 12, tzinfo=UTC)
    database = Database(database_url)

    def places() -> Iterator[FilePlace]:
        for number in range(3000):
            if number == 2000:
                with database.writing() as other:
                    other.execute(insert(Line).values(id=1, name="Peer Line", time_zone="UTC"))
                    other.execute(insert(Person).values(id=1, line_id=1, name="Ana"))
            yield FilePlace(number, begin, begin + timedelta(hours=1), None, agreed=False)

    with database.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        stage(connection, places())
    database.close()
