"""The words that callers text: only when one is the whole message; pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from warmline import languages
from warmline.languages import Language
from warmline.texting.spelling import bare, letters_of, plain, unmannered
from warmline.texting.volunteer_words import HELPS, STARTS, STOPS, WORDS, is_whole


def _whole(body: str) -> str:
    return letters_of(bare(body))


BYE: Final = "BYE"
ELSE: Final = "ELSE"
QUIET: Final = "QUIET"
WAIT: Final = "WAIT"
RULES: Final = "RULES"
LIST: Final = "LIST"
KEEP: Final = "KEEP"
SAY: Final = "SAY"
ALONE: Final = (BYE, ELSE, QUIET, WAIT, RULES, LIST, KEEP, SAY)
"""What is a word as a whole message."""
LANGUAGES: Final = {
    name: code
    for code in languages.CODES
    for name in languages.of(code).words_for("callers", "THIS_LANGUAGE")
}
"""A language's own name, with which it is asked for, to its code."""
CALLERS: Final = {
    word: meaning for meaning in ALONE for word in languages.all_words("callers", meaning)
} | {name: name for name in LANGUAGES}
"""Each word of every language to what it means."""
ASKS_WHO: Final = HELPS | {*languages.all_words("callers", "HELP")}
"""Whoever writes one asks who we are, in a talk too."""
_ASKS_WHAT: Final = frozenset(_whole(one) for one in languages.all_words("speech", "asks_what"))
"""What asks what this is, or who writes, as a whole message, without blanks and punctuation."""
_GREETINGS: Final = "|".join(map(_whole, languages.all_words("speech", "greeting")))
_GREETING: Final = re.compile(rf"^(?:{_GREETINGS})+")
_COMMON: Final = {
    code: frozenset(map(plain, languages.of(code).words_for("speech", "common")))
    for code in languages.CODES
}
"""The common words of each language, by which it is known."""
_FORGET: Final = languages.all_words("callers", "FORGET")
_SAY: Final = languages.all_words("callers", SAY)
_PEER: Final = frozenset(languages.all_words("callers", "PEER"))
_RECEIPT: Final = re.compile(rf"[\W_]*({'|'.join(_FORGET)})[\W_]*(\d[\d\W_]*)")
_ANSWER: Final = re.compile(rf"[\W_]*({'|'.join(_SAY)})[\W_]*(\d[\d\W_]*)")
PLAIN_STOPS: Final = frozenset(languages.all_words("stops", "plain"))
"""What means STOP as a whole message, without blanks and punctuation: a caller may take their leave
in any reasonable way (47 CFR 64.1200(a)(10))."""
_MANNERS: Final = frozenset(
    plain(one) for one in languages.all_words("manners", "said") if " " not in one
)
_PLAINLY: Final = frozenset(languages.all_words("manners", "plainly"))
_SIGNS: Final = frozenset({"So", "Sk"})
PASSED_ON: Final = frozenset({"OK", "NO"})
"""Words of volunteers that are also everybody's: in a talk the line asks nothing they answer."""
_VOLUNTEERS: Final = frozenset(
    word for name, words in WORDS.items() if name not in PASSED_ON for word in words
)


def word_of(body: str) -> str | None:
    """What a caller's message means as a whole, in any case and with any punctuation.

    Please and thanks may stand around it; around BYE, anything kind.
    """
    left = unmannered(bare(body))
    word = CALLERS.get(letters_of(left.text))
    return word if word == BYE or not left.manners - _PLAINLY else None


def receipt_in(body: str) -> str | None:
    """The digits that follow FORGET, when that is the whole message."""
    found = _RECEIPT.fullmatch(plain(body))
    return re.sub(r"\D", "", found[2]) if found else None


def answer_wanted(body: str) -> str | None:
    """The digits that follow SAY, when that is the whole message: an answer is asked for."""
    found = _ANSWER.fullmatch(plain(body))
    return re.sub(r"\D", "", found[2]) if found else None


def names_peer(body: str) -> str | None:
    """What follows PEER and a colon: then the two may know which peer it was. None: no such word.

    With a colon, so that nobody says so by chance ("1 hour I waited", "Peer was kind").
    """
    first, colon, rest = body.partition(":")
    return rest if colon and plain(first).strip() in _PEER else None


def language_of(body: str) -> str | None:
    """The language that a message is a word of; None where it is everybody's, as English is."""
    return next((code for code in languages.CODES[1:] if _is_in(languages.of(code), body)), None)


def written_in(body: str, offered: Sequence[str]) -> str:
    """In which of a line's languages a first text seems to be written; else its first.

    By the common words of each: of two with as many, the line's own order decides.
    """
    words = re.findall(r"[^\W\d_]+", plain(body))
    return max(offered, key=lambda code: sum(word in _COMMON[code] for word in words))


def _is_in(language: Language, body: str) -> bool:
    """Whether a message is a word of a language, as a whole or with digits to come."""
    first = languages.of(languages.FIRST)
    whole, begins = _whole(body), plain(body).lstrip()
    alone = any(
        whole in language.words_for("callers", one) and whole not in first.words_for("callers", one)
        for one in (*ALONE, "HELP")
    )
    forget, say = (language.words_for("callers", one) for one in ("FORGET", SAY))
    return alone or begins.startswith((*forget, *(f"{word} " for word in say)))


def asks_who_we_are(body: str) -> bool:
    """Whether a message is a word on which the law wants us to say who we are."""
    return is_whole(body, ASKS_WHO)


def asks_what_this_is(body: str) -> bool:
    """Whether a message as a whole asks what this is, or who writes; a greeting may come first."""
    whole = _whole(body)
    return whole in _ASKS_WHAT or _GREETING.sub("", whole) in _ASKS_WHAT


def opens_the_way(body: str) -> bool:
    """Whether a message is a word on which the network opens the way to a phone again."""
    return is_whole(body, STARTS)


def is_the_networks(body: str) -> bool:
    """Whether a message is one of the words on which the network itself closes the way."""
    has_signs = any(unicodedata.category(letter) in _SIGNS for letter in body)
    return letters_of(body) in STOPS and not has_signs


def is_stop(body: str) -> bool:
    """Whether a message as a whole asks us to write no more, with please or thanks anywhere."""
    said = bare(body)
    words = plain(unmannered(said).text).split()
    left = letters_of(" ".join(one for one in words if letters_of(one) not in _MANNERS))
    return any(one in STOPS or one in PLAIN_STOPS for one in (letters_of(said), left))


def is_a_volunteers_word(body: str) -> bool:
    """Whether a message as a whole is a shift word, which a peer in a talk may mean for us."""
    return _whole(body) in _VOLUNTEERS
