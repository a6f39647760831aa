"""The kinds of words that dates and times are made of, in whatever language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """What a word can be in the grammar; a word may be of several kinds."""

    NUMBER = auto()
    ORDINAL = auto()
    COLON = auto()
    DOT = auto()
    DECIMAL = auto()
    DATE = auto()
    DASH = auto()
    WEEKDAY = auto()
    MONTH = auto()
    AHEAD = auto()
    PART = auto()
    LONE_PART = auto()
    PART_AFTER = auto()
    TONIGHT = auto()
    THIS = auto()
    NEXT = auto()
    WEEK = auto()
    WEEKEND = auto()
    A_MONTH = auto()
    ALL_DAY = auto()
    MERIDIEM = auto()
    O_CLOCK = auto()
    HOUR_MARK = auto()
    NOON = auto()
    MIDNIGHT = auto()
    PAST = auto()
    AFTER = auto()
    WHICH = auto()
    HOURS = auto()
    MINUTES = auto()
    LENGTH = auto()
    COUNT = auto()
    AND_HALF = auto()
    FOR = auto()
    FROM = auto()
    TO = auto()
    UNTIL = auto()
    BETWEEN = auto()
    AND = auto()
    DAYS_FROM = auto()
    DAYS_TO = auto()
    ON = auto()
    OF = auto()
    AT = auto()
    AT_NOON = auto()
    THE = auto()
    ARTICLE = auto()
    DAY_WORD = auto()


Words = dict[str, dict[Kind, object]]
"""A word or phrase, lower case without accents, to its kinds and what it means as each."""


@dataclass(frozen=True)
class Number:
    """A whole number as it was written: "09" is not "9"."""

    value: int
    written: str


@dataclass(frozen=True)
class PartOfDay:
    """A part of the day. Both windows are in minutes from midnight, and may go past 1440."""

    name: str
    starts: tuple[int, int]
    """When a shift that is meant by it may start, half-open."""
    clock: tuple[int, int]
    """Which times of the clock are said with it ("3 in the morning"), both included."""


@dataclass(frozen=True)
class Lexicon:
    """A language: its words, and those with which a reading is told."""

    words: Words
    weekdays: Sequence[str]
    months: Sequence[str]
    long_months: Sequence[str]
    parts: Mapping[str, str]
    occurrences: tuple[str, str]
    """What tells the first from the second of a time that comes twice."""
    days: str
    """From one day to another, {first} and {last}."""
    years: tuple[str, str]
    """A {year} after its month; the second where the number alone could be a time of the clock."""
    ordinals: Sequence[str]
    """How ordinals in digits end: "1st"; a sign for that ("1º") is read in every language."""
    in_halves: bool = False
    """Whether times are told with AM and PM, noon and midnight; else on a clock of 24 hours."""


def ordinal_in(lexicons: Iterable[Lexicon]) -> str:
    """A pattern of an ordinal in digits, in any of these languages, once a text is plain."""
    endings = dict.fromkeys(ending for lexicon in lexicons for ending in lexicon.ordinals)
    ways = [f"[{SIGNS}]", *(rf"{ending}\b" for ending in endings)]
    return rf"\d{{1,2}}(?:{'|'.join(ways)})"


def all_of(kind: Kind, *words: str, means: object = None) -> Words:
    """Several words of one meaning."""
    return {word: {kind: means} for word in words}


def listed(kind: Kind, names: Iterable[str], first: int = 0) -> Words:
    """Names in their order, each with its spellings: "mon monday"."""
    return {
        word: {kind: place}
        for place, spellings in enumerate(names, start=first)
        for word in spellings.split()
    }


def numbers(names: str) -> Words:
    """The words for one, two, three…, as numbers."""
    return {
        word: {Kind.NUMBER: Number(value, str(value))}
        for value, word in enumerate(names.split(), start=1)
    }


def joined(*lists: Words) -> Words:
    """One list of words; a word in several of them has all of its kinds."""
    together: Words = {}
    for words in lists:
        for word, kinds in words.items():
            together[word] = together.get(word, {}) | kinds
    return together


def hours(first: float, last: float) -> tuple[int, int]:
    """A window of hours, in minutes."""
    return int(first * 60), int(last * 60)


SIGNS: Final = "\u00ba\u00aa"
"""The raised o and a of "1º" and "1ª"."""
FIRST, SECOND = 0, 1
"""Which of the two, of a time that comes twice when clocks go back (the fold of PEP 495)."""
