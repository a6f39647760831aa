"""The byte search finds what was planted, wherever and however it was written."""

import base64
import hashlib
import hmac
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from warmline.database.engine import Database
from warmline.privacy.byte_search import PIECE, Search
from warmline.privacy.searched_files import search_all
from warmline.privacy.spellings import needles, of_number, of_text

NUMBER = "+14135550151"
WORDS = "Is anybody there tonight?"
KEY = b"a key that is known to us"
SECRETS = [*of_number("their number", NUMBER), *of_text("their words", WORDS)]
WRITTEN: dict[str, bytes] = {
    "E.164": b"+14135550151",
    "no plus": b"14135550151",
    "national": b"4135550151",
    "printed": b"(413) 555-0151",
    "hyphens": b"413-555-0151",
    "spaces": b"413 555 0151",
    "form": b"%2B14135550151",
    "words": WORDS.encode(),
    "words in a form": b"Is+anybody+there+tonight%3F",
    "words in an address": b"Is%20anybody%20there%20tonight%3F",
    "sha1": hashlib.sha1(NUMBER.encode()).digest(),  # noqa: S324 - looked for, not relied on
    "sha256 hex": hashlib.sha256(b"4135550151").hexdigest().upper().encode(),
    "hmac": hmac.digest(KEY, NUMBER.encode(), "sha256"),
    "hmac hex": hmac.digest(KEY, b"(413) 555-0151", "sha1").hex().encode(),
    "hmac base64": base64.urlsafe_b64encode(hmac.digest(KEY, WORDS.encode(), "sha256")),
}


def search() -> Search:
    return Search(needles(SECRETS, {"the key": KEY}))


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("before", [0, 1, 4099, PIECE - 5, PIECE, 2 * PIECE - 3])
def test_every_spelling_is_found_at_any_place(written: str, before: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    # Half of what stands before it is empty, as in a database's pages.
    noise = os.urandom(before // 2) + bytes(before - before // 2)
    file.write_bytes(noise + WRITTEN[written] + bytes(9000))
    searched = search()
    searched.file(file)
    assert searched.done.size == file.stat().st_size
    assert {trace.offset for trace in searched.done.found} & {before, before + 1, before + 2}
    for trace in searched.done.found:
        assert "555" not in trace.line
        assert "tonight" not in trace.line


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(os.urandom(3 * PIECE) + b"+14135550152 Is anybody there today?")
    searched = search()
    searched.file(file)
    assert searched.done.found == []


def test_what_is_too_short_to_be_told_from_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        list(needles([("a word", "OK")], {}))


def a_row(database: Path) -> None:
    with sqlite3.connect(database) as db:
        db.execute("INSERT INTO kept VALUES (?)", (NUMBER,))
    db.close()


def a_row_deleted_plainly(database: Path) -> None:
    a_row(database)
    with sqlite3.connect(database) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("DELETE FROM kept")
    db.close()


def the_write_ahead_log(database: Path) -> None:
    Path(f"{database}-wal").write_bytes(bytes(64) + NUMBER.encode())


def the_log(database: Path) -> None:
    (database.parent.parent / "working/logs").mkdir()
    (database.parent.parent / "working/logs/line.log").write_text(f"from {NUMBER}")


def a_temporary_file(database: Path) -> None:
    (database.parent.parent / "temporary/left over").write_text(NUMBER)


def a_folder_that_is_named(database: Path) -> None:
    (database.parent.parent / "elsewhere/old.log").write_text(NUMBER)


PLACES = (
    *(a_row, a_row_deleted_plainly, the_write_ahead_log, the_log, a_temporary_file),
    a_folder_that_is_named,
)


@pytest.mark.parametrize("plant", PLACES, ids=lambda plant: str(plant.__name__))
def test_what_is_planted_in_any_place_of_the_line_is_found(
    plant: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("database", "working", "temporary", "elsewhere"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "working")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    path = tmp_path / "database/line.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE kept (number TEXT)")
    db.close()
    database = Database(f"sqlite:///{path}")
    for found_before in (True, False):
        searched = search()
        told = search_all(searched, database, [tmp_path / "elsewhere"], since=0)
        assert told.unreached == []
        assert bool(searched.done.found) is not found_before
        if found_before:
            plant(path)
    database.close()


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    searched = search()
    searched.file(tmp_path)
    searched.file(tmp_path / "gone")
    assert searched.done.unread == [str(tmp_path)]
    assert searched.done.files == 0
