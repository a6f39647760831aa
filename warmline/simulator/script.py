"""What a phone's owner will do: picks up after so long, presses these keys at these words."""

from dataclasses import dataclass, field
from typing import Self

MAILBOX_WORDS = "I cannot come to the phone. Leave a message after the tone."


@dataclass(frozen=True)
class Cue:
    """When these words have been heard, press a key or hang up, `after` more seconds."""

    words: str
    press: str
    hang_up: bool
    after: float
    once: bool


@dataclass
class Script:
    """Times in seconds, from the ring's start (`picks_up_after`) or from the answer."""

    picks_up_after: float | None = None
    busy: bool = False
    mailbox: bool = False
    mailbox_words: str = MAILBOX_WORDS
    presses: list[tuple[float, str]] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    hangs_up_after: float | None = None


class Owner:
    """Gives a phone its script. What is said here holds for every call until said otherwise."""

    def __init__(self) -> None:
        self.script = Script()

    def picks_up(self, after: float = 3.0) -> Self:
        """Answers each ring after so many seconds."""
        self.script.picks_up_after = after
        self.script.busy = self.script.mailbox = False
        return self

    def never_picks_up(self) -> Self:
        """Lets it ring."""
        self.script.picks_up_after = None
        self.script.busy = self.script.mailbox = False
        return self

    def is_busy(self) -> Self:
        """Has the busy tone."""
        self.script.busy = True
        return self

    def has_voicemail(self, after: float = 4.0, greeting: str = MAILBOX_WORDS) -> Self:
        """A mailbox picks up after so many seconds, says its greeting and presses no key."""
        self.picks_up(after)
        self.script.mailbox = True
        self.script.mailbox_words = greeting
        return self

    def presses(self, digit: str, after: float = 1.0) -> Self:
        """Presses this key so many seconds after the answer of each call."""
        self.script.presses.append((after, digit))
        return self

    def when_hears(
        self,
        words: str,
        press: str = "",
        *,
        hang_up: bool = False,
        after: float = 0.3,
        once: bool = False,
    ) -> Self:
        """Presses a key or hangs up so many seconds after hearing these words, in any case.

        Every time they are heard, or only `once`.
        """
        self.script.cues.append(Cue(words.lower(), press, hang_up, after, once))
        return self

    def hangs_up(self, after: float) -> Self:
        """Hangs up so many seconds after the answer of each call."""
        self.script.hangs_up_after = after
        return self

    def does_nothing(self) -> Self:
        """Forgets the whole script; from now on only hands move this phone."""
        self.script = Script()
        return self
