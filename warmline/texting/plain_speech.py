"""How people say it without our words: openings in each language, and what each would be; pure.

The phrases are regular expressions over a message in lower case, without accents and punctuation,
in the files of the languages (`words.openings`). {when}, {minutes} and {name} are what is read
from them. A phrase has to be the whole message, so that a story is never taken for a request.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from warmline import languages
from warmline.texting.spelling import bare, letters_of, plain, unmannered

YES: Final = "YES"
NO: Final = "NO"
LONGEST: Final = 160
"""Letters of a request; what is longer is a story."""
THANKS: Final = "THANKS"
_SLOTS: Final = {
    "{when}": r"(?P<when>.+)",
    "{minutes}": r"(?P<minutes>\d{1,3})",
    "{name}": r"(?P<name>[^\W\d_]+)",
    "{thing}": r".+",
}
_SPARE: Final = re.compile(r"(?<!\d)[^\w\s]|[^\w\s](?!\d)|_")


@dataclass(frozen=True)
class Opening:
    """What somebody means: which of our words it would be, and what they said with it."""

    meaning: str
    said: Mapping[str, str] = field(default_factory=dict)


def openings(body: str, language: str, names: Collection[str] = ()) -> Iterator[Opening]:
    """What a message may mean in plain speech, the likeliest first; nothing where it is a story."""
    text = bare(body, names)
    whole, left = _spoken(text), _spoken(unmannered(text).text)
    if not whole and is_wordless(body):
        yield Opening(THANKS)
    if not whole or len(whole) > LONGEST:
        return
    others = [code for code in languages.CODES if code != language]
    for said in dict.fromkeys((whole, left or whole)):
        for code in (language, *others):
            for meaning, phrase in _phrases(code):
                found = phrase.fullmatch(said)
                if found is not None:
                    slots = {name: text for name, text in found.groupdict().items() if text}
                    yield Opening(meaning, slots)


def opening(body: str, language: str, names: Collection[str] = ()) -> Opening | None:
    """The likeliest of what a message may mean; None where no opening is the whole of it."""
    return next(openings(body, language, names), None)


def answer(body: str, language: str, names: Collection[str] = ()) -> str | None:
    """Whether a message as a whole is a YES or a NO to whatever was asked."""
    found = opening(body, language, names)
    return found.meaning if found and found.meaning in (YES, NO) else None


def is_thanks(body: str) -> bool:
    """Whether a message is nothing but thanks."""
    left = unmannered(bare(body))
    thanks = languages.all_words("manners", "thanks")
    return not letters_of(left.text) and bool(left.manners) and left.manners <= {*thanks}


def asks_for_nothing(body: str, language: str) -> bool:
    """Whether a message, after a goodbye, is only another one: thanks, an OK, an emoji."""
    found = opening(body, language)
    return found is not None and found.meaning in (THANKS, YES)


def is_wordless(body: str) -> bool:
    """Whether there is nothing but an emoji in it."""
    return not letters_of(body) and any(unicodedata.category(one) == "So" for one in body)


def _spoken(text: str) -> str:
    said = _SPARE.sub(" ", plain(text).lower().replace("'", ""))
    return " ".join(said.split())


@cache
def _phrases(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = languages.of(code).words.get("openings", {})
    return tuple((name, re.compile(_filled(one))) for name, said in table.items() for one in said)


def _filled(phrase: str) -> str:
    for slot, pattern in _SLOTS.items():
        phrase = phrase.replace(slot, pattern)
    return phrase
