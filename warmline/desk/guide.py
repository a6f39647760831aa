"""The guide for peers, read from the file beside the pages: as parts of a page, and to copy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from warmline import prompts
from warmline.prompts import LANGUAGES as LANGUAGES

HERE: Final = Path(__file__).parent / "guide"
THE_LINE: Final = {"en": "The line", "es": "La línea"}
"""What stands for a line's name in the words that it says."""
_SAID: Final = re.compile(r"\[\[([\w.]+)\]\]")
_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")
_KEY: Final = re.compile(r"`(.+?)`")


@dataclass(frozen=True)
class Part:
    """A heading of level 1 to 3, a paragraph ("p") or a list ("ul"), with its lines."""

    kind: str
    lines: tuple[Markup, ...]


@cache
def text(language: str) -> str:
    """The guide in Markdown; [[key]] is what the line says there today."""
    raw = (HERE / f"{language}.md").read_text(encoding="utf-8")
    return _SAID.sub(lambda found: _said(language, found[1]), raw)


def _said(language: str, key: str) -> str:
    words = prompts.load().text(language, key)
    return words.replace("{line}", THE_LINE[language]).replace("{name}", "Fern")


@cache
def parts(language: str) -> tuple[Part, ...]:
    """The guide in parts, for a page."""
    return tuple(_parts(text(language)))


def _parts(markdown: str) -> Iterator[Part]:
    for block in markdown.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        if lines[0].startswith("#"):
            marks, _, words = lines[0].partition(" ")
            yield Part(f"h{len(marks)}", (_inline(words),))
        elif lines[0].startswith("- "):
            items = " ".join(lines).removeprefix("- ").split(" - ")
            yield Part("ul", tuple(_inline(item) for item in items))
        else:
            yield Part("p", (_inline(" ".join(lines)),))


def _inline(words: str) -> Markup:
    """Words with what is strong and what is a key marked; everything else is escaped."""
    safe = str(escape(words))
    safe = _STRONG.sub(r"<strong>\1</strong>", safe)
    return Markup(_KEY.sub(r"<kbd>\1</kbd>", safe))  # noqa: S704 - escaped just above, our own file
