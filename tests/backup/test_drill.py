"""The restore drill: a line with a past is backed up while it lives, lost, and comes back."""

import io
import json
import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, func, insert, inspect, make_url, select, update
from typer.testing import CliRunner, Result

from shifts.faults import Fault
from shifts.models import Base, Line, Person, Place
from tests.databases import Databases, SqliteDatabases
from tests.other_days import begins
from tests.schema import same_schema
from tests.schema.test_migrations import names_of_today, row_for
from tests.schema.test_migrations import tables as there
from warmline.backup import reading, restoring, rows, tables, writing
from warmline.backup.sealed_file import (
    MAGIC,
    PIECE,
    SALT_BYTES,
    TAG_BYTES,
    SealedWriter,
    Unreadable,
    lines,
)
from warmline.backup.tables import KEPT, OF_AN_EVENING
from warmline.cli import app
from warmline.database import line_file
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.line.opening import the_line
from warmline.models.operations import JobRun
from warmline.models.people import Volunteer
from warmline.models.privacy import Note
from warmline.models.texts import OneTimeMark, TextIn
from warmline.operations import latest_backup
from warmline.people import leaving
from warmline.privacy import erased, notes

pytestmark = pytest.mark.usefixtures("fixed_clock")

SECRET = "not-a-secret-but-long-enough-for-one"
OTHER = "another-secret-that-is-long-enough-too"
NUMBER, ANA, BO = "+14135550100", "+14135550111", "+14135550112"
NOW = datetime(2030, 3, 4, 23, tzinfo=UTC)
SEAL = Seal([SECRET])


class Drill:
    """The command line in a folder of its own, on one database after the other."""

    def __init__(self, databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
        self._databases = databases
        self._monkeypatch = monkeypatch
        self.url = ""

    def __call__(self, *words: str, secret: str = SECRET, says: str = "") -> Result:
        self._monkeypatch.setenv("DATABASE_URL", self.url)
        self._monkeypatch.setenv("WARMLINE_SECRET_KEY", secret)
        return CliRunner().invoke(app, words, input=says)

    def well(self, *words: str) -> str:
        done = self(*words)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    @contextmanager
    def machine(self) -> Iterator[str]:
        """A database without a schema, gone afterwards: commands are about it meanwhile."""
        before = self.url
        with self._databases.blank() as self.url:
            yield self.url
        self.url = before

    @contextmanager
    def first_machine(self) -> Iterator[None]:
        """As `machine`, with a schema."""
        with self._databases.migrated() as self.url:
            yield

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = Database(self.url, SEAL)
        try:
            yield database
        finally:
            database.close()

    def set_up(self) -> None:
        """A line with Ana and Bo on the roster."""
        self.well(
            *("init", "--name", "Maple Line", "--number", NUMBER, "--time-zone"),
            *("America/New_York", "--exceptions", "There are none.", "--coordinator-phone", ANA),
        )
        Path("v.csv").write_text(
            "name,phone,languages,tags,voice,text,agreed\n"
            f"Ana,{ANA},en,,yes,yes,yes\nBo,{BO},en,,yes,yes,yes\n"
        )
        self.well("volunteers", "import", "v.csv")

    def names(self) -> list[str]:
        with self.database() as database, database.reading() as db:
            return list(db.scalars(select(Person.name).order_by(Person.name)))


@pytest.fixture
def drill(databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Drill]:
    with drill_on(databases, monkeypatch, tmp_path) as drill:
        yield drill


@pytest.fixture
def sqlite_drill(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Drill]:
    """Where the database decides nothing."""
    with drill_on(sqlite_databases, monkeypatch, tmp_path) as drill:
        yield drill


@contextmanager
def drill_on(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> Iterator[Drill]:
    monkeypatch.chdir(folder)
    same_schema.is_compared_once(monkeypatch)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")) or name == "PORT":
            monkeypatch.delenv(name)
    drill = Drill(databases, monkeypatch)
    with drill.first_machine():
        if isinstance(databases, SqliteDatabases):
            makes_schema_at_once(monkeypatch, drill.url)
        yield drill


def makes_schema_at_once(monkeypatch: pytest.MonkeyPatch, like: str) -> None:
    """A file in which nothing is yet gets today's schema as it lies in the one at this URL.

    That migrations make it when a backup comes back is shown by the tests without a drill.
    """
    with closing(sqlite3.connect(str(make_url(like).database))) as file:
        ours = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        [(today,)] = file.execute("SELECT version_num FROM alembic_version")
        schema = [sql for (sql,) in file.execute(f"{ours} ORDER BY rowid")]
    step_by_step = command.upgrade

    def upgrade(config: Config, revision: str) -> None:
        db = config.attributes.get("connection")
        if db is None or revision != today or inspect(db).get_table_names():
            step_by_step(config, revision)
            return
        for sql in [*schema, f"INSERT INTO alembic_version VALUES ('{today}')"]:  # noqa: S608 - ours
            db.exec_driver_sql(sql)

    monkeypatch.setattr(command, "upgrade", upgrade)


SHORT_LIVED = frozenset(
    (
        *("call", "ring", "tried_peer", "third_person", "call_back", "boundary"),
        *("recent_talk", "ring_reason"),
        *("talk", "asked_peer", "talk_text", "lost_talk", "text_in", "text_out"),
        *("count_question", "expected_feedback", "feedback_link", "outbox", "pace"),
        *("joining", "desk_wish", "sign_in_code", "desk_session"),
        *("fleeting_key", "job_run", "backup_made", "attempt", "metric_sums"),
    )
)
"""What is gone within a month by itself, and belongs to whoever calls, or to one process."""


def test_every_table_is_named_as_kept_or_short_lived() -> None:
    assert set(Base.metadata.tables) == KEPT | SHORT_LIVED
    assert not KEPT & SHORT_LIVED


def test_nothing_that_is_kept_refers_to_what_is_short_lived_or_is_fleeting() -> None:
    for table in tables.tables():
        assert {key.column.table.name for key in table.foreign_keys} <= KEPT, table.name
        assert "Fleeting" not in {type(column.type).__name__ for column in table.columns}
        left_out = {one.name for one in table.columns} - {one.name for one in tables.columns(table)}
        assert left_out == OF_AN_EVENING.get(table.name, frozenset())


KNOWN: Final[dict[str, dict[str, Any]]] = {
    "one_time_mark": {"until": NOW + timedelta(days=1)},
    "erased": {"until": (begins() + timedelta(days=30)).date()},
    "book_entry": {"kind": "broken"},
    "desk_role": {"role": "coordinator"},
    "desk_step": {"kind": "do"},
    "proposal": {"kind": "promise"},
    "away": {"ends_at": NOW + timedelta(days=30)},
    "date_poll_day": {"ends_at": NOW + timedelta(days=30)},
    "recording": {"sound": bytes(range(256)) * 1000, "seconds": 1.5},
    "passkey": {"credential_id": b"\x00one", "public_key": b"\xff"},
}
"""What a row of these cannot do without; every other column gets something of its kind."""


def filled(url: str) -> None:
    """One row in every table that is kept, and some of what is not."""
    database = Database(url, SEAL)
    with database.writing() as db:
        for name, table in there(db).items():
            if name in KEPT:
                db.execute(insert(table).values(row_for(table) | KNOWN.get(name, {})))
        db.execute(insert(TextIn).values(message_id="SM1", line_id=1, came_at=NOW))
        db.execute(insert(JobRun).values(name="send", last_at=NOW))
        db.execute(insert(OneTimeMark).values(what="receipt 1:0", until=NOW + timedelta(minutes=1)))
        db.execute(update(Volunteer).values(idle_since=NOW, missed=1))
    database.close()


def kept_rows(url: str) -> dict[str, list[Any]]:
    database = Database(url, SEAL)
    with database.reading() as db:
        rows = {
            table.name: [tuple(row) for row in db.execute(tables.rows(table, NOW))]
            for table in tables.tables()
        }
    database.close()
    return rows


def count(url: str, table: Any) -> int:
    database = Database(url, SEAL)
    with database.reading() as db:
        number = db.scalar(select(func.count()).select_from(table)) or 0
    database.close()
    return number


def backed_up(url: str, path: Path) -> writing.Written:
    database = Database(url, SEAL)
    try:
        return writing.back_up(database, [SECRET], path, NOW)
    finally:
        database.close()


def restored(url: str, path: Path, **more: Any) -> restoring.Restored:
    return restoring.restore(url, [SECRET], restoring.Wanted(path, **more), NOW)


class Everything(NamedTuple):
    """What stood in each table that is kept, and the backup of it."""

    rows: dict[str, list[Any]]
    written: writing.Written
    backup: bytes


@pytest.fixture
def everything(databases: Databases) -> Everything:
    return backup_of_everything(databases)


@cache
def backup_of_everything(databases: Databases) -> Everything:
    """Once for each kind of database."""
    with databases.migrated() as url, TemporaryDirectory() as folder:
        filled(url)
        path = Path(folder) / "line.backup"
        written = backed_up(url, path)
        return Everything(kept_rows(url), written, path.read_bytes())


@pytest.fixture
def other_databases(request: pytest.FixtureRequest, databases: Databases) -> Databases:
    """The other kind of database."""
    other = "postgresql" if isinstance(databases, SqliteDatabases) else "sqlite"
    kind: Databases = request.getfixturevalue(f"{other}_databases")
    return kind


@pytest.mark.both_databases
def test_all_that_is_kept_comes_back_on_the_other_kind_of_database(
    everything: Everything, other_databases: Databases, tmp_path: Path
) -> None:
    written, path = everything.written, tmp_path / "line.backup"
    path.write_bytes(everything.backup)
    assert written.rows == len(KEPT), "one row of each, but what was said a moment ago"
    with other_databases.blank() as url:
        done = restored(url, path)
        assert done.rows == written.rows
        assert kept_rows(url) == everything.rows
        assert [count(url, one) for one in (TextIn, JobRun)] == [0, 0]
        database = Database(url, SEAL)
        with database.writing() as db:
            [peer] = db.execute(select(Volunteer.idle_since, Volunteer.missed)).all()
            assert tuple(peer) == (None, 0), "of an evening nothing is known"
            assert latest_backup.last_made(db) == NOW
            later = NOW + timedelta(hours=1)
            place = {"line_id": 1, "state": "open", "starts_at": NOW, "ends_at": later}
            new = db.scalar(insert(Place).values(place).returning(Place.id))
            assert new is not None
            assert new > restoring.NEVER_TWICE, "an id is never used twice"
            assert db.scalar(insert(Line).values(name="B", time_zone="UTC").returning(Line.id)) == 2
        database.close()


@pytest.mark.both_databases
def test_a_backup_is_of_one_instant_while_writers_go_on(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url, SEAL)
    with database.writing() as db:
        db.execute(insert(Line).values(id=1, name="0", time_zone="UTC"))
        row = {"line_id": 1, "name": "0"}
        db.execute(insert(Person), [row | {"id": number} for number in range(1, 400)])
    ended, writes = threading.Event(), [0]

    def write() -> None:
        """The line's name is always that of each person: a backup that mixes two instants shows."""
        while not ended.is_set():
            with database.writing() as db:
                writes[0] += 1
                db.execute(update(Person).values(name=str(writes[0])))
                db.execute(update(Line).values(name=str(writes[0])))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while writes[0] < 3:
            ended.wait(0.01)
        before = writes[0]
        for number in range(3):
            backed_up(database_url, tmp_path / f"{number}.backup")
        assert writes[0] > before, "nobody was kept waiting"
    finally:
        ended.set()
        writer.join()
        database.close()
    for number in range(3):
        [[line], people] = names_in(tmp_path / f"{number}.backup")
        assert people == [line] * 399


def names_in(path: Path) -> list[list[str]]:
    """What the line, and each person, is called in a backup."""
    found: dict[str, list[str]] = {"line": [], "person": []}
    table = reading.TableOf("", [])
    with reading.opened(path, [SECRET]) as backup:
        for part in backup.parts:
            if isinstance(part, reading.TableOf):
                table = part
            elif table.name in found:
                found[table.name].append(str(part[list(table.columns).index("name")]))
    return list(found.values())


def rewritten(
    old: Path, new: Path, schema: str, without: frozenset[str], renamed: ModuleType | None = None
) -> None:
    """The same backup as an older version would have written it, before a migration of names."""
    tables, columns = former_names(renamed)
    with reading.opened(old, [SECRET]) as backup, new.open("wb") as file:
        sealed = SealedWriter(file, [SECRET])
        head = {"kind": "line", "made": NOW.isoformat(), "schema": schema}
        sealed.write(json.dumps(head).encode() + b"\n")
        number, goes = 0, True
        for part in backup.parts:
            if isinstance(part, reading.TableOf):
                goes = part.name not in without
                name = tables.get(part.name, part.name)
                of_table = columns.get(name, {})
                named = {"table": name, "columns": [of_table.get(one, one) for one in part.columns]}
                sealed.write(json.dumps(named).encode() + b"\n" if goes else b"")
            elif goes:
                number += 1
                sealed.write(rows.written(part))
        sealed.write(json.dumps({"rows": number}).encode() + b"\n")
        sealed.close()


def former_names(renamed: ModuleType | None) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What tables were called before, and the columns of each that were."""
    if renamed is None:
        return {}, {}
    columns = {
        table: {new: old for old, new in names.items()} for table, names in renamed.COLUMNS.items()
    }
    return {new: old for old, new in renamed.TABLES.items()}, columns


@pytest.mark.both_databases
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    everything: Everything, databases: Databases, tmp_path: Path
) -> None:
    (tmp_path / "new").write_bytes(everything.backup)
    later = frozenset({"erased", "number_since", "pin", "note", "note_tally"})
    rewritten(tmp_path / "new", tmp_path / "old", "0035", later, names_of_today())
    assert {"shown", "told", "how_it_went"} < names_of_tables(tmp_path / "old")
    rewritten(tmp_path / "new", tmp_path / "later", "9999", frozenset())
    with databases.blank() as url:
        with pytest.raises(Fault, match="another version of Warmline"):
            restored(url, tmp_path / "later")
        restored(url, tmp_path / "old")
        # Nobody had said then that they stand by a peer: the last column of volunteers.
        willing = {"volunteer": [(*row[:-1], False) for row in everything.rows["volunteer"]]}
        assert kept_rows(url) == everything.rows | {name: [] for name in later} | willing


def names_of_tables(path: Path) -> set[str]:
    """Which tables a backup says it holds."""
    with reading.opened(path, [SECRET]) as backup:
        return {part.name for part in backup.parts if isinstance(part, reading.TableOf)}


def past(drill: Drill) -> None:
    """A backup; then Bo leaves, a note is forgotten and Ana writes STOP; and a list of that."""
    drill.set_up()
    facts = notes.Facts(
        line_id=1,
        day=NOW.date(),
        hour=1,
        language="en",
        wait="",
        length="5",
        answered=True,
        promise_version=1,
    )
    with drill.database() as database, database.writing() as db:
        receipts = [notes.keep(db, SEAL, facts, "text") for _ in range(2)]
    assert "rows of" in drill.well("backup", "line.backup")
    assert stat.S_IMODE(Path("line.backup").stat().st_mode) == 0o600
    now = begins()
    bo_leaves(drill)
    with drill.database() as database, database.writing() as db:
        line, people = the_line(db), dict(db.execute(select(Person.name, Person.id)).all())
        assert notes.erase(db, SEAL, line.line_id, receipts[0], now)
        erased.note(db, SEAL, erased.YES, people["Ana"], now)
    for _ in range(2):
        drill.well("backup", "--erasures", "erased.list")


def bo_leaves(drill: Drill) -> None:
    with drill.database() as database, database.writing() as db:
        line, person = the_line(db), select(Person.id).where(Person.name == "Bo")
        leaving.erase(db, SEAL, line.line_id, db.execute(person).scalar_one(), line.zone, begins())


def test_whatever_the_way_back_nobody_who_left_since_comes_back(drill: Drill) -> None:
    past(drill)
    with drill.machine() as url:
        said = drill.well("restore", "line.backup", "--erasures", "erased.list")
        for one in ("1 people who left", "1 notes", "1 people who wrote STOP", "promise: ok"):
            assert one in said
        assert "clock: does not run" in said, "it ends with doctor"
        assert drill.names() == ["Ana"]
        assert count(url, Note) == 1
        with drill.database() as database, database.reading() as db:
            assert db.execute(select(Volunteer.agreed, Volunteer.phone)).one() == ("", ANA)
        drill.well("backup", "later.backup")
    with drill.machine():
        assert "is not known here" in drill.well("restore", "line.backup")
        assert drill.names() == ["Ana", "Bo"], "nobody knows of it there, and it says so"
        drill.well("restore", "line.backup", "--replace", "--yes", "--erasures", "later.backup")
        assert drill.names() == ["Ana"], "a later backup knows of it too"


def test_what_is_no_whole_backup_under_this_key_changes_nothing(sqlite_drill: Drill) -> None:
    drill = sqlite_drill
    drill.set_up()
    drill.well("backup", "line.backup")
    whole = Path("line.backup").read_bytes()
    Path("text").write_text("Hello.")
    Path("newer").write_bytes(whole.replace(b"backup 1", b"backup 2", 1))
    Path("cut").write_bytes(whole[:-40])
    Path("damaged").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    drill.well("backup", "--erasures", "list")
    with drill.machine() as url:
        for name, why in {
            "text": "is no backup of a line",
            "newer": "of a newer version",
            "cut": "cannot be opened",
            "damaged": "cannot be opened",
            "list": "is a list of what was erased",
            "nowhere": "cannot be read: No such file",
        }.items():
            done = drill("restore", name)
            assert done.exit_code == 1
            assert why in done.stderr
            assert done.stderr.count("\n") == 1
        done = drill("restore", "line.backup", secret=OTHER)
        assert "no key of WARMLINE_SECRET_KEY is the one it was sealed with" in done.stderr
        assert SECRET not in done.stderr
        assert not Path(url.removeprefix("sqlite:///")).exists()
        drill.well("restore", "line.backup")


def test_a_file_that_is_there_is_kept_and_none_is_left_half_done(sqlite_drill: Drill) -> None:
    drill = sqlite_drill
    drill.set_up()
    Path("line.backup").write_text("something of mine")
    done = drill("backup", "line.backup")
    assert (done.exit_code, done.stderr) == (
        1,
        "line.backup: is there already; name a file that is not\n",
    )
    assert Path("line.backup").read_text() == "something of mine"
    files = set(Path.cwd().iterdir())
    with drill.database() as database, database.writing() as db:
        db.exec_driver_sql("DROP TABLE note_tally")
    assert drill("backup", "half.backup").exit_code == 1
    assert set(Path.cwd().iterdir()) - files <= set(Path.cwd().glob("*.db*"))


def test_a_line_comes_back_into_a_file_of_any_name(everything: Everything, tmp_path: Path) -> None:
    (tmp_path / "line.backup").write_bytes(everything.backup)
    for number, name in enumerate(("100% ours.db", "%41.db", "what?.db")):
        file = tmp_path / str(number) / name
        file.parent.mkdir()
        restored(line_file.url_of(file), tmp_path / "line.backup")
        assert [one.name for one in file.parent.iterdir() if one.suffix == ".db"] == [name]


@pytest.mark.both_databases
def test_a_line_in_use_is_never_overwritten_and_one_that_is_not_tells_who_has_left(
    drill: Drill,
) -> None:
    drill.set_up()
    drill.well("backup", "line.backup")
    bo_leaves(drill)

    def refused(*words: str, says: str = "") -> str:
        done = drill("restore", "line.backup", *words, says=says)
        assert done.exit_code == 1
        assert drill.names() == ["Ana"]
        return done.stderr

    assert "a line is in the database already" in refused()
    assert "nothing was changed" in refused("--replace", says="n\n")
    with drill.database() as database:
        with database.writing() as db:
            db.execute(insert(JobRun).values(name="send", last_at=begins()))
        database.close()
        assert "a clock ran within the last three minutes" in refused("--replace", "--yes")
        with database.writing() as db:
            db.execute(delete(JobRun))
        with database.reading() as db:
            db.execute(select(Line.id)).all()
            assert "another process is at work" in refused("--replace", "--yes")
    assert "is not known" not in drill.well("restore", "line.backup", "--replace", "--yes")
    assert drill.names() == ["Ana"], "what is replaced knows of it, until now"


def test_pieces_that_are_moved_or_left_out_do_not_open(tmp_path: Path) -> None:
    path, text = tmp_path / "f", os.urandom(5 * PIECE).hex().encode()
    with path.open("wb") as file:
        sealed = SealedWriter(file, [OTHER, SECRET])
        sealed.write(text + b"\n")
        sealed.close()
    whole = path.read_bytes()
    begin, size = len(MAGIC) + SALT_BYTES, PIECE + TAG_BYTES
    pieces = [whole[at : at + size] for at in range(begin, len(whole), size)]
    assert len(pieces) > 4
    assert b"".join(lines(io.BytesIO(whole), [SECRET, OTHER])) == text
    for changed in (pieces[:-1], pieces[1:], [pieces[1], pieces[0], *pieces[2:]], [*pieces, b""]):
        data = whole[:begin] + b"".join(changed)
        if data != whole:
            with pytest.raises(Unreadable):
                list(lines(io.BytesIO(data), [OTHER]))
