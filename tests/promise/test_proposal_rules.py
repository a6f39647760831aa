"""When a change that nobody makes alone takes effect, by tables and by chance."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.promise.promise import NEVER, QUESTIONS, OtherPlace, Promise
from warmline.promise.proposal_rules import (
    ALONE,
    EVERYBODY_SEES,
    GATHERS,
    Proposed,
    Roster,
    State,
    holds_from,
    is_enough,
    is_held,
    needed,
    only_protects,
    starts_at,
    state,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEVER_AT_ALL = Promise("en", dict.fromkeys(QUESTIONS, NEVER))


def roster(people: int, coordinators: int) -> Roster:
    """Persons 1 to `people`, the first of whom coordinate."""
    return Roster(frozenset(range(1, people + 1)), frozenset(range(1, coordinators + 1)))


def proposed(yeses: Collection[int] = (), objections: Collection[int] = ()) -> Proposed:
    return Proposed(NOON, frozenset(yeses), frozenset(objections))


@pytest.mark.parametrize(
    ("people", "coordinators", "yeses_wanted", "objections_hold"),
    [
        (1, 1, (1, 0, 1), 1),
        (1, 0, (0, 1, 1), 1),
        (2, 1, (1, 1, 2), 1),
        (2, 2, (1, 0, 2), 1),
        (3, 1, (1, 2, 3), 1),
        (3, 2, (1, 1, 3), 1),
        (4, 1, (1, 2, 3), 2),
        (4, 4, (1, 0, 3), 2),
        (9, 2, (1, 2, 3), 3),
        (9, 0, (0, 2, 3), 3),
        (30, 3, (1, 2, 3), 3),
    ],
)
def test_whose_yes_it_takes_and_how_many_objections_hold_it(
    people: int, coordinators: int, yeses_wanted: tuple[int, int, int], objections_hold: int
) -> None:
    there = roster(people, coordinators)
    wanted = needed(there)
    assert (wanted.coordinators, wanted.volunteers, wanted.people) == yeses_wanted
    assert holds_from(there) == objections_hold


@pytest.mark.parametrize(
    ("people", "coordinators", "yeses", "enough"),
    [
        (9, 2, {1, 3, 4}, True),
        (9, 2, {1, 2, 3}, False),
        (9, 2, {1, 3}, False),
        (9, 2, {3, 4, 5, 6, 7, 8, 9}, False),
        (9, 0, {3, 4, 5}, True),
        (3, 2, {1, 3}, False),
        (3, 2, {1, 2, 3}, True),
        (2, 1, {1}, False),
        (2, 1, {1, 2}, True),
        (2, 2, {1, 2}, True),
        (1, 1, {1}, True),
        (1, 1, set(), False),
        (9, 2, {1, 3, 40}, False),
    ],
)
def test_a_coordinator_and_two_volunteers_say_yes(
    people: int, coordinators: int, yeses: set[int], enough: bool
) -> None:
    assert is_enough(yeses, roster(people, coordinators)) == enough


@pytest.mark.parametrize(
    ("people", "made", "days", "expected"),
    [
        (9, proposed({1, 3, 4}), 6.9, State.ENOUGH),
        (9, proposed({1, 3, 4}), 7, State.DUE),
        (9, proposed({1, 3}), 30, State.OPEN),
        (9, proposed({1, 3}), 60, State.OVER),
        (9, proposed({1, 3, 4}, {5, 6}), 7, State.DUE),
        (9, proposed({1, 3, 4}, {5, 6, 7}), 7, State.HELD),
        (9, proposed({1, 3, 4}, {5, 6, 40}), 7, State.DUE),
        (4, proposed({1, 2, 3}, {4}), 7, State.DUE),
        (3, proposed({1, 2}, {3}), 7, State.HELD),
        (9, proposed({1, 3, 4}, {5, 6, 7}), 60, State.OVER),
        (1, proposed({1}), 2.9, State.ENOUGH),
        (1, proposed({1}), 3, State.DUE),
        (9, replace(proposed({1, 3, 4}), protects=True), 0, State.DUE),
        (9, replace(proposed({1, 3}), protects=True), 7, State.OPEN),
        (9, replace(proposed({1, 3, 4}, {5, 6, 7}), protects=True), 7, State.HELD),
    ],
)
def test_how_it_stands_with_a_change(
    people: int, made: Proposed, days: float, expected: State
) -> None:
    assert state(made, roster(people, 1), NOON + days * DAY) == expected


def test_one_person_alone_waits_three_days_and_anybody_else_seven() -> None:
    for people, length in ((0, ALONE), (1, ALONE), (2, EVERYBODY_SEES), (30, EVERYBODY_SEES)):
        assert starts_at(proposed(), roster(people, 1)) == NOON + length


people_of = st.frozensets(st.integers(1, 12))


@given(people_of, people_of, people_of, people_of)
def test_nothing_takes_effect_against_a_third_or_by_one_of_several(
    people: frozenset[int],
    lead: frozenset[int],
    yeses: frozenset[int],
    against: frozenset[int],
) -> None:
    there = Roster(people, lead & people)
    made = Proposed(NOON, yeses - against, against)
    stands = state(made, there, NOON + 7 * DAY)
    if stands == State.DUE:
        assert len(people & made.yeses) >= min(2, len(people))
        assert 3 * len(people & against) < max(len(people), 1)
        assert len(people & against) < 3
        assert not there.coordinators or there.coordinators & made.yeses
    if is_held(against, there):
        assert stands == State.HELD


@given(people_of, people_of, people_of, st.integers(1, 12))
def test_one_more_yes_never_hinders(
    people: frozenset[int], lead: frozenset[int], yeses: frozenset[int], more: int
) -> None:
    there = Roster(people, lead & people)
    assert is_enough(yeses | {more}, there) >= is_enough(yeses, there)
    assert state(Proposed(NOON, yeses, frozenset()), there, NOON + GATHERS - DAY) != State.OVER


def with_answers(one: Promise, **answers: str) -> Promise:
    return replace(one, answers={**one.answers, **answers})


SOMETIMES = with_answers(NEVER_AT_ALL, police="if somebody holds a weapon", family="if asked")
EXCEPTED = replace(NEVER_AT_ALL, exceptions="If a court orders it.")
PLACE = (OtherPlace("Night Line", "413 555 0150", "calls nobody"),)


@pytest.mark.parametrize(
    ("before", "after", "protects"),
    [
        (SOMETIMES, with_answers(SOMETIMES, police=NEVER), True),
        (SOMETIMES, NEVER_AT_ALL, True),
        (EXCEPTED, NEVER_AT_ALL, True),
        (SOMETIMES, with_answers(SOMETIMES, police="if somebody holds a gun"), False),
        (SOMETIMES, with_answers(SOMETIMES, police=NEVER, immigration="sometimes"), False),
        (NEVER_AT_ALL, EXCEPTED, False),
        (EXCEPTED, replace(EXCEPTED, exceptions="If two courts order it."), False),
        (SOMETIMES, replace(NEVER_AT_ALL, other_places=PLACE), False),
    ],
)
def test_only_never_in_place_of_an_exception_protects_more(
    before: Promise, after: Promise, protects: bool
) -> None:
    assert only_protects({"en": before}, {"en": after}) == protects


def test_another_language_or_one_less_is_for_people_to_judge() -> None:
    spanish = replace(NEVER_AT_ALL, language="es")
    both = {"en": NEVER_AT_ALL, "es": spanish}
    assert not only_protects({"en": SOMETIMES}, both)
    assert not only_protects(both, {"en": NEVER_AT_ALL})
    assert only_protects({"en": SOMETIMES, "es": spanish}, both)
