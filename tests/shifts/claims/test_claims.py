"""Taking, offering, keeping, answering, dropping, being sick: what changes, and what is refused."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from shifts.claims.claims import drop, keep, offer, say_no, say_yes, sick, take
from shifts.claims.own_limits import add_away, set_limit
from shifts.claims.undoing import undo
from shifts.faults import Fault, NotInRoster
from shifts.history.forgetting import forget
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, Person, Place
from shifts.planning_models import RosterChange
from shifts.refusals import (
    AnswerFirst,
    Begun,
    DoublePlace,
    NoSuchPlace,
    NothingAsked,
    NotOffered,
    NotPartOfIt,
    NotYours,
    OfferedAlready,
    Over,
    SomebodyElseHasIt,
    StillADraft,
    YourOwn,
)
from shifts.who_is_on import who_is_on
from tests.examples import examples
from tests.shifts.placed import NOON, YESTERDAY, ZONE, Shown, at, put, shown, span
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, begin, roster
from warmline.database.engine import Database


def on(connection: Connection, hours: float) -> list[str]:
    return [one.name for one in who_is_on(connection, LINE, at(hours))]


def changes(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(RosterChange)) or 0


# Taking


def test_an_open_place_becomes_theirs_and_agreed(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4)
        taken = take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        assert (taken.place_id, taken.starts_at, taken.ends_at) == (place, at(0), at(4))
        assert (taken.duty, taken.findings) == (False, ())
        assert shown(connection) == [(0, 4, BO, AGREED)]
        assert on(connection, 0) == ["Bo"]


def test_a_place_that_somebody_offers_changes_hands(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4, ANA, COVER_WANTED)
        assert on(connection, 1) == ["Ana"]
        take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        assert on(connection, 1) == ["Bo"]


def refused_when_taken_by_bo(connection: Connection) -> Iterator[tuple[int, type[Fault], str]]:
    yield 12345, NoSuchPlace, "not on this line's roster"
    yield put(connection, 0, 4, line_id=OTHER_LINE), NoSuchPlace, "not on this line's roster"
    yield put(connection, 0, 4, None, DRAFT), StillADraft, "still being planned"
    yield put(connection, 0, 4, ANA), SomebodyElseHasIt, "Somebody else"
    yield put(connection, 0, 4, CHI, ASKED), SomebodyElseHasIt, "Somebody else"
    yield put(connection, 50, 54, BO), YourOwn, "yours"
    yield put(connection, 60, 64, BO, COVER_WANTED), YourOwn, "yours"
    yield put(connection, 70, 74, BO, ASKED), YourOwn, "say OK"
    yield put(connection, -24, -20), Begun, "text IN"
    yield put(connection, -26, -20, ANA, COVER_WANTED), Begun, "text IN"
    yield put(connection, -30, -24), Over, "over"
    yield put(connection, 49, 51), DoublePlace, "already then: Wed 04 Mar 14:00 to 18:00"
    yield put(connection, 73, 80, ANA, COVER_WANTED), DoublePlace, "Asked for a shift already"


def test_what_cannot_be_taken_is_refused_by_name_and_nothing_changes(database_url: str) -> None:
    with roster(database_url) as connection:
        expected = list(refused_when_taken_by_bo(connection))
        before = shown(connection)
        for place, fault, words in expected:
            with pytest.raises(fault, match=words):
                take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
            assert (shown(connection), changes(connection)) == (before, 0)
        with pytest.raises(NotInRoster):
            take(connection, OTHER_LINE, BO, put(connection, 0, 4), YESTERDAY, zone=ZONE)


def test_what_speaks_against_it_without_forbidding_it_is_said_beside_the_yes(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        put(connection, -5, -1, BO)
        set_limit(connection, LINE, BO, "rest_hours", 8)
        set_limit(connection, LINE, BO, "most_hours_a_week", 6)
        add_away(connection, LINE, BO, span(2, 30), YESTERDAY)
        place = put(connection, 0, 4)
        taken = take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        assert [one.name for one in taken.findings] == ["away", "rest", "hours"]
        assert on(connection, 1) == ["Bo"]


def test_a_part_that_is_taken_cuts_the_place(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4, origin="p1")
        taken = take(connection, LINE, BO, place, YESTERDAY, zone=ZONE, part=span(1, 3))
        assert (taken.starts_at, taken.ends_at) == span(1, 3)
        assert shown(connection) == [(0, 1, None, OPEN), (1, 3, BO, AGREED), (3, 4, None, OPEN)]
        assert drop(connection, LINE, BO, taken.place_id, YESTERDAY).starts_at == at(1)
        assert set(connection.scalars(select(Place.origin))) == {"p1"}


@pytest.mark.parametrize("part", [(-1, 3), (1, 5), (1, 1), (3, 1), (5, 6)])
def test_a_part_lies_within_the_shift(sqlite_url: str, part: tuple[float, float]) -> None:
    with roster(sqlite_url) as connection:
        place, own = put(connection, 0, 4), put(connection, 10, 14, ANA)
        with pytest.raises(NotPartOfIt):
            take(connection, LINE, BO, place, YESTERDAY, zone=ZONE, part=span(*part))
        with pytest.raises(NotPartOfIt):
            offer(connection, LINE, ANA, own, YESTERDAY, part=span(part[0] + 10, part[1] + 10))


# The shared examples of swaps between two people (RC23, RC24, RC28: midnight here is their 12:00)


def test_rc23_a_part_in_the_middle_that_was_offered_and_taken_leaves_three(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 3, ANA)
        part = offer(connection, LINE, ANA, place, YESTERDAY, part=span(1, 2)).place_id
        take(connection, LINE, BO, part, YESTERDAY, zone=ZONE)
        assert shown(connection) == [(0, 1, ANA, AGREED), (1, 2, BO, AGREED), (2, 3, ANA, AGREED)]
        assert (on(connection, 1.5), on(connection, 2)) == (["Bo"], ["Ana"])


def test_rc24_what_nobody_has_taken_leaves_whoever_offered_it_on(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 3, ANA)
        offer(connection, LINE, ANA, place, YESTERDAY, part=span(1, 2))
        assert [on(connection, half / 2) for half in range(-1, 7)] == [[], *[["Ana"]] * 6, []]
        (ana,) = who_is_on(connection, LINE, at(1.5))
        assert ana.until == at(3)


LIFE_CYCLE: list[tuple[str, list[str], int, type[Fault] | None, Shown]] = [
    ("Bo takes what is offered", [], BO, None, (1, 2, BO, AGREED)),
    ("Ana takes her own", [], ANA, YourOwn, (1, 2, ANA, COVER_WANTED)),
    ("Chi takes what Bo has taken", ["taken"], CHI, SomebodyElseHasIt, (1, 2, BO, AGREED)),
    ("Bo takes it after its start", ["late"], BO, Begun, (1, 2, ANA, COVER_WANTED)),
    ("Bo takes what is kept", ["kept"], BO, SomebodyElseHasIt, (1, 2, ANA, AGREED)),
]


@pytest.mark.parametrize(
    ("given", "who", "fault", "expected"),
    [row[1:] for row in LIFE_CYCLE],
    ids=[row[0] for row in LIFE_CYCLE],
)
def test_rc28_who_may_take_what_is_offered_and_when(
    database_url: str, given: list[str], who: int, fault: type[Fault] | None, expected: Shown
) -> None:
    with roster(database_url) as connection:
        whole = put(connection, 0, 3, ANA)
        part = offer(connection, LINE, ANA, whole, YESTERDAY, part=span(1, 2)).place_id
        if "taken" in given:
            take(connection, LINE, BO, part, YESTERDAY, zone=ZONE)
        if "kept" in given:
            keep(connection, LINE, ANA, part, YESTERDAY)
        now = at(1) + timedelta(seconds=1) if "late" in given else YESTERDAY
        if fault is None:
            take(connection, LINE, who, part, now, zone=ZONE)
        else:
            with pytest.raises(fault):
                take(connection, LINE, who, part, now, zone=ZONE)
        assert shown(connection)[1] == expected


def test_rc28_what_was_taken_stays_so_while_it_runs(database_url: str) -> None:
    with roster(database_url) as connection:
        part = put(connection, 1, 2, ANA, COVER_WANTED)
        take(connection, LINE, BO, part, YESTERDAY, zone=ZONE)
        with pytest.raises(Begun):
            undo(connection, LINE, BO, at(1.5))
        assert on(connection, 1.5) == ["Bo"]


# Offering and keeping


def test_what_is_offered_is_theirs_until_it_is_taken_and_can_be_kept(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4, ANA)
        assert offer(connection, LINE, ANA, place, YESTERDAY).starts_at == at(0)
        assert (shown(connection), on(connection, 1)) == ([(0, 4, ANA, COVER_WANTED)], ["Ana"])
        keep(connection, LINE, ANA, place, YESTERDAY)
        assert shown(connection) == [(0, 4, ANA, AGREED)]


def test_offers_that_cannot_be_are_refused_by_name(database_url: str) -> None:
    with roster(database_url) as connection:
        expected = [
            (put(connection, 0, 4), NotYours),
            (put(connection, 0, 4, ANA), SomebodyElseHasIt),
            (put(connection, 0, 4, BO, ASKED), AnswerFirst),
            (put(connection, 5, 9, BO, COVER_WANTED), OfferedAlready),
            (put(connection, -24, -20, BO), Begun),
            (put(connection, -30, -24, BO), Over),
            (put(connection, 0, 4, BO, line_id=OTHER_LINE), NoSuchPlace),
        ]
        for place, fault in expected:
            with pytest.raises(fault):
                offer(connection, LINE, BO, place, YESTERDAY)


def test_keeping_what_cannot_be_kept_is_refused_by_name(database_url: str) -> None:
    with roster(database_url) as connection:
        expected = [
            (put(connection, 0, 4, BO), NotOffered),
            (put(connection, 0, 4, ANA, COVER_WANTED), SomebodyElseHasIt),
            (put(connection, 0, 4), NotYours),
            (put(connection, -24, -20, BO, COVER_WANTED), Begun),
        ]
        for place, fault in expected:
            with pytest.raises(fault):
                keep(connection, LINE, BO, place, YESTERDAY)


def test_the_evening_of_a_shift_that_has_begun_can_be_offered(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 6, ANA)
        part = offer(connection, LINE, ANA, place, at(1), part=span(4, 6)).place_id
        with pytest.raises(Begun):
            offer(connection, LINE, ANA, place, at(1), part=span(1, 2))
        take(connection, LINE, BO, part, at(3), zone=ZONE)
        assert shown(connection) == [(0, 4, ANA, AGREED), (4, 6, BO, AGREED)]


# Answering what was asked


def test_a_yes_puts_them_on_and_a_no_opens_the_place(database_url: str) -> None:
    with roster(database_url) as connection:
        first, second = put(connection, 0, 4, ANA, ASKED), put(connection, 4, 8, ANA, ASKED)
        set_limit(connection, LINE, ANA, "most_hours_a_week", 3)
        agreed = say_yes(connection, LINE, ANA, first, YESTERDAY, zone=ZONE)
        assert [one.name for one in agreed.findings] == ["hours"]
        say_no(connection, LINE, ANA, second, YESTERDAY)
        assert shown(connection) == [(0, 4, ANA, AGREED), (4, 8, None, OPEN)]


def test_answers_that_nobody_waits_for_are_refused_by_name(database_url: str) -> None:
    with roster(database_url) as connection:
        expected = [
            (put(connection, 0, 4, ANA, ASKED), SomebodyElseHasIt),
            (put(connection, 0, 4), NotYours),
            (put(connection, 0, 4, BO), NothingAsked),
            (put(connection, -24, -20, BO, ASKED), Begun),
            (put(connection, -30, -24, BO, ASKED), Over),
        ]
        for place, fault in expected:
            with pytest.raises(fault):
                say_yes(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
            with pytest.raises(fault):
                say_no(connection, LINE, BO, place, YESTERDAY)


def test_a_yes_that_would_put_them_on_twice_is_refused(database_url: str) -> None:
    with roster(database_url) as connection:
        put(connection, 3, 8, BO)
        place = put(connection, 0, 4, BO, ASKED)
        with pytest.raises(DoublePlace, match="Mon 02 Mar 15:00 to 20:00"):
            say_yes(connection, LINE, BO, place, YESTERDAY, zone=ZONE)


# Dropping, and being sick


@pytest.mark.parametrize("state", [AGREED, ASKED, COVER_WANTED])
def test_what_is_dropped_is_open_at_once(database_url: str, state: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4, ANA, state)
        dropped = drop(connection, LINE, ANA, place, YESTERDAY)
        assert (dropped.place_id, dropped.starts_at, dropped.ends_at) == (place, at(0), at(4))
        assert (shown(connection), on(connection, 0)) == ([(0, 4, None, OPEN)], [])
        take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)


def test_of_a_shift_that_has_begun_the_rest_is_given_up(database_url: str) -> None:
    with roster(database_url) as connection:
        place, first = put(connection, -2, 4, ANA), put(connection, 0, 4, BO)
        dropped = drop(connection, LINE, ANA, place, NOON)
        assert (dropped.starts_at, dropped.ends_at) == span(0, 4)
        assert drop(connection, LINE, BO, first, NOON).place_id == first
        expected = [(-2, 0, ANA, AGREED), (0, 4, None, OPEN), (0, 4, None, OPEN)]
        assert (shown(connection), on(connection, 0)) == (expected, [])
        assert dropped.place_id not in {place, first}


def test_what_cannot_be_dropped_is_refused_by_name(database_url: str) -> None:
    with roster(database_url) as connection:
        expected = [
            (put(connection, 0, 4), NotYours),
            (put(connection, 0, 4, ANA), SomebodyElseHasIt),
            (put(connection, -4, 0, BO), Over),
            (put(connection, 0, 4, BO, DRAFT), StillADraft),
            (put(connection, 0, 4, BO, line_id=OTHER_LINE), NoSuchPlace),
        ]
        for place, fault in expected:
            with pytest.raises(fault):
                drop(connection, LINE, BO, place, NOON)


@pytest.mark.parametrize("give_up", ["drop", "no", "sick", "undone"])
def test_when_the_shift_begins_nothing_tells_who_gave_it_up(
    database_url: str, give_up: str
) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 4, ANA, ASKED)
        if give_up == "no":
            say_no(connection, LINE, ANA, place, YESTERDAY)
        elif give_up == "sick":
            sick(connection, LINE, ANA, YESTERDAY, zone=ZONE)
        else:
            drop(connection, LINE, ANA, place, YESTERDAY)
        if give_up == "undone":
            undo(connection, LINE, ANA, YESTERDAY)
        assert forget(connection, at(-0.01)) == 0
        forget(connection, at(0))
        assert changes(connection) == 0


def test_the_rest_that_was_given_up_is_forgotten_at_once(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, -2, 4, ANA)
        drop(connection, LINE, ANA, place, NOON)
        forget(connection, NOON)
        assert changes(connection) == 0


def test_being_sick_gives_up_everything_until_tomorrow_noon(database_url: str) -> None:
    new_york = ZoneInfo("America/New_York")
    noon_there = datetime(2026, 3, 3, 17, tzinfo=UTC)
    with roster(database_url) as connection:
        put(connection, -5, -1, ANA)
        put(connection, -1, 2, ANA)
        put(connection, 6, 10, ANA, ASKED)
        put(connection, 28.9, 33, ANA, COVER_WANTED)
        put(connection, 33, 36, ANA)
        put(connection, 0, 24, ANA, duty=True)
        put(connection, 6, 10, BO)
        gone = sick(connection, LINE, ANA, NOON, zone=new_york)
        spans = [(one.starts_at, one.ends_at, one.duty) for one in gone.given_up]
        assert spans == [
            (*span(0, 2), False),
            (*span(0, 24), True),
            (*span(6, 10), False),
            (*span(28.9, 33), False),
        ]
        assert gone.until == noon_there
        assert shown(connection) == [
            (-5, -1, ANA, AGREED),
            (-1, 0, ANA, AGREED),
            (0, 2, None, OPEN),
            (6, 10, None, OPEN),
            (6, 10, BO, AGREED),
            (28.9, 33, None, OPEN),
            (33, 36, ANA, AGREED),
        ]
        assert shown(connection, duty=True) == [(0, 24, None, OPEN)]
        assert sick(connection, LINE, ANA, NOON, zone=new_york).given_up == ()


def test_tomorrows_noon_is_the_lines_own_on_the_night_the_clocks_change(sqlite_url: str) -> None:
    late = datetime(2026, 3, 8, 4, 30, tzinfo=UTC)  # Saturday, 23:30 in New York
    with roster(sqlite_url) as connection:
        gone = sick(connection, LINE, ANA, late, zone=ZoneInfo("America/New_York"))
        assert gone.until == datetime(2026, 3, 8, 16, tzinfo=UTC)


def test_who_is_sick_can_have_back_what_has_not_begun(database_url: str) -> None:
    with roster(database_url) as connection:
        put(connection, -1, 2, ANA)
        put(connection, 6, 10, ANA)
        sick(connection, LINE, ANA, NOON, zone=ZONE)
        undo(connection, LINE, ANA, at(1))
        expected = [(-1, 0, ANA, AGREED), (0, 2, None, OPEN), (6, 10, ANA, AGREED)]
        assert shown(connection) == expected
        with pytest.raises(Begun, match="text IN"):
            undo(connection, LINE, ANA, at(1))


# On duty, and in long shifts


def test_one_place_on_duty_and_one_of_a_peer_may_be_held_at_once_and_no_two_of_one_kind(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        peers, duty = put(connection, 0, 4), put(connection, 0, 24, duty=True)
        take(connection, LINE, BO, peers, YESTERDAY, zone=ZONE)
        assert take(connection, LINE, BO, duty, YESTERDAY, zone=ZONE).duty
        assert [one.name for one in who_is_on(connection, LINE, at(1), duty=True)] == ["Bo"]
        for other in (put(connection, 3, 5), put(connection, 20, 30, duty=True)):
            with pytest.raises(DoublePlace):
                take(connection, LINE, BO, other, YESTERDAY, zone=ZONE)


def test_limits_are_about_peers_shifts_not_about_duty(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        set_limit(connection, LINE, BO, "most_hours_a_week", 2)
        set_limit(connection, LINE, BO, "rest_hours", 48)
        put(connection, 24, 26, BO)
        duty = put(connection, 0, 20, duty=True)
        assert take(connection, LINE, BO, duty, YESTERDAY, zone=ZONE).findings == ()


def long_shift(connection: Connection, person: int | None, state: str | None = None) -> list[int]:
    """Sixty hours, stored in three places of one origin."""
    return [
        put(connection, begin, end, person, state, origin="p7")
        for begin, end in ((0, 25), (25, 50), (50, 60))
    ]


@pytest.mark.parametrize("named", [0, 1, 2])
def test_the_pieces_of_a_long_shift_are_claimed_together(database_url: str, named: int) -> None:
    with roster(database_url) as connection:
        ids = long_shift(connection, None)
        other = put(connection, 60, 70, None)

        def states() -> set[tuple[int | None, str]]:
            return {(who, state) for begin, _, who, state in shown(connection) if begin < 60}

        taken = take(connection, LINE, ANA, ids[named], YESTERDAY, zone=ZONE)
        assert (taken.place_id, taken.starts_at, taken.ends_at) == (ids[0], at(0), at(60))
        assert states() == {(ANA, AGREED)}
        offer(connection, LINE, ANA, ids[named], YESTERDAY)
        assert states() == {(ANA, COVER_WANTED)}
        keep(connection, LINE, ANA, ids[named], YESTERDAY)
        assert states() == {(ANA, AGREED)}
        drop(connection, LINE, ANA, ids[named], YESTERDAY)
        assert states() == {(None, OPEN)}
        take(connection, LINE, ANA, other, YESTERDAY, zone=ZONE)
        assert (60, 70, ANA, AGREED) in shown(connection)


def test_the_rest_of_a_long_shift_is_dropped_with_its_later_pieces(database_url: str) -> None:
    with roster(database_url) as connection:
        ids = long_shift(connection, ANA)
        dropped = drop(connection, LINE, ANA, ids[0], at(30))
        assert (dropped.starts_at, dropped.ends_at) == span(30, 60)
        assert shown(connection) == [
            (0, 25, ANA, AGREED),
            (25, 30, ANA, AGREED),
            (30, 50, None, OPEN),
            (50, 60, None, OPEN),
        ]


def test_a_part_over_the_seam_of_two_pieces_changes_hands_whole(database_url: str) -> None:
    with roster(database_url) as connection:
        ids = long_shift(connection, ANA)
        part = offer(connection, LINE, ANA, ids[0], YESTERDAY, part=span(20, 30))
        assert (part.starts_at, part.ends_at) == span(20, 30)
        wanted = [(begin, end) for begin, end, _, state in shown(connection) if state != AGREED]
        assert wanted == [(20, 25), (25, 30)]


def test_a_long_open_shift_is_found_among_shorter_ones_that_begin_with_it(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        put(connection, 0, 25)
        last = put(connection, 25, 30)
        put(connection, 0, 4)
        taken = take(connection, LINE, BO, last, YESTERDAY, zone=ZONE)
        assert (taken.starts_at, taken.ends_at) == span(0, 30)


def test_two_shifts_that_adjoin_are_two(database_url: str) -> None:
    """Autumn's day of 25 hours is no piece of the next day's shift: their origins differ."""
    with roster(database_url) as connection:
        first = put(connection, 0, 25, ANA, origin="p1:sunday")
        put(connection, 25, 49, ANA, origin="p1:monday")
        drop(connection, LINE, ANA, first, YESTERDAY)
        assert shown(connection) == [(0, 25, None, OPEN), (25, 49, ANA, AGREED)]


# Whatever they do

claims = st.lists(
    st.tuples(
        st.sampled_from(["take", "part", "offer", "offer part", "keep", "drop", "sick", "undo"]),
        st.sampled_from([ANA, BO, CHI]),
        st.integers(0, 9),
        st.integers(0, 3),
    ),
    max_size=16,
)
begun_with = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 25), st.booleans()), min_size=1, max_size=6
)


@given(placed=begun_with, claimed=claims)
@examples(20, one_database=True)
def test_nobody_is_ever_on_twice_and_no_seat_is_lost_whatever_they_do(
    sqlite_url: str,
    placed: list[tuple[int, int, bool]],
    claimed: list[tuple[str, int, int, int]],
) -> None:
    with scratch(sqlite_url) as connection:
        for start, length, duty in placed:
            put(connection, start, start + length, duty=duty)
        wanted = seats(connection)
        now = YESTERDAY
        for what, who, which, wait in claimed:
            now += timedelta(hours=wait)
            ids = list(connection.scalars(select(Place.id).order_by(Place.starts_at, Place.id)))
            try_it(connection, what, who, ids[which % len(ids)], now)
            assert seats(connection) == wanted
            assert_nobody_twice(connection)


def try_it(connection: Connection, what: str, who: int, place: int, now: datetime) -> None:
    row = connection.execute(select(Place.starts_at, Place.ends_at).where(Place.id == place)).one()
    middle = (row.starts_at, row.starts_at + (row.ends_at - row.starts_at) / 2)
    how: dict[str, Any] = {
        "take": lambda: take(connection, LINE, who, place, now, zone=ZONE),
        "part": lambda: take(connection, LINE, who, place, now, zone=ZONE, part=middle),
        "offer": lambda: offer(connection, LINE, who, place, now),
        "offer part": lambda: offer(connection, LINE, who, place, now, part=middle),
        "keep": lambda: keep(connection, LINE, who, place, now),
        "drop": lambda: drop(connection, LINE, who, place, now),
        "sick": lambda: sick(connection, LINE, who, now, zone=ZONE),
        "undo": lambda: undo(connection, LINE, who, now),
    }
    before = (shown(connection), shown(connection, duty=True))
    try:
        how[what]()
    except Fault:
        assert (shown(connection), shown(connection, duty=True)) == before


def seats(connection: Connection) -> dict[tuple[int, bool], int]:
    """How many places there are in each minute or so, of each kind."""
    rows = [(*row, duty) for duty in (False, True) for row in shown(connection, duty=duty)]
    count: dict[tuple[int, bool], int] = {}
    for start, end, _, _, duty in rows:
        for minute in range(round(start * 64), round(end * 64)):
            count[minute, duty] = count.get((minute, duty), 0) + 1
    return count


def assert_nobody_twice(connection: Connection) -> None:
    for person in connection.scalars(select(Person.id)):
        for duty in (False, True):
            own = [row for row in shown(connection, duty=duty) if row[2] == person]
            assert all(first[1] <= second[0] for first, second in itertools.pairwise(own))


@contextmanager
def scratch(url: str) -> Iterator[Connection]:
    database = Database(url)
    with database.writing() as connection:
        begin(connection)
        yield connection
        connection.rollback()
    database.close()
