"""A practice by text: the visitor is asked, takes it or passes, and both write to each other."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from warmline import languages
from warmline.calls import talks
from warmline.conversations.arrivals import arrivals
from warmline.conversations.text_talks import clock
from warmline.database.records import first, made_of
from warmline.models.talks import AskedPeer, Talk
from warmline.practice.effects import carry_out
from warmline.practice.line_in_memory import NUMBER, PARTNER, VISITOR, PracticeLine
from warmline.practice.seen import A_WHILE, LINE, LONGEST_WORDS, NOTE, YOU, Scene, Seen, chosen
from warmline.practice.seen import PARTNER as THE_PARTNER
from warmline.prompts.partners import Beat, Partner
from warmline.telephony.words import Step

NAME: Final = "Fern"
"""The name that every partner has: the one the line makes is another each time a page is made."""
WAITS: Final = timedelta(minutes=2, seconds=5)
TALK: Final = "texts"
ASKED: Final = "asked"
DOWN: Final = "down"


class PractisedTalk(NamedTuple):
    """The talk of a practice: who of the roster is in it, and under which name."""

    person_id: int | None
    name: str


_TALK: Final = select(Talk.person_id, Talk.name)
_practised: Final = made_of(PractisedTalk, _TALK.selected_columns)


class ByText:
    """One practice by text; `move` is what the visitor writes, `scene` what is on their phone."""

    def __init__(self, line: PracticeLine, partner: Partner, language: str) -> None:
        self._line: Final = line
        self._scene: Final = Scene(partner, "text")
        self._beats: Final = partner.beats["text"]
        self._bye: Final = languages.of(language).words_for("callers", "BYE")[0]
        self._beat = 0
        self._messages = 0
        self._reached = ""
        self._name = NAME
        self._line_begins: Final = f"{languages.of(language).practice}: "
        self._they_write(self._beats[0].says)

    def scene(self) -> Scene:
        """How it stands."""
        scene, talk = self._scene, self._talk
        beat = self._now
        mine = talk is not None and talk.person_id is not None
        scene.phone = TALK if mine else DOWN if talk is None else ASKED
        scene.choices = beat.choices if mine and beat is not None else ()
        scene.tip = beat.tip if mine and beat is not None else ""
        return scene

    def move(self, move: str) -> None:
        """One move; what cannot be done as it stands does nothing."""
        what, _, value = move.partition(" ")
        self._scene.fresh_from = len(self._scene.seen)
        match what:
            case "say" if self._talk is not None:
                self._say(value)
            case "write" if value.strip():
                self._write(value.strip()[:LONGEST_WORDS])
            case "wait":
                self._wait()
            case "end":
                self._scene.is_over = True
        talk = self._talk
        if talk is None or (talk.person_id is None and self._has_passed):
            self._scene.is_over = True

    @property
    def _talk(self) -> PractisedTalk | None:
        with self._line.turn({}) as turn:
            return first(turn.db.execute(_TALK), _practised)

    @property
    def _has_passed(self) -> bool:
        """Whether the visitor has said no to this talk, and is not asked for it any more."""
        passed = select(AskedPeer.talk_id).where(AskedPeer.passed)
        with self._line.turn({}) as turn:
            return turn.db.execute(passed).first() is not None

    @property
    def _now(self) -> Beat | None:
        return self._beats[self._beat] if self._beat < len(self._beats) else None

    def _say(self, number: str) -> None:
        """One of the things there are to write; empty is to write nothing for a while."""
        beat = self._now
        choice = chosen(beat, number)
        if choice is None:
            return
        if choice.say:
            self._send(choice.say)
        else:
            self._scene.seen.append(Seen(NOTE, "quiet_text"))
        self._go_on(choice.back)

    def _write(self, words: str) -> None:
        """Words of the visitor's own; the partner answers those that were passed on."""
        self._send(words)
        if self._reached and not self._reached.startswith(self._line_begins):
            self._go_on("")

    def _send(self, words: str) -> None:
        self._reached = ""
        self._scene.seen.append(Seen(YOU, words))
        self._text(VISITOR, words)

    def _go_on(self, back: str) -> None:
        """The partner writes; at the end they say goodbye in the line's own word."""
        if self._beat >= len(self._beats) or self._talk is None:
            return
        self._beat += 1
        then = self._now
        for words in (back, self._bye if then is None else then.says):
            if words:
                self._they_write(words)

    def _they_write(self, words: str) -> None:
        self._line.now += A_WHILE
        self._text(PARTNER, words)

    def _text(self, number: str, words: str) -> None:
        self._messages += 1
        form = {"MessageSid": f"SM-{self._messages}", "From": number, "To": NUMBER, "Body": words}
        self._line.arrive(arrivals.text, form)
        carry_out(self._line, self)

    def _wait(self) -> None:
        """Two minutes in which nobody writes: what comes due in talks is done."""
        self._line.now += WAITS
        self._scene.seen.append(Seen(NOTE, "two_minutes"))
        with self._line.turn({}) as turn:
            for number in talks.due(turn.db, turn.now):
                later = turn.now + clock.LATER
                talk = talks.take_due(turn.db, number, turn.now, later)
                if talk is not None:
                    clock.DUE[talk.state](turn, talk)
        carry_out(self._line, self)

    def text(self, to: str, body: str) -> None:
        """A text to one of the two phones; only the visitor's is seen."""
        if to == PARTNER:
            self._reached = body
            return
        talk = self._talk
        self._name = talk.name if talk is not None else self._name
        words = re.sub(rf"\b{self._name}\b", NAME, body)
        is_theirs = words.startswith(f"{NAME}: ")
        self._scene.seen.append(Seen(THE_PARTNER if is_theirs else LINE, words))

    def ring(self, token: str) -> None:
        """Nobody calls in a practice by text."""

    def move_leg(self, provider_id: str, step: Step) -> None:
        """There is no call."""

    def hang_up(self, provider_id: str) -> None:
        """There is no call."""


def play(line: PracticeLine, partner: Partner, language: str, moves: Sequence[str]) -> Scene:
    """A practice by text from its beginning through these moves."""
    practice = ByText(line, partner, language)
    for move in moves:
        practice.move(move)
    return practice.scene()
