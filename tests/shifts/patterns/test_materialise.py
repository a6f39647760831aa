"""Patterns become places: each once, nobody on twice, dated changes obeyed, one yes for all."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert, select, text, update

from shifts.claims import claims
from shifts.faults import NotInRoster
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Person, Place
from shifts.overrides import replacing
from shifts.overrides.ending import lift
from shifts.overrides.holidays import TemporarySeat, temporary
from shifts.overrides.override_rules import HIDE, REMOVE, REPLACE, DatedRow, HasAnother
from shifts.patterns.materialise import make_ahead, make_all_ahead
from shifts.patterns.pattern_rows import (
    BadName,
    NoSuchPattern,
    NotInPattern,
    PatternOver,
    add_pattern,
    pattern,
    say_yes,
    take_yes_back,
    yes_to,
)
from shifts.patterns.rule import BadPattern, Rule, Turns, Weekly, Window
from shifts.patterns.seats import PatternRow, Taken, seats, settle
from shifts.place_listing import whole_shifts
from shifts.places import PlaceRow, in_span
from shifts.planning_models import HiddenPlace
from tests.databases import Databases
from tests.examples import examples
from tests.shifts.patterns.test_rotation import rules
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, add, roster
from tests.shifts.seen import undo_last

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=366)


def evenings(*weekdays: int, starts: int = 18, ends: int = 22) -> Window:
    return Window(Weekly(weekdays or tuple(range(7))), time(starts), time(ends))


def planned(
    connection: Connection, rule: Rule, *, until: datetime = NOW + 7 * DAY, duty: bool = False
) -> int:
    """A pattern, and its places of a week."""
    pattern_id = add_pattern(connection, LINE, rule, "Evenings", duty, NOW)
    make_ahead(connection, LINE, NEW_YORK, NOW, until)
    return pattern_id


def rows(connection: Connection) -> list[PlaceRow]:
    """Every place of the line, peers' and duty's."""
    kinds = (
        in_span(connection, LINE, NOW - 7 * DAY, NOW + YEAR, duty=duty) for duty in (True, False)
    )
    return sorted((one for kind in kinds for one in kind), key=lambda one: one.starts_at)


def told(places: Iterable[PlaceRow]) -> list[tuple[str, str, int | None, str]]:
    """Places as "month-day hour" in New York, whose, and how."""
    return [
        (_clock(one.starts_at), _clock(one.ends_at), one.person_id, one.state) for one in places
    ]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(NEW_YORK):%m-%d %H:%M}"


def test_a_pattern_becomes_places_of_persons_who_are_asked_and_open_ones(database_url: str) -> None:
    with roster(database_url) as connection:
        rule = Rule(MONDAY, window=evenings(0), persons=(ANA, BO), open_places=2)
        pattern_id = planned(connection, rule)
        made = rows(connection)
        assert sorted((one.person_id or 0, one.state) for one in made) == [
            *[(0, OPEN), (0, OPEN)],
            *[(ANA, ASKED), (BO, ASKED)],
        ]
        assert {(one.starts_at, one.ends_at, one.pattern_id) for one in made} == {
            (datetime(2026, 3, 2, 23, tzinfo=UTC), datetime(2026, 3, 3, 3, tzinfo=UTC), pattern_id)
        }
        assert {one.origin for one in made} == {
            f"p{pattern_id}:20260302T2300Z:{seat}" for seat in ("1:1", "2:1", "open:1", "open:2")
        }
        assert pattern(connection, LINE, pattern_id).made_until == NOW + 7 * DAY


def test_what_was_made_is_never_made_again(database_url: str) -> None:
    with roster(database_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA,))
        planned(connection, rule)
        before = rows(connection)
        connection.execute(update(Place).values(person_id=None, state=OPEN))
        assert make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 7 * DAY).places == []
        assert make_all_ahead(connection, NOW, timedelta(days=3)) == 0
        assert [one.id for one in rows(connection)] == [one.id for one in before]
        assert {one.state for one in rows(connection)} == {OPEN}


def test_two_clocks_at_once_make_each_place_once(postgresql_url: str) -> None:
    """Plain transactions: the UPDATE that claims a pattern settles it by itself."""
    with roster(postgresql_url) as connection:
        planned(connection, Rule(MONDAY, window=evenings(), persons=(ANA,)), until=NOW - DAY)
    engine = create_engine(postgresql_url)

    def make_too() -> int:
        with engine.begin() as own:
            return make_all_ahead(own, NOW)

    with ThreadPoolExecutor(1) as other:
        with engine.begin() as connection:
            assert make_all_ahead(connection, NOW) == 55
            second = other.submit(make_too)
            while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not second.done()
        assert second.result() == 0
    engine.dispose()


def test_every_line_is_made_eight_weeks_ahead_in_its_own_zone(database_url: str) -> None:
    with roster(database_url) as connection:
        dee = {"id": 9, "line_id": OTHER_LINE, "name": "Dee"}
        connection.execute(insert(Person), [dee])
        planned(connection, Rule(MONDAY, window=evenings(0), persons=(ANA,)), until=NOW)
        rule = Rule(MONDAY, window=evenings(0), persons=(9,))
        add_pattern(connection, OTHER_LINE, rule, "Mondays", False, NOW)
        assert make_all_ahead(connection, NOW) == 16
        assert make_all_ahead(connection, NOW) == 0
        assert make_all_ahead(connection, NOW + 7 * DAY) == 2


def test_a_turn_under_way_begins_now_and_is_stored_in_pieces_shown_as_one(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        anchor = datetime.fromisoformat("2026-02-23T08:00")
        rule = Rule(date(2026, 2, 23), turns=Turns("week", ((ANA,), (BO,)), 1, anchor))
        planned(connection, rule, until=NOW + 3 * DAY)
        ana, bo = whole_shifts(connection, LINE)
        assert (ana.starts_at, ana.person_id) == (NOW, ANA)
        assert ana.ends_at == bo.starts_at == datetime(2026, 3, 2, 13, tzinfo=UTC)
        assert bo.ends_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
        assert all(one.ends_at - one.starts_at <= 25 * HOUR for one in rows(connection))


def test_a_person_with_another_place_of_that_kind_gets_only_what_is_free(database_url: str) -> None:
    with roster(database_url) as connection:
        busy = datetime(2026, 3, 3, 0, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC)
        add(connection, *busy, ANA, COVER_WANTED)
        add(connection, busy[0], busy[1] + HOUR, BO, DRAFT)
        rule = Rule(MONDAY, window=evenings(0), persons=(ANA, BO))
        add_pattern(connection, LINE, rule, "Mondays", False, NOW)
        made = make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 7 * DAY)
        assert told(made.places) == [
            ("03-02 18:00", "03-02 19:00", ANA, ASKED),
            ("03-02 20:00", "03-02 22:00", ANA, ASKED),
            ("03-02 18:00", "03-02 22:00", BO, ASKED),
        ]
        assert made.already_on == [HasAnother(ANA, *busy)]
        assert len({one.origin for one in made.places}) == 2


def test_a_place_on_duty_does_not_stand_in_the_way_of_a_peers_place(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        rule = Rule(MONDAY, window=evenings(0), persons=(ANA,))
        planned(connection, rule, duty=True)
        planned(connection, rule)
        assert [one.duty for one in rows(connection)] == [True, False]
        assert {one.ends_at - one.starts_at for one in rows(connection)} == {4 * HOUR}


def test_an_overlap_of_two_patterns_puts_nobody_on_twice(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        late = Rule(MONDAY, window=evenings(0, starts=20, ends=23), persons=(ANA, BO))
        add_pattern(connection, LINE, late, "Late", False, NOW)
        planned(connection, Rule(MONDAY, window=evenings(0), persons=(ANA,)))
        assert told(rows(connection)) == [
            ("03-02 18:00", "03-02 22:00", ANA, ASKED),
            ("03-02 20:00", "03-02 23:00", BO, ASKED),
            ("03-02 22:00", "03-02 23:00", ANA, ASKED),
        ]


def test_one_yes_covers_a_pattern_until_it_is_taken_back(database_url: str) -> None:
    with roster(database_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA, BO))
        pattern_id = planned(connection, rule, until=NOW + 3 * DAY)
        assert say_yes(connection, LINE, pattern_id, ANA, NOW + DAY) == 2
        assert say_yes(connection, LINE, pattern_id, ANA, NOW + DAY) == 0
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 4 * DAY)
        take_yes_back(connection, LINE, pattern_id, ANA)
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 5 * DAY)
        states = [one.state for one in rows(connection) if one.person_id == ANA]
        assert states == [AGREED, AGREED, AGREED, ASKED]
        assert {one.state for one in rows(connection) if one.person_id == BO} == {ASKED}


def test_a_yes_does_not_reach_shifts_that_are_over_and_can_be_undone(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA,))
        pattern_id = planned(connection, rule, until=NOW + 4 * DAY)
        assert say_yes(connection, LINE, pattern_id, ANA, NOW + 2 * DAY) == 2
        assert [one.state for one in rows(connection)] == [ASKED, AGREED, AGREED]
        assert undo_last(connection, LINE, ANA, NOW + 2 * DAY) == "pattern yes"
        assert [one.state for one in rows(connection)] == [ASKED, ASKED, ASKED]
        assert yes_to(connection, [pattern_id]) == set()
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 5 * DAY)
        assert [one.state for one in rows(connection)] == [ASKED] * 4


def test_a_shift_that_a_step_ends_in_is_made_once_though_somebody_gave_it_up(
    sqlite_url: str,
) -> None:
    nights = Window(Weekly(tuple(range(7))), time(22), time(6))
    rule = Rule(MONDAY, window=nights, persons=(ANA,), open_places=1)
    with roster(sqlite_url) as connection:
        add_pattern(connection, LINE, rule, "Nights", False, NOW)
        middle = datetime(2026, 3, 5, 2, tzinfo=NEW_YORK).astimezone(UTC)
        make_ahead(connection, LINE, NEW_YORK, NOW, middle)
        last = max(one.id or 0 for one in rows(connection) if one.person_id == ANA)
        claims.drop(connection, LINE, ANA, last, NOW)
        before = rows(connection)
        later = middle + timedelta(hours=1)
        assert make_ahead(connection, LINE, NEW_YORK, NOW, later).places == []
        assert rows(connection) == before


def test_nobody_is_on_duty_twice_by_two_patterns(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        planned(connection, Rule(MONDAY, window=evenings(), persons=(ANA,)), duty=True)
        before = rows(connection)
        planned(connection, Rule(MONDAY, window=evenings(), persons=(ANA,)), duty=True)
        assert rows(connection) == before


def test_a_yes_to_a_pattern_that_has_made_nothing_yet_is_undone_too(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA,))
        pattern_id = add_pattern(connection, LINE, rule, "Evenings", False, NOW)
        assert say_yes(connection, LINE, pattern_id, ANA, NOW) == 0
        assert undo_last(connection, LINE, ANA, NOW) == "pattern yes"
        assert yes_to(connection, [pattern_id]) == set()
        assert say_yes(connection, LINE, pattern_id, ANA, NOW) == 0


def test_who_comes_is_agreed_later_too_when_the_coordinator_holds_their_yes(
    sqlite_url: str,
) -> None:
    with roster(sqlite_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA,))
        add_pattern(connection, LINE, rule, "Evenings", False, NOW)
        week = (NOW, NOW + 7 * DAY)
        replacing.replace(connection, LINE, *week, ANA, BO, agreed=True, by_id=None, now=NOW)
        make_ahead(connection, LINE, NEW_YORK, *week)
        assert {(one.person_id, one.state) for one in rows(connection)} == {(BO, AGREED)}


def test_dated_changes_hold_for_places_that_are_made_later(database_url: str) -> None:
    with roster(database_url) as connection:
        rule = Rule(MONDAY, window=evenings(), persons=(ANA,), open_places=1)
        planned(connection, rule, until=NOW)
        begin, end = datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 4, 1, tzinfo=UTC)
        replacing.replace(connection, LINE, begin, end, ANA, BO, by_id=None, now=NOW)
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 3 * DAY)
        assert [one for one in told(rows(connection)) if one[2]] == [
            ("03-02 18:00", "03-02 20:00", ANA, ASKED),
            ("03-02 20:00", "03-02 22:00", BO, ASKED),
            ("03-03 18:00", "03-03 20:00", BO, ASKED),
            ("03-03 20:00", "03-03 22:00", ANA, ASKED),
        ]


def test_what_a_temporary_roster_hides_is_kept_hidden(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        rule = Rule(MONDAY, window=evenings(0), persons=(ANA,))
        planned(connection, rule, until=NOW)
        begin, end = NOW + DAY, NOW + 2 * DAY
        seat = TemporarySeat(begin, end, ANA)
        done = temporary(connection, LINE, begin, end, [seat], by_id=None, now=NOW)
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 3 * DAY)
        assert [one.pattern_id for one in rows(connection)] == [None]
        assert connection.scalar(select(HiddenPlace.person_id)) == ANA
        lift(connection, LINE, done.dated_id or 0, by_id=None, now=NOW)
        assert told(rows(connection)) == [("03-02 18:00", "03-02 22:00", ANA, ASKED)]


def test_the_seat_of_somebody_who_has_left_the_line_is_open(database_url: str) -> None:
    with roster(database_url) as connection:
        rule = Rule(MONDAY, window=evenings(0), persons=(ANA, CHI))
        planned(connection, rule, until=NOW)
        connection.execute(delete(Person).where(Person.id == CHI))
        make_ahead(connection, LINE, NEW_YORK, NOW, NOW + 7 * DAY)
        seats = [(one.person_id, one.state) for one in rows(connection)]
        assert sorted(seats, key=str) == [(ANA, ASKED), (None, OPEN)]


@pytest.mark.parametrize(
    ("rule", "name", "refusal"),
    [
        (Rule(MONDAY), "Evenings", BadPattern),
        (Rule(MONDAY, window=evenings(), persons=(ANA, 99)), "Evenings", NotInRoster),
        (Rule(MONDAY, window=evenings(), persons=(ANA,)), "  ", BadName),
        (Rule(MONDAY, window=evenings(), persons=(ANA,)), "x" * 81, BadName),
        (Rule(MONDAY, window=evenings(), persons=(ANA,)), "Even\0ings", BadName),
        (Rule(date(2026, 1, 1), date(2026, 2, 28), evenings(), (ANA,)), "Winter", PatternOver),
    ],
)
def test_a_pattern_is_refused_by_name(
    sqlite_url: str, rule: Rule, name: str, refusal: type[Exception]
) -> None:
    with roster(sqlite_url) as connection, pytest.raises(refusal):
        add_pattern(connection, LINE, rule, name, False, NOW)


def test_a_yes_is_refused_to_who_is_not_in_the_pattern_and_for_other_lines(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        pattern_id = planned(connection, Rule(MONDAY, window=evenings(), persons=(ANA,)))
        with pytest.raises(NotInPattern):
            say_yes(connection, LINE, pattern_id, BO, NOW)
        with pytest.raises(NoSuchPattern):
            say_yes(connection, OTHER_LINE, pattern_id, ANA, NOW)


FIRST = date(2026, 3, 6)
SPAN = 10 * 24


@st.composite
def several_patterns(draw: st.DrawFn) -> list[PatternRow]:
    wanted = draw(st.lists(rules(FIRST), min_size=1, max_size=4))
    return [
        PatternRow(number, LINE, "", draw(st.booleans()), rule, None, False, 1)
        for number, rule in enumerate(wanted, 1)
    ]


hours = st.integers(0, SPAN)
people = st.sampled_from([ANA, BO, CHI])


@st.composite
def dated_changes(draw: st.DrawFn) -> list[DatedRow]:
    found = []
    for number in range(1, 1 + draw(st.integers(0, 3))):
        begin = NOW + draw(hours) * HOUR
        kind = draw(st.sampled_from([REPLACE, REMOVE, HIDE]))
        duty, end = draw(st.booleans()), begin + draw(st.integers(1, 72)) * HOUR
        comes = draw(people) if kind == REPLACE else None
        leaves = None if kind == HIDE else draw(people)
        found.append(DatedRow(number, kind, duty, begin, end, leaves, comes))
    return found


def settled(
    patterns: list[PatternRow], changes: list[DatedRow], steps: list[datetime]
) -> list[PlaceRow]:
    """Places made in steps, each beginning where the last one stopped."""
    made: list[PlaceRow] = []
    begin = NOW
    for end in steps:
        wanted = [
            seat
            for one in patterns
            for seat in seats(one, one.rule, NEW_YORK, begin, end)
            if seat.starts_at >= begin
        ]
        made += settle(wanted, patterns, set(), Taken(made), changes).places
        begin = max(begin, end)
    return sorted(made, key=repr)


@examples(60)
@given(several_patterns(), dated_changes(), hours)
def test_two_steps_ahead_are_as_one_long_one_and_nobody_is_ever_on_twice(
    patterns: list[PatternRow], changes: list[DatedRow], hour: int
) -> None:
    end = NOW + SPAN * HOUR
    at_once = settled(patterns, changes, [end])
    assert settled(patterns, changes, [NOW + hour * HOUR, end]) == at_once
    assert settled(patterns, changes, [end, end]) == at_once
    own: dict[tuple[int | None, bool], datetime] = {}
    for one in sorted(at_once, key=lambda place: place.starts_at):
        assert one.ends_at - one.starts_at <= 25 * HOUR
        if one.person_id is not None:
            assert own.get((one.person_id, one.duty), NOW) <= one.starts_at
            own[one.person_id, one.duty] = one.ends_at


@examples(10, one_database=True)
@given(st.lists(rules(FIRST), min_size=1, max_size=3), st.lists(hours, min_size=1, max_size=3))
def test_made_in_steps_and_made_at_once_are_the_same_in_the_database(
    sqlite_databases: Databases, wanted: list[Rule], steps: list[int]
) -> None:
    ends = [NOW + hour * HOUR for hour in [*sorted(steps), SPAN, SPAN]]
    in_steps, at_once = (made(sqlite_databases, wanted, each) for each in (ends, ends[-1:]))
    assert in_steps == at_once


def made(databases: Databases, wanted: list[Rule], ends: list[datetime]) -> list[PlaceRow]:
    with databases.migrated() as url, roster(url) as connection:
        connection.execute(insert(Person), [{"id": 4, "line_id": LINE, "name": "Dee"}])
        for rule in wanted:
            add_pattern(connection, LINE, rule, "Evenings", False, NOW)
        for end in ends:
            make_ahead(connection, LINE, NEW_YORK, NOW, end)
        return sorted((replace(one, id=None) for one in rows(connection)), key=repr)
