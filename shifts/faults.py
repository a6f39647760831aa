"""What a person got wrong, in words that say what, where and what would be right.

The faults of a long file: the first of them in words, the rest as a number.
"""

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


class NotInRoster(Fault):
    """There is no such person on this line."""


MOST_SPELLED_OUT = 200


class BadLines:
    """Bad lines as they are found; `refuse` ends the import if there is any.

    However many there are, only the first 200 by line are kept.
    """

    def __init__(self) -> None:
        self._first: list[BadLine] = []
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def append(self, bad: BadLine) -> None:
        """One more."""
        self._number += 1
        self._first.append(bad)
        if len(self._first) >= 2 * MOST_SPELLED_OUT:
            self._first = sorted(self._first)[:MOST_SPELLED_OUT]

    def refuse(self) -> None:
        """Raise BadFile, which names them and says how many more there are; nothing if none."""
        if not self._number:
            return
        fault = BadFile(sorted(self._first)[:MOST_SPELLED_OUT])
        more = self._number - len(fault.bad)
        if more:
            fault.lines = (*fault.lines, f"and {more} more faults like these")
        raise fault
