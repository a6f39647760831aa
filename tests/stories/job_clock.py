"""The line's timed jobs in virtual time: each runs when it is due, if there may be anything to do.

What timed work does is settled by what stands in the tables that it reads, and by the time. While
nothing is written there, and there is nothing to do now and will be nothing at a later time, there
is taken to be nothing to do in between: so a quiet hour is looked at a few times, ever further
apart, and not each second. What would be due for some minutes only could be overlooked so: `--full`
looks each time.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar, Final, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, case, func, make_url, select

from tests.written_tables import tables_of
from warmline.conversations.arrivals import lost_legs
from warmline.conversations.text_talks import clock
from warmline.jobs import TEXT_JOBS
from warmline.models.outbox import Effect
from warmline.operations.timed_jobs import Job
from warmline.parts import Parts
from warmline.simulator import Exchange

MOST: Final = timedelta(minutes=15)
"""However long it has been quiet, jobs are looked at so often."""
SELDOM: Final = 600
"""Seconds between the times of work that takes no longer to do than to ask about twice."""
_SENT_AT: Final = case(
    (Effect.taken_until > Effect.due_at, Effect.taken_until), else_=Effect.due_at
)
_NEXT: Final = select(func.min(_SENT_AT))

MAY_BE_DUE: Final[Mapping[str, Callable[[Connection, datetime], bool]]] = {
    **{one.name: one.may_be_due for one in TEXT_JOBS if one.seconds < SELDOM},
    "look after talks by text": lambda db, now: any(clock.to_do(db, now)),
    "look up lost calls": lambda db, now: bool(lost_legs.silent_calls(db, now)),
    "look up lost rings": lambda db, now: bool(lost_legs.silent_rings(db, now)),
}
"""Whether there is any of the work, by name; of other work it is only known when it is done."""
EFFECTS: Final = "effects"
"""The question when the next effect is due, among those of jobs."""
ONLY_FILES: Final = "let go of what was erased"
"""Work that changes how a file is laid out, and nothing that stands in it."""
INSTANT: Final = timedelta(milliseconds=1)


class Idle(NamedTuple):
    """A job that had nothing to do: in which state of its tables, since and until when."""

    state: object
    since: datetime
    until: datetime


class TownNetwork(Exchange):
    """A network that says when time begins to pass, and when it stops."""

    on_start: Callable[[], None] = staticmethod(lambda: None)
    on_stop: Callable[[], None] = staticmethod(lambda: None)

    def run_for(self, seconds: float) -> None:
        """As the network's own."""
        self.on_start()
        super().run_for(seconds)
        self.on_stop()

    def run_until(self, condition: Callable[[], bool], limit_seconds: float = 600.0) -> bool:
        """As the network's own."""
        self.on_start()
        held = super().run_until(condition, limit_seconds)
        self.on_stop()
        return held


class JobClock:
    """Wakes up whenever a job or an effect may be due, at whole seconds since it was made."""

    most: ClassVar[timedelta] = MOST

    def __init__(self, network: Exchange, parts: Parts) -> None:
        self._network: Final = network
        self._parts: Final = parts
        self._jobs: Final[Sequence[Job]] = parts.jobs()
        self._start: Final = network.now()
        self._tables: Final = tables_of(parts.database.engine)
        self._snapshot, self.close = _watched(parts.database.engine)
        self._last: tuple[object, int] = (None, 0)
        self._others = 0
        self._reads: Final[dict[str, set[str]]] = {EFFECTS: {Effect.__tablename__}}
        self._idle: Final[dict[str, Idle]] = {}
        self._ran: Final[dict[str, datetime]] = {}
        self._next_effect: tuple[object, datetime | None] = (None, None)
        self._wakes_at: datetime | None = None
        self._rests = False
        self.late = timedelta(0)
        """How late work may be that is due and yet does nothing, as who waits for somebody."""

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Neither a job runs nor an effect is sent; what goes wrong within leaves it so."""
        self._rests, self._wakes_at = True, None
        yield
        self._rests, self._wakes_at = False, None

    def look_again(self) -> None:
        """Something may have been written: wake up at the next second with something to do."""
        if self._rests:
            return
        self._see_others()
        now = self._network.now()
        wakes_at = min(
            *(self._next_look(job, now) for job in self._jobs),
            *self._next_sending(now),
        )
        if self._wakes_at is None or wakes_at < self._wakes_at:
            self._wakes_at = wakes_at
            self._network.after((wakes_at - now).total_seconds(), self._wake)

    def catch_up(self) -> None:
        """Do now what was put off because all was quiet, and what no question tells of."""
        now = self._network.now()
        for job in () if self._rests else self._jobs:
            last = self._start + math.floor(self._times(job, now)) * timedelta(seconds=job.seconds)
            if job.name not in MAY_BE_DUE and self._ran.get(job.name, last) < last:
                self._run(job, now)

    def _wake(self, now: datetime) -> None:
        if self._rests or self._wakes_at is None or now < self._wakes_at - INSTANT:
            return  # It was set for an earlier time since, or all rests.
        self._wakes_at = None
        self._see_others()
        due = [job for job in self._jobs if self._times(job, now).is_integer()]
        while busy := self._busy(due, now):
            self._run(busy[0], now)
            # What it has written may give more to do to those after it.
            due = due[due.index(busy[0]) + 1 :]
        slot = self._parts.sender.next_slot
        effect = self._effect_due()
        if (effect is not None and effect <= now) or (slot is not None and slot <= now):
            self._parts.sender.send_due()

    def _busy(self, jobs: Sequence[Job], now: datetime) -> list[Job]:
        """Those that may have something to do now."""
        unknown = [job for job in jobs if not self._is_idle(job, now)]
        asked = [job for job in unknown if job.name in MAY_BE_DUE]
        if asked:
            with self._parts.database.reading() as db:
                for job in asked:
                    self._ask(job, db, now)
        return [job for job in unknown if not self._is_idle(job, now)]

    def _ask(self, job: Job, db: Connection, now: datetime) -> None:
        """Note that it is idle if it is, since when and until when."""
        may_be_due, since = MAY_BE_DUE[job.name], self._idle_since(job, now)
        with self._tables.read() as read:
            if may_be_due(db, now):
                return
            until = self._until(since, now)
            if until > now and may_be_due(db, until):
                until = now
        self._reads[job.name] = read
        self._idle[job.name] = Idle(self._state(job.name), since, until)

    def _run(self, job: Job, now: datetime) -> None:
        since, before = self._idle_since(job, now), self._tables.times.copy()
        snapshot = self._snapshot()
        with self._tables.read() as read:
            done = job.run()
        self._ran[job.name] = now
        if job.name == ONLY_FILES or self._snapshot() == snapshot:
            # What was only ready to be written, as by a DELETE of no row, was not.
            self._tables.times = before
            self._last = self._snapshot(), before.total()
        if done or self._tables.times != before:
            self._idle.pop(job.name, None)
            return
        most = self.late if job.name in MAY_BE_DUE else None
        self._reads[job.name] = read
        self._idle[job.name] = Idle(self._state(job.name), since, self._until(since, now, most))

    def _see_others(self) -> None:
        """Whatever somebody of another process has written may be in any table."""
        snapshot, own = self._snapshot(), self._tables.times.total()
        if snapshot != self._last[0] and own == self._last[1]:
            self._others += 1
        self._last = snapshot, own

    def _state(self, name: str) -> object:
        """What differs once a table has been written that was read for this."""
        times = self._tables.times
        read = self._reads.get(name, times)
        return self._others, tuple((table, times[table]) for table in sorted(read))

    def _idle_since(self, job: Job, now: datetime) -> datetime:
        known = self._idle.get(job.name)
        return known.since if known is not None and known.state == self._state(job.name) else now

    def _until(self, since: datetime, now: datetime, most: timedelta | None = None) -> datetime:
        """Idle for as long again as it has been already, but not for ever."""
        return now + min(now - since, max(self.most, self.late) if most is None else most)

    def _is_idle(self, job: Job, now: datetime) -> bool:
        known = self._idle.get(job.name)
        return known is not None and now <= known.until and known.state == self._state(job.name)

    def _times(self, job: Job, now: datetime) -> float:
        """How often its time had come by now; a fraction between two times."""
        return (now - self._start).total_seconds() / job.seconds

    def _next_look(self, job: Job, now: datetime) -> datetime:
        """The first time of this job after now at which it is not known to be idle."""
        known = self._idle.get(job.name)
        idle = known is not None and known.until > now and known.state == self._state(job.name)
        times = math.floor(self._times(job, known.until if known and idle else now)) + 1
        return self._start + times * timedelta(seconds=job.seconds)

    def _next_sending(self, now: datetime) -> Iterator[datetime]:
        slot = self._parts.sender.next_slot
        if slot is not None:
            yield max(slot, now + timedelta(seconds=0.25))
        effect = self._effect_due()
        if effect is not None:
            seconds = (max(effect, now) - self._start).total_seconds()
            whole = self._start + timedelta(seconds=math.ceil(seconds))
            yield whole if whole > now else whole + timedelta(seconds=1)

    def _effect_due(self) -> datetime | None:
        state = self._state(EFFECTS)
        if self._next_effect[0] != state:
            with self._parts.database.reading() as db:
                self._next_effect = state, db.scalar(_NEXT)
        return self._next_effect[1]


def _watched(engine: Engine) -> tuple[Callable[[], object], Callable[[], None]]:
    """What differs once anybody has written to this database, and how to stop asking."""
    url = make_url(engine.url)
    if engine.dialect.name == "sqlite":
        file = sqlite3.connect(url.database or "", isolation_level=None, check_same_thread=False)
        return lambda: file.execute("PRAGMA data_version").fetchone()[0], file.close
    server = Server(url.set(drivername="postgresql").render_as_string(hide_password=False))
    return server.snapshot, server.close


class Server:
    """One connection to a PostgreSQL, made anew where somebody has ended all there were."""

    def __init__(self, url: str) -> None:
        self._url: Final = url
        self._connection = psycopg.connect(url, autocommit=True)

    def snapshot(self) -> object:
        """Another one whenever anybody has begun to write, and when they have written."""
        try:
            row = self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()
        except psycopg.OperationalError:
            self._connection = psycopg.connect(self._url, autocommit=True)
            return self.snapshot()
        return None if row is None else row[0]

    def close(self) -> None:
        self._connection.close()
