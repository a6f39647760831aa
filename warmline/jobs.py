"""The timed jobs by which the line texts of its own accord and keeps its roster.

TEXT_JOBS is the table of those texts: how often each is looked for, whether any may be due, and
who is told. The roster's jobs make patterns' places ahead and erase what is over.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from shifts.claims import own_limits
from shifts.history import forgetting
from shifts.overrides import override_rows
from shifts.patterns.materialise import make_all_ahead
from warmline.calls import call_backs
from warmline.conversations.arrivals import called_back, clock_set_back
from warmline.conversations.both_sides import third_search
from warmline.conversations.membership import joining, pauses, voting
from warmline.conversations.notices import cover, gaps, new_promise, reminders
from warmline.conversations.ringing import missed_rings
from warmline.conversations.text_talks import lost_talks
from warmline.conversations.volunteer_texts import asked_shifts, date_polls, shared_words, swaps
from warmline.database.engine import Database
from warmline.line import day_notes
from warmline.models.people import ImportedTag
from warmline.operations.timed_jobs import Job
from warmline.telephony.conversation import Turn

Turns = Callable[[], AbstractContextManager[Turn]]
Reads = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True)
class TextJob:
    """One kind of text: how often it is looked for, whether any may be due, and who is told.

    `may_be_due` only reads, so that a clock with nothing to do keeps no writer waiting.
    """

    name: str
    seconds: float
    may_be_due: Callable[[Connection, datetime], bool]
    tell: Callable[[Turn], int]


def text_jobs(read: Reads, turns: Turns, now: Callable[[], datetime]) -> list[Job]:
    """The jobs by which volunteers are told and asked; any number of processes may run them."""

    def run(job: TextJob) -> Callable[[], int]:
        def once() -> int:
            with read() as db:
                if not job.may_be_due(db, now()):
                    return 0
            with turns() as turn:
                return job.tell(turn)

        return once

    return [Job(one.name, one.seconds, run(one)) for one in TEXT_JOBS]


def _words_were_entered(db: Connection, _now: datetime) -> bool:
    return db.execute(select(ImportedTag.person_id).limit(1)).first() is not None


TEXT_JOBS: Final = (
    TextJob("tell of talks that were lost", 15, lost_talks.are_any, lost_talks.tell),
    TextJob("go by a clock set back", 5, clock_set_back.was_seen, clock_set_back.go_by_it),
    TextJob(
        "rest by a clock set back", 60, clock_set_back.is_in_rests, clock_set_back.shorten_rests
    ),
    TextJob("look for third persons", 5, third_search.are_sought, third_search.step),
    TextJob("call back whoever asked", 5, call_backs.are_due, called_back.ring_due),
    TextJob("invite who expects it", 60, joining.are_expecting, joining.invite),
    TextJob("remind of shifts", 60, reminders.are_due, reminders.remind),
    TextJob("ask for cover", 60, cover.is_wanted, cover.ask_all),
    TextJob("tell duty of gaps ahead", 600, gaps.are_untold, gaps.tell),
    TextJob("tell duty that cover has fallen", 60, gaps.has_fallen, gaps.tell_fallen),
    TextJob("tell duty of long waits", 15, gaps.wait_long, gaps.tell_waits),
    TextJob("end pauses that are over", 60, pauses.are_over, pauses.end_those_over),
    TextJob("ask for dates", 60, date_polls.are_due, date_polls.ask),
    TextJob("ask about shifts", 60, asked_shifts.are_untold, asked_shifts.ask),
    TextJob("tell what others entered", 60, asked_shifts.are_entered, asked_shifts.tell_entered),
    TextJob("tell what is proposed", 60, voting.are_untold, voting.tell),
    TextJob("put in force what was agreed", 60, new_promise.are_due, new_promise.take_effect),
    TextJob("ask about the promise", 60, new_promise.are_unasked, new_promise.ask),
    TextJob(
        "end swaps without an answer",
        60,
        swaps.are_unanswered,
        swaps.end_unanswered,
    ),
    TextJob(
        "ask about words others entered",
        300,
        _words_were_entered,
        shared_words.ask_about_imported,
    ),
    TextJob(
        "forget evenings that are over",
        600,
        missed_rings.are_known,
        lambda turn: missed_rings.forget_evenings(turn.db, turn.now),
    ),
)


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
    # Swaps that nobody has answered are ended with a word to whoever asked: see TEXT_JOBS.
    over = (forgetting.forget, override_rows.forget, own_limits.forget_aways, day_notes.forget)
    return sum(work(connection, now) for work in over)
