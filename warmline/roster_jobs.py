"""The roster's timed work: patterns made ahead, and what is over forgotten."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from shifts import dated_rows, forgetting, own_limits
from shifts.materialise import make_all_ahead
from warmline import day_notes
from warmline.db import Database
from warmline.jobs import Job

EVERY: Final = 600
"""Seconds; a pattern's places are made eight weeks ahead, so nobody waits for a minute of them."""


def roster_jobs(database: Database, now: Callable[[], datetime]) -> list[Job]:
    """The jobs of the clock that keep the roster; any number of processes may run them."""

    def run(work: Callable[[Connection, datetime], int]) -> Callable[[], int]:
        def once() -> int:
            with database.writing(unhurried=True) as connection:
                return work(connection, now())

        return once

    return [
        Job("make the patterns' places ahead", EVERY, run(make_all_ahead)),
        Job("forget what is over on the roster", EVERY, run(forget)),
    ]


def forget(connection: Connection, now: datetime) -> int:
    """Erase history, dated changes, away times and notes of days that are over; how many rows."""
    # Swaps that nobody has answered are ended with a word to whoever asked: text_jobs.py.
    over = (forgetting.forget, dated_rows.forget, own_limits.forget_aways, day_notes.forget)
    return sum(work(connection, now) for work in over)
