"""What a reply to the telephone network may contain: eight small words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from warmline.languages import FIRST
from warmline.prompts import Sound, spoken_seconds

Step = Callable[[Any, Any], "Words"]
"""A step of a conversation: `(turn, call or ring) -> words`."""
Next = Step | StrEnum
"""Where to go on: a step of the same file by its function, one of another by its name."""


@dataclass(frozen=True, slots=True)
class Say:
    """Words spoken in a language (a two-letter code), or the recording that says them."""

    text: str
    language: str = FIRST
    sound: Sound | None = None

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        return self.sound.seconds if self.sound else spoken_seconds(self.text)


@dataclass(frozen=True, slots=True)
class Hush:
    """Silence for whole seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Words during which, and for `seconds` after which, a key leads to `key_to`.

    One key, or so many `digits`.
    Without a key the reply goes on with the word after this one.
    """

    words: Sequence[Say | Hush]
    key_to: Next
    seconds: int
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Wait:
    """The line's queue: `meanwhile` is asked over and over for what to play, `after` at its end.

    Nobody is dequeued from it by position; from another `queue` whoever takes its front does.
    """

    meanwhile: Next
    after: Next
    queue: str = "line"


@dataclass(frozen=True, slots=True)
class Meet:
    """A room: `alone` is what is heard there before the other comes, `after` follows it.

    `ends_room`: their leaving ends the room; so it is with the caller, and with two who stand by
    each other. Whoever does not end it starts it, and who `starts_it` besides. `*` leads to `after`
    as well. The room ends by itself after `seconds`.
    """

    room: str
    after: Next
    ends_room: bool
    seconds: int
    alone: Next | None = None
    tone: bool = False
    starts_it: bool = False

    def with_a_tone(self) -> "Meet":
        """The same, and whoever is in the room hears a tone when this one comes in."""
        return replace(self, tone=True)


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on with another step of the same conversation."""

    step: Next


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """Step out of the queue, to the queue's `after`."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the leg."""


Word = Say | Hush | Ask | Wait | Meet | GoTo | LeaveQueue | HangUp
Words = Sequence[Word]
