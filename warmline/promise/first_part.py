"""What a caller hears of the promise before a talk: what decides, in one breath; pure.

The whole is said only while nobody is ready, and is behind `*` 4, RULES and the public page. An
exception is always named here: what is long of it goes on in the whole.
"""

import re
import tomllib
from functools import cache
from typing import Final, NamedTuple

from warmline.promise.promise import NEVER, QUESTIONS, Promise, said_of, sentence
from warmline.prompts import HERE, spoken_seconds

EXCEPTIONS_SECONDS: Final = 5.0
"""What all exceptions together may take here."""
SHORTEST_SECONDS: Final = 2.5
"""What each of them may take at least, however many they are."""
LONG_STOP: Final = 0.35
SHORT_STOP: Final = 0.15
"""Seconds that a voice rests after a sentence, and within one."""


class Beginning(NamedTuple):
    """The sentences of the first part in one language.

    `never` where there is no exception, else `only` before them; `more` after one that is cut;
    `keys` are what a key does meanwhile: 5 says that the call may be counted.
    """

    never: str
    only: str
    more: str
    fixed: str
    keys: str


def first_part(promise: Promise) -> str:
    """Whom the line contacts unasked, that nothing is recorded, and the keys."""
    words = beginning(promise.language)
    said = exceptions(promise)
    share = max(SHORTEST_SECONDS, EXCEPTIONS_SECONDS / max(1, len(said)))
    cut = [_begun(one, share) for one in said]
    parts = [words.only if said else words.never, *cut]
    if cut != said:
        parts.append(words.more)
    return " ".join(filter(None, [*parts, words.fixed, words.keys]))


def exceptions(promise: Promise) -> list[str]:
    """Every exception of a promise in its own words, each with what it is about."""
    general = [sentence(promise.exceptions)] if promise.exceptions else []
    about = (one for one in QUESTIONS if promise.answers[one] != NEVER)
    return [*general, *(said_of(promise, one) for one in about)]


def breath_seconds(text: str) -> float:
    """About how long a text takes to say, with a rest at every stop."""
    long_stops = len(re.findall(r"[.!?…]+(?=\s|$)", text))
    short_stops = len(re.findall(r"[,;:](?=\s|$)", text))
    return spoken_seconds(text) + long_stops * LONG_STOP + short_stops * SHORT_STOP


def _begun(text: str, seconds: float) -> str:
    """As much of a text as takes so long, to the end of a clause if there is one; or all of it."""
    words = text.split()
    fitting = [n for n in range(1, len(words) + 1) if breath_seconds(" ".join(words[:n])) < seconds]
    if len(fitting) == len(words):
        return text
    last = fitting[-1] if fitting else 1
    ends = (n for n in range(last, last // 2, -1) if words[n - 1][-1] in ".;,!?")
    kept = " ".join(words[: next(ends, last)])
    return sentence(kept.rstrip(",;:"))


@cache
def beginning(language: str) -> Beginning:
    """The sentences of the first part, from the file of this language."""
    path = HERE / "promise" / f"{language}.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))["first"]
    return Beginning(*(read[name] for name in Beginning._fields))
