"""The clock of the jobs goes on at once when the machine's is set, however far."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.waiting import until
from warmline.operations.timed_jobs import Job, clock
from warmline.parts import real_clock

NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
EVERY = 600
"""Seconds: so long nobody waits here, unless a job waits for its hour to come again."""


@pytest.mark.parametrize("hours", [-1, 1])
def test_every_job_runs_at_once_when_the_clock_is_set_and_in_its_turn_afterwards(
    hours: int,
) -> None:
    ran: list[str] = []
    jobs = [Job("often", 0.5, int), Job("seldom", EVERY, int)]
    with time_machine.travel(NOON) as machine:
        running = clock(jobs, ran.append, real_clock)
        until(lambda: "often" in ran)
        assert "seldom" not in ran
        ran.clear()
        machine.shift(timedelta(hours=hours))
        until(lambda: "seldom" in ran)
        until(lambda: ran.count("often") > 1)
        running.shutdown()
