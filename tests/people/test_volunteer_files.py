"""Volunteers as CSV: rows, a recorded yes, and choices that stand."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, update

from shifts.faults import BadFile
from shifts.models import AGREED, Line, Place
from warmline.database.engine import Database
from warmline.database.sealed_columns import indexes
from warmline.models.line import LineRules
from warmline.models.people import ImportedTag, SharedWord, Volunteer
from warmline.people import paused_by_others
from warmline.people.volunteer_files import Imported, export_volunteers, import_volunteers
from warmline.people.volunteer_rows import Sheet, VolunteerRow
from warmline.people.volunteers import phones_of, volunteers_on
from warmline.promise.promise import save
from warmline.promise.promise_file import from_exceptions

LINE = 1
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
NUMBER, ANA, BO = "+14135550100", "+14135550111", "+14135550112"
HEADER = "name,phone,languages,tags,voice,text,agreed\n"
SHEET = Sheet(("US",), "en", {NUMBER, None})


def rows(text: str, header: str = HEADER) -> list[VolunteerRow]:
    return SHEET.rows((header + text).encode())


def faults(text: str, header: str = HEADER) -> list[str]:
    with pytest.raises(BadFile) as caught:
        rows(text, header)
    return list(caught.value.lines)


@contextmanager
def line(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(insert(Line).values(id=LINE, name="Maple Line", time_zone="UTC"))
        connection.execute(insert(LineRules).values(line_id=LINE, number=NUMBER))
        save(connection, LINE, from_exceptions("There are none.", ["en"]), NOON)
        yield connection
    database.close()


def brought(connection: Connection, text: str, now: datetime = NOON) -> Imported:
    return import_volunteers(connection, LINE, rows(text), now)


def volunteer(connection: Connection, phone: str) -> Any:
    theirs = Volunteer.phone_index.in_(indexes(phone))
    return connection.execute(select(Volunteer.__table__).where(theirs)).one()


def test_a_row_is_read_as_people_write_it() -> None:
    (ana,) = rows("  Ana  Lee , (413) 555-0111 ,ES; en,Deaf; parent;deaf,YES,no,Ask\n")
    assert (ana.name, ana.phone, ana.languages) == ("Ana Lee", ANA, ("es", "en"))
    assert ana.tags == ("deaf", "parent")
    assert (ana.voice, ana.text, ana.agreed, ana.time_zone) == (True, False, "ask", None)


def test_empty_cells_mean_the_first_language_and_both_ways_and_no_yes() -> None:
    (bo,) = rows("Bo,413 555 0112,,,,,\n")
    assert (bo.languages, bo.tags, bo.voice, bo.text, bo.agreed) == (("en",), (), True, True, "")


def test_every_bad_cell_is_named() -> None:
    assert faults(
        f" ,988,xx,{'t' * 41},maybe,sí,no\n"
        f"Ana,{ANA},en,,yes,yes,yes\n"
        f"Chi,+1{900}5550123,en,,yes,yes,yes\n"
        f"Dee,{NUMBER},en,,yes,yes,yes\n"
        "Ana,413-555-0111,en,,yes,yes,yes\n"
    ) == [
        "line 2, column agreed: 'no' is not yes, ask or empty",
        "line 2, column languages: 'xx' is not one of en, es",
        "line 2, column name: may not stay blank",
        "line 2, column phone: not a full phone number; write it as +1 413 555 0100",
        f"line 2, column tags: '{'t' * 40}': at most 40 characters a tag",
        "line 2, column text: 'sí' is neither yes nor no",
        "line 2, column voice: 'maybe' is neither yes nor no",
        "line 4, column phone: not the number of a fixed, mobile or internet phone",
        "line 5, column phone: the line's own number; give the volunteer's",
        "line 6, column phone: the same phone as in line 3",
    ]


def test_a_time_zone_of_ones_own_is_checked() -> None:
    header = HEADER.replace("agreed", "agreed,time_zone")
    (ana,) = rows(f"Ana,{ANA},en,,yes,yes,yes,America/Chicago\n", header)
    assert ana.time_zone == "America/Chicago"
    assert faults(f"Ana,{ANA},en,,yes,yes,yes,Chicago\n", header) == [
        "line 2, column time_zone: 'Chicago' is no time zone; write it as America/New_York"
    ]


def test_a_yes_is_recorded_with_its_instant_and_the_promise_in_force(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,parent,yes,yes,yes\nBo,{BO},en,,yes,yes,ask\n")
        ana, bo = volunteer(connection, ANA), volunteer(connection, BO)
        assert (ana.agreed, ana.agreed_at, ana.agreed_promise) == ("yes", NOON, 1)
        assert (bo.agreed, bo.agreed_at, bo.agreed_promise) == ("ask", None, None)
        assert connection.scalars(select(ImportedTag.word)).all() == ["parent"]


def test_the_same_file_again_changes_nothing(database_url: str) -> None:
    text = f"Ana,{ANA},en es,parent;Deaf,yes,no,yes\nBo,{BO},en,,yes,yes,\n"
    with line(database_url) as connection:
        assert brought(connection, text) == Imported(added=2)
        before = export_volunteers(connection, LINE)
        assert brought(connection, text, LATER) == Imported(already=2)
        assert export_volunteers(connection, LINE) == before
        assert volunteer(connection, ANA).agreed_at == NOON


def test_an_import_updates_by_phone(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,parent,yes,yes,ask\n")
        done = brought(connection, f"Ana Lee,{ANA},en es,Deaf,no,yes,yes\n", LATER)
        assert done == Imported(changed=1)
        assert export_volunteers(connection, LINE).splitlines()[1:] == [
            f"Ana Lee,'{ANA},en es,Deaf,no,yes,yes,"
        ]
        assert volunteer(connection, ANA).agreed_at == LATER


def test_a_later_file_does_not_lower_a_yes_and_says_whose(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n")
        done = brought(connection, f"Ana,{ANA},en,,yes,yes,ask\n", LATER)
        assert done.stands == ("line 2, column agreed: Ana has said yes, and that stands",)
        assert volunteer(connection, ANA).agreed == "yes"


def test_a_yes_its_person_took_back_is_not_raised_by_a_file(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n")
        connection.execute(update(Volunteer).values(agreed=""))
        done = brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n", LATER)
        assert done.stands == (
            "line 2, column agreed: Ana has taken their yes back, and that stands",
        )
        assert volunteer(connection, ANA).agreed == ""


def test_a_file_neither_sees_nor_ends_a_pause_that_others_asked_for(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n")
        before = export_volunteers(connection, LINE)
        person = connection.execute(select(Volunteer.person_id)).scalar_one()
        paused_by_others.begin(connection, LINE, person, person, "Shouts", NOON)
        assert export_volunteers(connection, LINE) == before
        again = SHEET.rows(before.encode())
        assert import_volunteers(connection, LINE, again, LATER) == Imported(already=1)
        assert connection.execute(select(Volunteer.agreed)).scalar_one() == paused_by_others.HELD


def test_a_zone_chosen_since_stays_when_the_file_has_none(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n")
        connection.execute(update(Volunteer).values(time_zone="America/Denver"))
        assert brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n") == Imported(already=1)
        assert volunteer(connection, ANA).time_zone == "America/Denver"


def test_only_who_said_yes_counts_as_on(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\nBo,{BO},en,,yes,yes,ask\n")
        shift = {"line_id": LINE, "starts_at": NOON, "ends_at": LATER, "state": AGREED}
        shift["ends_at"] = NOON + timedelta(hours=4)
        places = [shift | {"person_id": person} for person in phones_of(connection, LINE)]
        connection.execute(insert(Place), places)
        on = volunteers_on(connection, LINE, NOON + timedelta(hours=1))
        assert [(one.name, phone) for one, phone in on] == [("Ana", ANA)]


@given(data=st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_bad_file_with_printable_lines(data: bytes) -> None:
    for start in (b"", HEADER.encode()):
        assert all(line.isprintable() for line in complaints(start + data))


def complaints(data: bytes) -> list[str]:
    try:
        SHEET.rows(data)
    except BadFile as fault:
        return list(fault.lines)
    return []


def test_an_export_leaves_out_what_people_share_unless_it_is_asked_for(database_url: str) -> None:
    with line(database_url) as connection:
        brought(connection, f"Ana,{ANA},en,,yes,yes,yes\n")
        person = volunteer(connection, ANA).person_id
        connection.execute(insert(SharedWord).values(person_id=person, word="parent"))
        assert "parent" not in export_volunteers(connection, LINE)
        row = f"Ana,'{ANA},en,parent,yes,yes,yes"
        assert row in export_volunteers(connection, LINE, shared=True)


EVIL = ('=HYPERLINK("http://e")', "@SUM(1)", "+1", "-1", "'=1", "'tis", "＝1", "O'Neil")  # noqa: RUF001  # East Asian spreadsheets take these too


def test_whatever_people_call_themselves_goes_out_as_no_formula_and_comes_back_as_it_was(
    database_url: str,
) -> None:
    came = [
        VolunteerRow(2 + at, name, f"+1413555{at:04}", ("en",), (name,), True, True, "yes", "UTC")
        for at, name in enumerate(EVIL, start=120)
    ]
    with line(database_url) as connection:
        import_volunteers(connection, LINE, came, NOON)
        gone = export_volunteers(connection, LINE)
    for cells in csv.reader(gone.splitlines()):
        assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in cells)  # noqa: RUF001  # as above
    back = SHEET.rows(gone.encode())
    assert {replace(one, line=0) for one in back} == {replace(one, line=0) for one in came}
