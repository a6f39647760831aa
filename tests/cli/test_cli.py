"""The commands through the real command line, on both databases."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.schema import same_schema
from warmline.cli import app
from warmline.database.engine import Database
from warmline.line.opening import open_line, the_line

ROOT = Path(__file__).resolve().parents[2]
NUMBER, ANA, BO, COORDINATOR = "+14135550100", "+14135550111", "+14135550112", "+14135550109"
LINE = {
    "--name": "Maple Line",
    "--number": NUMBER,
    "--time-zone": "America/New_York",
    "--exceptions": "There are none.",
    "--coordinator-phone": "413 555 0109",
}
VOLUNTEERS = "name,phone,languages,tags,voice,text,agreed\n"
SHIFTS = "starts,ends,phone,agreed\n"
COMMANDS: tuple[list[str], ...] = (
    *([], ["demo"], ["init"], ["line"], ["serve"], ["clock"], ["migrate"], ["who"]),
    *(["volunteers"], ["volunteers", "import"], ["volunteers", "export"], ["provision"]),
    *(
        ["shifts"],
        ["shifts", "import"],
        ["shifts", "export"],
        ["doctor"],
        ["jobs"],
        ["purge"],
        ["selfcheck"],
        ["demand"],
        ["keys"],
        ["keys", "rotate"],
    ),
)
Run = Callable[..., Result]


@pytest.fixture
def warmline(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database_url: str,
    fixed_clock: datetime,
) -> Run:
    """The command line in a folder of its own, on a database whose schema is of today."""
    same_schema.is_compared_once(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")) or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*words: str, **options: Any) -> Result:
        return CliRunner().invoke(app, words, **options)

    return run


@pytest.fixture
def newcomer(warmline: Run, monkeypatch: pytest.MonkeyPatch, blank_database_url: str) -> Run:
    """As `warmline`, on a database without a schema."""
    monkeypatch.setenv("DATABASE_URL", blank_database_url)
    return warmline


def init(warmline: Run, **changes: str) -> Result:
    options = LINE | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return warmline("init", *(word for pair in options.items() for word in pair if pair[1]))


def ready(warmline: Run) -> None:
    """A line with Ana, who said yes, and Bo, who is to be asked."""
    assert init(warmline).exit_code == 0
    rows = f"Ana,{ANA},en es,parent,yes,yes,yes\nBo,{BO},en,,yes,yes,ask\n"
    assert warmline("volunteers", "import", file("v.csv", VOLUNTEERS + rows)).exit_code == 0


def file(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def complaints(result: Result, status: int = 1) -> list[str]:
    assert result.exit_code == status
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_init_makes_the_database_and_the_line_and_says_what_callers_hear(newcomer: Run) -> None:
    result = init(newcomer)
    assert result.exit_code == 0
    assert "Maple Line is set up on +14135550100, America/New_York" in result.stdout
    assert "callers hear (en, 24 seconds): Our promise at Maple Line" in result.stdout
    assert "in force as version 1" in result.stdout


def test_init_names_everything_that_is_missing_in_one_line(warmline: Run) -> None:
    assert complaints(warmline("init", "--name", "Maple Line")) == [
        (
            "init needs --number, --time-zone, --coordinator-phone, --exceptions"
            " (or --promise FILE.toml) as well"
        )
    ]


def test_init_names_every_fault_and_leaves_no_database_behind(
    warmline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///untouched.db")
    found = complaints(
        init(warmline, name=" \n ", number="911", time_zone="Mars/Olympus", language="xx")
    )
    assert found == [
        "--name: may not stay blank",
        "--number: not a full phone number; write it as +1 413 555 0100",
        "--time-zone: 'Mars/Olympus' is no time zone; write it as America/New_York",
        "--language: 'xx' is not one of en, es",
    ]
    assert complaints(init(warmline, exceptions="word " * 90))[0].startswith(
        "en: the promise takes"
    )
    assert not Path("untouched.db").exists()


def test_the_coordinator_is_reached_on_a_phone_that_may_be_rung(warmline: Run) -> None:
    assert complaints(init(warmline, coordinator_phone="+44 20 7946 0123")) == [
        "--coordinator-phone: a number in GB; this line calls US only"
    ]
    assert complaints(init(warmline, coordinator_phone=NUMBER)) == [
        "--coordinator-phone: the line's own number; give the coordinator's"
    ]


def test_init_can_be_run_again_until_the_line_has_opened_then_it_only_proposes(
    warmline: Run, database_url: str, fixed_clock: datetime
) -> None:
    init(warmline)
    assert init(warmline, name="Oak Line", time_zone="America/Chicago").exit_code == 0
    open_it(database_url, fixed_clock)
    result = init(warmline, name="Elm Line", exceptions="If a court orders it.")
    assert "Oak Line has opened: change its settings with warmline line" in result.stdout
    assert "proposed as version 2; the one in force stays" in result.stdout
    again = init(warmline, exceptions="If a court orders it.").stdout
    assert again.splitlines()[-2].startswith("promise proposed: version 2; it takes effect on ")
    shown = warmline("line").stdout
    assert "once whoever is on the roster agrees; until then it stands on /line/check" in shown
    assert "name: Oak Line" in shown
    assert "promise in force: version 1" in shown


def open_it(url: str, now: datetime) -> None:
    database = Database(url)
    with database.writing() as connection:
        assert open_line(connection, the_line(connection).line_id, now)
    database.close()


def test_a_promise_in_a_file_is_taken_answer_by_answer(warmline: Run) -> None:
    answers = "".join(f'{one} = "never"\n' for one in ("ambulance", "protection", "immigration"))
    text = f'[en]\npolice = "only if asked by a court"\n{answers}'
    wanted = {"exceptions": "", "promise": file("promise.toml", text)}
    assert complaints(init(warmline, **wanted)) == [
        (
            "promise.toml: [en] family: may not stay blank; would the line ever, unasked, tell"
            ' family, school or employer? Write "never" or the exact exception'
        )
    ]
    file("promise.toml", text + 'family = "never"\n')
    assert "About the police: only if asked by a court." in init(warmline, **wanted).stdout


def test_init_puts_a_new_secret_key_into_the_settings_file_once(warmline: Run) -> None:
    assert "WARMLINE_SECRET_KEY is not set" in init(warmline).stdout
    words = [word for pair in LINE.items() for word in pair]
    file(".env", "PORT=8001")
    for _ in range(2):
        assert warmline("init", *words, "--secret-key").exit_code == 0
    assert re.fullmatch(r"PORT=8001\nWARMLINE_SECRET_KEY=[\w-]{64}\n", Path(".env").read_text())


def test_line_shows_its_settings_and_changes_those_given(warmline: Run) -> None:
    init(warmline)
    result = warmline(
        *("line", "--patience", "240", "--breather", "0", "--ring-seconds", "20"),
        *("--phones-at-once", "2", "--countries", "us, ca", "--name", "Oak Line"),
    )
    for words in (
        "name: Oak Line",
        "after 240 seconds of waiting",
        "rests 0 minutes",
        "rings 20 seconds",
        "at most 2 phones",
        "rings: US, CA",
        "opened: no",
    ):
        assert words in result.stdout
    assert warmline("line").stdout == result.stdout
    assert "a volunteer may report a spoken yes: yes" in result.stdout
    off = warmline("line", "--no-spoken-yes")
    assert "a volunteer may report a spoken yes: no" in off.stdout
    assert warmline("line").stdout == off.stdout


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--patience", "29"], "--patience: 29 is not from 30 to 1800 seconds"),
        (["--breather", "61"], "--breather: 61 is not from 0 to 60 minutes"),
        (["--ring-seconds", "9"], "--ring-seconds: 9 is not from 10 to 40 seconds"),
        (["--phones-at-once", "0"], "--phones-at-once: 0 is not from 1 to 10 phones"),
        (["--countries", "US,XX"], "--countries: 'XX' is no list of countries; write it as US,CA"),
        (["--countries", "CA"], "--coordinator-phone: a number in US; this line calls CA only"),
        (["--name", "Oak " * 30], "--name: at most 80 characters that can be read out"),
    ],
)
def test_a_setting_that_cannot_be_is_one_line_and_changes_nothing(
    warmline: Run, options: Sequence[str], fault: str
) -> None:
    init(warmline)
    before = warmline("line").stdout
    assert complaints(warmline("line", "--phones-at-once", "7", *options)) == [fault]
    assert warmline("line").stdout == before


def test_volunteers_and_shifts_come_in_and_go_out_the_same(warmline: Run) -> None:
    ready(warmline)
    shifts = (
        f"2026-03-02T07:00:00-05:00,2026-03-02T11:00:00-05:00,{ANA},yes\n"
        f"2026-03-02T08:00:00-05:00,2026-03-05T11:00:00-05:00,{BO},\n"
        "2026-03-02T08:00:00-05:00,2026-03-05T11:00:00-05:00,,\n"
    )
    done = warmline("shifts", "import", file("s.csv", SHIFTS + shifts))
    assert done.stdout == "places: 7 added, 0 now agreed, 0 as before\n"
    exported = warmline("shifts", "export").stdout
    assert sorted(exported.splitlines()) == sorted(
        (SHIFTS + shifts.replace(",+", ",'+")).splitlines()
    )
    again = warmline("shifts", "import", file("s.csv", exported))
    assert again.stdout == "places: 0 added, 0 now agreed, 7 as before\n"
    people = warmline("volunteers", "export").stdout
    assert people.splitlines()[1:] == [
        f"Ana,'{ANA},en es,parent,yes,yes,yes,",
        f"Bo,'{BO},en,,yes,yes,ask,",
    ]
    again = warmline("volunteers", "import", file("v.csv", people))
    assert again.stdout == "volunteers: 0 added, 0 changed, 2 as before\n"


def test_an_import_with_bad_rows_names_them_all_and_changes_nothing(warmline: Run) -> None:
    ready(warmline)
    rows = f"2026-03-02T12:00Z,2026-03-02T16:00Z,{ANA},yes\n"
    rows += "2026-03-02T12:00,2026-03-02T16:00Z,,\n2026-03-02T12:00Z,2026-03-02T16:00Z,988,\n"
    rows += "2026-03-02T12:00Z,2026-03-02T16:00Z,+14135550199,\n"
    assert complaints(warmline("shifts", "import", file("s.csv", SHIFTS + rows))) == [
        (
            "line 3, column starts: '2026-03-02T12:00' has no offset from UTC;"
            " write it as 2026-03-01T18:00:00-05:00"
        ),
        "line 4, column phone: not a full phone number; write it as +1 413 555 0100",
        "line 5, column phone: no volunteer has this phone; import the volunteers first",
    ]
    assert warmline("shifts", "export").stdout == SHIFTS


def test_who_shows_those_on_shift_who_said_yes(warmline: Run) -> None:
    ready(warmline)
    rows = "".join(
        f"{start},{end},{phone},yes\n"
        for start, end, phone in (
            ("2026-03-02T12:00Z", "2026-03-02T16:00Z", ANA),
            ("2026-03-02T16:00Z", "2026-03-02T17:00Z", ANA),
            ("2026-03-02T12:00Z", "2026-03-02T16:00Z", BO),
        )
    )
    warmline("shifts", "import", file("s.csv", SHIFTS + rows))
    shown = warmline("who", "--at", "2026-03-02T13:00:00Z")
    assert shown.stdout == f"Ana  {ANA}  until 2026-03-02 12:00 EST\n"
    found = json.loads(warmline("who", "--json", "--at", "2026-03-02T07:00:00-05:00").stdout)
    assert found == [{"name": "Ana", "phone": ANA, "until": "2026-03-02T12:00:00-05:00"}]
    assert warmline("who", "--at", "2026-03-02T17:00Z").stdout == "nobody is on\n"
    assert (
        "--at: '2026-03-02' has no offset" in complaints(warmline("who", "--at", "2026-03-02"))[0]
    )


def test_who_asks_the_clock_when_nobody_says_when(warmline: Run, fixed_clock: datetime) -> None:
    ready(warmline)
    assert json.loads(warmline("who", "--json").stdout) == []
    hour = timedelta(hours=1)
    starts, ends = ((fixed_clock + by).isoformat() for by in (-hour, hour))
    warmline("shifts", "import", file("s.csv", f"{SHIFTS}{starts},{ends},{ANA},yes\n"))
    assert [one["name"] for one in json.loads(warmline("who", "--json").stdout)] == ["Ana"]


def test_a_long_import_shows_how_far_it_is_and_leaves_standard_output_alone(
    warmline: Run,
) -> None:
    ready(warmline)
    row = "2026-03-02T12:00Z,2026-03-02T16:00Z,,\n"
    done = warmline("shifts", "import", file("s.csv", SHIFTS + row * 1200))
    assert done.stdout == "places: 1200 added, 0 now agreed, 0 as before\n"


def test_what_needs_a_line_says_how_to_get_one(newcomer: Run, blank_database_url: str) -> None:
    assert complaints(newcomer("who")) == [no_line_in(blank_database_url)]
    assert newcomer("migrate").exit_code == 0
    no_line = ["there is no line yet; set it up with: warmline init"]
    assert complaints(newcomer("who")) == no_line
    assert complaints(newcomer("line", "--patience", "60")) == no_line
    assert complaints(newcomer("shifts", "import", file("s.csv", SHIFTS))) == no_line


def no_line_in(url: str) -> str:
    """What is said of a database without a schema: a file is not even there."""
    if url.startswith("sqlite:///"):
        file = url.removeprefix("sqlite:///")
        return f"There is no line at {file}; run warmline init, or set DATABASE_URL."
    return "the database lacks tables; run: warmline migrate (for a new line: warmline init)"


@pytest.mark.parametrize("command", ["serve", "clock", "provision"])
def test_a_missing_setting_is_one_line_and_status_2(warmline: Run, command: str) -> None:
    (said,) = complaints(warmline(command), status=2)
    assert "TWILIO_ACCOUNT_SID" in said


def test_a_malformed_setting_is_one_line_and_status_2(
    warmline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    for words in (["who"], ["migrate"], ["volunteers", "export"]):
        (said,) = complaints(warmline(*words), status=2)
        assert said.startswith("DATABASE_URL must name a database")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["frobnicate"], "No such command 'frobnicate'."),
        (["line", "--patience", "soon"], "Invalid value for '--patience'"),
        (["who", "--when"], "No such option: --when"),
        (["shifts", "import"], "Missing argument 'FILE.csv|FILE.ics'."),
    ],
)
def test_a_slip_at_the_command_line_is_one_line(
    warmline: Run, words: Sequence[str], fault: str
) -> None:
    (said,) = complaints(warmline(*words), status=2)
    assert said.startswith(fault)


def test_files_that_cannot_be_read_are_named(warmline: Run) -> None:
    for command in ("volunteers", "shifts"):
        (said,) = complaints(warmline(command, "import", "none.csv"))
        assert said == "none.csv: cannot be read: No such file or directory"
    assert complaints(warmline("volunteers", "import", "roster.ics")) == [
        "roster.ics: is a calendar; bring a CSV file"
    ]


def test_the_doctor_says_what_is_well_and_what_to_do(
    newcomer: Run, blank_database_url: str
) -> None:
    first = newcomer("doctor")
    assert first.exit_code == 1
    if blank_database_url.startswith("sqlite"):
        assert first.stdout.splitlines()[2:] == [f"database: {no_line_in(blank_database_url)}"]
    else:
        assert first.stdout.splitlines()[2:5] == [
            "file modes: ok",
            "database: ok",
            "schema: is not this version's; run: warmline migrate",
        ]
    ready(newcomer)
    found = newcomer("doctor").stdout.splitlines()
    assert found[0].startswith("settings: TWILIO_ACCOUNT_SID and")
    assert found[1].startswith("zone data 20")
    assert found[2:10] == [
        "file modes: ok",
        "database: ok",
        "schema: ok",
        "line: ok",
        "promise: ok",
        "clock: does not run; start: warmline serve, or warmline clock",
        "effects: ok",
        "backup: ok",
    ]


def test_jobs_are_listed_with_their_next_run(warmline: Run) -> None:
    ready(warmline)
    run = warmline("jobs")
    assert run.exit_code == 0, run.output
    told = run.stdout.splitlines()
    assert told[0] == "no clock runs; start: warmline serve, or warmline clock"
    assert "remind of shifts: every 1 min; has not run yet" in told


def test_purge_says_what_it_erased_and_what_it_could_not(newcomer: Run) -> None:
    (said,) = complaints(newcomer("purge"), status=2)
    assert said.startswith("WARMLINE_SECRET_KEY is missing")
    key = {"WARMLINE_SECRET_KEY": "not a secret and long enough for one"}
    (said,) = complaints(newcomer("purge", env=key))
    assert "warmline migrate" in said
    ready(newcomer)
    run = newcomer("purge", "--now", env=key)
    assert run.exit_code == 0, run.output
    told = run.stdout.splitlines()
    assert told[0] == "erased here: 0 rows"
    assert told[1].startswith("nothing was erased at the provider: TWILIO_ACCOUNT_SID")
    assert len(told) == 3


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_without_a_setting_or_a_database(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"], env={"DATABASE_URL": "nonsense"})
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Usage: ")
    assert shown.stderr == ""


def test_the_version_is_said_and_is_that_of_the_package() -> None:
    shown = CliRunner().invoke(app, ["--version"], env={"DATABASE_URL": "nonsense"})
    assert (shown.exit_code, shown.stdout) == (0, f"warmline {metadata.version('warmline')}\n")


def test_help_imports_neither_the_database_nor_the_provider() -> None:
    heavy = "sqlalchemy alembic twilio pydantic_settings starlette phonenumbers rich.progress"
    check = f"print([name for name in {heavy.split()!r} if name in sys.modules])"
    script = "import sys\nfrom typer.testing import CliRunner\nfrom warmline.cli import app\n"
    script += f"CliRunner().invoke(app, ['init', '--help'])\n{check}"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
