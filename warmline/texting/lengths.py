"""How long the line's own texts are: GSM-7 where it can be, few parts; pure."""

import unicodedata
from typing import Final

from warmline import languages

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€\f")
"""The alphabet of 3GPP TS 23.038, 6.2.1, and its extension, each of which counts twice."""
_INSTEAD: Final = {
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
}
ANSWER: Final = (160, 134)
"""What an answer may have: one message in GSM-7; two parts of 67 where accents need UCS-2."""
LIST: Final = (306, 134)
"""What a list may have: two parts, in GSM-7 and in UCS-2."""
LINE_NAME: Final = 24
PERSON_NAME: Final = 20
"""Characters of a name in a text: what comes after it is what they need to read."""


def in_gsm(text: str) -> str:
    """The text in GSM-7: accents it lacks are left out, what it lacks altogether is a "?"."""
    return "".join(_in_gsm(letter) for letter in unicodedata.normalize("NFC", text))


def written(text: str, language: str) -> str:
    """A text of the line's as it goes out in a language: with its accents, or in GSM-7."""
    return text if languages.of(language).keeps_accents else in_gsm(text)


def units(text: str) -> int:
    """What the network counts of a text: GSM-7 characters, or else UTF-16 units."""
    if _is_gsm(text):
        return len(text) + sum(letter in _GSM_TWICE for letter in text)
    return len(text.encode("utf-16-le")) // 2


def fits(text: str, lengths: tuple[int, int]) -> bool:
    """Whether a text keeps within these lengths, in the alphabet that it needs."""
    in_gsm_7, in_ucs_2 = lengths
    return units(text) <= (in_gsm_7 if _is_gsm(text) else in_ucs_2)


def shortened(name: str, most: int) -> str:
    """A name of at most so many characters: whole words of it while it has one that fits."""
    if len(name) <= most:
        return name
    words = name[: most + 1].rpartition(" ")[0].rstrip(" ,;:-")
    return words or name[:most]


def _is_gsm(text: str) -> bool:
    return all(letter in _GSM or letter in _GSM_TWICE for letter in text)


def _in_gsm(letter: str) -> str:
    if letter in _GSM or letter in _GSM_TWICE:
        return letter
    plain = _INSTEAD.get(letter) or unicodedata.normalize("NFKD", letter)
    return "".join(one for one in plain if one in _GSM) or ("" if _is_mark(letter) else "?")


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in {"Mn", "Me", "Cf"}
