"""The languages: which there are, and what each has besides what is said and shown in it.

A language is there when the prompts have its file. No other module names one: what differs between
languages is in prompts/languages, a file for each.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_time

PROMPTS: Final = Path(__file__).parent / "prompts"
FIRST: Final = "en"
"""The language of whoever has said nothing else, in which words have their names in the code."""
CODES: Final = (FIRST, *sorted({one.stem for one in PROMPTS.glob("*.toml")} - {FIRST}))
"""Every language that the prompts have, by its code of two letters."""
WITH_HALVES: Final = "a"
"""The sign of a pattern of time that says AM and PM."""


@dataclass(frozen=True)
class Language:
    """A language; patterns are those of the Unicode locale data (UTS 35)."""

    code: str
    name: str
    """Its own, as whoever speaks it looks for it."""
    voice: str
    """The provider's code for the voice that speaks it."""
    keeps_accents: bool
    """Whether its texts keep the accents that would be left out of a short message."""
    time_in_texts: str
    time_on_pages: str
    spoken_time: str
    spoken_time_at_one: str
    """A time as it is said: {time}, with its article where it has one."""
    spoken_midnight: str
    spoken_date: str
    the_line: str
    """What stands for a line's name where there is none."""
    practice: str
    """What the line of a practice is called."""
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Words that people write, by table and by what they mean, each with its spellings."""

    def words_for(self, table: str, meaning: str) -> tuple[str, ...]:
        """Its own words for something; none where it has none."""
        return self.words.get(table, {}).get(meaning, ())


@cache
def of(code: str) -> Language:
    """A language by its code; of one that there is not, the first."""
    known = code if code in CODES else FIRST
    path = PROMPTS / "languages" / f"{known}.toml"
    read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    own = {one.name: read[one.name] for one in fields(Language) if one.name in read}
    words = {
        table: {meaning: _spellings(said) for meaning, said in meanings.items()}
        for table, meanings in read["words"].items()
    }
    return Language(**own | {"code": known, "words": words})


def _spellings(said: str | list[str]) -> tuple[str, ...]:
    """Words with blanks between them, or a list where some have blanks of their own."""
    return tuple(said.split() if isinstance(said, str) else said)


@cache
def all_words(table: str, *meanings: str) -> tuple[str, ...]:
    """The words for something in every language, the first one's first; each once."""
    return tuple(
        dict.fromkeys(
            word for code in CODES for one in meanings for word in of(code).words_for(table, one)
        )
    )


def number_with_unit(unit: str, digits: str) -> re.Pattern[str]:
    """Reads a number of `digits` (a regular expression) and, after it or not, a word for its unit.

    `unit` is what the words of every language for it begin with, among the answers: "20 min".
    """
    begins = "|".join(map(re.escape, all_words("answers", unit)))
    return re.compile(rf"({digits})( ?(?:{begins})\w*)?", re.IGNORECASE)


@cache
def in_each(table: str) -> Mapping[str, tuple[str, ...]]:
    """What a table's words are in any language, by what they mean, in the first one's order."""
    meanings = dict.fromkeys(one for code in CODES for one in of(code).words.get(table, {}))
    return {meaning: all_words(table, meaning) for meaning in meanings}


def own_names() -> Mapping[str, str]:
    """Each language by its code, as it calls itself."""
    return {code: of(code).name for code in CODES}


@cache
def name_in(code: str, reader: str) -> str:
    """What a language is called in the language of whoever reads it: "inglés"."""
    return str(Locale(reader).languages.get(code, code))


@lru_cache(maxsize=4096)
def _clock_words(hour: int, minute: int, pattern: str, code: str) -> str:
    # The locale data has narrow blanks in it, with which no word of ours can be compared, and
    # which would make a message twice as long on its way.
    shown = " ".join(str(format_time(time(hour, minute), pattern, locale=code)).split())
    return shown.replace(":00", "") if WITH_HALVES in pattern else shown


def time_on_pages(local: datetime, code: str) -> str:
    """6 PM and 6:30 PM, or 18:00 where the clock has 24 hours."""
    return _clock_words(local.hour, local.minute, of(code).time_on_pages, code)


def time_in_texts(local: datetime, code: str) -> str:
    """The same, as short messages have it."""
    return _clock_words(local.hour, local.minute, of(code).time_in_texts, code).replace(".", "")
