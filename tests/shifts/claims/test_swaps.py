"""Swaps: asked, answered, withdrawn, lapsed; both places change hands or neither."""

import pytest
from sqlalchemy import Connection, func, select

from shifts.claims.claims import drop, offer, take
from shifts.claims.own_limits import add_away, set_limit
from shifts.claims.swaps import SwapEnded, accept, ask, refuse, standing, withdraw
from shifts.faults import Fault, NotInRoster
from shifts.models import AGREED, ASKED, COVER_WANTED, OPEN
from shifts.planning_models import RosterChange, Swap
from shifts.refusals import (
    AnswerFirst,
    Begun,
    DoublePlace,
    NoSuchPlace,
    NoSuchSwap,
    NotYours,
    OtherKind,
    Over,
    SomebodyElseHasIt,
    SwapLapsed,
    TooLongToSwap,
    YourOwn,
)
from tests.shifts.placed import NOON, YESTERDAY, ZONE, at, put, shown, span
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, roster

AS_IT_WAS = [(0, 3, ANA, AGREED), (5, 8, BO, AGREED)]
SWAPPED = [(0, 3, BO, AGREED), (5, 8, ANA, AGREED)]


def places(connection: Connection) -> tuple[int, int]:
    """Ana's from noon to 15:00, and Bo's from 17:00 to 20:00."""
    return put(connection, 0, 3, ANA), put(connection, 5, 8, BO)


def swaps(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Swap)) or 0


def test_with_both_yeses_two_places_change_hands_in_one_change(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        assert (swap.asking.id, swap.asking.person_id) == (mine, ANA)
        assert (swap.asked.id, swap.asked.person_id, swap.lapses_at) == (theirs, BO, at(0))
        assert shown(connection) == AS_IT_WAS
        swapped = accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        assert (swapped.asking.person_id, swapped.asked.person_id) == (BO, ANA)
        assert swapped.findings == {ANA: (), BO: ()}
        assert shown(connection) == SWAPPED
        assert connection.scalars(select(RosterChange.kind)).all() == ["swap"]
        assert swaps(connection) == 0


def test_until_the_answer_both_see_the_swap_that_waits(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        assert standing(connection, LINE, ANA, YESTERDAY) == [swap]
        assert standing(connection, LINE, BO, YESTERDAY) == [swap]
        assert standing(connection, LINE, CHI, YESTERDAY) == []
        assert standing(connection, OTHER_LINE, BO, YESTERDAY) == []
        assert standing(connection, LINE, BO, at(0)) == []


def test_asked_twice_it_is_one_swap_and_after_a_change_a_new_one(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        first = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        assert ask(connection, LINE, ANA, mine, theirs, YESTERDAY) == first
        offer(connection, LINE, BO, theirs, YESTERDAY)
        assert standing(connection, LINE, BO, YESTERDAY) == []
        again = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        assert standing(connection, LINE, BO, YESTERDAY) == [again]
        assert swaps(connection) == 1
        accept(connection, LINE, BO, again.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == SWAPPED


def test_a_no_and_a_withdrawal_end_it_and_only_whose_it_is_can_say_so(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        for whose, other, end in ((BO, ANA, refuse), (ANA, BO, withdraw)):
            swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
            for person in (other, CHI):
                with pytest.raises(NoSuchSwap):
                    end(connection, LINE, person, swap.id)
            assert end(connection, LINE, whose, swap.id) == SwapEnded(ANA, BO)
            with pytest.raises(NoSuchSwap):
                accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == AS_IT_WAS


def test_only_the_asked_person_accepts(database_url: str) -> None:
    with roster(database_url) as connection:
        swap = ask(connection, LINE, ANA, *places(connection), YESTERDAY)
        for line, person in ((LINE, ANA), (LINE, CHI), (OTHER_LINE, BO)):
            with pytest.raises(NoSuchSwap):
                accept(connection, line, person, swap.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == AS_IT_WAS


def test_a_swap_lapses_when_the_earlier_shift_begins(database_url: str) -> None:
    with roster(database_url) as connection:
        swap = ask(connection, LINE, ANA, *places(connection), YESTERDAY)
        with pytest.raises(SwapLapsed):
            accept(connection, LINE, BO, swap.id, NOON, zone=ZONE)
        accept(connection, LINE, BO, swap.id, at(-0.001), zone=ZONE)


@pytest.mark.parametrize("change", ["dropped", "offered", "taken"])
def test_a_swap_is_about_both_places_as_they_were(database_url: str, change: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        if change == "dropped":
            drop(connection, LINE, ANA, mine, YESTERDAY)
        else:
            offer(connection, LINE, BO, theirs, YESTERDAY)
        if change == "taken":
            take(connection, LINE, CHI, theirs, YESTERDAY, zone=ZONE)
        before = shown(connection)
        with pytest.raises(SwapLapsed):
            accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == before


def test_swaps_that_cannot_be_asked_are_refused_by_name(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        expected: list[tuple[int, int, type[Fault]]] = [
            (theirs, mine, SomebodyElseHasIt),
            (mine, put(connection, 5, 8), NotYours),
            (mine, put(connection, 15, 18, ANA), YourOwn),
            (mine, put(connection, 15, 18, CHI, ASKED), AnswerFirst),
            (put(connection, 25, 28, ANA, ASKED), theirs, AnswerFirst),
            (mine, put(connection, 5, 8, BO, duty=True), OtherKind),
            (mine, put(connection, -24, -20, BO), Begun),
            (put(connection, -24, -20, ANA), theirs, Begun),
            (put(connection, -30, -25, ANA), theirs, Over),
            (mine, put(connection, 5, 8, BO, line_id=OTHER_LINE), NoSuchPlace),
        ]
        for own, other, fault in expected:
            with pytest.raises(fault):
                ask(connection, LINE, ANA, own, other, YESTERDAY)
        with pytest.raises(NotInRoster):
            ask(connection, OTHER_LINE, ANA, mine, theirs, YESTERDAY)
        assert swaps(connection) == 0


def test_a_shift_that_is_stored_in_pieces_is_offered_rather_than_swapped(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        mine = put(connection, 0, 25, ANA)
        put(connection, 25, 30, ANA)
        with pytest.raises(TooLongToSwap, match="OFFER"):
            ask(connection, LINE, ANA, mine, put(connection, 50, 55, BO), YESTERDAY)


@pytest.mark.parametrize("whose", [ANA, BO])
def test_each_must_be_free_at_the_others_time(database_url: str, whose: int) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        put(connection, *((7, 9) if whose == ANA else (-1, 1)), whose)
        with pytest.raises(DoublePlace):
            accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        with pytest.raises(DoublePlace):
            ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        assert standing(connection, LINE, BO, YESTERDAY) == [swap]


def test_two_shifts_at_the_same_time_can_be_swapped(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = put(connection, 0, 4, ANA, COVER_WANTED), put(connection, 2, 5, BO)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == [(0, 4, BO, AGREED), (2, 5, ANA, AGREED)]


def test_places_on_duty_are_swapped_with_each_other(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = (
            put(connection, start, start + 24, who, duty=True)
            for start, who in ((0, ANA), (24, BO))
        )
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        assert shown(connection, duty=True) == [(0, 24, BO, AGREED), (24, 48, ANA, AGREED)]


def test_what_speaks_against_it_is_said_to_each_and_forbids_nothing(database_url: str) -> None:
    with roster(database_url) as connection:
        add_away(connection, LINE, ANA, span(4, 30), YESTERDAY)
        set_limit(connection, LINE, BO, "most_hours_a_week", 2)
        swap = ask(connection, LINE, ANA, *places(connection), YESTERDAY)
        swapped = accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        said = {person: [one.name for one in swapped.findings[person]] for person in (ANA, BO)}
        assert said == {ANA: ["away"], BO: ["hours"]}
        assert shown(connection) == SWAPPED


def test_of_two_swaps_about_one_place_the_first_yes_counts(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = places(connection)
        chis = put(connection, 10, 12, CHI)
        with_bo = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        with_chi = ask(connection, LINE, ANA, mine, chis, YESTERDAY)
        accept(connection, LINE, CHI, with_chi.id, YESTERDAY, zone=ZONE)
        with pytest.raises(SwapLapsed):
            accept(connection, LINE, BO, with_bo.id, YESTERDAY, zone=ZONE)
        assert shown(connection)[0] == (0, 3, CHI, AGREED)
        assert OPEN not in {state for _, _, _, state in shown(connection)}
