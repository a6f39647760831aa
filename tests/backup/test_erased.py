"""What people have erased is written down for the backups, by digests that name nobody."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shifts.models import Person
from tests.stories.town import EVENING, NUMBERS, Town
from tests.stories.writing import texts_after
from warmline.database.sealing import Seal
from warmline.models.privacy import Erased
from warmline.operations import latest_backup
from warmline.privacy import erased, notes
from warmline.selfcheck import data_on_number


def test_leave_forget_and_stop_are_known_for_as_long_as_a_backup_may_live(
    sqlite_town: Town,
) -> None:
    town, seal = sqlite_town, sqlite_town.parts.seal
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    people = dict(town.people)
    facts = notes.Facts(
        line_id=1,
        day=EVENING.date(),
        hour=1,
        language="en",
        wait="",
        length="5",
        answered=True,
        promise_version=1,
    )
    with town.parts.database.writing() as db:
        receipt = notes.keep(db, seal, facts, "text")
    texts_after(town, ana, "LEAVE")
    texts_after(town, ana, "LEAVE")
    texts_after(town, bo, "STOP")
    assert "erased" in texts_after(town, town.phone("Dot"), f"FORGET {receipt}")[0]
    with town.parts.database.writing() as db:
        assert db.scalars(select(Person.name)).all() == ["Bo"]
        listed = erased.listed(db)
        digests = frozenset(one.digest for one in listed)
        assert len(digests) == 3
        assert erased.is_among(seal, digests, erased.PERSON, people["Ana"])
        assert not erased.is_among(seal, digests, erased.PERSON, people["Bo"])
        assert erased.is_among(seal, digests, erased.YES, people["Bo"])
        # With another key nobody can tell what they are.
        assert not erased.is_among(Seal(["x" * 32]), digests, erased.PERSON, people["Ana"])
        assert erased.forget(db, EVENING + timedelta(days=35)) == 0
        assert erased.forget(db, EVENING + timedelta(days=37)) == 3
        assert not db.scalars(select(Erased.token)).all()


def test_whoever_asks_what_is_held_is_told_of_the_backups(
    sqlite_town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every file is searched that lies here or where temporary ones are: let there be none.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    parts = sqlite_town.parts
    asked = (parts.database, parts.seal, parts.settings.secret_keys, 1, NUMBERS["Cal"], EVENING)
    assert "backups" not in data_on_number.held_on(*asked).others[0]
    with parts.database.writing() as db:
        latest_backup.note_made(db, EVENING)
    assert "2030-03-04 23:00 UTC" in data_on_number.held_on(*asked).others[0]
