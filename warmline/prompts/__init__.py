"""Everything the line says: key to text, a file for each language.

Own words are read anew only when a row says that they have changed, so they cost a call nothing.
What is said when something is broken, consent, the promise and a sign-in code are never the line's
own to word, and a recording never ends a call: what cannot be played is silence.

In reading order:

partners         the scripted partners of practice
own_words        which prompts a line may word or record
recordings       which sounds can be played
own_words_store  a line's own words and recordings, as kept
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from warmline.languages import CODES, FIRST

LANGUAGES: Final = CODES
HERE: Final = Path(__file__).parent
WORDS_A_MINUTE: Final = 165


def spoken_seconds(text: str) -> float:
    """About how long a text takes to say, in seconds, at 165 words a minute."""
    return len(text.split()) * 60 / WORDS_A_MINUTE


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording of a prompt: where the network finds it, and how many seconds it takes."""

    url: str
    seconds: float


Sounds = Mapping[tuple[str, str], Sound]
"""Recordings by language and key."""


class Prompts:
    """The texts of every language, read once; a missing one is a fault found by the tests."""

    def __init__(
        self, texts: Mapping[str, Mapping[str, str]], sounds: Sounds | None = None
    ) -> None:
        self._texts = texts
        self._sounds = sounds or {}

    def text(self, language: str, key: str, /, **values: object) -> str:
        """The text for `key` in `language` (English where it is unknown), its {names} filled in."""
        texts = self._texts.get(language) or self._texts[FIRST]
        return texts[key].format(**values) if values else texts[key]

    def sound(self, language: str, key: str) -> Sound | None:
        """The recording to be played instead of the text, if there is one."""
        return self._sounds.get((language, key))

    def with_own(self, own: Mapping[tuple[str, str], str], sounds: Sounds) -> "Prompts":
        """The same, but for texts by language and key, and with these recordings."""
        texts = {
            code: {key: own.get((code, key), text) for key, text in ours.items()}
            for code, ours in self._texts.items()
        }
        return Prompts(texts, sounds)

    def languages(self) -> tuple[str, ...]:
        """Languages that have texts."""
        return tuple(self._texts)

    def keys(self, language: str) -> frozenset[str]:
        """The keys that a language has."""
        return frozenset(self._texts[language])


@cache
def load() -> Prompts:
    """Read the files beside this one: what is said, and what is texted."""
    return Prompts({language: _all_of(language) for language in LANGUAGES})


def _all_of(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for folder in (HERE, HERE / "texts", HERE / "talks"):
        texts |= _read(folder / f"{language}.toml")
    return texts


def _read(path: Path) -> dict[str, str]:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        f"{table}.{name}": " ".join(text.split())
        for table, texts in tables.items()
        for name, text in texts.items()
    }
