"""How long callers wait before they leave, from counts of bands alone."""

import random

import pytest

from warmline.counts import patience


@pytest.mark.parametrize("mean", [60.0, 240.0, 600.0])
def test_patience_is_found_again_from_played_callers(mean: float) -> None:
    chance = random.Random(7)  # noqa: S311 - played, no secret
    soon = later = left = 0
    for _ in range(40_000):
        comes, leaves = chance.expovariate(1 / 90), chance.expovariate(1 / mean)
        if leaves < comes:
            left += leaves >= patience.LEFT_FROM
        elif comes > patience.LAST:
            later += 1
        elif comes > patience.FIRST:
            soon += 1
    found = patience.seconds(soon, later, left)
    assert found == pytest.approx(mean, rel=0.1)


@pytest.mark.parametrize("counts", [(0, 0, 0), (19, 500, 500), (500, 19, 500), (500, 500, 19)])
def test_few_counts_tell_nothing(counts: tuple[int, int, int]) -> None:
    assert patience.seconds(*counts) is None


def test_what_is_told_stays_within_what_people_do() -> None:
    assert patience.seconds(100_000, 20, 9_000_000) == patience.SHORTEST
    assert patience.seconds(20, 1000, 20) == patience.LONGEST
