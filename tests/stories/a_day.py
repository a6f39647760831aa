"""A day of calls and talks by text, and everything of its callers that must not outlive it."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from tests import other_days
from tests.serving.processes import kill_all
from tests.serving.test_serving import PROGRAM, free_port
from tests.stories.served import ACCOUNT, SECRET, TOKEN
from tests.stories.town import EVENING, LINE, NUMBERS, Town
from tests.waiting import until
from warmline.database.fleeting import FleetingKey
from warmline.database.sealing import DIGESTS, PURPOSE, derived
from warmline.privacy.spellings import Needle, needles, of_number, of_text
from warmline.simulator import Phone

CALLERS = ("Cal", "Dot", "Gus", "Hal")
NUMBERS_OF_CALLERS = {"Hal": "+14135550154"}
TOKEN_IN_A_PATH = re.compile(r"/[bcrt]/([0-9a-f]{32})/")


class Day:
    """Plays in a town, and remembers what its callers' numbers, words and ids were."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.words: set[str] = set()
        self.ids: set[str] = set()
        self.keys: set[str] = set()
        town.network.every(0.5, self._note_ids)
        # A key lasts until the clock's next minute at least.
        town.network.every(15, self._note_keys)

    def _note_ids(self, _now: datetime) -> None:
        self.ids |= {str(record["sid"]) for record in self.town.network.records()}

    def _note_keys(self, _now: datetime) -> None:
        with self.town.parts.database.reading() as db:
            self.keys |= set(db.scalars(select(FleetingKey.key)))

    def phone(self, name: str) -> Phone:
        number = NUMBERS_OF_CALLERS.get(name) or NUMBERS[name]
        return self.town.network.phone(number, name)

    def writes(self, name: str, words: str, wait: float = 6) -> None:
        """Somebody texts the line; their words are to be forgotten when longer than a word."""
        if len(words) >= 12:
            self.words.add(words)
        self.phone(name).write(LINE, words)
        self.town.wait(wait)

    def calls(self, name: str, key: str = "") -> Phone:
        """Somebody calls, skips the promise, and may press a key when asked about counting."""
        phone = self.phone(name).does_nothing()
        phone.when_hears("Our promise", press="#", once=True)
        if key:
            phone.when_hears("We're looking for someone now.", press=key, once=True)
        phone.dial(LINE)
        return phone

    def until_talking(self, phone: Phone) -> Phone:
        """Let time pass until somebody talks with them: whoever was the first to say yes."""
        network = self.town.network
        assert network.run_until(lambda: bool(phone.talking_with), 120), network.story()
        self.town.wait(1)
        return self.phone(next(iter(phone.talking_with)))

    def needles(self) -> list[Needle]:
        """Everything that gives away a caller, a call or a talk of this day."""
        numbers = {NUMBERS_OF_CALLERS.get(name) or NUMBERS[name] for name in CALLERS}
        secrets = [one for number in sorted(numbers) for one in of_number("a number", number)]
        tokens = set(TOKEN_IN_A_PATH.findall(self.town.network.story()))
        for what, found in (("words", self.words), ("an id", self.ids), ("a token", tokens)):
            secrets += [one for text in sorted(found) for one in of_text(what, text)]
        with self.town.parts.database.reading() as db:
            forgotten = self.keys - set(db.scalars(select(FleetingKey.key)))
        secrets += [("a forgotten key", key) for key in sorted(forgotten)]
        keys = {"the secret key": SECRET.encode(), "the auth token": TOKEN.encode()}
        keys |= {"the sealing key": derived(SECRET, PURPOSE)}
        keys |= {"the finding key": derived(SECRET, DIGESTS)}
        return list(needles(secrets, keys))


def counted_call(day: Day) -> None:
    cal = day.calls("Cal", key="5")
    day.until_talking(cal)
    day.town.wait(40)
    cal.hang_up()
    day.town.wait(90)


def refused_call(day: Day) -> None:
    gus = day.calls("Gus")
    day.until_talking(gus)
    gus.hang_up()
    day.town.wait(90)


def dropped_call(day: Day) -> None:
    gus = day.calls("Gus")
    day.town.until_hears(gus, "We're looking for someone now.")
    gus.hang_up()
    day.town.wait(20)


def bounded_call(day: Day) -> None:
    cal = day.calls("Cal")
    peer = day.until_talking(cal)
    peer.when_hears("7: a line was crossed", press="7", once=True)
    peer.press("*")
    day.town.until_over(cal)
    day.town.wait(90)


def called_back(day: Day) -> None:
    """Both peers talk; Dot leaves their number, and is called once one of them is free."""
    gus, hal = day.calls("Gus"), day.calls("Hal")
    day.until_talking(gus)
    day.until_talking(hal)
    dot = day.phone("Dot").does_nothing()
    dot.when_hears("Our promise", press="#", once=True)
    dot.when_hears("To be called back, press 4.", press="4", once=True)
    dot.when_hears("within two hours: press 1.", press="1", once=True)
    dot.when_hears("Press it now.", press="6", once=True)
    dot.when_hears("Press your key.", press="6", once=True)
    dot.dial(LINE)
    day.town.until_hears(dot, "Noted.")
    dot.hang_up()
    dot.picks_up(2)
    gus.hang_up()
    day.until_talking(dot)
    for phone in (dot, hal):
        phone.hang_up()
    day.town.wait(90)


def with_a_third(day: Day) -> None:
    """Gus wishes for another peer as well, and both talk with them."""
    gus = day.calls("Gus")
    day.until_talking(gus)
    gus.when_hears("3: another peer as well", press="3", once=True)
    gus.press("*")
    three = day.town.network.run_until(lambda: len(gus.talking_with) == 2, 120)
    assert three, day.town.network.story()
    gus.hang_up()
    day.town.wait(90)


def said_how_it_went(day: Day) -> None:
    """It stays, sealed, for whoever reads it; of whoever wrote it nothing does."""
    day.writes("Hal", "SAY")
    day.writes("Hal", "They listened to me for a long time, thank you")


def talk_by_text(day: Day) -> None:
    day.writes("Dot", "Is anybody there tonight, please?")
    day.writes("Ana", "OK")
    day.writes("Dot", "It has been a long and heavy week for me")
    day.writes("Ana", "I am here with you, take your time")
    day.writes("Dot", "BYE")
    day.writes("Dot", "BYE")


def refused_talk(day: Day) -> None:
    talk_by_text(day)
    day.town.wait(700)


def counted_talk(day: Day) -> None:
    talk_by_text(day)
    day.writes("Dot", "KEEP")


def stopped_talk(day: Day) -> None:
    day.writes("Gus", "Could somebody write with me at this hour?")
    day.writes("Gus", "STOP")


def passed_on_talk(day: Day) -> None:
    day.writes("Hal", "I would like to write with somebody who knows")
    day.writes("Ana", "OK")
    day.writes("Ana", "#PASS")
    day.writes("Bo", "OK")
    day.writes("Hal", "Thank you both for being around")
    for _ in range(2):
        day.writes("Hal", "BYE")
    day.town.wait(200)


STORIES = (
    *(counted_call, refused_call, dropped_call, called_back, with_a_third, bounded_call),
    *(said_how_it_went, refused_talk, counted_talk, stopped_talk, passed_on_talk),
)


@contextmanager
def a_process(town: Town, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`warmline serve` as processes of its own in this folder, where it also logs to a file.

    In its world it is the evening of the network's.
    """
    port, settings = free_port(), town.parts.settings
    environment = {
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "WARMLINE_PUBLIC_URL": settings.public_url,
        "WARMLINE_PROVIDER_URL": settings.provider_url,
        "WARMLINE_SECRET_KEY": SECRET,
        "WARMLINE_LOG_LEVEL": "debug",
        **other_days.ahead(max(EVENING, town.network.now())),
    }
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(port)]
    log = folder / "line.log"
    with (
        log.open("wb") as written,
        subprocess.Popen(command, env=environment, cwd=folder, stderr=written) as process,
    ):
        try:
            until(lambda: b"startup complete" in log.read_bytes())
            town.network.reach(settings.public_url, f"http://127.0.0.1:{port}")
            yield process
        finally:
            kill_all(process.pid)
            town.network.reach(settings.public_url, settings.public_url)


def crashed_call_and_talk(day: Day, folder: Path) -> None:
    """The service is killed in the middle of a call and of a talk; another one goes on."""
    town = day.town
    with a_process(town, folder) as process:
        hal = day.calls("Hal")
        until(lambda: _moves(town) and bool(hal.talking_with))
        day.writes("Dot", "Are you there? I cannot sleep again", wait=1)
        until(lambda: _moves(town) and bool(day.phone("Dot").texts))
        kill_all(process.pid)
        process.wait()
    town.wait(3)
    if hal.is_in_call:
        hal.hang_up()
    day.writes("Dot", "STOP", wait=60)


def _moves(town: Town) -> bool:
    town.wait(0.2)
    time.sleep(0.02)
    return True
