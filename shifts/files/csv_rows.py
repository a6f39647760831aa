"""Rows of a CSV file, read with their line numbers, and written so that no cell is a formula.

A spreadsheet runs a cell that begins as a formula does, whoever wrote that name or word; a phone
(+1...) begins so too. What is written has an apostrophe before it, and what is read has it taken
off: it comes back as it was.
"""

import csv
import io
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeVar

from shifts.faults import BadFile, BadLine, BadLines

HEADER_LINE = 1
LONGEST_LINE = 100_000
"""Characters; a longer line is none of a spreadsheet's."""
A_FORMULA: Final = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001  # these too, in East Asian settings
"""With what a spreadsheet's formula begins, and what it leaves out before one."""
T = TypeVar("T")


@dataclass(frozen=True)
class CsvRow:
    """One row: the line on which it begins (from 1) and its cells, stripped, by column."""

    line: int
    cells: dict[str, str]

    def read(
        self, column: str, meaning: Callable[[str], T], bad: list[BadLine] | BadLines
    ) -> T | None:
        """What a cell means; None, and one more bad line, when `meaning` raises ValueError."""
        try:
            return meaning(self.cells.get(column, ""))
        except ValueError as fault:
            bad.append(BadLine(self.line, column, str(fault)))
            return None


def read_rows(data: bytes, needed: Sequence[str], optional: Collection[str] = ()) -> list[CsvRow]:
    """The rows of a small file, at once; raises BadFile, see `stream_rows`."""
    bad = BadLines()
    rows = list(stream_rows(io.BytesIO(data), needed, bad, optional))
    bad.refuse()
    return rows


def stream_rows(
    file: BinaryIO, needed: Sequence[str], bad: BadLines, optional: Collection[str] = ()
) -> Iterator[CsvRow]:
    """The rows of a file in UTF-8 (a BOM is fine) with commas, or semicolons in the header.

    Raises BadFile when it is not such a file, a needed column is missing, one is unknown or
    twice there. A row with another number of cells than the header is a bad line; blank lines
    are no rows.
    """
    records = _records(_lines(file))
    _, names = next(records, (HEADER_LINE, []))
    columns = [name.strip().casefold() for name in names]
    _check_header(columns, needed, optional)
    for line, cells in records:
        if len(cells) == len(columns):
            stripped = (_as_it_was(cell.strip()) for cell in cells)
            yield CsvRow(line, dict(zip(columns, stripped, strict=True)))
        else:
            bad.append(BadLine(line, "", f"has {len(cells)} cells, the header {len(columns)}"))


def written(cells: Sequence[object]) -> str:
    """One row as a line of CSV, from which `stream_rows` reads the same texts."""
    out = io.StringIO()
    # With both as the end of a line, a cell that holds either is quoted.
    csv.writer(out, lineterminator="\r\n").writerow(_no_formula(cell) for cell in cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def _no_formula(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if _would_be_one(text) else text


def _as_it_was(text: str) -> str:
    return text[1:] if text.startswith("'") and _would_be_one(text) else text


def _would_be_one(text: str) -> bool:
    """Also behind apostrophes, of which each writing adds one and each reading takes one off."""
    return text.lstrip("'")[:1] in tuple(A_FORMULA)


def _lines(file: BinaryIO) -> Iterator[str]:
    """The lines of a text with their ends as they are; raises BadFile where it is no text."""
    text = io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE):
            number += 1
            _check_line(line, number)
            yield line
    finally:
        # The file is its owner's to close.
        if not file.closed:
            text.detach()


def _check_line(line: str, number: int) -> None:
    # What is not UTF-8 was read as lone surrogates, which no UTF-8 can hold.
    if not line.isascii() and any("\ud800" <= letter <= "\udfff" for letter in line):
        raise BadFile([BadLine(number, "", "is not UTF-8; save the file as CSV UTF-8")])
    if "\0" in line:
        raise BadFile([BadLine(number, "", "holds a zero byte; save the file as CSV UTF-8")])
    if len(line) == LONGEST_LINE:
        raise BadFile([BadLine(number, "", f"is longer than {LONGEST_LINE} characters")])


def _records(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the line on which it begins."""
    first = next(lines, "")
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(itertools.chain([first], lines), delimiter=separator, strict=True)
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
        raise BadFile([BadLine(HEADER_LINE, _column_name(name), why) for name, why in bad])


def _column_name(name: str) -> str:
    return name if name and name.isprintable() else repr(name)
