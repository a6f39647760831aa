"""How many phones ring for one caller."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.routing.odds import LAST_RINGS, MOST_AT_ONCE, Odds, phones_for_one


@pytest.mark.parametrize(
    ("chance", "phones"),
    [
        *[(0.0, 4), (0.1, 4), (0.43, 4), (0.44, 4), (0.55, 3), (0.68, 3)],
        *[(0.69, 2), (0.75, 2), (0.89, 2), (0.9, 1), (0.95, 1), (1.0, 1)],
    ],
)
def test_so_many_phones_that_nine_times_of_ten_one_answers(chance: float, phones: int) -> None:
    assert phones_for_one(chance) == phones


@given(st.floats(0, 1), st.integers(1, 10))
def test_never_more_than_the_line_allows_and_never_none(chance: float, most: int) -> None:
    assert 1 <= phones_for_one(chance, most) <= most


@given(st.floats(0.01, 0.99))
def test_no_phone_fewer_would_do(chance: float) -> None:
    phones = phones_for_one(chance, most=1000)
    assert 1 - (1 - chance) ** phones >= 0.9 - 1e-9
    assert phones == 1 or 1 - (1 - chance) ** (phones - 1) < 0.9 + 1e-9


def test_a_line_begins_with_three_phones() -> None:
    odds = Odds()
    assert odds.chance == 0.55
    assert phones_for_one(odds.chance) == 3


def test_the_first_ring_accepted_does_not_yet_mean_that_one_phone_is_enough() -> None:
    odds = Odds()
    odds.record(accepted=True)
    assert phones_for_one(odds.chance) == 3


def test_peers_who_answer_are_rung_fewer_at_once_and_peers_who_do_not_more() -> None:
    odds = Odds()
    for _ in range(LAST_RINGS):
        odds.record(accepted=True)
    assert phones_for_one(odds.chance) == 1
    for _ in range(LAST_RINGS // 2):
        odds.record(accepted=False)
    assert phones_for_one(odds.chance) == MOST_AT_ONCE


@given(st.lists(st.booleans(), min_size=LAST_RINGS, max_size=3 * LAST_RINGS))
def test_only_the_last_fifty_rings_count(rings: list[bool]) -> None:
    odds = Odds()
    for accepted in rings:
        odds.record(accepted=accepted)
    assert odds.chance == sum(rings[-LAST_RINGS:]) / LAST_RINGS
