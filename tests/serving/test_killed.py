"""Workers are killed again and again under calls and talks: a pause to everybody, an end to nobody.

The service is `warmline serve` in processes of its own, on its own clock; the network asks again as
the provider does, and nothing else holds a connection.
"""

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tests.databases import Databases
from tests.serving.processes import kill, workers_of
from tests.serving.test_serving import (
    ACCOUNT,
    LINE,
    PROGRAM,
    TOKEN,
    free_port,
    set_up_line,
    settings_for,
    surroundings,
)
from tests.stories.town import Roster
from tests.waiting import LONG, until
from warmline.models.people import Volunteer
from warmline.models.talks import Talk, TalkText
from warmline.models.texts import TextOut
from warmline.parts import Parts
from warmline.simulator import Exchange, Phone
from warmline.telephony.provision import provision

pytestmark = pytest.mark.usefixtures("fixed_clock")

SPEED = 4.0
"""The network's seconds for each of the service's: people speak faster, nothing else does."""
PEERS, CALLERS = ("Ana", "Bo", "Chi"), ("Cal", "Dot")
TALKED = 3.0
"""Seconds of the network's that a talk lasts at least."""
EVENTS = (2, 30)
"""So many things happen on the network between two kills …"""
AFTER = 0.05
"""… and within so many seconds of the last of them, while it is answered, the worker ends."""
APART = (0.2, 4.0)
"""Seconds between two kills of many, at random: whoever is cut off at each of six tries on end, and
with them the provider, has given up."""
LATER = timedelta(minutes=2)
PACE = {"WARMLINE_CALLS_PER_SECOND": "20", "WARMLINE_TEXTS_PER_SECOND": "20"}
SORRY, STOCK = "Something is wrong on our side", "application error"


class Caller:
    """Somebody who calls, talks for a while, hangs up and calls again."""

    def __init__(self, phone: Phone, network: Exchange) -> None:
        self.phone = phone.when_hears("Our promise", press="#")
        self.network = network
        self.times = self.lost = 0
        self._since: datetime | None = None
        self._calls = False

    def look(self, *, again: bool) -> bool:
        """Do what is due; whether a call of theirs goes on."""
        if self._calls and not self.phone.is_in_call:
            self.lost += 1
            self._calls = False
        if not self._calls:
            if again:
                self.times += 1
                self._calls, self._since = True, None
                self.phone.dial(LINE)
            return again
        if self.phone.talking_with:
            assert len(self.phone.talking_with) == 1, "one peer for each caller"
            self._since = self._since or self.network.now()
            if (self.network.now() - self._since).total_seconds() >= TALKED:
                self._calls = False
                self.phone.hang_up()
        return True


class Killed(Roster):
    """A service whose workers are killed, and those who use it."""

    def __init__(
        self, network: Exchange, parts: Parts, later: Parts, process: subprocess.Popen[bytes]
    ) -> None:
        super().__init__(network, parts)
        self.later, self.process = later, process
        self.kills = 0
        self._happened = threading.Semaphore(0)
        network.on_event(lambda _event: self._happened.release())

    def kill_at_random(self, times: int, seed: int, *, at_work: bool) -> None:
        """In a thread of its own, since it is the network that goes on meanwhile.

        A few hit it `at_work`, just after something has happened; many come whenever they come.
        """
        chance = random.Random(seed)  # noqa: S311 - no secret
        for _ in range(times):
            for _ in range(chance.randint(*EVENTS) if at_work else 0):
                assert self._happened.acquire(timeout=LONG)
            threading.Event().wait(chance.uniform(*((0, AFTER) if at_work else APART)))
            until(lambda: workers_of(self.process.pid))
            kill(workers_of(self.process.pid)[0])
            self.kills += 1

    def nothing_lives_on(self) -> bool:
        """Whether calls, talks and all that was to be sent are over and forgotten."""
        return not self.rows()

    def nothing_lives_on_later(self) -> bool:
        """The same, looked after by a process whose clock is ahead: what was being sent, and what
        ended unheard, is looked for during a minute that a small run does not have.
        """
        for job in self.later.jobs():
            job.run()
        return self.nothing_lives_on()

    def rows(self) -> dict[str, int]:
        """All that lives on: of calls, talks and what is still to be sent."""
        with self.parts.database.reading() as db:
            of_texts = {
                table.__tablename__: db.scalar(select(func.count()).select_from(table)) or 0
                for table in (Talk, TalkText, TextOut)
            }
        return self.live_rows() | {name: number for name, number in of_texts.items() if number}


@contextmanager
def service(url: str, port: int, provider: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = surroundings(url, port) | PACE | {"WARMLINE_PROVIDER_URL": provider}
    with (
        log.open("wb") as written,
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve"], env=environment, stderr=written
        ) as process,
    ):
        try:
            until(lambda: b"startup complete" in log.read_bytes())
            yield process
        finally:
            process.kill()


@contextmanager
def killed(url: str, now: datetime, patience: float, log: Path) -> Iterator[Killed]:
    set_up_line(url)
    with ExitStack() as stack:
        network = Exchange(ACCOUNT, TOKEN, start=now, calls_per_second=20, patience=patience)
        stack.callback(network.close)
        provider, port = network.open(), free_port()
        settings = settings_for(url, port).model_copy(update={"provider_url": provider})
        parts = Parts(settings, network.now)
        later = Parts(settings, lambda: network.now() + LATER)
        for one in (parts, later):
            stack.callback(one.close)
        network.add_number(LINE)
        told = provision(parts.provider, [LINE], settings.public_url, dry_run=False)  # type: ignore[arg-type]  # it is the provider's own library here
        assert not any(one.is_error for one in told)
        process = stack.enter_context(service(url, port, provider, log))
        yield Killed(network, parts, later, process)


def on_the_phone(town: Killed, name: str, number: str = "") -> Phone:
    phone = town.volunteer(name, breather=0, on=(-2, 9), number=number)
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id == town.people[name])
        db.execute(mine.values(text=False))
    return phone.picks_up(after=1).when_hears("Press 1", press="1")


def by_text(town: Killed, name: str) -> Phone:
    phone = town.volunteer(name, breather=0, on=(-2, 9))
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id == town.people[name])
        db.execute(mine.values(voice=False))
    return phone


@pytest.mark.long
def test_through_kills_at_random_instants_nobody_is_lost_and_nothing_is_doubled(
    databases: Databases, fixed_clock: datetime, full: bool, tmp_path: Path
) -> None:
    times, patience = (40, 0.0) if full else (4, LONG)
    with databases.migrated() as url, killed(url, fixed_clock, patience, tmp_path / "log") as town:
        peers = [on_the_phone(town, name) for name in PEERS]
        callers = [Caller(town.phone(name), town.network) for name in CALLERS]
        town.network.run_at_speed(lambda: SPEED)
        # A text that was being sent is looked for during a minute: a small run has no time for it.
        talk = TextTalk(by_text(town, "Eli"), town.phone("Gus")) if full else None
        at_work = {"at_work": not full}
        killer = threading.Thread(
            target=town.kill_at_random, args=[times, times], kwargs=at_work, daemon=True
        )
        killer.start()
        while killer.is_alive():
            for caller in callers:
                caller.look(again=True)
            for peer in peers:
                assert len(peer.talking_with) <= 1, "one caller for each peer"
            if talk and talk.said < 2 * town.kills:
                talk.both_write()
            killer.join(0.02)
        assert town.kills == times
        until(lambda: sum(caller.look(again=False) for caller in callers) == 0)
        if talk:
            talk.ends()
        until(town.nothing_lives_on if full else town.nothing_lives_on_later)
        assert_nobody_noticed(town, callers, peers)


class TextTalk:
    """A talk by text, in which both number what they write."""

    def __init__(self, eli: Phone, gus: Phone) -> None:
        self.eli, self.gus, self.said = eli, gus, 0
        gus.write(LINE, "Is anybody there?")
        until(lambda: any("OK = take it" in text.body for text in eli.texts))
        eli.write(LINE, "OK")
        until(lambda: any("Is anybody there?" in text.body for text in eli.texts))

    def both_write(self) -> None:
        self.said += 1
        self.gus.write(LINE, f"from Gus {self.said}.")
        self.eli.write(LINE, f"from Eli {self.said}.")

    def ends(self) -> None:
        """Everything has come, once each; one that was looked for may come after the next."""
        everything = sorted(f"{number}." for number in range(1, self.said + 1))
        until(lambda: len(read(self.eli, "from Gus")) >= self.said)
        until(lambda: len(read(self.gus, "from Eli")) >= self.said)
        for _ in range(2):
            before = len(self.gus.texts)
            self.gus.write(LINE, "BYE")
            until(lambda: len(self.gus.texts) > before)  # noqa: B023 - asked at once
        assert sorted(read(self.eli, "from Gus")) == everything
        assert sorted(read(self.gus, "from Eli")) == everything


def read(phone: Phone, words: str) -> list[str]:
    """What has come with these words, and what stands after them, in order."""
    return [text.body.split(words)[1].strip() for text in phone.texts if words in text.body]


def assert_nobody_noticed(town: Killed, callers: list[Caller], others: list[Phone]) -> None:
    story = town.network.story()
    assert [caller.lost for caller in callers] == [0] * len(callers), story
    for phone in (*(caller.phone for caller in callers), *others):
        assert not phone.is_ringing, phone.name
        assert not phone.is_in_call, phone.name
        assert not phone.has_heard(SORRY), story
        assert not phone.has_heard(STOCK), story
    calls = sum(caller.times for caller in callers)
    counts = town.counts()
    assert counts["offered"] == counts["answered"] == calls
