"""A message without what phones and manners add to it: emoji, signatures, please and thanks; pure.

What is left is compared with our words. Nothing here decides what a message means.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from warmline import languages

_INSTEAD: Final = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bc\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb"), '"'),
    ord("\u2026"): "...",
}
_KEYCAP: Final = re.compile("([0-9#*])\ufe0f?\u20e3")
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_AROUND: Final = " \t\r\n.,;:!?¡¿-~*\"'()"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Bared:
    """A message without manners: what is left of it, and which kind words stood around it."""

    text: str
    manners: frozenset[str]


def plain(text: str) -> str:
    """Upper case without accents, so that VOLVÍ and volvi are one."""
    letters = unicodedata.normalize("NFKD", text.upper())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def bare(body: str, names: Collection[str] | None = None) -> str:
    """A message as typed on a plain phone, without a signature: "TAKE 3️⃣ 🙏 - Ana" is "TAKE 3".

    `names`: of those who may have signed it; None: whoever it was.
    """
    text = _KEYCAP.sub(r"\1", unicodedata.normalize("NFC", body)).translate(_INSTEAD)
    text = "".join(_on_a_plain_phone(letter) for letter in text)
    return _unsigned(_device().sub("", text), names).strip()


def unmannered(text: str) -> Bared:
    """A bare message without the please, thanks, sorry and hello around it."""
    tokens = [(plain(one[0]).replace("'", ""), one.start(), one.end()) for one in _tokens(text)]
    manners: set[str] = set()
    first, end = 0, len(tokens)
    while said := _manner([one[0] for one in tokens[first:end]]):
        manners.add(" ".join(said))
        first += len(said)
    while said := _manner([one[0] for one in tokens[first:end]], last=True):
        manners.add(" ".join(said))
        end -= len(said)
    if not manners:
        return Bared(text, frozenset())
    begins = tokens[first - 1][2] if first else 0
    ends = tokens[end][1] if end < len(tokens) else len(text)
    return Bared(text[begins:ends].strip(_AROUND), frozenset(manners))


def letters_of(text: str) -> str:
    """A message as one word: upper case, without accents, blanks and punctuation."""
    return _NOT_LETTERS.sub("", plain(text))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(text)


def _on_a_plain_phone(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Cf" or letter in "\ufe0e\ufe0f\u20e3":
        return ""
    if kind in ("So", "Zs", "Co", "Cn") or "\U0001f000" <= letter <= "\U0001faff":
        return " "
    return letter


@cache
def _device() -> re.Pattern[str]:
    begins = "|".join(map(re.escape, languages.all_words("manners", "sent_from")))
    return re.compile(rf"(?:^|\s)(?:-+\s*)?(?:{begins})\b[^\n]{{0,40}}\s*$", re.IGNORECASE)


def _unsigned(text: str, names: Collection[str] | None) -> str:
    """Without "- Ana" at the end, or her name on a line of its own."""
    if names is None:
        return re.sub(r"(?:^|\s)[-~\u2013\u2014]+ ?[A-ZÁÉÍÓÚÑ][^\W\d_]*\.?\s*$", "", text)
    own = {plain(one) for name in names for one in (name, *name.split(), name[:1]) if one}
    found = re.search(r"(?:(?:^|\s)[-~\u2013\u2014]+\s*|\n\s*)([^\n\-~\u2013\u2014]{1,40})$", text)
    if found and plain(found[1].strip(" .!")) in own:
        return text[: found.start()]
    return text


@cache
def _manners() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(plain(one).split()) for one in languages.all_words("manners", "said"))


def _manner(words: list[str], *, last: bool = False) -> tuple[str, ...] | None:
    """The longest kind phrase with which these words begin, or end."""
    for many in range(min(4, len(words)), 0, -1):
        said = tuple(words[-many:] if last else words[:many])
        if said in _manners():
            return said
    return None
