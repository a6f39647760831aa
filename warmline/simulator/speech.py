"""How long it takes to say something."""

import re

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
