"""The table of timed jobs, and the clock: APScheduler says when, the database says what is due."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from warmline.operations.request_log import SLOW_MS

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

log = structlog.get_logger(__name__)
LOOK_UP_EVERY: Final = 15
LOOK_UP_RINGS_EVERY: Final = 5
SEND_EVERY: Final = 1
FORGET_EVERY: Final = 60
TALKS_EVERY: Final = 5
WATCHED_EVERY: Final = 1
CLOCK_WAS_SET: Final = 2
"""Seconds: a clock that is only kept right moves by less at once."""


@dataclass(slots=True)
class Failing:
    """With which kind of fault a job fails now, and how often on end; none while it runs well."""

    kind: str = ""
    times: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """Timed work: every so many seconds `run` does what is due and returns how much that was."""

    name: str
    seconds: float
    run: Callable[[], int]
    failing: Failing = field(default_factory=Failing, compare=False)


def clock(
    jobs: Sequence[Job], ran: Callable[[str], None], now: Callable[[], datetime]
) -> "BackgroundScheduler":
    """A started clock; `ran` is told each job's name when it has run, `now` is the machine's.

    Any number may run at once: each job takes what is due by UPDATE. A time that was missed is made
    up for once, and a machine whose clock is set back by an hour waits for nothing that long.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(timezone="UTC")
    for job in jobs:
        scheduler.add_job(
            run_and_note,
            "interval",
            seconds=job.seconds,
            args=(job, ran),
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    threading.Thread(target=_follow, args=(scheduler, now), daemon=True).start()
    # The library says so itself, and each run of each job: too much to read.
    log.info("Scheduler started", jobs=len(jobs))
    return scheduler


def _follow(scheduler: "BackgroundScheduler", now: Callable[[], datetime]) -> None:
    """Let every job run now whenever the machine's clock has been set.

    The library reckons each job's next time by that clock, and would wait until it has come there
    again.
    """
    was = now().timestamp() - time.monotonic()
    while scheduler.running:
        time.sleep(WATCHED_EVERY)
        is_now = now().timestamp() - time.monotonic()
        if abs(is_now - was) > CLOCK_WAS_SET:
            log.warning("the machine's clock was set", seconds=round(is_now - was))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now())
        was = is_now


def run_and_note(job: Job, ran: Callable[[str], None]) -> None:
    """Run a job, and say that it has run; one that fails has not, as a person is to see."""

    def run() -> int:
        begun = time.monotonic()
        done = job.run()
        ms = round((time.monotonic() - begun) * 1000)
        if ms >= SLOW_MS:
            log.info("slow", job=job.name, ms=ms)
        ran(job.name)
        return done

    run_once(Job(job.name, job.seconds, run, job.failing))


def run_once(job: Job) -> int:
    """Run a job; whatever fails, the job's next time comes all the same.

    A fault is told when it begins and when it is over: some jobs run every second.
    """
    failing = job.failing
    try:
        done = job.run()
    except Exception as fault:
        # The clock must go on whatever breaks.
        kind = type(fault).__name__
        if kind != failing.kind:
            failing.kind = kind
            log.exception("a job failed", job=job.name)
        failing.times += 1
        return 0
    if failing.times:
        log.info("a job runs again", job=job.name, failed=failing.times)
        failing.kind, failing.times = "", 0
    return done
