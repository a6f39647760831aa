"""A calendar comes in again and again: what the file changes is changed, what people did stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, update

from shifts.faults import BadFile, BadLines
from shifts.files.importing import Imported
from shifts.files.staging import stage
from shifts.ical.comparing_events import import_events
from shifts.ical.ical_places import Reading, read_calendar
from shifts.models import AGREED, ASKED, COVER_WANTED, OPEN, Line, Place
from shifts.overrides.holidays import temporary
from shifts.planning_models import RemovedPlace
from tests.examples import examples
from tests.shifts.calendar_files import (
    EVENING,
    HERE,
    KEY,
    NAMES,
    NOW,
    PHONES,
    ZONE,
    calendar,
    event,
    person_of,
)
from tests.shifts.rosters import ANA, BO, CHI, LINE, add, roster
from tests.shifts.seen import undo_last

FROM_ANA = "ATTENDEE;PARTSTAT=ACCEPTED:tel:+14135550111"
ASKS_ANA = "ATTENDEE;PARTSTAT=NEEDS-ACTION:tel:+14135550111"
ASKS_BO = "ATTENDEE:tel:+14135550112"
BEGINS = datetime(2026, 3, 2, 23, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = st.integers(2, 6)


@contextmanager
def line(url: str) -> Iterator[Connection]:
    with roster(url) as connection:
        connection.execute(update(Line).where(Line.id == LINE).values(calendar_key=KEY))
        yield connection
        connection.rollback()


def imported(connection: Connection, *parts: str, now: datetime = NOW) -> Imported:
    return taken(connection, calendar(*parts), now)


def taken(connection: Connection, data: bytes, now: datetime = NOW) -> Imported:
    bad = BadLines()
    stage(connection, read_calendar(BytesIO(data), Reading(ZONE, KEY, person_of, now, bad)))
    bad.refuse()
    return import_events(connection, LINE, KEY, {}, now)


def seen(connection: Connection) -> list[str]:
    """The line's places in a few words, in UTC."""
    query = select(Place.starts_at, Place.ends_at, Place.person_id, Place.state, Place.duty)
    rows = connection.execute(query.where(Place.line_id == LINE))
    return sorted(
        f"{start:%m-%d %H:%M}-{end:%H:%M} {NAMES[who]} {state}{' duty' if duty else ''}"
        for start, end, who, state, duty in rows
    )


def versions(connection: Connection) -> list[tuple[int, int, str | None]]:
    rows = connection.execute(select(Place.id, Place.version, Place.origin))
    return sorted((one, version, origin) for one, version, origin in rows)


@pytest.mark.parametrize("name", ["google.ics", "outlook.ics", "apple.ics"])
def test_the_same_file_twice_changes_nothing(database_url: str, name: str) -> None:
    data = (HERE / name).read_bytes()
    with line(database_url) as connection:
        first = taken(connection, data)
        once = versions(connection)
        assert first == Imported(added=len(once), agreed=0, already=0)
        assert taken(connection, data) == Imported(0, 0, len(once))
        assert versions(connection) == once


def test_a_changed_occurrence_takes_the_place_of_the_events_own(database_url: str) -> None:
    with line(database_url) as connection:
        taken(connection, (HERE / "google.ics").read_bytes())
        assert seen(connection) == [
            "03-02 23:00-03:00 Ana agreed",
            "03-02 23:00-03:00 Bo asked",
            "03-04 23:00-03:00 Ana agreed",
            "03-04 23:00-03:00 Bo asked",
            "03-05 23:00-03:00 open open",
            "03-09 22:00-02:00 Ana agreed",
            "03-09 22:00-02:00 Bo asked",
            "03-16 23:00-01:00 Chi agreed",
            "03-23 22:00-02:00 Ana agreed",
            "03-23 22:00-02:00 Bo asked",
        ]


def change(connection: Connection, **values: object) -> None:
    """Somebody changes the one place there is, as the words by text do."""
    connection.execute(update(Place).values(version=Place.version + 1, **values))


def test_a_yes_of_the_file_is_taken_and_a_yes_given_meanwhile_is_not_taken_back(
    database_url: str,
) -> None:
    with line(database_url) as connection:
        imported(connection, event(*EVENING, ASKS_ANA))
        assert imported(connection, event(*EVENING, FROM_ANA)) == Imported(0, 1, 0)
        assert seen(connection) == ["03-02 23:00-03:00 Ana agreed"]
        assert imported(connection, event(*EVENING, ASKS_ANA)) == Imported(0, 0, 1)
        assert seen(connection) == ["03-02 23:00-03:00 Ana agreed"]


@pytest.mark.parametrize(
    ("who", "values"),
    [
        ("open", {"person_id": BO, "state": AGREED}),
        (FROM_ANA, {"person_id": None, "state": OPEN}),
        (FROM_ANA, {"person_id": CHI, "state": AGREED}),
        (FROM_ANA, {"state": COVER_WANTED}),
        (FROM_ANA, {"ends_at": BEGINS + HOUR}),
    ],
)
def test_what_people_did_stands_while_the_file_says_the_same(
    sqlite_url: str, who: str, values: dict[str, object]
) -> None:
    lines = EVENING if who == "open" else (*EVENING, who)
    with line(sqlite_url) as connection:
        imported(connection, event(*lines))
        change(connection, **values)
        before = seen(connection)
        assert imported(connection, event(*lines)) == Imported(0, 0, 1)
        assert seen(connection) == before


def test_another_person_in_the_file_is_another_place(database_url: str) -> None:
    with line(database_url) as connection:
        imported(connection, event(*EVENING, FROM_ANA))
        assert imported(connection, event(*EVENING, ASKS_BO)) == Imported(1, 0, 0, removed=1)
        assert seen(connection) == ["03-02 23:00-03:00 Bo asked"]


def test_who_claimed_a_place_and_is_then_named_by_the_file_has_it_once(database_url: str) -> None:
    named = event(*EVENING, "ATTENDEE;PARTSTAT=ACCEPTED:tel:+14135550112")
    with line(database_url) as connection:
        imported(connection, event(*EVENING))
        change(connection, person_id=BO, state=ASKED)
        assert imported(connection, named) == Imported(0, 1, 0)
        assert imported(connection, named) == Imported(0, 0, 1)
        assert seen(connection) == ["03-02 23:00-03:00 Bo agreed"]


def test_a_claimed_place_stays_where_the_file_asks_somebody_else_as_well(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        imported(connection, event(*EVENING))
        change(connection, person_id=ANA, state=AGREED)
        assert imported(connection, event(*EVENING, ASKS_BO)) == Imported(1, 0, 0)
        assert seen(connection) == ["03-02 23:00-03:00 Ana agreed", "03-02 23:00-03:00 Bo asked"]


LATER = ("DTSTART;TZID=America/New_York:20260302T200000", "DURATION:PT4H")
THAT_ONE = "RECURRENCE-ID;TZID=America/New_York:20260302T180000"
SERIES = event(*EVENING, "RRULE:FREQ=DAILY;COUNT=3", FROM_ANA)


@pytest.mark.parametrize(
    ("starts", "length", "now", "expected"),
    [
        ("20260302T180000", "PT3H", NOW, "03-02 23:00-02:00 Ana agreed"),
        ("20260302T190000", "PT2H", NOW, "03-03 00:00-02:00 Ana agreed"),
        ("20260302T180000", "PT5H", NOW, "03-02 23:00-04:00 Ana asked"),
        ("20260302T180000", "PT5H", BEGINS + HOUR, "03-02 23:00-04:00 Ana agreed"),
        ("20260302T200000", "PT4H", NOW, "03-03 01:00-05:00 Ana asked"),
    ],
)
def test_a_moved_occurrence_moves_its_place_and_asks_again_unless_it_lies_within_the_yes(
    sqlite_url: str, starts: str, length: str, now: datetime, expected: str
) -> None:
    moved = (f"DTSTART;TZID=America/New_York:{starts}", f"DURATION:{length}", THAT_ONE, ASKS_ANA)
    with line(sqlite_url) as connection:
        imported(connection, SERIES)
        (first, *others) = versions(connection)
        done = imported(connection, SERIES, event(*moved), now=now)
        assert done == Imported(0, 0, 2, changed=1)
        assert seen(connection)[0] == expected
        assert versions(connection)[0][:2] == (first[0], 2)
        assert versions(connection)[1:] == others
        assert imported(connection, SERIES, event(*moved), now=now) == Imported(0, 0, 3)


def test_a_moved_place_stays_agreed_where_the_file_says_so(database_url: str) -> None:
    with line(database_url) as connection:
        imported(connection, SERIES)
        done = imported(connection, SERIES, event(*LATER, THAT_ONE, FROM_ANA))
        assert done == Imported(0, 0, 2, changed=1)
        assert "03-03 01:00-05:00 Ana agreed" in seen(connection)


WEEKLY = "RRULE:FREQ=WEEKLY;UNTIL=20260330"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # As many as before, in their order: the evening that Bo has claimed is still his.
        (
            f"20260302T180000 {WEEKLY}",
            f"20260303T190000 {WEEKLY}",
            ["03-04 open", "03-10 Bo", "03-17 open", "03-24 open"],
        ),
        # One that has no end, two weeks later: the nearest are the same, further ones are new.
        (
            "20260302T180000 RRULE:FREQ=WEEKLY",
            "20260302T190000 RRULE:FREQ=WEEKLY;INTERVAL=1",
            ["03-03 open", "03-09 Bo", "03-16 open", "03-23 open"],
        ),
        # Every other one is gone, and all come later in the evening; what is over stays.
        (
            f"20260302T180000 {WEEKLY}",
            "20260302T190000 RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2",
            ["03-03 open", "03-09 Bo", "03-16 open"],
        ),
    ],
)
def test_a_moved_series_takes_its_places_along(
    sqlite_url: str, before: str, after: str, expected: list[str]
) -> None:
    with line(sqlite_url) as connection:
        imported(connection, series(before))
        second = Place.starts_at.between(BEGINS + 6 * DAY, BEGINS + 8 * DAY)
        claimed = {"person_id": BO, "state": ASKED, "version": 2}
        connection.execute(update(Place).where(second).values(claimed))
        imported(connection, series(after), now=NOW + 14 * DAY)
        assert [f"{one[:5]} {one.split()[2]}" for one in seen(connection)][:4] == expected


def series(words: str) -> str:
    start, rule = words.split()
    return event(f"DTSTART;TZID=America/New_York:{start}", "DURATION:PT4H", rule)


def test_where_both_have_changed_the_roster_stands_and_it_is_said(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        imported(connection, event(*EVENING, FROM_ANA))
        change(connection, ends_at=BEGINS + HOUR)
        cut = seen(connection)
        imported(connection, event(*EVENING, FROM_ANA))
        longer = event(EVENING[0], "DURATION:PT6H", FROM_ANA)
        done = imported(connection, longer)
        assert done.stands == ("line 3: this shift was changed here since, and that stands",)
        assert imported(connection, longer) == Imported(0, 0, 1)
        assert seen(connection) == cut


def test_a_cancelled_event_and_a_cancelled_occurrence_close_their_places(database_url: str) -> None:
    cancelled = event(*EVENING, "STATUS:CANCELLED")
    with line(database_url) as connection:
        imported(connection, SERIES)
        done = imported(connection, SERIES, event(*EVENING, THAT_ONE, "STATUS:CANCELLED"))
        assert done == Imported(0, 0, 2, removed=1)
        assert imported(connection, cancelled) == Imported(0, 0, 0, removed=2)
        assert seen(connection) == []
        assert len(connection.execute(select(RemovedPlace.uid)).all()) == 3


def test_a_cancellation_of_one_occurrence_sent_alone_leaves_the_others(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        imported(connection, SERIES)
        done = imported(connection, "METHOD:CANCEL", event(*EVENING, THAT_ONE))
        assert done == Imported(0, 0, 0, removed=1)
        assert len(seen(connection)) == 2
        assert imported(connection, "METHOD:CANCEL", event(*EVENING)).removed == 2


def test_what_is_over_stays_and_other_events_are_left_alone(database_url: str) -> None:
    with line(database_url) as connection:
        imported(connection, SERIES, event(*LATER, ASKS_BO, uid="other@example.org"))
        done = imported(connection, event(*EVENING, "STATUS:CANCELLED"), now=BEGINS + 5 * HOUR)
        assert done == Imported(0, 0, 0, removed=2)
        assert seen(connection) == ["03-02 23:00-03:00 Ana agreed", "03-03 01:00-05:00 Bo asked"]


def test_an_endless_event_goes_on_as_time_does(database_url: str) -> None:
    weekly = event(*EVENING, "RRULE:FREQ=WEEKLY", FROM_ANA)
    with line(database_url) as connection:
        assert imported(connection, weekly) == Imported(8, 0, 0)
        later = NOW + timedelta(days=14)
        assert imported(connection, weekly, now=later) == Imported(2, 0, 8)


def test_an_equal_place_that_no_calendar_made_is_the_events_from_then_on(database_url: str) -> None:
    end = BEGINS + 4 * HOUR
    with line(database_url) as connection:
        add(connection, BEGINS, end, ANA, ASKED)
        add(connection, BEGINS, end, None, OPEN)
        open_one = event(*EVENING, uid="open@example.org")
        done = imported(connection, event(*EVENING, FROM_ANA), open_one)
        assert done == Imported(0, 1, 1)
        again = event(*EVENING, uid="second@example.org")
        assert imported(connection, open_one, again) == Imported(1, 0, 1)
        moved = event(*LATER, uid="open@example.org")
        assert imported(connection, moved) == Imported(0, 0, 0, changed=1)
        assert len(seen(connection)) == 3


def test_a_split_place_is_still_the_events(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        imported(connection, event(*EVENING, FROM_ANA))
        (_, _, origin), middle = versions(connection)[0], BEGINS + 2 * HOUR
        change(connection, ends_at=middle)
        rest = {"line_id": LINE, "starts_at": middle, "ends_at": BEGINS + 4 * HOUR}
        connection.execute(insert(Place).values(**rest, state=OPEN, origin=origin))
        assert imported(connection, event(*EVENING, FROM_ANA)) == Imported(0, 0, 1)
        gone = imported(connection, event(*EVENING, "STATUS:CANCELLED"))
        assert gone == Imported(0, 0, 0, removed=2)


def test_a_place_that_a_temporary_roster_hides_is_not_made_again(sqlite_url: str) -> None:
    with line(sqlite_url) as connection:
        imported(connection, event(*EVENING, FROM_ANA))
        end = BEGINS + 9 * HOUR
        temporary(connection, LINE, BEGINS - HOUR, end, [], by_id=None, now=NOW)
        assert seen(connection) == []
        assert imported(connection, event(*EVENING, FROM_ANA)) == Imported(0, 0, 1)
        assert seen(connection) == []


def test_nobody_may_be_on_twice_within_the_file_or_with_the_roster(database_url: str) -> None:
    other = event(*LATER, FROM_ANA, uid="other@example.org")
    with line(database_url) as connection:
        add(connection, BEGINS - HOUR, BEGINS + HOUR, BO)
        before = seen(connection)
        with pytest.raises(BadFile) as caught:
            imported(connection, event(*EVENING, FROM_ANA, ASKS_BO), other)
        assert list(caught.value.lines) == [
            "line 3: Bo has a place then in the roster too",
            "line 10: Ana has a place then in line 3 too",
        ]
        assert seen(connection) == before


def test_who_moves_away_from_an_hour_makes_room_in_the_same_file(sqlite_url: str) -> None:
    early = event(*EVENING, FROM_ANA)
    away = ("DTSTART;TZID=America/New_York:20260305T180000", "DURATION:PT4H", FROM_ANA)
    instead = event(*EVENING, FROM_ANA, uid="other@example.org")
    with line(sqlite_url) as connection:
        imported(connection, early)
        done = imported(connection, event(*away), instead)
        assert done == Imported(1, 0, 0, changed=1)
        assert seen(connection) == ["03-02 23:00-03:00 Ana agreed", "03-05 23:00-03:00 Ana agreed"]


def test_of_two_entries_for_one_event_the_later_revision_holds(database_url: str) -> None:
    old, new = event(*EVENING, "SEQUENCE:1", FROM_ANA), event(*LATER, "SEQUENCE:3", FROM_ANA)
    with line(database_url) as connection:
        assert imported(connection, new, old) == Imported(1, 0, 0)
        assert seen(connection) == ["03-03 01:00-05:00 Ana agreed"]


def test_duty_comes_beside_a_shift_of_ones_own(database_url: str) -> None:
    duty = event(*EVENING, FROM_ANA, "CATEGORIES:DUTY", uid="duty@example.org")
    with line(database_url) as connection:
        assert imported(connection, event(*EVENING, FROM_ANA), duty) == Imported(2, 0, 0)
        assert seen(connection) == [
            "03-02 23:00-03:00 Ana agreed",
            "03-02 23:00-03:00 Ana agreed duty",
        ]
        plain = event(*EVENING, ASKS_ANA, uid="duty@example.org")
        with pytest.raises(BadFile):
            imported(connection, plain)


def test_a_long_event_is_stored_in_pieces_that_change_together(database_url: str) -> None:
    long = event("DTSTART:20260302T000000Z", "DTEND:20260304T120000Z", FROM_ANA)
    longer = event("DTSTART:20260302T000000Z", "DTEND:20260305T120000Z", FROM_ANA)
    with line(database_url) as connection:
        assert imported(connection, long) == Imported(3, 0, 0)
        assert imported(connection, long) == Imported(0, 0, 3)
        imported(connection, longer)
        assert seen(connection) == [
            "03-02 00:00-01:00 Ana agreed",
            "03-03 01:00-02:00 Ana agreed",
            "03-04 02:00-03:00 Ana agreed",
            "03-05 03:00-12:00 Ana agreed",
        ]
        imported(connection, long)
        assert len(seen(connection)) == 3


def test_a_small_import_can_be_undone_whole(database_url: str) -> None:
    with line(database_url) as connection:
        imported(connection, event(*EVENING, FROM_ANA))
        before = seen(connection)
        imported(connection, event(*LATER, ASKS_BO), event(*EVENING, uid="new@example.org"))
        assert undo_last(connection, LINE, None, NOW) == "import"
        assert seen(connection) == before


people = st.sets(st.sampled_from(list(PHONES.values())), max_size=3)
hours = st.tuples(st.integers(0, 2), st.integers(1, 3))


@st.composite
def entries(draw: st.DrawFn) -> list[str]:
    """Two events, mornings and afternoons, that may come again, leave out, move or be cancelled."""
    found: list[str] = []
    for uid, first in (("morning", 8), ("afternoon", 14)):
        again = [f"RRULE:FREQ=DAILY;COUNT={draw(st.integers(1, 4))}"]
        left_out = [f"EXDATE:202603{day:02}T{first:02}0000" for day in draw(st.sets(DAYS))]
        state = draw(st.sampled_from([[], [], [], ["STATUS:CANCELLED"]]))
        kind = draw(st.sampled_from([[], ["CATEGORIES:DUTY"]]))
        seats = accepted(draw(people))
        times = (f"DTSTART:20260302T{first:02}0000", f"DURATION:PT{draw(st.integers(1, 3))}H")
        found.append(event(*times, *again, *left_out, *state, *kind, *seats, uid=uid))
        for day in draw(st.sets(DAYS, max_size=2)):
            later, length = draw(hours)
            times = (f"DTSTART:202603{day:02}T{first + later:02}0000", f"DURATION:PT{length}H")
            about = f"RECURRENCE-ID:202603{day:02}T{first:02}0000"
            found.append(event(*times, about, *kind, *accepted(draw(people)), uid=uid))
    return draw(st.permutations(found))


def accepted(phones: set[str]) -> list[str]:
    return [f"ATTENDEE;PARTSTAT=ACCEPTED:tel:{phone}" for phone in sorted(phones)]


@given(first=entries(), second=entries())
@examples(8, one_database=True)
def test_whatever_the_file_was_before_the_roster_is_what_it_is_now(
    sqlite_url: str, first: list[str], second: list[str]
) -> None:
    with line(sqlite_url) as connection:
        imported(connection, *second)
        alone = seen(connection)
    with line(sqlite_url) as connection:
        imported(connection, *first)
        imported(connection, *second)
        assert seen(connection) == alone
        before = versions(connection)
        assert imported(connection, *second) == Imported(0, 0, len(before))
        assert versions(connection) == before
