"""What the timed jobs say of themselves at a terminal: when they ran, and run next."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.logs import logged
from warmline.database.engine import Database
from warmline.operations import job_runs
from warmline.operations.job_runs import Runs
from warmline.operations.timed_jobs import Job, run_and_note, run_once

pytestmark = pytest.mark.both_databases

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
JOBS = [Job("remind of shifts", 60, int), Job("make places", 600, int), Job("new", 15, int)]


def test_each_job_says_when_it_ran_and_runs_next(database_url: str) -> None:
    database = Database(database_url)
    runs = Runs(database)
    for seconds in range(0, 130, 10):
        runs.note("remind of shifts", NOON + timedelta(seconds=seconds))
    runs.note("make places", NOON)
    with database.reading() as db:
        assert job_runs.last_at(db) == NOON + timedelta(seconds=120)
        assert list(job_runs.in_words(db, JOBS, NOON + timedelta(seconds=150))) == [
            "remind of shifts: every 1 min; ran 12:02:00 UTC, next by 12:03:00 UTC",
            "make places: every 10 min; ran 12:00:00 UTC, next by 12:10:00 UTC",
            "new: every 15 s; has not run yet",
        ]
        later = list(job_runs.in_words(db, JOBS, NOON + timedelta(hours=1)))
        assert later[0].startswith("no clock runs")
        assert later[1].endswith("ran last 2030-03-04 12:02:00 UTC, overdue")
    database.close()


def test_a_job_that_fails_has_not_run(database_url: str) -> None:
    database = Database(database_url)
    runs = Runs(database)

    def fails() -> int:
        raise ValueError

    for job in (Job("fails", 60, fails), Job("goes well", 60, int)):
        run_and_note(job, lambda name: runs.note(name, NOON))
    with database.reading() as db:
        told = list(job_runs.in_words(db, [Job("fails", 60, int), Job("goes well", 60, int)], NOON))
    assert told == [
        "fails: every 1 min; has not run yet",
        "goes well: every 1 min; ran 12:00:00 UTC, next by 12:01:00 UTC",
    ]
    database.close()


def test_a_job_that_fails_each_second_is_told_when_it_begins_and_when_it_is_over() -> None:
    faults: list[Exception | None] = [OSError(), OSError(), ValueError(), ValueError(), None, None]

    def run() -> int:
        if (fault := faults.pop(0)) is not None:
            raise fault
        return 1

    job = Job("send what is due", 1, run)
    with logged("info") as lines:
        assert [run_once(job) for _ in range(6)] == [0, 0, 0, 0, 1, 1]
    told = re.findall(r'event="(a job [^"]+)"', lines.getvalue())
    assert told == ["a job failed", "a job failed", "a job runs again"]
    assert "failed=4" in lines.getvalue()
