"""What an answer to a question of the promise means: never, an exact exception, or neither; pure.

An answer is said to callers as it stands. So whatever says "no" in its own way is kept as never,
or callers would hear "The only exceptions: no."; and a bare "yes" is no answer at all.
"""

import re
import unicodedata
from typing import Final

from warmline import languages
from warmline.promise.promise import NEVER

NO: Final = frozenset(languages.all_words("promise", "never"))
"""Ways to say never, in every language, without accents and marks."""
YES: Final = frozenset(languages.all_words("promise", "yes"))
"""Answers that say that there is an exception, and not which."""
SAY_WHEN: Final = "does not say when; write the exact exception, or never"

_PARTS: Final = re.compile(
    r"[.,;:!?\u00a1\u00bf\u2026\n\r()\"\u201c\u201d\u00ab\u00bb\u2013\u2014]+|(?<!\w)-|-(?!\w)"
)
_SPELLED: Final = re.compile(r"\bn\s*[./]\s*a\b\.?", re.IGNORECASE)


def is_never(text: str) -> bool:
    """Whether an answer that is not blank says no, and nothing else: each part does.

    A stroke, a zero or a lone mark stand for "none" on a form.
    """
    if not text.strip():
        return False
    parts = _plain_parts(text)
    return " ".join(parts) in NO or all(part in NO or part == "0" for part in parts)


def says_not_when(text: str) -> bool:
    """Whether an answer only says that there is an exception: a bare yes, or "it depends"."""
    parts = _plain_parts(text)
    return bool(parts) and not is_never(text) and all(part in NO | YES for part in parts)


def answer(text: str) -> str:
    """An answer as it is kept: NEVER, however it is said, or the exception as it stands."""
    return NEVER if is_never(text) else text.strip()


def _plain_parts(text: str) -> list[str]:
    """What stands between marks, without accents, apostrophes and capitals; blanks left out."""
    spelled = unicodedata.normalize("NFKD", _SPELLED.sub(" na ", text)).casefold()
    bare = "".join(one for one in spelled if not unicodedata.combining(one))
    bare = re.sub(r"['\u2019\u02bc`]", "", bare)
    parts = (re.sub(r"[^\w\s]|_", " ", part) for part in _PARTS.split(bare))
    return [" ".join(words) for part in parts if (words := _each_once(part.split()))]


def _each_once(words: list[str]) -> list[str]:
    """Words without their echo: "no no no" is one no."""
    return [one for one, before in zip(words, ["", *words], strict=False) if one != before]
