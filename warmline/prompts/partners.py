"""The scripted partners of practice, read from the word files: by voice and by text."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NotRequired, TypedDict

from warmline.prompts import HERE

Way = Literal["voice", "text"]
WAYS: Final[tuple[Way, ...]] = ("voice", "text")
NAMES: Final = ("silence", "relay", "hard-night", "outside-help", "crossed-line", "star")
"""In the order in which they are offered; each has a file in prompts/partners."""
STAR: Final = "star"
"""What a partner may do besides speaking: press `*`."""


@dataclass(frozen=True)
class Choice:
    """Something to say (empty: to say nothing), and what the partner says then."""

    say: str
    back: str


@dataclass(frozen=True)
class Beat:
    """What the partner says, what can be said to it; `tip` is about the keys and words of then."""

    says: str
    choices: tuple[Choice, ...]
    does: str = ""
    tip: str = ""


@dataclass(frozen=True)
class Partner:
    """Somebody to practise with; `helpful` is what peers found helpful, by way."""

    name: str
    title: str
    about: str
    beats: Mapping[Way, tuple[Beat, ...]]
    helpful: Mapping[Way, str]


class WrittenBeat(TypedDict):
    """A beat as its file has it; each choice is what can be said and what is said back."""

    says: str
    choices: list[tuple[str, str]]
    does: NotRequired[str]
    tip: NotRequired[str]


@cache
def partners(language: str) -> Mapping[str, Partner]:
    """All of them in a language, by name."""
    return {name: _partner(name, language) for name in NAMES}


def _partner(name: str, language: str) -> Partner:
    path = HERE / "partners" / f"{name}.{language}.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return Partner(
        name,
        read["title"],
        read["about"],
        {way: tuple(_beat(one) for one in read[way]["beat"]) for way in WAYS},
        {way: _line(read[way]["helpful"]) for way in WAYS},
    )


def _beat(read: WrittenBeat) -> Beat:
    choices = tuple(Choice(_line(say), _line(back)) for say, back in read["choices"])
    return Beat(_line(read["says"]), choices, read.get("does", ""), _line(read.get("tip", "")))


def _line(text: str) -> str:
    return " ".join(text.split())
