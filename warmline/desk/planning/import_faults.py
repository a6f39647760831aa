"""What is wrong with a file that comes in, in the reader's language: by whole sentences."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

WORDS: Final = Path(__file__).parent.parent / "words"
"""faults_<language>.toml: English has none, it is what the command line says."""
NAME: Final = re.compile(r"\\{(\w+)\\}")
"""A {name} in a sentence that was made ready for a pattern."""


def in_words(fault: str, language: str) -> str:
    """A fault's line, part by part; what is no sentence of ours (a name, a number) stays."""
    for sentence, theirs in _table(language):
        found = sentence.fullmatch(fault)
        if found:
            parts = {name: in_words(part, language) for name, part in found.groupdict().items()}
            return theirs.format(**parts)
    return fault


@cache
def _table(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    path = WORDS / f"faults_{language}.toml"
    pairs = tomllib.loads(path.read_text(encoding="utf-8"))["said"] if path.exists() else ()
    return tuple((_pattern(english), theirs) for english, theirs in pairs)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(NAME.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL)
