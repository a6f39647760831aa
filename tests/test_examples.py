"""Property tests try the same few examples at each push, whatever the machine is busy with."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.examples import FEW, LARGE, MORE, PUSH, examples


def tried() -> list[int]:
    """What a property test tries at a push."""
    seen: list[int] = []

    @settings(settings.get_profile(PUSH))
    @given(st.integers())
    def look(number: int) -> None:
        seen.append(number)

    look()
    return seen


def test_at_each_push_the_examples_are_the_same() -> None:
    once, again = tried(), tried()
    assert once == again
    assert 1 < len(once) <= FEW


def test_no_size_looks_at_a_clock_and_a_push_makes_nothing_smaller() -> None:
    for name in (PUSH, LARGE):
        profile = settings.get_profile(name)
        assert profile.deadline is None
        assert HealthCheck.too_slow in profile.suppress_health_check
    assert Phase.shrink not in settings.get_profile(PUSH).phases
    assert Phase.shrink in settings.get_profile(LARGE).phases
    assert not settings.get_profile(LARGE).derandomize


def test_a_test_that_names_its_number_tries_many_more_in_the_large_size() -> None:
    is_large = settings.get_current_profile_name() == LARGE
    assert examples(7).max_examples == 7 * (MORE if is_large else 1)
    assert examples(7).deadline is None
