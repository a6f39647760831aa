"""Notes fold to tallies after thirteen months, and no single one can be told from them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, select

from shifts.models import Line
from warmline.database.engine import Database
from warmline.models.privacy import Note, NoteTally
from warmline.privacy import note_tallies

NOW = datetime(2030, 3, 4, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2030, 3, 4), date(2029, 2, 1)),
        (date(2030, 1, 31), date(2028, 12, 1)),
        (date(2030, 12, 1), date(2029, 11, 1)),
    ],
)
def test_thirteen_months_back_is_kept(today: date, first: date) -> None:
    assert note_tallies.first_kept(today) == first


def note(day: date, language: str = "en", *, answered: bool = True) -> dict[str, object]:
    facts = {"line_id": 1, "day": day, "hour": 18, "language": language, "answered": answered}
    return facts | {"length": "none", "promise_version": 1}


def test_old_notes_become_numbers_and_a_language_of_few_is_other(database_url: str) -> None:
    database = Database(database_url)
    old, kept = date(2029, 1, 31), date(2029, 2, 1)
    row = {"id": 1, "name": "Maple", "time_zone": "UTC", "calendar_key": "x" * 16}
    notes = [note(old)] * 5 + [note(old, answered=False), note(old, "es"), note(kept)]
    with database.writing() as db:
        db.execute(insert(Line).values(row))
        db.execute(insert(Note), notes)
        assert note_tallies.forget(db, NOW) == 7
        assert note_tallies.forget(db, NOW) == 0
        assert db.scalars(select(Note.day)).all() == [kept]
        found = select(NoteTally.month, NoteTally.what, NoteTally.number)
        january = date(2029, 1, 1)
        assert sorted(tuple(one) for one in db.execute(found)) == [
            (january, "answered", 6),
            (january, "answered en", 5),
            (january, "answered other", 1),
            (january, "hour 66 not reached", 1),
            (january, "hour 66 offered", 7),
            (january, "not reached", 1),
            (january, "not reached en", 1),
            (january, "offered", 7),
        ]
    database.close()
