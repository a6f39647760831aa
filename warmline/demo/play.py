"""A whole call that plays by itself, told step by step, with time to read."""

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from warmline.demo.cast import LINE_NUMBER
from warmline.demo.stage import Stage
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.simulator import Phone

LONGEST_STEP: Final = timedelta(seconds=60)
GLANCE_SECONDS: Final = 0.25


@dataclass(frozen=True)
class Beat:
    """Something told; the play goes on `rest` virtual seconds after `until` holds."""

    words: str
    until: Callable[[], bool] = lambda: True
    rest: float = 4


class Play:
    """Plays `a_call` on the stage, by the network's own time."""

    def __init__(self, stage: Stage) -> None:
        self.told: list[str] = []
        self.running = False
        self._stage = stage
        self._lock = threading.Lock()
        self._beats: Iterator[Beat] = iter(())
        self._beat = Beat("")
        self._since: datetime | None = None
        self._until: datetime | None = None
        stage.exchange.every(GLANCE_SECONDS, self._go_on)

    def start(self) -> None:
        """Begin; nothing if it is being played already."""
        with self._lock:
            if self.running:
                return
            self.running = True
            self.told = []
            self._beats = a_call(self._stage)
            self._until = self._stage.exchange.now()

    def _go_on(self, now: datetime) -> None:
        with self._lock:
            if not self.running:
                return
            if self._until is None:
                self._wait(now)
            elif now >= self._until:
                self._next(now)

    def _wait(self, now: datetime) -> None:
        if self._beat.until():
            self._until = now + timedelta(seconds=self._beat.rest)
        elif self._since is not None and now - self._since > LONGEST_STEP:
            self._end("The call took another turn. The phones are yours.")

    def _next(self, now: datetime) -> None:
        try:
            beat = next(self._beats, None)
        except RuntimeError:
            # A phone was moved by hand meanwhile and is not where the play left it.
            self._end("You have taken over. The phones are yours.")
            return
        if beat is None:
            self._end()
            return
        self._beat, self._since, self._until = beat, now, None
        self.told.append(beat.words)

    def _end(self, words: str = "") -> None:
        self.running = False
        self.told += [words] if words else []


def a_call(stage: Stage) -> Iterator[Beat]:
    """From a quiet line to a talk, and to a quiet line with nothing kept."""
    cast = stage.cast
    switches = set(cast.by_itself)
    for phone in cast.volunteers:
        cast.let_pick_up(phone.name, by_itself=False)
    cast.put_all_down()
    yield Beat(
        "Ana, Bo and Chi are on shift, each at home with their own phone.",
        until=lambda: nobody_calls(stage),
    )
    let_all_rest(stage)
    yield from the_first_words(cast.caller)
    peer = yield from somebody_takes_it(stage)
    yield from the_talk(cast.caller, peer)
    for name in switches:
        cast.let_pick_up(name, by_itself=True)
    yield Beat(
        "The call is over, and its row is gone from the database. Of the caller, nothing is kept."
        " Had they pressed 5 while they waited, one note would be.",
        until=lambda: nobody_calls(stage),
    )


def the_first_words(caller: Phone) -> Iterator[Beat]:
    """Somebody calls and chooses a language; silence would do as well."""
    caller.dial(LINE_NUMBER)
    yield Beat(
        "Somebody calls. The phone company shows the line their number;"
        " the line does not write it down.",
        until=lambda: "English" in caller.hears_now,
        rest=3,
    )
    caller.press("1")
    yield Beat("They choose English with 1. No key is ever needed; silence works too.", rest=3)


def somebody_takes_it(stage: Stage) -> Generator[Beat, None, Phone]:
    """Phones ring while the promise is said; one is picked up, and taken with a key."""
    cast = stage.cast
    yield Beat(
        "Before any talk comes the promise: what the line would never do."
        " While it is said, the volunteers' phones begin to ring, one a second.",
        until=lambda: len(cast.ringing) == len(cast.volunteers),
        rest=5,
    )
    peer = cast.ringing[0]
    peer.pick_up()
    yield Beat(
        f"{peer.name} picks up, and hears nothing about the caller:"
        " it might be a voicemail, or somebody else at home.",
        until=lambda: "Press 1" in peer.hears_now,
        rest=4,
    )
    peer.press("1")
    yield Beat(
        f"{peer.name} presses 1. The call is {peer.name}'s, and the other phones fall silent.",
        until=lambda: not cast.ringing,
    )
    return peer


def the_talk(caller: Phone, peer: Phone) -> Iterator[Beat]:
    """Two people talk, and one of them goes."""
    if not caller.talking_with:
        caller.press("#")
    yield Beat(
        "Any key skips the rest of the promise. Now they are in a room of their own:"
        " neither sees the other's number, and the line hears nothing.",
        until=lambda: peer.name in caller.talking_with,
        rest=8,
    )
    caller.hang_up()
    yield Beat(
        f"The caller hangs up. {peer.name} is thanked, and has a breather before the next ring.",
        until=lambda: "Thank you" in peer.hears_now,
        rest=5,
    )


def nobody_calls(stage: Stage) -> bool:
    """Whether no call lives and every phone is down."""
    with stage.parts.database.reading() as db:
        live = db.execute(select(Call.id)).first()
    return live is None and not any(
        phone.is_in_call or phone.is_ringing for phone in stage.cast.phones.values()
    )


def let_all_rest(stage: Stage) -> None:
    """Everybody has had their rest: breathers and pauses are over."""
    with stage.parts.database.writing() as db:
        free = {"breather_until": None, "resting_until": None, "paused_until": None}
        db.execute(update(Volunteer).values(free))
