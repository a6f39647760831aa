"""The roster as a calendar: what goes out comes back, here and on an empty line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, update

from shifts.files.importing import Imported
from shifts.history.history import Change, Pair, write
from shifts.ical.ical_writing import export_calendar
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Line, Place
from shifts.places import by_ids
from shifts.who_is_on import pieces
from tests.examples import examples
from tests.shifts.calendar_files import NOW, PHONES
from tests.shifts.ical.test_ical_import import line, seen, taken, versions
from tests.shifts.rosters import ANA, BO, CHI, LINE, add, begin
from warmline.database.engine import Database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def exported(connection: Connection, now: datetime = NOW) -> str:
    return "".join(export_calendar(connection, LINE, PHONES, now))


def events(text: str) -> list[Any]:
    """What another program reads."""
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def remove(connection: Connection, place_id: int) -> None:
    place = by_ids(connection, LINE, [place_id])[place_id]
    write(connection, Change(LINE, "remove", None, NOW), [Pair(place, None)])


def test_an_event_says_who_when_and_how_it_stands(database_url: str) -> None:
    with line(database_url) as connection:
        connection.execute(update(Line).values(name="Ana, Bo; and a line of many more peers" * 2))
        add(connection, NOON, NOON + 4 * HOUR, ANA)
        text = exported(connection)
        (name,) = connection.scalars(select(Line.name).where(Line.id == LINE))
    assert "\r\nUID:place-1@0123456789abcdef.warmline\r\nSEQUENCE:0\r\n" in text
    assert "\r\nDTSTAMP:20260301T120000Z\r\nDTSTART:20260302T120000Z\r\n" in text
    assert "\r\nATTENDEE;PARTSTAT=ACCEPTED:tel:+14135550111\r\n" in text
    assert all(len(one.encode()) <= 75 for one in text.split("\r\n"))
    (shift,) = events(text)
    assert shift["SUMMARY"] == f"{name}: agreed"
    assert shift["STATUS"] == "CONFIRMED"
    assert shift.DTEND == NOON + 4 * HOUR


def test_each_state_is_said_and_drafts_stay_inside(database_url: str) -> None:
    with line(database_url) as connection:
        for state, who in ((AGREED, ANA), (ASKED, BO), (COVER_WANTED, CHI), (DRAFT, ANA)):
            add(connection, NOON, NOON + HOUR, who, state)
        add(connection, NOON, NOON + HOUR, None, OPEN)
        connection.execute(update(Place).where(Place.person_id == CHI).values(duty=True))
        found = {(one["SUMMARY"], one["STATUS"]) for one in events(exported(connection))}
    assert found == {
        ("Peer Line: agreed", "CONFIRMED"),
        ("Peer Line: asked, no answer yet", "TENTATIVE"),
        ("Peer Line, duty: agreed, cover wanted", "CONFIRMED"),
        ("Peer Line: open place", "TENTATIVE"),
    }


def test_a_changed_place_keeps_its_name_and_a_removed_one_is_cancelled(database_url: str) -> None:
    with line(database_url) as connection:
        for start in (NOON, NOON + 5 * HOUR):
            add(connection, start, start + 4 * HOUR, ANA)
        connection.execute(update(Place).where(Place.id == 1).values(version=3))
        remove(connection, 2)
        first, gone = events(exported(connection))
        assert (first["UID"], first["SEQUENCE"]) == ("place-1@0123456789abcdef.warmline", 2)
        assert (gone["UID"], gone["SEQUENCE"]) == ("place-2@0123456789abcdef.warmline", 1)
        assert (gone["STATUS"], gone.DTSTART) == ("CANCELLED", NOON + 5 * HOUR)
        later = NOON + timedelta(days=31)
        assert len(events(exported(connection, later))) == 1


def test_our_own_calendar_into_the_same_roster_changes_nothing(database_url: str) -> None:
    with line(database_url) as connection:
        for starts_at, ends_at in pieces(NOON, NOON + 60 * HOUR):
            add(connection, starts_at, ends_at, ANA, COVER_WANTED)
        for state, who in ((ASKED, BO), (OPEN, None), (OPEN, None)):
            add(connection, NOON, NOON + HOUR, who, state)
        remove(connection, 6)
        before = versions(connection)
        assert taken(connection, exported(connection).encode()) == Imported(0, 0, 5)
        assert versions(connection) == before


def test_what_a_calendar_program_changes_in_ours_is_changed_here(database_url: str) -> None:
    with line(database_url) as connection:
        add(connection, NOON, NOON + 4 * HOUR, ANA)
        add(connection, NOON, NOON + 4 * HOUR, BO, ASKED)
        add(connection, NOON, NOON + 4 * HOUR, None, OPEN)
        data = exported(connection)
        moved = data.replace("DTEND:20260302T160000Z", "DTEND:20260302T150000Z", 1)
        assert taken(connection, moved.encode()) == Imported(0, 0, 2, changed=1)
        assert taken(connection, data.encode()) == Imported(0, 0, 3)
        yes = exported(connection).replace("NEEDS-ACTION", "ACCEPTED")
        assert taken(connection, yes.encode()) == Imported(0, 1, 2)
        named = exported(connection).replace(
            "Line: open place\r\n", "Line: open place\r\nATTENDEE:tel:+14135550113\r\n"
        )
        assert taken(connection, named.encode()) == Imported(0, 0, 2, changed=1)
        assert seen(connection) == [
            "03-02 12:00-15:00 Ana agreed",
            "03-02 12:00-16:00 Bo agreed",
            "03-02 12:00-16:00 Chi asked",
        ]
        cancelled = exported(connection).replace("STATUS:CONFIRMED", "STATUS:CANCELLED")
        assert taken(connection, cancelled.encode()).removed == 2


def test_a_calendar_that_lost_the_phones_frees_nobody(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        add(connection, NOON, NOON + 4 * HOUR, ANA)
        lines = exported(connection).split("\r\n")
        without = "\r\n".join(one for one in lines if not one.startswith("ATTENDEE"))
        assert taken(connection, without.encode()) == Imported(0, 0, 1)
        assert seen(connection) == ["03-02 12:00-16:00 Ana agreed"]


def test_a_long_shift_of_ours_changes_as_one(database_url: str) -> None:
    with line(database_url) as connection:
        for starts_at, ends_at in pieces(NOON, NOON + 60 * HOUR):
            add(connection, starts_at, ends_at, ANA)
        data = exported(connection).replace("DTEND:20260305T000000Z", "DTEND:20260303T120000Z")
        done = taken(connection, data.encode())
        assert (done.changed, done.removed) == (1, 2)
        assert seen(connection) == ["03-02 12:00-12:00 Ana agreed"]


def test_what_was_removed_here_since_stays_removed(database_url: str) -> None:
    with line(database_url) as connection:
        add(connection, NOON, NOON + 4 * HOUR, ANA)
        data = exported(connection)
        remove(connection, 1)
        done = taken(connection, data.encode())
        assert done == Imported(
            0, 0, 0, stands=("places taken off here since, and that stands: 1",)
        )
        assert seen(connection) == []


def test_an_entry_of_ours_that_this_database_does_not_know_is_an_event_like_any(
    sqlite_url: str,
) -> None:
    with line(sqlite_url) as connection:
        add(connection, NOON, NOON + 4 * HOUR, ANA)
        data = exported(connection).replace("place-1@", "place-77@").encode()
        connection.execute(update(Place).values(starts_at=NOON - HOUR, ends_at=NOON))
        assert taken(connection, data) == Imported(1, 0, 0)
        assert taken(connection, data) == Imported(0, 0, 1)


@contextmanager
def empty_roster(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as connection:
        begin(connection)
        yield connection
        connection.rollback()
    database.close()


spans = st.tuples(
    *(st.integers(0, 100), st.sampled_from([1, 24, 25, 26, 50, 60])),
    *(st.sampled_from([AGREED, ASKED]), st.booleans()),
)
free = st.tuples(st.integers(0, 50), st.sampled_from([1, 25, 26, 60]), st.booleans())


@given(hers=st.lists(spans, max_size=4), open_ones=st.lists(free, max_size=4))
@examples(12, one_database=True)
def test_what_is_exported_comes_back_the_same(
    sqlite_url: str, hers: list[tuple[int, int, str, bool]], open_ones: list[tuple[int, int, bool]]
) -> None:
    with empty_roster(sqlite_url) as connection:
        begun = NOON
        for gap, length, state, duty in hers:
            start, begun = begun + gap * HOUR, begun + (gap + length) * HOUR
            put(connection, start, begun, ANA, state, duty=duty)
        for after, length, duty in open_ones:
            start = NOON + after * HOUR
            put(connection, start, start + length * HOUR, None, OPEN, duty=duty)
        before, data = seen(connection), exported(connection).encode()
        assert taken(connection, data) == Imported(0, 0, len(before))
    with empty_roster(sqlite_url) as connection:
        assert taken(connection, data) == Imported(len(before), 0, 0)
        assert seen(connection) == before
        assert taken(connection, data) == Imported(0, 0, len(before))


def put(
    connection: Connection,
    start: datetime,
    end: datetime,
    person: int | None,
    state: str,
    *,
    duty: bool,
) -> None:
    for starts_at, ends_at in pieces(start, end):
        when = {"starts_at": starts_at, "ends_at": ends_at}
        who = {"line_id": LINE, "person_id": person, "state": state, "duty": duty}
        connection.execute(insert(Place).values(when | who))
