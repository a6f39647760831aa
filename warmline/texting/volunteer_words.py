"""The words that volunteers text: what a message asks for, in every language; pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from warmline import languages

WORDS: Final = languages.in_each("volunteers")
"""Each word by its English name: English first, then the other languages."""
CHANGES_NOTHING: Final = frozenset({"SHIFTS", "OPEN", "WHO", "HOURS", "NEXT", "WORDS"})
"""A slip of the thumb in one of these does no harm, so it is forgiven."""
STOPS: Final = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"}
)
STARTS: Final = frozenset({"START", "YES", "UNSTOP"})
HELPS: Final = frozenset({"HELP", "INFO"})
"""What the carriers take for themselves, as whole messages (TELEPHONY 3)."""
LONG_ENOUGH: Final = 5
"""Letters from which on a slip is forgiven: shorter words are too near to each other."""
_MEANING: Final = {word: name for name, words in WORDS.items() for word in words}
_OPENING: Final = re.compile(r"[\W_]*([^\W\d_]+)(.*)", re.DOTALL)
"""The first run of letters, whatever stands before it, and what follows."""
_BLANK: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Message:
    """A message as it is understood: its word by its English name, or None, and what follows it.

    Without a word, `rest` is the whole message.
    """

    word: str | None
    rest: str


def read(body: str) -> Message:
    """What a message asks for; case, accents, spare spaces and punctuation do not matter."""
    found = _OPENING.match(body)
    if found is None:
        return Message(None, body.strip())
    first, rest = plain(found[1]), found[2].strip(" \t\r\n.,;:!?")
    word = _MEANING.get(first) or _forgiven(first)
    return Message(word, rest) if word else Message(None, body.strip())


def plain(text: str) -> str:
    """Upper case without accents, so that VOLVÍ and volvi are one."""
    letters = unicodedata.normalize("NFKD", text.upper())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def word_in(language: str, name: str) -> str:
    """A word as it is told in a language; in the first one where it has none of its own."""
    return (languages.of(language).words_for("volunteers", name) or WORDS[name])[0]


def language_of(body: str, *names: str) -> str | None:
    """The language that has this message, as a whole, as a word; None where it is everybody's."""
    whole = _BLANK.sub("", plain(body))
    first, *others = languages.CODES
    if any(whole in languages.of(first).words_for("volunteers", name) for name in names):
        return None
    return next(
        (
            code
            for code in others
            for name in names
            if whole in languages.of(code).words_for("volunteers", name)
        ),
        None,
    )


def is_whole(body: str, words: frozenset[str]) -> bool:
    """Whether the message as a whole is one of these words."""
    return _BLANK.sub("", plain(body)) in words


def _forgiven(token: str) -> str | None:
    """The harmless word that is one letter away, if there is exactly one."""
    if len(token) < LONG_ENOUGH:
        return None
    near = {
        name
        for word, name in _MEANING.items()
        if name in CHANGES_NOTHING and len(word) >= LONG_ENOUGH and _one_slip(token, word)
    }
    return near.pop() if len(near) == 1 else None


def _one_slip(token: str, word: str) -> bool:
    """One letter more, less, other, or two that have changed places."""
    if abs(len(token) - len(word)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(token, word, strict=False)) if a != b), None)
    if same is None:
        return token != word
    left, right = token[same:], word[same:]
    swapped = left[:2] == right[1::-1] and len(right) > 1 and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped
