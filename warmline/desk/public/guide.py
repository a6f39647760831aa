"""The guide for peers, read from the file beside the pages: as parts of a page, and to copy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from warmline import languages, prompts

HERE: Final = Path(__file__).parent / "guide"
ELEMENTS: Final = {"#": "h1", "##": "h2", ">": "blockquote"}
_SAID: Final = re.compile(r"\[\[([\w.]+)\]\]")
_KEY: Final = re.compile(r"`(.+?)`")


@dataclass(frozen=True)
class Part:
    """A heading, a paragraph, a list or words of the line; `kind` is the name of its element."""

    kind: str
    lines: tuple[Markup, ...]


@cache
def text(language: str) -> str:
    """The guide in Markdown; [[key]] is what the line says there today."""
    raw = (HERE / f"{language}.md").read_text(encoding="utf-8")
    return _SAID.sub(lambda found: _guide_words(language, found[1]), raw)


def _guide_words(language: str, key: str) -> str:
    words = prompts.load().text(language, key)
    return words.replace("{line}", languages.of(language).the_line).replace("{name}", "Fern")


@cache
def parts(language: str) -> tuple[Part, ...]:
    """The guide in parts, for a page."""
    return tuple(_parts(text(language)))


def _parts(markdown: str) -> Iterator[Part]:
    for block in markdown.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        mark, _, words = lines[0].partition(" ")
        if mark == "-":
            yield Part("ul", tuple(_inline(line.removeprefix("- ")) for line in lines))
        elif mark in ELEMENTS:
            yield Part(ELEMENTS[mark], (_inline(words),))
        else:
            yield Part("p", (_inline(" ".join(lines)),))


def _inline(words: str) -> Markup:
    """Words in which keys are marked; everything else is escaped."""
    marked = _KEY.sub(r"<kbd>\1</kbd>", str(escape(words)))
    return Markup(marked)  # noqa: S704 - escaped just above, and our own file
