"""How plain a text is: its reading grade in English, its words a sentence in any language."""

import re
from typing import Final, NamedTuple

_SENTENCES: Final = re.compile(r"[.!?:;…]+(?:\s|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_NAME: Final = re.compile(r"\{\w+\}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


class Plain(NamedTuple):
    """Words, sentences and syllables of a text."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float:
        """Flesch-Kincaid: the school year in which it is read with ease; may be below nought."""
        each = 0.39 * self.words / self.sentences
        return each + 11.8 * self.syllables / self.words - 15.59

    @property
    def words_a_sentence(self) -> float:
        return self.words / self.sentences


def plain(text: str) -> Plain:
    """What a text is made of; a {name} counts as one short word, figures as none."""
    filled = _NAME.sub("Ann", text)
    parts = [one for one in _SENTENCES.split(filled) if _WORD.search(one)]
    words = _WORD.findall(filled)
    return Plain(max(1, len(words)), max(1, len(parts)), sum(map(syllables, words)) or 1)


def syllables(word: str) -> int:
    """About how many, in English: groups of vowels, but for an e that is not heard."""
    lower = re.sub(r"['\u2019].*", "", word.lower())
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxzcg]es$", lower) is not None
    return max(1, len(_VOWELS.findall(lower)) - silent)
