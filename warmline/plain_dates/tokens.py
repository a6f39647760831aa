"""A text cut into tokens, each with all that it can be; a token that can be nothing stays."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from warmline import languages
from warmline.plain_dates.days import Dated
from warmline.plain_dates.lexicon import Kind, Lexicon, Number, Words, ordinal_in

_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'\u2019\u02bc`\u00b4"), "")
_MERIDIEM: Final = re.compile(r"(?<![a-z])([ap])\.?\s*m\b\.?")
_PLEASE: Final = re.compile(
    rf"\b(?:{'|'.join(languages.all_words('dates', 'spare'))})\b"
    "|[👍🙏😊🙂😀❤💛💜🏻🏼🏽🏾🏿]"
)
"""What is said for kindness or to be plain, and changes no date."""

_EACH: Final = r"""
      (?P<iso> \d{4}-\d{1,2}-\d{1,2} ) (?!\d)
    | (?P<slash> \d{1,2}/\d{1,2} (?: /(?:\d{4}|\d{2}) )? ) (?![\d/])
    | (?P<colon> \d{1,2}:\d{2} ) (?!\d)
    | (?P<decimal> \d{1,2}[.,]\d ) (?!\d)
    | (?P<dot> \d{1,2}\.\d{2} ) (?!\d)
    | (?P<ordinal> {ordinal} )
    | (?P<number> \d+ )
    | (?P<word> [a-z]+ )
    | (?P<dash> -+ )
    | (?P<at> @ )
    | (?P<spare> [\s.,;!?()"*_¡¿…]+ | :(?=\s|$) )
    | (?P<strange> . )
    """
_LONGEST_PHRASE: Final = 5


@dataclass(frozen=True)
class Token:
    """A word or phrase as it was read, with the kinds that it can be."""

    text: str
    kinds: dict[Kind, object]


def plain(text: str) -> str:
    """A text in lower case, without accents, with one kind of dash and no apostrophes."""
    signs = _DASHES | _APOSTROPHES
    # Not NFKD, which makes 12 of a 1 with a small 2 above it.
    apart = unicodedata.normalize("NFD", text.translate(signs).lower())
    spaced = (" " if unicodedata.category(sign) == "Zs" else sign for sign in apart)
    bare = "".join(sign for sign in spaced if unicodedata.category(sign) != "Mn")
    return _MERIDIEM.sub(r"\1m", _PLEASE.sub(" ", bare))


def tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """The tokens of a plain text, phrases as one."""
    found = _pattern(ordinal_in([lexicon])).finditer(text)
    single = [_token(one) for one in found if one.lastgroup != "spare"]
    return list(_with_phrases(single, lexicon.words))


@cache
def _pattern(ordinal: str) -> re.Pattern[str]:
    flags = re.VERBOSE | re.ASCII | re.DOTALL
    return re.compile(_EACH.replace("{ordinal}", ordinal), flags)


def _token(found: re.Match[str]) -> Token:
    group, text = str(found.lastgroup), found[0]
    meaning = _READ.get(group)
    return Token(text, meaning(text) if meaning else {})


def _with_phrases(single: list[Token], words: Words) -> Iterator[Token]:
    at = 0
    while at < len(single):
        length, text = _longest(single[at : at + _LONGEST_PHRASE], words)
        # A phrase is made of words alone; only a single token has kinds of its own.
        yield Token(text, single[at].kinds | words.get(text, {}))
        at += length


def _longest(ahead: list[Token], words: Words) -> tuple[int, str]:
    """The longest phrase that the words ahead begin with, or the first of them."""
    for length in range(len(ahead), 1, -1):
        text = " ".join(token.text for token in ahead[:length])
        if text in words:
            return length, text
    return 1, ahead[0].text


def _iso(text: str) -> dict[Kind, object]:
    year, month, day = map(int, text.split("-"))
    return {Kind.DATE: (Dated(day, month, year),)}


def _slash(text: str) -> dict[Kind, object]:
    first, second, *years = map(int, text.split("/"))
    year = (years[0] if years[0] > 99 else 2000 + years[0]) if years else None
    return {Kind.DATE: numeric(first, second, year)}


def numeric(first: int, second: int, year: int | None = None) -> tuple[Dated, ...]:
    """What 12/5 may mean: month and day, or day and month."""
    if first == second:
        return (Dated(first, second, year),)
    return Dated(second, first, year, order="month"), Dated(first, second, year, order="day")


def day_of_ordinal(text: str) -> int:
    """The number of "1st" or "24º"."""
    return int(re.sub(r"\D.*", "", text))


def _clock(text: str) -> tuple[Number, Number]:
    hour, minute = re.split(r"[:.]", text)
    return Number(int(hour), hour), Number(int(minute), minute)


def _number(text: str) -> dict[Kind, object]:
    # Longer rows of digits are telephone numbers, not times.
    return {Kind.NUMBER: Number(int(text), text)} if len(text) <= 4 else {}


_READ: Final[dict[str, Callable[[str], dict[Kind, object]]]] = {
    "iso": _iso,
    "slash": _slash,
    "colon": lambda text: {Kind.COLON: _clock(text)},
    "dot": lambda text: {Kind.DOT: _clock(text)},
    "decimal": lambda text: {Kind.DECIMAL: float(text.replace(",", "."))},
    "ordinal": lambda text: {Kind.ORDINAL: day_of_ordinal(text)},
    "number": _number,
    "dash": lambda _: {Kind.DASH: None},
    "at": lambda _: {Kind.AT: None},
}
