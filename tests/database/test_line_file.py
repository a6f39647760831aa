"""Where a line on SQLite is kept: nothing is made by looking, and no disk that will be gone."""

import os
import sqlite3
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from tests.databases import like_the_first
from tests.schema import same_schema
from warmline import serving
from warmline.cli import app
from warmline.database import line_file
from warmline.database.engine import Database
from warmline.schema.revisions import schema_is_current
from warmline.settings import BadSetting, Settings
from warmline.workers.lifeline import Orders

pytestmark = pytest.mark.usefixtures("fixed_clock")

Run = Callable[..., Result]
KEY = "not-a-secret-but-long-enough-for-one"
LINE = (
    *("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York"),
    *("--exceptions", "There are none.", "--coordinator-phone", "+14135550109"),
)
TO_SERVE = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "made-up-token",
    "WARMLINE_PROVIDER_URL": "http://127.0.0.1:9",
    "WARMLINE_PUBLIC_URL": "http://127.0.0.1:8000",
    "WARMLINE_SECRET_KEY": KEY,
}
LOOKING: tuple[Sequence[str], ...] = (
    *(["who"], ["who", "--json"], ["gaps"], ["line"], ["line", "--patience", "60"], ["jobs"]),
    *(["volunteers", "export"], ["shifts", "export"], ["shifts", "export", "--ics"]),
    *(["volunteers", "import", "none.csv"], ["shifts", "import", "some.csv"]),
    *(["provision", "--dry-run"], ["provision"], ["demand"], ["selfcheck"], ["purge"]),
    *(["keys", "rotate"], ["coordinators", "reset"], ["clock"]),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which there is no line, but whatever a command could need beside one."""
    monkeypatch.chdir(tmp_path)
    same_schema.is_compared_once(monkeypatch)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_", "DATABASE_")) or name in line_file.PLATFORMS:
            monkeypatch.delenv(name)
    for name, value in TO_SERVE.items():
        monkeypatch.setenv(name, value)
    for name, header in (("none", "name,phone"), ("some", "starts,ends,phone,agreed")):
        (tmp_path / f"{name}.csv").write_text(f"{header}\n")
    return tmp_path


def warmline(*words: str, **options: Any) -> Result:
    return CliRunner().invoke(app, words, **options)


def said(result: Result, status: int = 1) -> str:
    (line,) = result.output.splitlines()
    assert result.exit_code == status, result.output
    return line


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_without_a_line_a_command_says_so_and_leaves_no_database(
    folder: Path, words: Sequence[str]
) -> None:
    before = contents(folder)
    assert_there_is_no_line(folder, words)
    assert contents(folder) == before


def assert_there_is_no_line(folder: Path, words: Sequence[str]) -> None:
    line = said(warmline(*words, input="+14135550111\n")).removeprefix("The number: ")
    expected = f"There is no line at {folder}/warmline.db; run warmline init, or set DATABASE_URL."
    assert line.startswith(expected)


@pytest.mark.parametrize("words", [["who"], ["line", "--patience", "60"]], ids=" ".join)
def test_an_empty_file_is_no_line_and_stays_empty(folder: Path, words: Sequence[str]) -> None:
    (folder / "warmline.db").touch()
    assert_there_is_no_line(folder, words)
    assert (folder / "warmline.db").read_bytes() == b""
    assert "warmline.db-wal" not in contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_doctor_says_so_and_leaves_no_database(folder: Path) -> None:
    before = contents(folder)
    told = warmline("doctor").stdout.splitlines()
    assert told[-1] == (
        f"database: There is no line at {folder}/warmline.db;"
        " run warmline init, or set DATABASE_URL."
    )
    assert contents(folder) == before


def test_what_waits_for_a_database_makes_none(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'line.db'}")
    assert schema_is_current(database) is False
    for work in (database.reading, database.writing):
        with pytest.raises(OperationalError, match="There is no line at"), work():
            pass
    with pytest.raises(OperationalError, match="There is no line at"):
        database.let_go()
    assert not (folder / "line.db").exists()


def test_a_file_is_found_again_whatever_it_is_called(folder: Path) -> None:
    name = "a b, 100% ours#1 número.db"
    file = folder / name
    environment = {"DATABASE_URL": f"sqlite:///{file}"}
    made = warmline("migrate", env=environment)
    assert made.stdout.splitlines() == [
        f"made a new database at {file}; for a line in it: warmline init",
        "the schema is up to date",
    ]
    assert warmline("migrate", env=environment).stdout == "the schema is up to date\n"
    assert said(warmline("who", env=environment)) == (
        "there is no line yet; set it up with: warmline init"
    )
    assert {path.name for path in folder.iterdir()} == {name, "none.csv", "some.csv"}


@pytest.mark.parametrize("name", ["line.db", "100% ours.db", "%41.db", "what?.db", "a #1 ñ.db"])
def test_the_address_of_a_file_leads_to_it_whatever_it_is_called(name: str) -> None:
    file = Path("/srv/our line") / name
    assert line_file.path_of(line_file.url_of(file)) == file


def test_a_path_is_told_whole_from_wherever_it_is_asked(folder: Path) -> None:
    below = folder / "below"
    below.mkdir()
    environment = {"DATABASE_URL": "sqlite:///below/line.db"}
    assert f"no line at {below}/line.db;" in said(warmline("who", env=environment))
    assert f"no line at {folder}/nowhere/line.db;" in said(
        warmline("who", env={"DATABASE_URL": "sqlite:///nowhere/line.db"})
    )
    assert f"no line at {folder}/some.csv/line.db;" in said(
        warmline("who", env={"DATABASE_URL": "sqlite:///some.csv/line.db"})
    )


def test_a_folder_is_no_database(folder: Path) -> None:
    environment = {"DATABASE_URL": f"sqlite:///{folder}"}
    for command in ("who", "migrate"):
        assert said(warmline(command, env=environment)) == (
            f"{folder} is a folder; name a file,"
            f" for example DATABASE_URL=sqlite:///{folder}/warmline.db"
        )


def test_what_is_no_database_is_named_and_stays_as_it_is(folder: Path) -> None:
    (folder / "warmline.db").write_text("a letter\n" * 100)
    for command in ("who", "migrate", "doctor"):
        told = warmline(command).output
        assert "file is not a database" in told or "database: cannot be reached" in told
    assert said(warmline("who")).startswith(f"DATABASE_URL: {folder}/warmline.db cannot be used")
    assert (folder / "warmline.db").read_text() == "a letter\n" * 100


def test_a_database_of_something_else_is_left_alone(folder: Path) -> None:
    with sqlite3.connect(folder / "warmline.db") as other:
        other.execute("CREATE TABLE recipes (id INTEGER)")
    other.close()
    before = contents(folder)
    assert "warmline migrate" in said(warmline("who"))
    assert contents(folder).keys() == before.keys()


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every file is open")
def test_a_file_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "warmline.db").write_bytes(b"SQLite format 3\0")
    (folder / "warmline.db").chmod(0)
    assert said(warmline("who")).startswith(f"{folder}/warmline.db: cannot be read")
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "nothing may be written into" in said(
        warmline("migrate", env={"DATABASE_URL": "sqlite:///new.db"})
    )


def test_a_database_is_not_made_where_there_is_no_folder(folder: Path) -> None:
    for words in (["migrate"], ["init", *LINE]):
        line = said(warmline(*words, env={"DATABASE_URL": "sqlite:///nowhere/line.db"}))
        assert (
            line == f"{folder}/nowhere/line.db cannot be made: there is no folder {folder}/nowhere"
        )


WRITING: tuple[Sequence[str], ...] = (["migrate"], ["init", *LINE], ["clock"])


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        *(("DYNO", words) for words in WRITING),
        *((one, ["migrate"]) for one in ("RENDER", "FLY_APP_NAME", "RAILWAY_ENVIRONMENT")),
    ],
    ids=lambda one: one if isinstance(one, str) else one[0],
)
def test_a_disk_that_a_platform_throws_away_is_refused(
    folder: Path, platform: str, words: Sequence[str]
) -> None:
    before = contents(folder)
    line = said(warmline(*words, env={platform: "web.1"}), status=2)
    assert line.startswith(
        f"DATABASE_URL: {folder}/warmline.db is on a disk that this platform throws away"
    )
    assert f"({platform} is set, no volume is there)" in line
    assert contents(folder) == before


def test_the_doctor_says_that_the_disk_will_be_thrown_away(folder: Path) -> None:
    like_the_first(f"sqlite:///{folder}/warmline.db")
    assert warmline("init", *LINE).exit_code == 0
    told = warmline("doctor", env={"RENDER": "true"}).stdout.splitlines()
    assert any(line.startswith("database: DATABASE_URL: ") for line in told)


def test_a_volume_that_the_platform_names_is_taken(folder: Path) -> None:
    (folder / "volume").mkdir()
    (folder / "volume2").mkdir()
    like_the_first(f"sqlite:///{folder}/volume/line.db")
    environment = {"RAILWAY_ENVIRONMENT": "production"}
    environment["RAILWAY_VOLUME_MOUNT_PATH"] = f"{folder}/volume"
    there = {"DATABASE_URL": "sqlite:///volume/line.db"}
    beside = {"DATABASE_URL": "sqlite:///volume2/line.db"}
    assert warmline("migrate", env=environment | there).exit_code == 0
    assert said(warmline("migrate", env=environment | beside), status=2)


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://ana@db/line", "sqlite://", "sqlite:///:memory:"]
)
def test_only_files_are_asked_about(url: str) -> None:
    assert line_file.path_of(url) is None
    line_file.refuse_thrown_away(url, {"DYNO": "web.1"})


@pytest.mark.parametrize(
    ("file", "taken"),
    [
        ("/data/line.db", True),
        ("/data/deep/line.db", True),
        ("/my disk/line.db", True),
        ("/app/line.db", False),
        ("/data2/line.db", False),
        ("/run/line.db", False),
        ("/data/scratch/line.db", False),
        ("/layers/line.db", False),
    ],
)
def test_a_disk_of_its_own_that_is_put_there_is_a_volume(
    tmp_path: Path, file: str, *, taken: bool
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 0:20 / / rw,relatime - overlay overlay rw,lowerdir=/a\n"
        "23 22 254:16 / /data rw,noatime shared:1 master:2 - ext4 /dev/vdb rw\n"
        "24 23 0:21 / /data/scratch rw - tmpfs tmpfs rw\n"
        "25 22 254:32 /x /my\\040disk rw - xfs /dev/vdc rw\n"
        "26 22 0:22 / /run rw - tmpfs run rw\n"
        "27 22 254:48 / /layers rw - ext4 /dev/vdd rw\n"
        "28 22 0:23 / /layers rw - overlay overlay rw\n"
    )
    for platform in ("RENDER", "FLY_APP_NAME"):
        assert is_taken(file, {platform: "x"}, table) is taken
    assert is_taken(file, {"DYNO": "web.1", "DOKKU_APP_TYPE": "herokuish"}, table) is taken
    assert not is_taken(file, {"DYNO": "web.1"}, table)
    assert is_taken(file, {"RENDER": ""}, table)
    assert is_taken(file, {}, table)


def is_taken(file: str, environment: dict[str, str], table: Path) -> bool:
    try:
        line_file.refuse_thrown_away(f"sqlite:///{file}", environment, table)
    except BadSetting:
        return False
    return True


def test_serving_says_where_it_looked_and_what_makes_an_empty_database(folder: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{folder}/line.db",
        account_sid="AC" + "0" * 32,
        auth_tokens=("made-up-token",),
        public_url="http://127.0.0.1:8000",
        secret_keys=(KEY,),
    )
    with pytest.raises(serving.SchemaOutOfDate, match=rf"at {folder}/line\.db;.*warmline migrate$"):
        serving.serve(settings, [], Orders(leads=True, clock=True))
