"""Rows of a CSV file with their line numbers; says which lines are no rows at all."""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from shifts.faults import BadFile, BadLine

HEADER_LINE = 1
T = TypeVar("T")


@dataclass(frozen=True)
class CsvRow:
    """One row: the line on which it begins (from 1) and its cells, stripped, by column."""

    line: int
    cells: dict[str, str]

    def read(self, column: str, meaning: Callable[[str], T], bad: list[BadLine]) -> T | None:
        """What a cell means; None, and one more bad line, when `meaning` raises ValueError."""
        try:
            return meaning(self.cells.get(column, ""))
        except ValueError as fault:
            bad.append(BadLine(self.line, column, str(fault)))
            return None


def read_rows(data: bytes, needed: Sequence[str], optional: Collection[str] = ()) -> list[CsvRow]:
    """The rows of a file in UTF-8 (a BOM is fine) with commas, or semicolons in the header.

    Raises BadFile when it is not such a file, a needed column is missing, one is unknown or
    twice there, or a row has another number of cells than the header. Blank lines are no rows.
    """
    records = _records(_decoded(data))
    _, names = next(records, (HEADER_LINE, []))
    columns = [name.strip().casefold() for name in names]
    _check_header(columns, needed, optional)
    rows, bad = [], []
    for line, cells in records:
        if len(cells) == len(columns):
            stripped = (cell.strip() for cell in cells)
            rows.append(CsvRow(line, dict(zip(columns, stripped, strict=True))))
        else:
            bad.append(BadLine(line, "", f"has {len(cells)} cells, the header {len(columns)}"))
    if bad:
        raise BadFile(bad)
    return rows


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise BadFile([BadLine(line, "", "is not UTF-8; save the file as CSV UTF-8")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadFile([BadLine(line, "", "holds a zero byte; save the file as CSV UTF-8")])
    return text


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line on which it begins."""
    header = text.partition("\n")[0]
    separator = ";" if ";" in header and "," not in header else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = HEADER_LINE
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise BadFile([BadLine(begins, "", f"cannot be read as CSV: {fault}")]) from None


def _check_header(columns: list[str], needed: Sequence[str], optional: Collection[str]) -> None:
    known = [*needed, *optional]
    bad = [(name, "is missing from the header") for name in needed if name not in columns]
    bad += [
        (name, f"is not known; known are {', '.join(known)}")
        for name in columns
        if name not in known
    ]
    bad += [(name, "is there more than once") for name in known if columns.count(name) > 1]
    if bad:
        raise BadFile([BadLine(HEADER_LINE, _shown(name), why) for name, why in bad])


def _shown(name: str) -> str:
    return name if name and name.isprintable() else repr(name)
