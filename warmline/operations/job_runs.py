"""Whether the clock runs: what each timed job's last run was, and when the next one is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypedDict

from sqlalchemy import Connection, func, select

from warmline.database.engine import Database, InsertInto, Upsert, upsert
from warmline.models.operations import JobRun
from warmline.operations.timed_jobs import Job

NOTED_EVERY: Final = timedelta(minutes=1)
"""A job that runs more often is noted only so often: an idle line writes little."""
SILENT_AFTER: Final = timedelta(minutes=3)
"""With no job noted for so long, no clock runs."""


def _later(insert: InsertInto) -> Upsert:
    row = insert(JobRun)
    return row.on_conflict_do_update(
        index_elements=["name"], set_={"last_at": row.excluded.last_at}
    )


_NOTE: Final = upsert(_later)


class RunOfJob(TypedDict):
    """A job for machines; see `as_rows`."""

    name: str
    every_seconds: float
    last_at: str | None
    next_at: str | None
    overdue: bool


@dataclass
class Runs:
    """Notes what runs in this process; several clocks note the same rows."""

    database: Database
    noted: dict[str, datetime] = field(default_factory=dict)

    def note(self, name: str, now: datetime) -> None:
        """A job has run at `now` (UTC)."""
        before = self.noted.get(name)
        if before is not None and now - before < NOTED_EVERY:
            return
        self.noted[name] = now
        with self.database.writing() as db:
            db.execute(_NOTE[db.dialect.name], {"name": name, "last_at": now})


def last_at(db: Connection) -> datetime | None:
    """When any job ran last (UTC); None when none ever has."""
    return db.execute(select(func.max(JobRun.last_at))).scalar()


def each_last(db: Connection) -> list[tuple[str, datetime]]:
    """Each job that has ever run, and when it last did (UTC)."""
    return [(row.name, row.last_at) for row in db.execute(select(JobRun.name, JobRun.last_at))]


def is_running(last: datetime | None, now: datetime) -> bool:
    """Whether a clock has been heard of lately."""
    return last is not None and now - last <= SILENT_AFTER


def in_words(db: Connection, jobs: Iterable[Job], now: datetime) -> Iterator[str]:
    """A line for each job: what it does, how often, when it ran and when it runs next (UTC)."""
    ran = {row.name: row.last_at for row in db.execute(select(JobRun.name, JobRun.last_at))}
    if not is_running(max(ran.values(), default=None), now):
        yield "no clock runs; start: warmline serve, or warmline clock"
    for job in jobs:
        yield f"{job.name}: every {_length(job.seconds)}; {_runs(job, ran.get(job.name), now)}"


def as_rows(db: Connection, jobs: Iterable[Job], now: datetime) -> list[RunOfJob]:
    """The same for machines: instants in ISO 8601, UTC; None for a run that was not yet.

    `overdue`: it ran, but not lately; or no clock has been heard of, so that it will not.
    """
    ran = {row.name: row.last_at for row in db.execute(select(JobRun.name, JobRun.last_at))}
    ticking = is_running(max(ran.values(), default=None), now)
    return [_row(job, ran.get(job.name), now, ticking=ticking) for job in jobs]


def _row(job: Job, last: datetime | None, now: datetime, *, ticking: bool) -> RunOfJob:
    late = last is not None and not is_running(last, now - timedelta(seconds=job.seconds))
    following = None if last is None or late else _next(job, last, now)
    return {
        "name": job.name,
        "every_seconds": job.seconds,
        "last_at": last.isoformat() if last else None,
        "next_at": following.isoformat() if following else None,
        "overdue": late or not ticking,
    }


def _runs(job: Job, last: datetime | None, now: datetime) -> str:
    if last is None:
        return "has not run yet"
    if not is_running(last, now - timedelta(seconds=job.seconds)):
        return f"ran last {last:%Y-%m-%d %H:%M:%S} UTC, overdue"
    return f"ran {last:%H:%M:%S} UTC, next by {_next(job, last, now):%H:%M:%S} UTC"


def _next(job: Job, last: datetime, now: datetime) -> datetime:
    following = last + timedelta(seconds=job.seconds)
    while following <= now:
        following += timedelta(seconds=job.seconds)
    return following


def _length(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60} min" if whole >= 60 and whole % 60 == 0 else f"{whole} s"
