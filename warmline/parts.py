"""Every part of the service, put together once: what the app, the clock and the commands share."""

import re
from collections.abc import Callable, Iterator
from contextlib import (
    AbstractContextManager,
    contextmanager,
)
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from sqlalchemy import Connection

from warmline import prompts
from warmline.calls import call_backs
from warmline.calls.records import LiveRing
from warmline.conversations.arrivals import lost_legs, went_without
from warmline.conversations.ringing import ring_reasons
from warmline.conversations.text_talks import clock, refused_by_provider
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.date_polls import polls
from warmline.desk.door import DeskDoor
from warmline.desk.people import two_yeses
from warmline.desk.public import printed_codes
from warmline.desk.public.start import Start
from warmline.desk.roster import undo_redo
from warmline.health.endpoints import Waits
from warmline.jobs import roster_jobs, text_jobs
from warmline.line.opening import find_line, line_number
from warmline.operations import attempts, metric_sums, one_time, timed_jobs
from warmline.operations.job_runs import Runs
from warmline.operations.metric_sums import AddedUp
from warmline.operations.metrics import Metrics
from warmline.outbox.pacing import Pacing
from warmline.people import joining
from warmline.privacy import (
    boundaries,
    erased,
    feedback,
    note_tallies,
    notes,
    recent_talks,
    resealing,
)
from warmline.promise import open_books
from warmline.prompts import own_words_store
from warmline.prompts.own_words_store import LineWords
from warmline.routing.odds import Odds
from warmline.routing.reasons import GivenReason
from warmline.sending import sweeping, talk_texts, texts
from warmline.sending.sender import Sender
from warmline.settings import Settings
from warmline.sign_in import sessions
from warmline.telephony.abilities import OF_PROVIDER
from warmline.telephony.conversation import Turn
from warmline.telephony.port import RETRY_OVERRIDES, Provider
from warmline.telephony.webhook import Door
from warmline.without_database.breath import Breath
from warmline.without_database.phones import Phones

SUCCESS = re.compile(r"2\d\d")
FORGETFUL = (
    *(
        texts,
        talk_texts,
        one_time,
        notes,
        joining,
        printed_codes,
        sessions,
        undo_redo,
        two_yeses,
        own_words_store,
        polls,
    ),
    *(
        open_books,
        boundaries,
        recent_talks,
        ring_reasons,
        call_backs,
        feedback,
        note_tallies,
        attempts,
        erased,
        metric_sums,
    ),
)
"""Whatever holds something for a while only."""


def real_clock() -> datetime:
    """The one place where the time of day comes in."""
    return datetime.now(UTC)


@dataclass
class Parts:
    """Everything the service is made of, put together once; `now` is the clock it lives by."""

    settings: Settings
    now: Callable[[], datetime] = real_clock
    own_address: str = ""
    """Where this process itself answers the web, once it does; without, the public address does."""

    def __post_init__(self) -> None:
        self.seal = Seal(self.settings.secret_keys)
        keys = self.seal if self.settings.secret_keys else None
        self.database = Database(self.settings.database_url, keys, self.settings.database_pool)
        self.odds = Odds()
        self.metrics = Metrics()
        self.prompts = prompts.load()
        self.sender = Sender(
            self.database,
            lambda: self.provider,
            self.settings.public_url,
            Pacing(self.settings.calls_per_second, self.settings.texts_per_second),
            self.now,
            self._ring_failed,
            self.seal,
            RETRY_OVERRIDES,
            self._text_refused,
            self._not_erased,
            OF_PROVIDER[self.settings.provider],
        )
        self.runs = Runs(self.database)
        self.waits = Waits()
        self.added_up = AddedUp(self.database, self.seal, self.metrics)
        self.sending = timed_jobs.Job(
            "send what is due", timed_jobs.SEND_EVERY, self.sender.send_due
        )
        self.door = Door(
            self.settings,
            self.database,
            self.prompts,
            self.odds,
            self.metrics,
            self.seal,
            self.now,
            lambda: timed_jobs.run_once(self.sending),
            LineWords(self.prompts, self.settings.public_url).of,
        )
        self._can_do_without_database()
        send = partial(timed_jobs.run_once, self.sending)
        self.desk = DeskDoor(self.settings, self.database, self.seal, self.now, send, self._turn)
        self.desk.breaker = self.door.in_time.breaker
        self.start = Start(self.desk)

    def _can_do_without_database(self) -> None:
        self.breath = Breath(
            self.settings.public_url,
            self.seal,
            self.prompts,
            self.odds,
            Phones(self._provider_as_remembered, self.settings.calls_per_second, self.now),
            self.now,
            self.door.instead.kind_words,
        )
        self.door.instead.without = self.breath
        self.door.remember = self.remember
        self.door.is_as_ever = self.breath.is_as_ever
        self.door.in_time.is_back = self._database_is_back

    @cached_property
    def provider(self) -> Provider:
        """The telephone network, met when first needed: its library is large."""
        return self._provider_for(line_number(self.database))

    def _provider_for(self, number: str) -> Provider:
        from warmline.telephony.twilio import TwilioProvider

        return TwilioProvider(self.settings, number, self._provider_answered)

    def _provider_as_remembered(self) -> Provider:
        """The same; where nothing was asked of it before the database went, by what is known."""
        known = self.breath.roster.last(self.now())
        if "provider" not in vars(self) and known is not None:
            vars(self)["provider"] = self._provider_for(known.line.number)
        return self.provider

    def remember(self) -> None:
        """Read what is needed once the database cannot be: who is on, and what is said."""
        with self.database.reading() as db:
            self.breath.roster.read(db, self.now())
        self.door.learn_languages()

    def _database_is_back(self) -> None:
        went = self.breath.went()
        if not went.is_nothing:
            with self.turn() as turn:
                went_without.make_good(turn, *went)
        self.breath.made_good(went)

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A turn that no webhook asked for, in a transaction of its own: the clock's."""
        with self.database.writing() as db:
            turn = self._turn(db)
            yield turn
        self._count(turn)

    def _reading(self) -> AbstractContextManager[Connection]:
        return self.database.reading()

    def _heartbeat(self, periods: dict[str, float]) -> list[timed_jobs.Job]:
        """The job that says elsewhere that all is well, if it is to be said."""
        if not self.settings.heartbeat_url:
            return []
        from warmline.health import heartbeat

        beat = heartbeat.Heartbeat(
            self.settings.heartbeat_url,
            lambda: self.own_address or self.settings.public_url,
            self.database,
            self.sender.outages,
            periods,
            self.now,
        )
        return [timed_jobs.Job(heartbeat.NAME, heartbeat.EVERY, beat.run)]

    def jobs(self) -> list[timed_jobs.Job]:
        """What the clock does."""
        lost_calls, lost_rings = (
            timed_jobs.Job(f"look up lost {what}", seconds, partial(self._look_up, silent))
            for what, seconds, silent in (
                ("calls", timed_jobs.LOOK_UP_EVERY, lost_legs.silent_calls),
                ("rings", timed_jobs.LOOK_UP_RINGS_EVERY, lost_legs.silent_rings),
            )
        )
        over_texts = timed_jobs.Job(
            "forget texts that are over", timed_jobs.FORGET_EVERY, self.forget
        )
        swept = timed_jobs.Job("sweep what the provider still keeps", sweeping.EVERY, self.sweep)
        let_go = timed_jobs.Job("let go of what was erased", timed_jobs.FORGET_EVERY, self._let_go)
        talks = timed_jobs.Job(
            "look after talks by text", timed_jobs.TALKS_EVERY, self._look_after_talks
        )
        told = text_jobs(self._reading, self.turn, self.now)
        roster = roster_jobs(self.database, self.now)
        timed = [lost_calls, lost_rings, over_texts, swept, let_go, talks, *told, *roster]
        return [*timed, *self._heartbeat({job.name: job.seconds for job in timed})]

    def has_run(self, name: str) -> None:
        """A job of the clock has run."""
        self.runs.note(name, self.now())

    def close(self) -> None:
        """Give everything back."""
        self.desk.changes.close()
        self.door.close()
        self.breath.close()
        self.sender.close()
        self.waits.close()
        self.database.close()

    def sweep(self, over_for: timedelta = sweeping.OVER_FOR) -> int:
        """Erase at the provider what was missed and is over so long; how many records."""
        with self.database.reading() as db:
            line = find_line(db)
        if line is None:
            return 0
        return sweeping.sweep(self.database, self.provider, line, self.now(), over_for)

    def add_up(self) -> int:
        """Add what was counted here to what all processes have counted; how many series."""
        return self.added_up.add(self.now()) if self.settings.secret_keys else 0

    def _provider_answered(self, code: str) -> None:
        self.metrics.provider_answered(code)
        if SUCCESS.fullmatch(code):
            self.sender.outages.answered()

    def _look_up(self, silent: lost_legs.Silent) -> int:
        failed = partial(self.sender.outages.failed, doing="look up", then="asked again")
        ended = lost_legs.look_up(
            silent, self.database, self.provider, self.turn, self.now(), failed
        )
        self.sender.send_due()
        return ended

    def forget(self) -> int:
        """Erase what was held for a while only; how many rows."""
        with self.database.writing() as db:
            resealing.seal_open(db)
            return sum(one.forget(db, self.now()) for one in FORGETFUL)

    def _let_go(self) -> int:
        return self.database.let_go()

    def _look_after_talks(self) -> int:
        done = clock.run_due(self.database, self.turn, self.now())
        self.sender.send_due()
        return done

    def _ring_failed(self, db: Connection, ring: LiveRing, told: GivenReason) -> None:
        turn = self._turn(db)
        lost_legs.ring_failed(turn, ring, told)
        if told.code:
            refused_by_provider.ring_refused(turn, ring, told.code)
        self._count(turn)

    def _text_refused(self, db: Connection, token: str, code: int) -> None:
        turn = self._turn(db)
        turn.counted.append(lambda metrics: metrics.text_refused(code))
        refused_by_provider.text_refused(turn, token, code)
        self._count(turn)

    def _not_erased(self, db: Connection, line_id: int) -> None:
        refused_by_provider.not_erased(self._turn(db), line_id)

    def _turn(self, db: Connection) -> Turn:
        return Turn(
            form={},
            now=self.now(),
            db=db,
            prompts=self.prompts,
            odds=self.odds,
            seal=self.seal,
        )

    def _count(self, turn: Turn) -> None:
        for count in turn.counted:
            count(self.metrics)
