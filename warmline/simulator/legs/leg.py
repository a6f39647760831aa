"""One leg of a call: its state, the program it runs, and whom it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warmline.simulator.legs.life import life
from warmline.simulator.network.callbacks import call_changed
from warmline.simulator.webhooks.courier import Params
from warmline.simulator.webhooks.documents import HungUp, Moved, Target
from warmline.simulator.webhooks.strand import Key, News, Program, Strand

if TYPE_CHECKING:
    from warmline.simulator.legs.speech import Hearing
    from warmline.simulator.network.rooms import Room
    from warmline.simulator.network.switchboard import Switchboard
    from warmline.simulator.phone import Phone

ENDED = frozenset(("completed", "busy", "failed", "no-answer", "canceled"))
ALL_EVENTS = frozenset(("initiated", "ringing", "answered", "completed"))
BLANK_PLACES = ("City", "State", "Zip", "Country")


@dataclass(frozen=True)
class Callback:
    """Where a leg's changes are reported, and which ones."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset(("completed",))


@dataclass(frozen=True)
class Wishes:
    """What was asked for when the leg was made; times in seconds."""

    callback: Callback | None = None
    fallback: Target | None = None
    ring_seconds: int = 60
    time_limit: int = 14_400


class Leg:
    """A call between a phone and one of our numbers, as the provider sees it."""

    def __init__(
        self,
        board: "Switchboard",
        direction: str,
        ends: tuple[str, str],
        first: Target | None,
        wishes: Wishes,
    ) -> None:
        self.board = board
        self.sid = board.new_sid("CA")
        self.direction = direction
        self.from_number, self.to_number = ends
        self.first = first
        self.wishes = wishes
        self.status = "queued" if direction == "outbound-api" else "ringing"
        self.phone: Phone | None = None
        self.verstat: str | None = None
        self.room: Room | None = None
        self.in_mailbox = False
        self.ends_as = "completed"
        self.queue_seconds = 0.0
        self.created_at = board.clock.seconds
        self.started_at: float | None = None
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.callbacks_sent = 0
        self._main: Strand | None = None
        self._waiting: Strand | None = None
        self._instant = (-1.0, 0)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status in ENDED

    @property
    def name(self) -> str:
        """Whom this leg reaches: a person's name, their mailbox, or a number without a phone."""
        if self.phone is None:
            return "network"
        return f"{self.phone.name}'s mailbox" if self.in_mailbox else self.phone.name

    @property
    def talk_seconds(self) -> int:
        """Whole seconds since it was answered, until its end or now; 0 = never answered."""
        until = self.board.clock.seconds if self.ended_at is None else self.ended_at
        return 0 if self.answered_at is None else int(until - self.answered_at)

    def params(self, extra: Params = ()) -> Params:
        """The fields every request about this leg carries (TELEPHONY.md 1.1), and `extra`."""
        base = {
            "AccountSid": self.board.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to_number,
            "Caller": self.from_number,
            "Direction": self.direction,
            "From": self.from_number,
            "To": self.to_number,
        }
        sides = ("Called", "Caller", "From", "To")
        places = {f"{side}{place}": "" for side in sides for place in BLANK_PLACES}
        return tuple({**places, **base, **self._first_fields(), **dict(extra)}.items())

    def _first_fields(self) -> Mapping[str, str]:
        if self.direction != "inbound":
            return {}
        proof = {} if self.verstat is None else {"StirVerstat": self.verstat}
        return {"CallToken": f"%7B%22token%22%3A%22{self.sid[2:]}%22%7D", **proof}

    def note(self, what: str, **facts: object) -> None:
        """Into the journal, under the phone's name."""
        self.board.journal.note(self.name, what, **facts)

    def begin(self) -> None:
        """Start performing the first document; without one the call fails."""
        if self.first is None:
            self.hang_up("failed")
            return
        self._main = Strand(self.board, life(self, self.first), self._close)
        self._main.start()

    def ring(self) -> None:
        """The phone at the other end begins to ring."""
        self.status = "ringing"
        call_changed(self, "ringing")

    def pick_up(self) -> None:
        """A ringing call out is answered: its first document is requested."""
        self.answer()
        self.begin()

    def answer(self) -> None:
        """The two ends are connected; nothing if they are already."""
        if self.ended or self.answered_at is not None:
            return
        self.status = "in-progress"
        self.answered_at = self.board.clock.seconds
        self.board.clock.after(self.wishes.time_limit, self.hang_up)
        if self.phone is not None:
            self.phone.call_answered(self)
        call_changed(self, "answered")

    def hear(self, words: str, seconds: float, language: str = "") -> "Hearing":
        """The phone hears these words from now on, for so long."""
        if self.phone is None:
            raise RuntimeError(f"{self.sid} speaks to no phone")
        return self.phone.hear(self, words, seconds, language)

    def press(self, digit: str) -> None:
        """A key of the phone; lost when nobody listens for it."""
        for strand in (self._waiting, self._main):
            if strand is not None:
                strand.tell(Key(digit))

    def start_waiting(self, program: Program[None]) -> None:
        """Play something beside the main program."""
        self._waiting = Strand(self.board, program, lambda: None)
        self._waiting.start()

    def stop_waiting(self) -> None:
        """What is played beside the main program ends."""
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None

    def tell(self, news: News) -> None:
        """News for the main program, heard only if it waits for them."""
        if self._main is not None:
            self._main.tell(news)

    def tell_soon(self, news: News) -> None:
        """The same, after what is being done now."""
        self.board.clock.after(0, lambda: self.tell(news))

    def hang_up_soon(self) -> None:
        """Ends the leg after what is being done now."""
        self.board.clock.after(0, self.hang_up)

    def move(self, target: Target) -> None:
        """Break off what it does and perform the document at the target instead."""
        self.note("is moved", path=target.url)
        if self._main is not None:
            self.stop_waiting()
            self._main.break_off(Moved(target))

    def hang_up(self, status: str = "completed") -> None:
        """Ends the leg with that status; nothing if it has ended."""
        if self.ended:
            return
        self._end(status)
        self.stop_waiting()
        if self._main is None:
            call_changed(self, "completed")
        else:
            self._main.break_off(HungUp())

    def documents_at_this_instant(self) -> int:
        """Counts the documents asked for without any time passing."""
        second, seen = self._instant
        same = second == self.board.clock.seconds
        self._instant = (self.board.clock.seconds, seen + 1 if same else 1)
        return self._instant[1]

    def _end(self, status: str) -> None:
        self.status = status
        self.ended_at = self.board.clock.seconds
        self.note("call ends", status=status)
        if self.phone is not None:
            self.phone.call_ended(self)

    def _close(self) -> None:
        """The program has come to its end, whoever ended it."""
        if not self.ended:
            self._end(self.ends_as)
        self.stop_waiting()
        call_changed(self, "completed")
