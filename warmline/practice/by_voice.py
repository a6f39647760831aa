"""A practice by voice: the visitor's phone rings, as a volunteer's does; a partner calls."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from warmline.conversations.arrivals import arrivals
from warmline.conversations.steps import caller, volunteer
from warmline.conversations.volunteer import offer
from warmline.practice.effects import carry_out
from warmline.practice.legs import Leg
from warmline.practice.line_in_memory import NUMBER, PARTNER, PracticeLine
from warmline.practice.seen import A_WHILE, LINE, NOTE, THEM, YOU, Scene, Seen, chosen
from warmline.practice.seen import PARTNER as THE_PARTNER
from warmline.prompts.partners import STAR, Beat, Partner
from warmline.telephony.facts import KEYS
from warmline.telephony.words import Ask, Step

RINGS_FOR: Final = timedelta(seconds=20)
A_HAND: Final = timedelta(seconds=8)
"""How long a phone rings before a hand has it: a pick-up within 4.5 s is taken for a voicemail."""
DOWN: Final = "down"
RINGS: Final = "rings"
ASKS: Final = "asks"
ROOM: Final = "room"
TALK: Final = "talk"


class ByVoice:
    """One practice by voice; `move` does what the visitor's hands do, `scene` is what they see."""

    def __init__(self, line: PracticeLine, partner: Partner) -> None:
        self._line: Final = line
        self._scene: Final = Scene(partner, "voice")
        self._beats: Final = partner.beats["voice"]
        self._beat = -1
        self._ring = ""
        self._rings = 0
        self._mine: Leg | None = None
        self._together = False
        self._by_hand = False
        self._theirs: Final = Leg(line, caller, "CA-partner", self._they_hear, self._they_are_gone)
        form = {"CallSid": "CA-partner", "From": PARTNER, "To": NUMBER}
        self._theirs.begin(*line.arrive(arrivals.voice, form))
        # They press nothing in the greeting.
        self._theirs.wait()
        self._settle()

    def scene(self) -> Scene:
        """How it stands."""
        scene = self._scene
        scene.phone = self._phone
        scene.choices = self._now.choices if self._now and scene.phone == TALK else ()
        scene.tip = self._now.tip if self._now else ""
        return scene

    def move(self, move: str) -> None:
        """One move; what cannot be done as it stands does nothing."""
        what, _, value = move.partition(" ")
        self._scene.fresh_from = len(self._scene.seen)
        match what, self._phone:
            case "pick-up", "rings":
                self._pick_up()
            case "let-it-ring", "rings":
                self._let_it_ring()
            case "key", ("asks" | "room" | "talk"):
                self._press(value)
            case "say", "talk":
                self._say(value)
            case "wait", phone if phone != RINGS:
                self._wait()
            case "hang-up", ("asks" | "room" | "talk"):
                self._hang_up()
            case "end", _:
                self._scene.is_over = True
        self._settle()

    @property
    def _now(self) -> Beat | None:
        """The beat at which the talk stands."""
        return self._beats[self._beat] if 0 <= self._beat < len(self._beats) else None

    @property
    def _phone(self) -> str:
        mine = self._mine
        if self._ring and mine is None:
            return RINGS
        if mine is None or mine.is_over:
            return DOWN
        if isinstance(mine.at, Ask):
            return ASKS
        return TALK if mine.is_together else ROOM

    def _note(self, words: str, value: str = "") -> None:
        self._scene.seen.append(Seen(NOTE, words, value))

    def _pick_up(self) -> None:
        self._line.now += A_HAND
        mine = Leg(self._line, volunteer, self._provider_id, self._i_hear, self._i_am_gone)
        mine.other, self._theirs.other = self._theirs, mine
        self._mine, mine.token = mine, self._ring
        self._note("picked_up")
        self._told("in-progress")
        mine.go(offer.answer)

    def _let_it_ring(self) -> None:
        self._line.now += RINGS_FOR
        self._note("rang_out")
        self._told("no-answer")
        self._ring = ""
        self._theirs.wait()

    def _press(self, key: str) -> None:
        if key in KEYS and self._mine is not None:
            self._line.now += timedelta(seconds=2)
            self._note("pressed", key)
            self._together = self._together and key != "*"
            self._mine.press(key)

    def _say(self, number: str) -> None:
        """Say one of the things there are to say, and hear what comes of it."""
        beat = self._now
        choice = chosen(beat, number)
        if beat is None or choice is None:
            return
        self._line.now += A_WHILE
        self._scene.seen.append(Seen(YOU, choice.say) if choice.say else Seen(NOTE, "quiet"))
        self._they_say(choice.back)
        self._beat += 1
        if self._now is None:
            self._theirs.hang_up()
        else:
            self._speak(self._now)

    def _speak(self, beat: Beat) -> None:
        self._they_say(beat.says)
        if beat.does == STAR:
            self._together = False
            self._theirs.press("*")

    def _they_say(self, words: str) -> None:
        if words:
            self._scene.seen.append(Seen(THE_PARTNER, words))

    def _wait(self) -> None:
        self._line.now += A_WHILE
        if self._phone == TALK:
            return
        if self._phone == ASKS:
            self._note("no_key")
        self._theirs.wait()
        self._settle()
        if self._mine is not None and self._phone != TALK:
            self._mine.wait()

    def _hang_up(self) -> None:
        if self._mine is not None:
            self._note("hung_up")
            self._by_hand = True
            self._mine.hang_up()

    def _settle(self) -> None:
        """What the line wishes for is done, and the partner speaks when both are together."""
        carry_out(self._line, self)
        if self._phone == TALK and not self._together:
            self._together = True
            first = self._beat < 0
            self._note("together" if first else "together_again")
            if first:
                self._beat = 0
                self._speak(self._beats[0])
                carry_out(self._line, self)
        if self._phone == DOWN and (self._theirs.is_over or (not self._by_hand and self._mine)):
            self._scene.is_over = True

    @property
    def _provider_id(self) -> str:
        return f"CA-ring-{self._rings}"

    def _told(self, status: str) -> None:
        """What the network tells of the visitor's own leg."""
        form = {"CallSid": self._provider_id, "CallStatus": status}
        self._line.tell(volunteer, self._ring, offer.status, form)

    def _i_hear(self, words: str) -> None:
        self._scene.seen.append(Seen(LINE, words))

    def _they_hear(self, words: str) -> None:
        if self._beat >= 0:
            self._scene.seen.append(Seen(THEM, words))

    def _i_am_gone(self) -> None:
        self._note("call_over")
        self._told("completed")
        self._ring = ""

    def _they_are_gone(self) -> None:
        form = {"CallSid": self._theirs.provider_id, "CallStatus": "completed", "To": NUMBER}
        self._line.arrive(arrivals.voice_status, form)

    def ring(self, token: str) -> None:
        """The visitor's phone rings."""
        self._ring, self._mine, self._by_hand = token, None, False
        self._together = False
        self._rings += 1
        self._note("rings")
        self._told("ringing")

    def move_leg(self, provider_id: str, step: Step) -> None:
        """The line leads one of the two on."""
        leg = self._leg(provider_id)
        if leg is not None and not leg.is_over:
            leg.move(step)

    def hang_up(self, provider_id: str) -> None:
        """The line ends one of the two, or a ring."""
        leg = self._leg(provider_id)
        if leg is not None:
            leg.hang_up()
        elif provider_id == self._provider_id and self._ring:
            self._note("rang_out")
            self._told("canceled")
            self._ring = ""

    def text(self, to: str, body: str) -> None:
        """A text to the visitor's phone."""
        if to != PARTNER:
            self._scene.seen.append(Seen(LINE, body))

    def _leg(self, provider_id: str) -> Leg | None:
        legs = [self._theirs] if self._mine is None else [self._theirs, self._mine]
        return next((leg for leg in legs if leg.provider_id == provider_id), None)


def play(line: PracticeLine, partner: Partner, moves: Sequence[str]) -> Scene:
    """A practice by voice from its beginning through these moves."""
    practice = ByVoice(line, partner)
    for move in moves:
        practice.move(move)
    return practice.scene()
