"""The line checks itself: what is planted is gone, and Check us says when that was last so."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.databases import like_the_first
from tests.serving.test_serving import SECRET, set_up_line
from warmline import phone_numbers
from warmline.database.engine import Database
from warmline.outbox import outbox
from warmline.privacy import self_checks
from warmline.privacy.byte_search import Searched, Trace
from warmline.privacy.searched_files import SearchReport
from warmline.selfcheck import check
from warmline.selfcheck.check import Checked
from warmline.selfcheck.sample_talks import NotPlayed, new_number
from warmline.sending import texts
from warmline.settings import Settings

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("working", "temporary", "database"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "working")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    url = f"sqlite:///{tmp_path / 'database/line.db'}"
    like_the_first(url)
    set_up_line(url)
    return Settings(database_url=url, secret_keys=(SECRET,), auth_tokens=("made-up-token",))


def test_nothing_is_found_of_a_planted_call_and_talk(settings: Settings, tmp_path: Path) -> None:
    before = (tmp_path / "database/line.db").read_bytes()
    checked = check.check(settings, [])
    said = list(checked.lines())
    assert said[-1] == "nothing was found", said
    assert not [line for line in said if line.startswith("not searched")]
    assert checked.done.files >= 3, "the planted database and its log, and the line's own"
    assert (tmp_path / "database/line.db").read_bytes() == before, "the line itself is untouched"
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted line's database is a copy; that a check migrates it is shown above."""
    monkeypatch.setattr(check, "migrate", like_the_first)


@pytest.mark.usefixtures("soon")
def test_what_an_erasure_forgets_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "erase_sooner", lambda _db, _now: None)
    monkeypatch.setattr(texts, "forget_sooner", lambda _db, _now: 0)
    checked = check.check(settings, [])
    assert checked.kept > 0
    assert checked.done.found
    said = list(checked.lines())
    assert said[-1] == "something was found"
    assert any(line.startswith("found: an id of a call or message (as it is) in") for line in said)


@pytest.mark.usefixtures("soon")
def test_a_search_that_does_not_find_what_is_there_says_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What it would find anyhow was written before the call, which need not be played.
    monkeypatch.setattr(check, "play", lambda *_: None)
    monkeypatch.setattr("warmline.privacy.byte_search.Search.file", lambda _self, _path: None)
    with pytest.raises(NotPlayed, match="says nothing"):
        check.check(settings, [])


def test_planted_numbers_are_nobodys_and_could_be_anybodys() -> None:
    made = {new_number() for _ in range(50)}
    assert len(made) > 40
    for number in made:
        assert number[5:10] == "55501"
        phone_numbers.may_be_dialled(number, ("US",))


def test_the_last_check_is_remembered(database_url: str) -> None:
    set_up_line(database_url)
    database = Database(database_url)
    trace = Trace("a number", "as it is", "a file", 0)
    for found, kept in (([], 0), ([trace], 2)):
        done = Searched(files=3, size=3_000_000_000, found=list(found))
        check.remember(database, Checked(done, SearchReport(unreached=["pages"]), kept), NOON)
    with database.reading() as db:
        last = self_checks.last(db, 1)
    assert last is not None
    assert tuple(last) == (1, date(2030, 3, 4), 3, 3_000_000_000, 3, 1)
    database.close()
