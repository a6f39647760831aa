"""Places as CSV: what goes out comes back, and every bad line is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from shifts.faults import BadFile, BadLines
from shifts.files.csv_places import export_places, import_places, read_places
from shifts.files.importing import Imported
from shifts.files.staging import FilePlace, stage
from shifts.history.history import NothingToUndo
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Place
from shifts.who_is_on import pieces
from tests.examples import examples
from tests.shifts.rosters import ANA, BO, LINE, add, begin, roster
from tests.shifts.seen import undo_last
from warmline.database.engine import Database

PHONES = {ANA: "+14135550111", BO: "+14135550112"}
ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEADER = "starts,ends,phone,agreed\n"


def person_of(phone: str) -> int:
    found = [person for person, own in PHONES.items() if own == phone]
    if not found:
        raise ValueError(f"no volunteer has {phone!r}")
    return found[0]


def read(data: bytes) -> list[FilePlace]:
    bad = BadLines()
    found = list(read_places(BytesIO(data), person_of, bad))
    bad.refuse()
    return found


def imported(connection: Connection, text: str) -> Imported:
    stage(connection, read(text.encode()))
    return import_places(connection, LINE, {}, NOON)


def exported(connection: Connection, zone: ZoneInfo = ZONE) -> str:
    return "".join(export_places(connection, LINE, PHONES, zone))


def as_written(rows: str) -> str:
    """With phones as they go out, so that no spreadsheet takes one for a formula."""
    return rows.replace(",+1", ",'+1")


def faults(text: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        read(text.encode())
    return list(caught.value.lines)


def places(connection: Connection) -> list[tuple[datetime, datetime, int | None, str]]:
    query = select(Place.starts_at, Place.ends_at, Place.person_id, Place.state)
    rows = connection.execute(query)
    return sorted(((start, end, who, state) for start, end, who, state in rows), key=repr)


def test_a_row_is_a_place_and_its_offset_counts(database_url: str) -> None:
    with roster(database_url) as connection:
        done = imported(
            connection,
            HEADER
            + "2026-03-02T07:00:00-05:00,2026-03-02T16:00:00Z,+14135550111,yes\n"
            + "2026-03-02 12:00:00+00:00,2026-03-02T16:00+00:00,+14135550112,\n"
            + "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,,\n"
            + "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,,yes\n",
        )
        end = NOON + timedelta(hours=4)
        assert done == Imported(added=4, agreed=0, already=0)
        assert places(connection) == sorted(
            [
                (NOON, end, ANA, AGREED),
                (NOON, end, BO, ASKED),
                (NOON, end, None, OPEN),
                (NOON, end, None, OPEN),
            ],
            key=repr,
        )


def test_the_same_file_twice_changes_nothing_and_one_more_equal_row_is_one_more_place(
    database_url: str,
) -> None:
    row = "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,,\n"
    hers = "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,+14135550111,yes\n"
    with roster(database_url) as connection:
        imported(connection, HEADER + row + row + hers)
        once = places(connection)
        assert imported(connection, HEADER + row + row + hers) == Imported(0, 0, 3)
        assert places(connection) == once
        assert imported(connection, HEADER + row * 3) == Imported(1, 0, 2)


def test_a_yes_makes_an_asked_place_agreed_and_nothing_takes_a_yes_back(database_url: str) -> None:
    span = "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,+14135550111,"
    with roster(database_url) as connection:
        imported(connection, HEADER + span + "\n")
        assert imported(connection, HEADER + span + "yes\n") == Imported(0, 1, 0)
        assert imported(connection, HEADER + span + "no\n") == Imported(0, 0, 1)
        assert [(state) for *_, state in places(connection)] == [AGREED]
        assert connection.scalar(select(Place.version)) == 2


def test_a_long_row_is_stored_in_pieces_and_exported_as_one(database_url: str) -> None:
    row = "2026-03-02T07:00:00-05:00,2026-03-05T07:00:00-05:00,+14135550111,yes\n"
    with roster(database_url) as connection:
        assert imported(connection, HEADER + row).added == 3
        assert exported(connection) == HEADER + as_written(row)
        assert imported(connection, HEADER + row) == Imported(0, 0, 3)


def test_the_export_leaves_drafts_out_and_shows_wanted_cover_as_theirs(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + timedelta(hours=2), ANA, COVER_WANTED)
        add(connection, NOON, NOON + timedelta(hours=2), BO, DRAFT)
        assert exported(connection, ZoneInfo("UTC")) == (
            HEADER + "2026-03-02T12:00:00+00:00,2026-03-02T14:00:00+00:00,'+14135550111,yes\n"
        )


def test_both_hours_of_the_autumn_night_keep_their_own_offset(database_url: str) -> None:
    rows = (
        "2026-11-01T01:30:00-04:00,2026-11-01T01:30:00-05:00,+14135550111,yes\n"
        "2026-11-01T01:30:00-05:00,2026-11-01T03:00:00-05:00,+14135550112,yes\n"
    )
    with roster(database_url) as connection:
        imported(connection, HEADER + rows)
        assert exported(connection) == HEADER + as_written(rows)


def test_every_bad_line_is_named_with_its_column_and_why() -> None:
    found = faults(
        HEADER
        + "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,+14135550111,yes\n"
        + "2026-03-02T12:00:00,2026-03-02T16:00:00Z,,\n"
        + "tomorrow,later,+14135550199,\n"
        + "\n"
        + "2026-03-02T12:00:00Z,2026-03-02T12:00:00Z,,\n"
        + "2026-03-02T12:00:00Z,2062-03-02T12:00:00Z,,\n"
        + "0001-01-01T00:00:00+14:00,2026-03-02T12:00:00Z,,\n"
    )
    example = "write it as 2026-03-01T18:00:00-05:00"
    assert found == [
        f"line 3, column starts: '2026-03-02T12:00:00' has no offset from UTC; {example}",
        f"line 4, column ends: 'later' is no date and time; {example}",
        "line 4, column phone: no volunteer has '+14135550199'",
        f"line 4, column starts: 'tomorrow' is no date and time; {example}",
        "line 6, column ends: is not after starts",
        "line 7, column ends: is more than a year after starts",
        "line 8, column starts: the year 1 is not one of this roster's",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1, column starts: is missing from the header"),
        ("starts,ends,phone\n", "line 1, column agreed: is missing from the header"),
        (
            "starts,ends,phone,agreed,colour\n",
            "line 1, column colour: is not known; known are starts, ends, phone, agreed",
        ),
        ("starts,ends,phone,agreed,starts\n", "line 1, column starts: is there more than once"),
        (HEADER + "a,b\n", "line 2: has 2 cells, the header 4"),
        (HEADER + '"a,b\n', "line 2: cannot be read as CSV: unexpected end of data"),
        (HEADER + "\0", "line 2: holds a zero byte; save the file as CSV UTF-8"),
    ],
)
def test_what_is_no_such_file_is_said_in_one_line(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_a_file_that_is_not_utf8_is_named_with_its_line() -> None:
    with pytest.raises(BadFile, match="line 2: is not UTF-8"):
        read(HEADER.encode() + b"\xff\xfe")


def test_a_byte_order_mark_semicolons_capitals_and_spaces_are_forgiven() -> None:
    text = "\ufeffStarts; Ends;phone;agreed\r\n"
    text += " 2026-03-02T12:00:00Z ;2026-03-02T16:00:00Z;+14135550111; YES \r\n"
    (row,) = read(text.encode())
    assert (row.line, row.starts_at, row.person_id, row.agreed) == (2, NOON, ANA, True)


def test_nobody_may_be_on_twice_within_the_file_or_with_the_roster(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, NOON, NOON + timedelta(hours=4), BO)
        before = places(connection)
        with pytest.raises(BadFile) as caught:
            imported(
                connection,
                HEADER
                + "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,+14135550111,\n"
                + "2026-03-02T15:59:59Z,2026-03-02T18:00:00Z,+14135550111,\n"
                + "2026-03-02T11:00:00Z,2026-03-02T12:00:01Z,+14135550112,\n"
                + "2026-03-02T16:00:00Z,2026-03-02T17:00:00Z,+14135550112,\n",
            )
        assert list(caught.value.lines) == [
            "line 3, column starts: Ana has a place then in line 2 too",
            "line 4, column starts: Bo has a place then in the roster too",
        ]
        assert places(connection) == before


@contextmanager
def empty_roster(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as connection:
        begin(connection)
        yield connection
        connection.rollback()
    database.close()


spans = st.tuples(st.integers(0, 100), st.integers(1, 80), st.sampled_from([AGREED, ASKED]))


@given(
    hers=st.lists(spans, max_size=4),
    free=st.lists(st.tuples(st.integers(0, 50), st.sampled_from([1, 25, 26, 60])), max_size=4),
)
@examples(40, one_database=True)
def test_what_is_exported_comes_back_the_same(
    database_url: str, hers: list[tuple[int, int, str]], free: list[tuple[int, int]]
) -> None:
    with empty_roster(database_url) as connection:
        begun = NOON
        for gap, length, state in hers:
            start, begun = begun + timedelta(hours=gap), begun + timedelta(hours=gap + length)
            add_whole(connection, start, begun, ANA, state)
        for after, length in free:
            start = NOON + timedelta(hours=after)
            add_whole(connection, start, start + timedelta(hours=length), None, OPEN)
        before, text = places(connection), exported(connection)
    with empty_roster(database_url) as connection:
        imported(connection, text)
        assert places(connection) == before
        assert imported(connection, text) == Imported(0, 0, len(before))


def add_whole(
    connection: Connection, start: datetime, end: datetime, person: int | None, state: str
) -> None:
    for piece in pieces(start, end):
        add(connection, *piece, person, state)


@given(data=st.binary(max_size=200), cells=st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_any_bytes_are_rows_or_a_bad_file_with_printable_lines(
    data: bytes, cells: list[str]
) -> None:
    for text in (data, HEADER.encode() + data, HEADER.encode() + ",".join(cells).encode()):
        assert all(line.isprintable() for line in complaints(text))


def complaints(data: bytes) -> list[str]:
    try:
        read(data)
    except BadFile as fault:
        return list(fault.lines)
    return []


def test_duty_is_beside_the_file_and_no_overlap(database_url: str) -> None:
    row = "2026-03-02T12:00:00+00:00,2026-03-02T16:00:00+00:00,+14135550111,yes\n"
    with roster(database_url) as connection:
        add(connection, NOON, NOON + timedelta(hours=4), ANA)
        connection.execute(update(Place).values(duty=True))
        assert exported(connection) == HEADER
        assert imported(connection, HEADER + row) == Imported(1, 0, 0)
        assert exported(connection, ZoneInfo("UTC")) == HEADER + as_written(row)


def test_a_small_import_is_one_change_that_can_be_undone(database_url: str) -> None:
    row = "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,+14135550111,"
    with roster(database_url) as connection:
        imported(connection, HEADER + row + "\n")
        before = places(connection)
        imported(connection, HEADER + row + "yes\n" + "2026-03-03T12:00Z,2026-03-03T16:00Z,,\n")
        assert undo_last(connection, LINE, None, NOON) == "import"
        assert places(connection) == before


def test_more_places_than_a_change_is_remembered_with_come_in_at_once(sqlite_url: str) -> None:
    rows = "2026-03-02T12:00:00Z,2026-03-02T16:00:00Z,,\n" * 2001
    with roster(sqlite_url) as connection:
        assert imported(connection, HEADER + rows) == Imported(2001, 0, 0)
        with pytest.raises(NothingToUndo):
            undo_last(connection, LINE, None, NOON)
