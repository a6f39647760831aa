"""Rows of CSV: what is written is no formula in any spreadsheet, and reads back as it was."""

import csv
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.faults import BadLines
from shifts.files.csv_rows import stream_rows, written
from tests.test_house import expect_none, own_code, place

BEGINS_ONE = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001  # East Asian spreadsheets take these too
COLUMNS = ("one", "two")
EVIL = st.text(st.sampled_from([*BEGINS_ONE, *"'\",; aé1"]), max_size=8)
CELLS = (EVIL | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)).map(
    str.strip
)


def read(text: str) -> list[list[str]]:
    bad = BadLines()
    rows = list(stream_rows(BytesIO(text.encode()), COLUMNS, bad))
    bad.refuse()
    return [list(row.cells.values()) for row in rows]


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_whatever_is_written_is_read_as_it_was_and_begins_no_formula(
    rows: list[tuple[str, str]],
) -> None:
    lines = [written(row) for row in rows]
    assert read(written(COLUMNS) + "".join(lines)) == [list(row) for row in rows if any(row)]
    for [cells] in (list(csv.reader([line])) for line in lines if "\n" not in line[:-1]):
        assert not any(cell.startswith(tuple(BEGINS_ONE)) for cell in cells)


@pytest.mark.parametrize(
    ("cell", "goes_out"),
    [
        ('=HYPERLINK("http://e")', '\'=HYPERLINK("http://e")'),
        ("@SUM(1)", "'@SUM(1)"),
        ("+14135550111", "'+14135550111"),
        ("-1", "'-1"),
        ("'=1", "''=1"),
        ("'tis", "'tis"),
        ("O'Neil", "O'Neil"),
        (None, ""),
        (12, "12"),
    ],
)
def test_a_cell_goes_out_with_an_apostrophe_only_where_it_needs_one(
    cell: object, goes_out: str
) -> None:
    [[first, _]] = csv.reader([written([cell, "x"])])
    assert first == goes_out


def test_every_file_of_ours_is_written_by_the_one_function() -> None:
    expect_none(
        place(path)
        for path in own_code()
        if "csv.writer" in path.read_text(encoding="utf-8").replace("csv.DictWriter", "csv.writer")
        and place(path) != "shifts/files/csv_rows.py"
    )
