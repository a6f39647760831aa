"""How long a text takes to say, and how much of it was heard when it is broken off."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warmline.simulator.legs.leg import Leg


SECONDS_A_WORD = 60 / 165
LONG_STOP = 0.35
SHORT_STOP = 0.15

_SPELT_OUT = re.compile(r"\d{3,}")


def spoken_seconds(text: str) -> float:
    """Seconds a voice needs for the text: 165 words a minute and a breath at every stop.

    Numbers of three digits and more are read digit by digit.
    """
    spaced = _SPELT_OUT.sub(lambda digits: " ".join(digits.group()), text)
    words = [word for word in spaced.split() if any(letter.isalnum() for letter in word)]
    long_stops = len(re.findall(r"[.!?…]+(?=\s|$)", text))
    short_stops = len(re.findall(r"[,;:](?=\s|$)", text))
    return len(words) * SECONDS_A_WORD + long_stops * LONG_STOP + short_stops * SHORT_STOP


def words_within(text: str, seconds: float) -> str:
    """As much of the text as is said within so many seconds, in whole words."""
    heard = ""
    for word in re.finditer(r"\S+", text):
        if spoken_seconds(text[: word.end()]) > seconds + 1e-6:
            break
        heard = text[: word.end()]
    return heard


_A_HAIR = 1e-6


class Hearing:
    """Words being heard on a leg from now on; once broken off, `text` is what was heard.

    `language` is the one they are said in (BCP 47), "" when nobody said which.
    """

    def __init__(self, leg: "Leg", words: str, seconds: float, language: str = "") -> None:
        self.leg = leg
        self.language = language
        self.since = leg.board.clock.now()
        self.text = words
        self.stopped: float | None = None
        self._words = words
        self._began = leg.board.clock.seconds
        self._ends = self._began + seconds

    @property
    def goes_on(self) -> bool:
        """Whether it is being heard at this moment."""
        return self.stopped is None and self.leg.board.clock.seconds < self._ends

    @property
    def broken_off(self) -> bool:
        """Whether it ended before its last word."""
        return self.text != self._words

    def stop(self, second: float) -> None:
        """Nothing more is heard from this second (since the clock's start) on."""
        if self.stopped is None:
            self.stopped = second
        if self.stopped < self._ends - _A_HAIR:
            self.text = words_within(self._words, self.stopped - self._began)

    def seconds_until(self, words: str) -> float | None:
        """How long after its start these words (lower case) have been said; None = never."""
        at = self._words.lower().find(words)
        return None if at < 0 else spoken_seconds(self._words[: at + len(words)])

    def reached(self, seconds: float) -> bool:
        """Whether it was heard for so many seconds or to its end."""
        return self.stopped is None or self.stopped >= min(self._began + seconds, self._ends) - (
            _A_HAIR
        )
