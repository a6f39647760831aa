"""The byte search: whether anything of somebody is left in any byte of any file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from warmline.privacy.spellings import SHORTEST, Needle

PIECE: Final = 1 << 20
"""Bytes that are read and compared at a time."""
EMPTY: Final = bytes(4096)


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing found: what it is and how it was written, never the thing itself."""

    what: str
    how: str
    where: str
    offset: int

    @property
    def line(self) -> str:
        """The find as it is shown."""
        return f"{self.what} ({self.how}) in {self.where} at byte {self.offset}"


@dataclass
class Searched:
    """What was searched and what was found; `unread` are files that could not be read."""

    files: int = 0
    size: int = 0
    found: list[Trace] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class Search:
    """Looks for all needles at once; how many they are makes it no slower.

    A needle is known by its first eight bytes, taken as one number. A file is read as such
    numbers from eight beginnings, so that none is missed wherever it starts.
    """

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._needles: dict[int, list[Needle]] = defaultdict(list)
        for needle in needles:
            self._needles[memoryview(needle.data[:SHORTEST]).cast("Q")[0]].append(needle)
        self._words = frozenset(self._needles)
        every = (len(one.data) for same in self._needles.values() for one in same)
        self._overlap = max(every, default=SHORTEST) - 1
        self.done = Searched()

    def file(self, path: Path) -> None:
        """Search every byte of a file; one that is gone holds nothing any more."""
        try:
            with path.open("rb") as stream:
                self._stream(str(path), stream)
        except FileNotFoundError:
            return
        except OSError:
            self.done.unread.append(str(path))

    def text(self, where: str, data: bytes) -> None:
        """Search what is in no file that can be read, such as a database's row."""
        self.done.size += len(data)
        for needle, offset in self._find(data):
            self.done.found.append(Trace(needle.what, needle.how, where, offset))

    def _stream(self, where: str, stream: BinaryIO) -> None:
        self.done.files += 1
        before, begins, seen = b"", 0, set[Needle]()
        while piece := stream.read(PIECE):
            self.done.size += len(piece)
            data = before + piece
            for needle, offset in self._find(data):
                if needle not in seen:
                    seen.add(needle)
                    trace = Trace(needle.what, needle.how, where, begins + offset)
                    self.done.found.append(trace)
            before = data[-self._overlap :]
            begins += len(data) - len(before)

    def _find(self, data: bytes) -> Iterator[tuple[Needle, int]]:
        """Each needle that is in the data, and where it is first."""
        # An empty page says as much in eight bytes; databases keep many.
        short = data.replace(EMPTY, EMPTY[:SHORTEST])
        words: set[int] = set()
        for beginning in range(min(SHORTEST, len(short))):
            end = len(short) - (len(short) - beginning) % SHORTEST
            words |= self._words.intersection(memoryview(short)[beginning:end].cast("Q"))
        for needle in (one for word in words for one in self._needles[word]):
            offset = data.find(needle.data)
            if offset >= 0:
                yield needle, offset
