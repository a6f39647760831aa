"""The words that volunteers text: what a message asks for, in every language; pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from warmline import languages
from warmline.texting.spelling import bare, letters_of, plain, unmannered

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
_AROUND: Final = " \t\r\n.,;:!?\"'"


@dataclass(frozen=True)
class Message:
    """A message as it is understood: its word by its English name, or None, and what follows it.

    Without a word, `rest` is the whole message. `manners` are the kind words around it, which are
    in neither; `has_colon`: what follows stands behind a colon, so that the word was meant.
    """

    word: str | None
    rest: str
    manners: frozenset[str] = frozenset()
    has_colon: bool = False


def read(body: str, names: Collection[str] = ()) -> Message:
    """What a message asks for; case, accents, emoji, kind words, a signature do not matter.

    `names`: those with which its writer may have signed it.
    """
    left = unmannered(bare(body, names))
    found = _OPENING.match(left.text)
    if found is None:
        return Message(None, body.strip())
    first, rest = plain(found[1]), found[2].strip(_AROUND)
    word = _MEANING.get(first) or _forgiven(first)
    if word is None:
        return Message(None, body.strip())
    besides = languages.all_words("besides", word)
    has_colon = found[2].lstrip().startswith(":")
    return Message(word, "" if plain(rest) in besides else rest, left.manners, has_colon)


def word_in(language: str, name: str) -> str:
    """A word as it is told in a language; in the first one where it has none of its own."""
    return (languages.of(language).words_for("volunteers", name) or WORDS[name])[0]


def language_of(body: str, *names: str) -> str | None:
    """The language that has this message, as a whole, as a word; None where it is everybody's."""
    whole = letters_of(bare(body))
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
    return letters_of(bare(body)) in words


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
