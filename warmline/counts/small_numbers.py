"""How a language with so few calls that a count would tell of one person is told."""

from typing import Final

OTHER: Final = "other"
