"""The clock's work on the roster: patterns come ahead, what is over is forgotten."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, insert, select

from shifts.claims import own_limits
from shifts.local_time import Span
from shifts.models import Away, Line, Person, Place
from shifts.patterns.materialise import AHEAD
from shifts.patterns.pattern_rows import add_pattern
from shifts.patterns.rule import Rule, Weekly, Window
from warmline.database.engine import Database
from warmline.jobs import roster_jobs
from warmline.line import day_notes
from warmline.operations.timed_jobs import Job, run_once

pytestmark = pytest.mark.both_databases

MONDAY = datetime(2030, 3, 4, 12, tzinfo=UTC)
EVENINGS = Rule(date(2030, 3, 4), window=Window(Weekly((0,)), time(18), time(21)), open_places=1)


def begin(database: Database) -> None:
    with database.writing() as db:
        db.execute(insert(Line).values(id=1, name="Riverside", time_zone="America/New_York"))
        db.execute(insert(Person).values(id=1, line_id=1, name="Ana"))


def job(database: Database, name: str, now: datetime) -> Job:
    return next(one for one in roster_jobs(database, lambda: now) if name in one.name)


def places(database: Database) -> int:
    with database.reading() as db:
        return db.execute(select(func.count()).select_from(Place)).scalar_one()


def test_the_clock_makes_eight_weeks_of_a_pattern_and_later_only_what_is_new(
    database_url: str,
) -> None:
    database = Database(database_url)
    begin(database)
    with database.writing() as db:
        add_pattern(db, 1, EVENINGS, "Monday evenings", False, MONDAY)
    assert run_once(job(database, "ahead", MONDAY)) == AHEAD / timedelta(weeks=1)
    assert run_once(job(database, "ahead", MONDAY)) == 0
    assert run_once(job(database, "ahead", MONDAY + timedelta(weeks=1))) == 1
    assert places(database) == 9
    database.close()


def test_an_away_time_that_is_over_is_forgotten(database_url: str) -> None:
    database = Database(database_url)
    begin(database)
    weekend: Span = (MONDAY + timedelta(days=5), MONDAY + timedelta(days=7))
    with database.writing() as db:
        own_limits.add_away(db, 1, 1, weekend, MONDAY)
    assert run_once(job(database, "forget", MONDAY)) == 0
    assert run_once(job(database, "forget", MONDAY + timedelta(days=40))) == 1
    with database.reading() as db:
        assert db.execute(select(Away)).first() is None
    database.close()


def test_a_note_goes_when_its_day_is_over_everywhere(database_url: str) -> None:
    database = Database(database_url)
    begin(database)
    with database.writing() as db:
        day_notes.write(db, 1, MONDAY.date(), "New kettle")
        day_notes.write(db, 1, MONDAY.date(), "Newer kettle")
    assert run_once(job(database, "forget", MONDAY + timedelta(days=1))) == 0
    with database.reading() as db:
        assert list(day_notes.read(db, 1, MONDAY.date(), MONDAY.date()).values()) == [
            "Newer kettle"
        ]
    assert run_once(job(database, "forget", MONDAY + timedelta(days=3))) == 1
    database.close()
