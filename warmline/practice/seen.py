"""What a visitor sees of a practice: what was said by whom, and what can be done now."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from warmline.prompts.partners import Beat, Choice, Partner, Way

MOST_MOVES: Final = 40
LONGEST_WORDS: Final = 480
"""Characters of a text that is written in a practice."""
LINE: Final = "line"
PARTNER: Final = "partner"
THEM: Final = "them"
YOU: Final = "you"
NOTE: Final = "note"
A_WHILE: Final = timedelta(seconds=10)
Kind = Literal["line", "partner", "them", "you", "note"]


@dataclass(frozen=True)
class Seen:
    """A line of a practice.

    The line says it to the visitor (LINE) or to the partner (THEM), the partner or the visitor
    says it, or it happened (NOTE: `words` is then a key of the page's own words, `value` fills it).
    """

    kind: Kind
    words: str
    value: str = ""


@dataclass
class Scene:
    """How a practice stands after its moves.

    `phone` is what the visitor's phone does now; what is `seen` from `fresh_from` on came with the
    last move.
    """

    partner: Partner
    way: Way
    seen: list[Seen] = field(default_factory=list)
    phone: str = "down"
    choices: Sequence[Choice] = ()
    tip: str = ""
    is_over: bool = False
    fresh_from: int = 0


def chosen(beat: Beat | None, number: str) -> Choice | None:
    """The choice with this number (from 0) at a beat; None where there is none."""
    with suppress(ValueError, IndexError):
        if beat is not None and int(number) >= 0:
            return beat.choices[int(number)]
    return None
