"""The newest zone data there is decides what time it is on a line, however old the system's is."""

import json
import os
import re
import shutil
import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from shifts import zone_data
from shifts.models import Line
from shifts.zone_data import Version
from tests.other_days import AHEAD
from tests.serving.test_serving import set_up_line
from tests.test_house import ROOT, expect_none, files, is_test, place
from warmline import doctor
from warmline.database.engine import Database

pytestmark = pytest.mark.usefixtures("fixed_clock")

ZONE = "America/Vancouver"
AFTER_THE_CHANGE = datetime(2026, 12, 1, 12, tzinfo=UTC)
"""Vancouver has not gone back to winter time in 2026; by every older rule it has."""
BY_THE_PACKAGE, BY_AN_OLDER_RULE, BY_A_MADE_UP_RULE = "05:00", "04:00", "21:00"
PROGRAM = f"""
import {{}}
from datetime import datetime
from zoneinfo import ZoneInfo
instant = datetime.fromisoformat('{AFTER_THE_CHANGE.isoformat()}')
print(instant.astimezone(ZoneInfo('{ZONE}')).strftime('%H:%M'))
"""
GAPS = "from warmline.cli import main; main()"


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A folder of a system, in which Vancouver still has the clock of Los Angeles."""
    return folder_where(tmp_path / "zoneinfo", "America/Los_Angeles")


def folder_where(folder: Path, vancouver_has_the_clock_of: str) -> Path:
    package = zone_data.of_package()
    assert package
    (folder / ZONE).parent.mkdir(parents=True)
    shutil.copyfile(package.folder / vancouver_has_the_clock_of, folder / ZONE)
    return folder


def claims(folder: Path, version: str) -> None:
    (folder / "tzdata.zi").write_text(f"# version {version}\n# ddeps backzone\nR d 1916 o\n")


def noon_in_vancouver(system: Path | str, imported: str = "warmline") -> str:
    """The time there, as a process tells it that has imported only this, on such a system.

    On whatever day that is: to move a process's clock takes far longer than all that is asked here.
    """
    own = {name: value for name, value in os.environ.items() if name != AHEAD}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(imported)],
        env={**own, "PYTHONTZPATH": str(system)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def test_without_us_an_old_system_decides(system: Path) -> None:
    claims(system, "2025b")
    assert noon_in_vancouver(system, "sys") == BY_AN_OLDER_RULE


@pytest.mark.parametrize("imported", ["warmline", "shifts.hours.opening_hours"])
def test_the_package_is_used_where_the_system_is_older(system: Path, imported: str) -> None:
    claims(system, "2025b")
    assert noon_in_vancouver(system, imported) == BY_THE_PACKAGE


def test_the_package_is_used_where_the_system_does_not_say_how_old_it_is(system: Path) -> None:
    assert noon_in_vancouver(system) == BY_THE_PACKAGE


def test_the_package_is_used_where_there_is_no_system(tmp_path: Path) -> None:
    assert noon_in_vancouver("") == BY_THE_PACKAGE
    assert noon_in_vancouver(tmp_path / "nothing") == BY_THE_PACKAGE


def test_the_system_is_used_where_it_is_newer_wherever_python_looks_first(
    system: Path, tmp_path: Path
) -> None:
    claims(system, "2025b")
    newer = folder_where(tmp_path / "newer", "Asia/Tokyo")
    (newer / "+VERSION").write_text("2099a\n")
    assert noon_in_vancouver(f"{system}{os.pathsep}{newer}") == BY_A_MADE_UP_RULE


def test_a_command_shows_the_right_time_on_an_old_system(
    system: Path, sqlite_url: str, tmp_path: Path
) -> None:
    claims(system, "2025b")
    set_up_line(sqlite_url)
    database = Database(sqlite_url)
    with database.writing() as db:
        db.execute(update(Line).values(time_zone=ZONE))
    database.close()
    run = subprocess.run(
        [sys.executable, "-c", GAPS, "gaps", "--json", "--from", "2026-12-01"],
        env={**os.environ, "PYTHONTZPATH": str(system), "DATABASE_URL": sqlite_url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout)[0]["start"] == "2026-12-01T00:00:00-07:00"


def test_this_process_reads_nothing_older_than_the_package() -> None:
    package = zone_data.of_package()
    assert package
    assert all(
        there and there.version > package.version
        for there in map(zone_data.of_folder, zoneinfo.TZPATH)
    )


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("# version 2025b\n", (2025, 1, "b")),
        ("# version 2026a-12-g0123abc-dirty\n", (2026, 1, "a")),
        ("#version 2031za\n", (2031, 2, "za")),
        ("# version unknown\n", None),
        ("R d 1916 o - Jun 14 23s 1 S\n", None),
        ("", None),
        ("\xff\xfe", None),
    ],
)
def test_a_folder_says_which_release_it_is(
    tmp_path: Path, line: str, version: tuple[int, int, str] | None
) -> None:
    (tmp_path / "tzdata.zi").write_text(line, encoding="latin-1")
    found = zone_data.of_folder(str(tmp_path))
    assert (found and found.version) == (version and Version(*version))


def test_releases_have_an_order() -> None:
    in_order = ["2025c", "2026a", "2026b", "2026z", "2026za", "2027a"]
    versions = [zone_data.version_in(one) for one in in_order]
    assert versions == sorted(versions, key=lambda one: one or Version(0, 0, ""))


@pytest.mark.parametrize(
    ("version", "written", "today", "old"),
    [
        ("2026f", "2027-01-01", "2027-04-28", False),
        ("2026f", "2027-01-01", "2027-05-01", True),
        # One that came out after this was written: as old as the disk shows that it can be.
        ("2031b", "2031-03-05", "2031-09-01", False),
        ("2031b", "2031-03-05", "2031-09-05", True),
        ("2031b", "2040-01-01", "2032-06-01", False),
        ("2031b", "2040-01-01", "2032-07-02", True),
        # A build that writes no dates: not before its year.
        ("2031b", "1980-01-01", "2031-06-01", False),
        ("2031b", "1980-01-01", "2031-07-04", True),
    ],
)
def test_zone_data_is_old_after_half_a_year(
    tmp_path: Path, version: str, written: str, today: str, *, old: bool
) -> None:
    claims(tmp_path, version)
    seconds = datetime.fromisoformat(f"{written}T12:00+00:00").timestamp()
    os.utime(tmp_path / "tzdata.zi", (seconds, seconds))
    found = zone_data.of_folder(str(tmp_path))
    assert found
    assert zone_data.is_old(found, date.fromisoformat(today)) is old


def test_the_doctor_names_the_zone_data_and_says_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    used = zone_data.in_use()
    assert used
    what = f"zone data {used.version} (the {used.whose}'s)"
    came_out = datetime.combine(zone_data.released(used), time(12), UTC)
    assert f"{what}: ok" in told(came_out + timedelta(days=183))
    (said,) = (line for line in told(came_out + timedelta(days=184)) if line.startswith(what))
    assert "over half a year ago" in said
    assert said.endswith("run: pip install -U tzdata")


def told(now: datetime) -> list[str]:
    return [finding.line for finding in doctor.examine((), now)]


def test_no_statement_leaves_a_line_s_time_to_the_database() -> None:
    """A database has zone data of its own, as old as its machine."""
    asks = re.compile(
        r"AT TIME ZONE|\bdate_trunc\b|'localtime'|CURRENT_(?:DATE|TIME)\b|LOCALTIME"
        r"|func\.(?:now|timezone|localtime|current_\w+|date|strftime|to_char)\b",
        re.IGNORECASE,
    )
    expect_none(
        f"{place(path)}: {found[0]}"
        for path in files(".py")
        if not is_test(path)
        for found in asks.finditer(path.read_text(encoding="utf-8"))
    )
