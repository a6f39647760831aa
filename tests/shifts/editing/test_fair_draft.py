"""A fair draft: nobody gets what they did not offer, and what there is is spread evenly."""

from collections.abc import Collection, Mapping
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.editing.fair_draft import fair
from tests.examples import examples

ANA, BO, CHI = 1, 2, 3
EVE, CHRISTMAS, NEW_YEAR = 24, 25, 31
Offers = Mapping[int, Collection[int]]


def anything(_person: int, _days: Collection[int]) -> bool:
    return True


def one_each(_person: int, days: Collection[int]) -> bool:
    return len(days) <= 1


def by_name(_day: int, person: int) -> int:
    return person


def drafted(
    wanted: Mapping[int, int], offers: Offers, *, limits: Mapping[int, int] | None = None
) -> dict[int, set[int]]:
    most = limits or {}
    return fair(wanted, offers, lambda who, days: len(days) <= most.get(who, 99), by_name)


@pytest.mark.parametrize(
    ("wanted", "offers", "limits", "found"),
    [
        ({EVE: 1}, {}, {}, {EVE: set()}),
        ({EVE: 2}, {EVE: [ANA]}, {}, {EVE: {ANA}}),
        (
            {EVE: 1, CHRISTMAS: 1},
            {EVE: [ANA, BO], CHRISTMAS: [ANA]},
            {},
            {EVE: {BO}, CHRISTMAS: {ANA}},
        ),
        # Ana alone offers all of it: she has all of it, or as much as she wants at most.
        (
            {EVE: 1, CHRISTMAS: 1},
            {EVE: [ANA], CHRISTMAS: [ANA]},
            {},
            {EVE: {ANA}, CHRISTMAS: {ANA}},
        ),
        (
            *({EVE: 1, CHRISTMAS: 1}, {EVE: [ANA], CHRISTMAS: [ANA]}),
            *({ANA: 1}, {EVE: {ANA}, CHRISTMAS: set()}),
        ),
        # Ana wants one day at most, and only she could come at Christmas.
        (
            *({CHRISTMAS: 1, EVE: 2}, {EVE: [ANA, BO], CHRISTMAS: [ANA]}),
            *({ANA: 1}, {EVE: {BO}, CHRISTMAS: {ANA}}),
        ),
        # By way of Bo: Chi could come only at New Year.
        (
            {EVE: 1, CHRISTMAS: 1, NEW_YEAR: 1},
            {EVE: [ANA], CHRISTMAS: [ANA, BO], NEW_YEAR: [BO, CHI]},
            {},
            {EVE: {ANA}, CHRISTMAS: {BO}, NEW_YEAR: {CHI}},
        ),
    ],
)
def test_who_is_drafted(
    wanted: Mapping[int, int], offers: Offers, limits: Mapping[int, int], found: Offers
) -> None:
    assert drafted(wanted, offers, limits=limits) == found


days = st.integers(1, 4)
people = st.integers(1, 5)
some_wanted = st.dictionaries(days, st.integers(1, 3), max_size=4)
some_offers = st.dictionaries(days, st.sets(people), max_size=4)
some_limits = st.dictionaries(people, st.integers(0, 3))


def loads(found: Offers) -> list[int]:
    who = [person for persons in found.values() for person in persons]
    return sorted(who.count(person) for person in set(who))


@examples(150)
@given(some_wanted, some_offers, some_limits)
def test_nobody_has_what_they_did_not_offer_or_more_than_they_want(
    wanted: dict[int, int], offers: dict[int, set[int]], limits: dict[int, int]
) -> None:
    found = drafted(wanted, offers, limits=limits)
    for day, persons in found.items():
        assert persons <= offers.get(day, set())
        assert len(persons) <= wanted[day]
    for person, most in limits.items():
        assert sum(person in persons for persons in found.values()) <= most
    # A place is left open only where nobody who offered it could take it besides.
    for day, persons in found.items():
        for person in offers.get(day, set()) - persons if len(persons) < wanted[day] else ():
            has = sum(person in others for others in found.values())
            assert has >= limits.get(person, 99)


@examples(60)
@given(st.dictionaries(st.integers(1, 3), st.integers(1, 2)), some_offers)
def test_no_other_way_fills_more_or_spreads_it_more_evenly(
    wanted: dict[int, int], offers: dict[int, set[int]]
) -> None:
    found = drafted(wanted, offers)
    filled = [min(many, len(offers.get(day, ()))) for day, many in wanted.items()]
    assert sorted(map(len, found.values())) == sorted(filled)
    ways = product(
        *(combinations(offers.get(day, ()), n) for day, n in zip(wanted, filled, strict=True))
    )
    best = min(
        sum(n * n for n in loads({d: set(one) for d, one in enumerate(way)})) for way in ways
    )
    assert sum(n * n for n in loads(found)) == best


@given(some_wanted, st.sets(people, min_size=1))
def test_where_everybody_could_on_every_day_nobody_has_two_more_than_another(
    wanted: dict[int, int], everybody: set[int]
) -> None:
    found = drafted(wanted, dict.fromkeys(wanted, everybody))
    has = [sum(one in persons for persons in found.values()) for one in everybody]
    assert max(has) - min(has) <= 1


def test_a_tie_is_settled_by_lots() -> None:
    def last(_day: int, person: int) -> int:
        return -person

    assert fair({EVE: 1}, {EVE: [ANA, BO]}, anything, last) == {EVE: {BO}}
    assert fair({EVE: 1, NEW_YEAR: 1}, {EVE: [ANA], NEW_YEAR: [ANA]}, one_each, last) == {
        EVE: {ANA},
        NEW_YEAR: set(),
    }
