"""What is wrong with a file that comes in, in the reader's language: by whole sentences."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

WORDS: Final = Path(__file__).parent.parent / "words" / "faults.toml"
NAME: Final = re.compile(r"\\{(\w+)\\}")
"""A {name} in a sentence that was made ready for a pattern."""


def told(fault: str, language: str) -> str:
    """A fault's line, part by part; what is no sentence of ours (a name, a number) stays."""
    if language != "es":
        return fault
    for sentence, spanish in _table():
        found = sentence.fullmatch(fault)
        if found:
            parts = {name: told(part, language) for name, part in found.groupdict().items()}
            return spanish.format(**parts)
    return fault


@cache
def _table() -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = tomllib.loads(WORDS.read_text(encoding="utf-8"))["said"]
    return tuple((_pattern(english), spanish) for english, spanish in pairs)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(NAME.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)
