"""The words with which somebody says which days they could take, in every language; pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from warmline import languages
from warmline.plain_dates import LEXICONS
from warmline.plain_dates.lexicon import Kind, ordinal_in
from warmline.plain_dates.tokens import day_of_ordinal, plain


class Mark(Enum):
    """What a word of an answer is."""

    NUMBER = auto()
    ORDINAL = auto()
    MONTH = auto()
    WEEKDAY = auto()
    DATE = auto()
    YEAR = auto()
    NAME = auto()
    THE = auto()
    BUT = auto()
    ALL = auto()
    NONE = auto()
    WAITS = auto()
    """Of somebody who answers and has no answer yet."""


DATES: Final = {Mark.ORDINAL, Mark.MONTH, Mark.WEEKDAY, Mark.DATE, Mark.YEAR, Mark.NAME}
OF_DAYS: Final = DATES | {Mark.NUMBER}


@dataclass(frozen=True)
class Token:
    """A word, what it is (None: nothing we know), and its value; a date may be read two ways."""

    text: str
    mark: Mark | None
    value: int = 0
    dates: tuple[tuple[int, int], ...] = ()
    """Month and day."""


def _words(meaning: str) -> frozenset[str]:
    return frozenset(languages.all_words("date_polls", meaning))


SPARE: Final = _words("spare")
"""What is said for kindness, or to be plain, and changes no answer."""
_NONE: Final = _words("none")
_WITH_NONE: Final = _words("with_none")
_ALL: Final = _words("all")
_WITH_ALL: Final = _words("with_all")
_BOTH: Final = _words("both")
_WAITS: Final = _words("waits")
_KNOWN: Final = (
    dict.fromkeys(_WITH_NONE | _WITH_ALL, Mark.WAITS)
    | dict.fromkeys(_WAITS, Mark.WAITS)
    | dict.fromkeys(_NONE, Mark.NONE)
    | dict.fromkeys(_ALL | _BOTH, Mark.ALL)
    | dict.fromkeys(_words("but"), Mark.BUT)
    | dict.fromkeys(_words("the"), Mark.THE)
)
_VALUES: Final = {
    word: (mark, number)
    for kind, mark in ((Kind.WEEKDAY, Mark.WEEKDAY), (Kind.MONTH, Mark.MONTH))
    for lexicon in LEXICONS.values()
    for word, of in lexicon.words.items()
    if isinstance(number := of.get(kind), int)
} | {
    word: (Mark.NUMBER, number)
    for code in languages.CODES
    for number, word in enumerate(languages.of(code).words_for("date_polls", "numbers"), start=1)
}
"""A month before a weekday that is written alike: "mar" is one for some and the other for some."""
_TOKEN: Final = re.compile(
    rf"""(?P<name> =\d+)
    | (?P<iso> \d{{4}}-\d{{1,2}}-\d{{1,2}}) (?![\d-])
    | (?P<slash> \d{{1,2}}/\d{{1,2}}) (?![\d/])
    | (?P<ordinal> {ordinal_in(LEXICONS.values())})
    | (?P<number> \d+)
    | (?P<word> [a-z]+)
    | (?P<spare> [\s.,;:!?&+()"*_#¡¿]+)
    | (?P<other> .)""",
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str, names: Mapping[str, int]) -> list[Token]:
    """What a message is made of, but for spare words; `names` are days' own, with their ids."""
    clean = plain(text).replace("=", " ")
    for name in sorted(names, key=len, reverse=True):
        words = " ".join(plain(name).split())
        if re.search("[a-z]", words):
            clean = re.sub(rf"\b{re.escape(words)}\b", f" ={names[name]} ", clean)
    return list(_tokens(clean))


def is_none(said: Collection[str]) -> bool:
    """Whether these words, together, are a no."""
    return bool(_NONE & set(said)) and set(said) <= _NONE | _WITH_NONE


def is_all(said: Collection[str]) -> bool:
    """Whether these words, together, mean all of it."""
    return bool(_ALL & set(said)) and set(said) <= _ALL | _WITH_ALL


def is_both(said: Collection[str]) -> bool:
    """Whether these words, together, mean both."""
    return bool(_BOTH & set(said)) and set(said) <= _BOTH | _WITH_ALL


def is_number(token: Token | None) -> bool:
    """Whether it may be the day of a month."""
    return token is not None and token.mark in (Mark.NUMBER, Mark.ORDINAL)


def _tokens(clean: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(clean):
        text, group = found[0], found.lastgroup
        if group == "word" and text not in SPARE:
            mark, value = _VALUES.get(text, (_KNOWN.get(text), 0))
            yield Token(text, mark, value)
        elif group == "other" and unicodedata.category(text)[0] in "LNP":
            yield Token(text, None)
        elif group == "name":
            yield Token(text, Mark.NAME, int(text[1:]))
        elif group == "ordinal":
            yield Token(text, Mark.ORDINAL, day_of_ordinal(text))
        elif group == "number":
            yield _number(text)
        elif group in ("iso", "slash"):
            yield Token(text, Mark.DATE, dates=_dates(text))


def _number(text: str) -> Token:
    """Longer rows of digits than a year are none of ours."""
    mark = {1: Mark.NUMBER, 2: Mark.NUMBER, 4: Mark.YEAR}.get(len(text))
    return Token(text, mark, int(text) if mark else 0)


def _dates(text: str) -> tuple[tuple[int, int], ...]:
    """12/24 and 24/12 are one day; 2026-12-24 is read in one way."""
    numbers = [int(one) for one in re.split("[-/]", text)]
    first, second = numbers[-2:]
    return ((first, second),) if len(numbers) == 3 else ((first, second), (second, first))
