"""A language with few calls is written as "other" at the moment of counting."""

from datetime import UTC, datetime, timedelta

from warmline.counts.small_numbers import LATELY, OTHER, Languages

NOW = datetime(2030, 3, 4, 23, tzinfo=UTC)


def test_the_fifth_within_thirty_days_is_named_and_none_before() -> None:
    few = Languages()
    days = [NOW + timedelta(days=day) for day in range(6)]
    assert [few.name(1, "es", "en", day) for day in days] == [OTHER] * 4 + ["es", "es"]


def test_five_over_a_longer_time_are_few() -> None:
    few = Languages()
    weeks = [NOW + timedelta(days=8 * number) for number in range(9)]
    assert {few.name(1, "es", "en", week) for week in weeks} == {OTHER}
    assert timedelta(days=32) > LATELY


def test_the_lines_first_language_is_always_named_and_lines_are_apart() -> None:
    few = Languages()
    assert few.name(1, "en", "en", NOW) == "en"
    assert [few.name(1, "es", "en", NOW) for _ in range(5)][-1] == "es"
    assert few.name(2, "es", "en", NOW) == OTHER
