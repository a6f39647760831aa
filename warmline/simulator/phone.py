"""A phone in the hand: it rings, hears, talks; hands or a script move it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from warmline.simulator.legs.speech import Hearing
from warmline.simulator.legs.trunk import call_in
from warmline.simulator.network.texts import Text, write
from warmline.simulator.script import Cue, Owner

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg
    from warmline.simulator.network.switchboard import Switchboard

MAILBOX_SECONDS = 60.0


@dataclass
class Ring:
    """One time this phone rang, and how that ended: answered, voicemail, or a call's status."""

    shown_number: str
    started: datetime
    ended: datetime | None = None
    how: str = "ringing"


class Phone(Owner):
    """A phone with an E.164 number and an owner's name; at most one call at a time.

    `rings` is the history of its ringing, `texts` what arrived, `has_talked_with` the names of
    everybody it ever talked with, `mailbox_heard` what was said to its mailbox and when.
    `verstat` is what the network says of the number that it shows (StirVerstat); None: nothing.
    """

    def __init__(self, board: "Switchboard", number: str, name: str) -> None:
        super().__init__()
        self.number = number
        self.name = name
        self.rings: list[Ring] = []
        self.texts: list[Text] = []
        self.has_talked_with: set[str] = set()
        self.mailbox_heard: list[tuple[datetime, str]] = []
        self.verstat: str | None = "TN-Validation-Passed-A"
        self._board = board
        self._leg: Leg | None = None
        self._heard: list[Hearing] = []

    # What hands do.

    def dial(self, number: str, *, withheld: bool = False) -> None:
        """Calls one of our numbers; RuntimeError when in a call, ValueError for other numbers."""
        with self._board.lock:
            if self._leg is not None:
                raise RuntimeError(f"{self.name} is in a call already")
            self._leg = call_in(self._board, self.number, number, withheld)
            self._leg.phone = self
            self._leg.verstat = self.verstat
            self._leg.note("dials", number=number)
            self._leg.begin()
        self._board.touched.set()

    def pick_up(self) -> None:
        """Answers the ring; RuntimeError when nothing rings."""
        with self._board.lock:
            if not self.is_ringing:
                raise RuntimeError(f"{self.name}'s phone is not ringing")
            self._call().note("picks up")
            self._call().pick_up()
        self._board.touched.set()

    def press(self, keys: str) -> None:
        """Presses keys, one after another; RuntimeError when not in a call."""
        with self._board.lock:
            if not self.is_in_call:
                raise RuntimeError(f"{self.name} is not in a call")
            leg = self._call()
            for key in keys:
                leg.note("presses", key=key)
                leg.press(key)
        self._board.touched.set()

    def hang_up(self) -> None:
        """Hangs up, or turns a ring away; RuntimeError when there is no call."""
        with self._board.lock:
            leg = self._call()
            leg.note("hangs up")
            unanswered = "busy" if self.is_ringing else "no-answer"
            leg.hang_up("completed" if leg.answered_at is not None else unanswered)
        self._board.touched.set()

    def write(self, number: str, body: str, pictures: int = 0) -> None:
        """Texts one of our numbers, with pictures; ValueError for other numbers."""
        with self._board.lock:
            write(self._board, self.number, number, body, pictures)
            self._board.journal.note(self.name, "writes a text", words=body)
        self._board.touched.set()

    # What its owner sees and hears.

    @property
    def is_ringing(self) -> bool:
        """Whether it rings."""
        leg = self._leg
        return leg is not None and leg.direction != "inbound" and leg.answered_at is None

    @property
    def is_in_call(self) -> bool:
        """Whether it is off the hook: calling, waiting or talking."""
        return self._leg is not None and not self.is_ringing

    @property
    def shown_number(self) -> str:
        """What the display shows: who rings, or who was dialled; empty when idle."""
        leg = self._leg
        if leg is None:
            return ""
        return leg.to_number if leg.direction == "inbound" else leg.from_number

    @property
    def talking_with(self) -> set[str]:
        """The names of those it talks with right now; a mailbox is "Ana's mailbox"."""
        with self._board.lock:
            room = self._leg.room if self._leg else None
            return {leg.name for leg in room.others(self._leg)} if room and self._leg else set()

    @property
    def heard(self) -> list[tuple[datetime, str]]:
        """Everything it heard: when it began, and the words up to where they were broken off."""
        return [(hearing.since, hearing.text) for hearing in self._heard if hearing.text]

    @property
    def hearings(self) -> list[Hearing]:
        """The same as `heard`, each with its language, also what was broken off at once."""
        return list(self._heard)

    @property
    def words(self) -> str:
        """Everything it heard, a line each."""
        return "\n".join(text for _, text in self.heard)

    @property
    def hears_now(self) -> str:
        """What is being said to it at this moment; empty in silence and in talks."""
        latest = self._heard[-1] if self._heard else None
        return latest.text if latest and latest.leg is self._leg and latest.goes_on else ""

    def has_heard(self, words: str) -> bool:
        """Whether these words were said to it, in any case."""
        return any(words.lower() in text.lower() for _, text in self.heard)

    # What the network does to it.

    def ring(self, leg: "Leg") -> bool:
        """A call comes in; False = busy."""
        if self._leg is not None or self.script.busy:
            return False
        leg.phone = self
        self._leg = leg
        self.rings.append(Ring(leg.from_number, self._board.clock.now()))
        leg.note("rings", shows=leg.from_number)
        if self.script.picks_up_after is not None:
            self._later(leg, self.script.picks_up_after, self._pick_up_by_script)
        return True

    def call_answered(self, leg: "Leg") -> None:
        """The two ends are connected."""
        if leg.direction != "inbound":
            self._ring_ends("voicemail" if leg.in_mailbox else "answered")
        if leg.in_mailbox:
            self._leg = None
            self._board.clock.after(MAILBOX_SECONDS, leg.hang_up)
            return
        for after, digit in self.script.presses:
            self._later(leg, after, lambda digit=digit: self.press(digit))  # type: ignore[misc]  # mypy cannot infer a lambda's default
        if self.script.hangs_up_after is not None:
            self._later(leg, self.script.hangs_up_after, self.hang_up)

    def call_ended(self, leg: "Leg") -> None:
        """The call is over, whoever ended it."""
        if leg is not self._leg:
            return
        if self.is_ringing:
            self._ring_ends(leg.status)
        self._leg = None

    def hear(self, leg: "Leg", words: str, seconds: float, language: str = "") -> Hearing:
        """These words are being said on the leg, for so long."""
        hearing = Hearing(leg, words, seconds, language)
        leg.note("hears", words=words)
        if leg is not self._leg:
            self.mailbox_heard.append((hearing.since, words))
            return hearing
        self._heard.append(hearing)
        for cue in self.script.cues:
            self._follow(cue, hearing)
        return hearing

    def receive(self, text: Text) -> None:
        """A text arrives."""
        self.texts.append(text)
        self._board.journal.note(self.name, "gets a text", words=text.body)

    def _call(self) -> "Leg":
        if self._leg is None:
            raise RuntimeError(f"{self.name} has no call")
        return self._leg

    def _ring_ends(self, how: str) -> None:
        self.rings[-1].ended = self._board.clock.now()
        self.rings[-1].how = how

    def _pick_up_by_script(self) -> None:
        if not self.is_ringing:
            return
        if self.script.mailbox:
            leg = self._call()
            leg.in_mailbox = True
            leg.note("takes the call with its greeting", words=self.script.mailbox_words)
            leg.pick_up()
        else:
            self.pick_up()

    def _follow(self, cue: Cue, hearing: Hearing) -> None:
        said_after = hearing.seconds_until(cue.words)
        if said_after is None:
            return

        def act() -> None:
            if hearing.reached(said_after) and cue in self.script.cues:
                if cue.once:
                    self.script.cues.remove(cue)
                self.hang_up() if cue.hang_up else self.press(cue.press)

        self._later(hearing.leg, said_after + cue.after, act)

    def _later(self, leg: "Leg", seconds: float, act: Callable[[], None]) -> None:
        """Does it after so many seconds, if the phone is still in that call."""

        def act_if_still_there() -> None:
            if self._leg is leg:
                act()

        self._board.clock.after(seconds, act_if_still_there)
