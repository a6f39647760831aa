"""What a person got wrong, in words that say what, where and what would be right."""

from collections.abc import Sequence
from dataclasses import dataclass


class Fault(Exception):
    """Something a person can put right; `lines` holds one clear sentence for each fault."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, order=True)
class BadLine:
    """One fault in a file: the line (from 1, the header), its column, and why."""

    line: int
    column: str
    why: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.why}"


class BadFile(Fault):
    """A file with bad lines; nothing of it was taken in. `bad` is in the order of the file."""

    def __init__(self, bad: Sequence[BadLine]) -> None:
        self.bad = sorted(bad)
        super().__init__(*(str(line) for line in self.bad))
