"""What a line writes is readable by nobody else on its machine, from the first byte on."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from shifts.models import Line
from warmline.cli import app
from warmline.database.engine import Database
from warmline.schema.revisions import migrate

pytestmark = pytest.mark.usefixtures("fixed_clock")

OURS = 0o600


@pytest.fixture(params=[0o022, 0o000], ids=["umask 022", "umask 000"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder of its own, in which a file that is made carelessly is everybody's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WARMLINE_SECRET_KEY", raising=False)
    before = os.umask(request.param)
    yield tmp_path
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_everything_that_a_line_writes_is_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, int] = {}
    opened = os.open

    def watched(path: str, flags: int, mode: int = 0o777, **more: int | None) -> int:
        number = opened(path, flags, mode, **more)
        if flags & os.O_CREAT:
            made[Path(path).name] = stat.S_IMODE(os.fstat(number).st_mode)
        return number

    monkeypatch.setattr(os, "open", watched)
    words = ("--name", "Maple Line", "--number", "+14135550100", "--time-zone", "America/New_York")
    more = ("--exceptions", "There are none.", "--coordinator-phone", "+14135550101")
    done = CliRunner().invoke(app, ["init", *words, *more, "--secret-key"])
    assert done.exit_code == 0, done.stderr
    assert CliRunner().invoke(app, ["backup", "line.backup"]).exit_code == 0
    assert modes(folder) == dict.fromkeys(("warmline.db", ".env", "line.backup"), OURS)
    assert set(made.values()) == {OURS}, "before the first byte"
    assert "warmline.db" in made


def test_the_journals_are_too_while_somebody_writes(folder: Path) -> None:
    url = f"sqlite:///{folder / 'line.db'}"
    migrate(url)
    database = Database(url)
    with database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Maple Line", time_zone="UTC"))
        found = modes(folder)
    assert found == dict.fromkeys(("line.db", "line.db-wal", "line.db-shm"), OURS)
    database.close()


def test_a_database_that_everybody_could_read_is_taken_from_them(folder: Path) -> None:
    url = f"sqlite:///{folder / 'line.db'}"
    migrate(url)
    first = Database(url)
    with first.writing() as db:
        db.execute(insert(Line).values(id=1, name="Maple Line", time_zone="UTC"))
    for path in folder.iterdir():
        path.chmod(0o666)
    second = Database(f"sqlite:///file:{folder / 'line.db'}?mode=rw&uri=true")
    with second.reading():
        assert set(modes(folder).values()) == {OURS}
    first.close()
    second.close()


def test_what_is_only_to_be_read_is_not_made(folder: Path) -> None:
    database = Database(f"sqlite:///file:{folder / 'line.db'}?mode=rw&uri=true")
    with pytest.raises(Exception, match="There is no line at"), database.reading():
        pass
    assert modes(folder) == {}
