"""The faults of a long file: the first of them in words, the rest as a number."""

from shifts.faults import BadFile, BadLine

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
