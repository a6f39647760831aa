"""Counts of everybody's hours and languages are folded to bare sums; what a yes kept stays."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command

from warmline.schema.revisions import schema_at

BEFORE, AFTER = "0045", "0046"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "line.db"


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as db:
        return db.execute(sql).fetchall()


def test_what_was_counted_of_everybody_becomes_bare_sums_and_goes_both_ways(file: Path) -> None:
    config = schema_at(f"sqlite:///{file}")
    command.upgrade(config, BEFORE)
    day = "(1, '2030-03-04', '{}', {})"
    old = {"offered": 3, "text offered": 2, "answered": 2, "text answered": 1, "not reached": 2}
    more = {"answered en": 3, "waited 30 s": 2, "text left later": 1, "boundary": 1}
    values = ", ".join(day.format(what, n) for what, n in (old | more).items())
    with sqlite3.connect(file) as db:
        db.execute(f"INSERT INTO day_count (line_id, day, what, number) VALUES {values}")  # noqa: S608  # figures of this test
        db.execute("INSERT INTO week_count VALUES (1, '2030-03-01', 18, 'offered', 5)")
        db.execute("INSERT INTO note_tally VALUES (1, '2029-01-01', 'text', 'es', 1, 6)")
        db.execute("INSERT INTO note_tally VALUES (1, '2029-01-01', 'voice', 'es', 1, 2)")
    command.upgrade(config, AFTER)
    sums = [("answered", 3), ("boundary", 1), ("not reached", 2), ("offered", 5)]
    assert rows(file, "SELECT what, number FROM day_count ORDER BY what") == sums
    folded = [("answered", 8), ("answered es", 8), ("by text", 6), ("offered", 8)]
    assert rows(file, "SELECT what, number FROM note_tally ORDER BY what") == folded
    assert rows(file, "SELECT 1 FROM sqlite_master WHERE name = 'week_count'") == []
    command.downgrade(config, BEFORE)
    assert rows(file, "SELECT language, answered, number FROM note_tally") == [("es", 1, 8)]
    assert rows(file, "SELECT what, number FROM day_count ORDER BY what") == sums
    assert rows(file, "SELECT * FROM week_count") == []
