"""Rules of a grammar: small functions that find every way to read the tokens from a place on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from warmline.plain_dates.lexicon import Kind
from warmline.plain_dates.tokens import Token

_SILENT: Final = object()
"""What a word is worth that must stand there but says nothing more."""


@dataclass
class Sentence:
    """The tokens of a text, and how far any rule has come in them."""

    tokens: Sequence[Token]
    furthest: int = 0

    @property
    def stumbled_at(self) -> str:
        """The first word beyond which no rule came; the last one where more was awaited."""
        return self.tokens[min(self.furthest, len(self.tokens) - 1)].text


T = TypeVar("T")
Rule = Callable[[Sentence, int], Iterator[tuple[T, int]]]
"""From a place in a sentence to each meaning found there and the place after it."""


def word(kind: Kind) -> Rule[object]:
    """One token of this kind; its meaning."""

    def rule(sentence: Sentence, at: int) -> Iterator[tuple[object, int]]:
        if at < len(sentence.tokens) and kind in sentence.tokens[at].kinds:
            sentence.furthest = max(sentence.furthest, at + 1)
            yield sentence.tokens[at].kinds[kind], at + 1

    return rule


def token_of(*kinds: Kind) -> Rule[object]:
    """One token of any of these kinds, which adds nothing to the meaning."""
    return seq(lambda _: _SILENT, either(*map(word, kinds)))


def perhaps(*kinds: Kind) -> Rule[object]:
    """One such token or none."""
    return either(token_of(*kinds), lambda _, at: iter([(_SILENT, at)]))


def maybe(rule: Rule[T]) -> Rule[T | None]:
    """What the rule finds, and None where it is left out."""
    return either(rule, lambda _, at: iter([(None, at)]))


def either(*rules: Rule[T]) -> Rule[T]:
    """What any of the rules finds."""

    def rule(sentence: Sentence, at: int) -> Iterator[tuple[T, int]]:
        for one in rules:
            yield from one(sentence, at)

    return rule


def seq(build: Callable[..., T | None], *rules: Rule[object]) -> Rule[T]:
    """The rules one after another; their meanings, without the silent ones, go to `build`.

    Where `build` answers None there is no such reading.
    """

    def rule(sentence: Sentence, at: int) -> Iterator[tuple[T, int]]:
        for values, after in _row(sentence, at, rules):
            meaning = build(*(value for value in values if value is not _SILENT))
            if meaning is not None:
                yield meaning, after

    return rule


def each(rule: Rule[object]) -> Rule[object]:
    """Every one of the several meanings that a rule finds."""

    def every(sentence: Sentence, at: int) -> Iterator[tuple[object, int]]:
        for meanings, after in rule(sentence, at):
            if not isinstance(meanings, tuple):
                raise TypeError("several meanings are a tuple")
            for meaning in meanings:
                yield meaning, after

    return every


def whole(rule: Rule[T], sentence: Sentence) -> list[T]:
    """Every meaning of the whole sentence."""
    return [meaning for meaning, after in rule(sentence, 0) if after == len(sentence.tokens)]


def _row(
    sentence: Sentence, at: int, rules: Sequence[Rule[object]]
) -> Iterator[tuple[tuple[object, ...], int]]:
    if not rules:
        yield (), at
        return
    for value, after in rules[0](sentence, at):
        for values, end in _row(sentence, after, rules[1:]):
            yield (value, *values), end
