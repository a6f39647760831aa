"""The way back in, from the command line: a phone leads the desk, and its old ways in end."""

import pytest
from sqlalchemy import func, insert, select

from tests.stories.town import NUMBERS, town_on
from warmline.desk.public import printed_codes
from warmline.line import opening
from warmline.models.sign_in import DeskRole, RecoveryCode
from warmline.phone_numbers import BadNumber
from warmline.sign_in import recovery


def test_a_phone_leads_the_desk_and_its_other_ways_in_end(sqlite_url: str) -> None:
    with town_on(sqlite_url) as town:
        town.volunteer("Ana", on=None)
        with town.parts.database.writing() as db:
            line = opening.the_line(db)
            printed_codes.new_recovery_codes(db, town.parts.seal, town.people["Ana"])
            row = {"person_id": town.people["Ana"], "line_id": 1, "role": "viewer"}
            db.execute(insert(DeskRole).values(row))
            said = recovery.reset(db, line, "413 555 0111")
            assert "leads the desk" in said
            assert db.execute(select(DeskRole.role)).scalars().all() == ["coordinator"]
            assert db.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_without_a_phone_it_is_the_lines_coordinator_phone(sqlite_url: str) -> None:
    with town_on(sqlite_url) as town, town.parts.database.writing() as db:
        with pytest.raises(recovery.NobodyNamed):
            recovery.reset(db, opening.the_line(db))
        with pytest.raises(BadNumber):
            recovery.reset(db, opening.the_line(db), "12")


def test_whom_nobody_has_entered_yet_is_entered(sqlite_url: str) -> None:
    with town_on(sqlite_url, coordinator_phone=NUMBERS["Ana"]) as town:
        with town.parts.database.writing() as db:
            recovery.reset(db, opening.the_line(db))
            assert db.execute(select(DeskRole.role)).scalars().all() == ["coordinator"]
        assert NUMBERS["Ana"] in town.everything_written()
