"""Quiet hours as examples, with the nights on which clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from warmline.people import quiet_hours

NEW_YORK = ZoneInfo("America/New_York")


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2030-03-04T19:59:59", None),
        ("2030-03-04T20:00", "2030-03-05T09:00"),
        ("2030-03-05T03:00", "2030-03-05T09:00"),
        ("2030-03-05T08:59", "2030-03-05T09:00"),
        ("2030-03-05T09:00", None),
        # Clocks go forward on 10 March and back on 3 November.
        ("2030-03-10T01:30", "2030-03-10T09:00"),
        ("2030-11-02T23:30", "2030-11-03T09:00"),
    ],
)
def test_the_usual_quiet_hours_are_eight_to_nine(at: str, ends: str | None) -> None:
    assert quiet_hours.until(local(at), NEW_YORK) == (local(ends) if ends else None)


@pytest.mark.parametrize(
    ("own", "at", "ends"),
    [
        ((21 * 60, 9 * 60), "2030-03-04T20:30", None),
        ((13 * 60, 15 * 60), "2030-03-04T14:00", "2030-03-04T15:00"),
        ((13 * 60, 15 * 60), "2030-03-04T23:00", None),
        ((0, 0), "2030-03-04T03:00", None),
        ((22 * 60, 2 * 60 + 30), "2030-03-10T01:00", "2030-03-10T03:00"),
    ],
)
def test_ones_own_quiet_hours(own: tuple[int, int], at: str, ends: str | None) -> None:
    assert quiet_hours.until(local(at), NEW_YORK, *own) == (local(ends) if ends else None)


def test_the_hour_that_comes_twice_is_quiet_both_times() -> None:
    early, late = local("2030-11-03T01:30"), local("2030-11-03T01:30", fold=1)
    assert quiet_hours.until(early, NEW_YORK, 60, 120) == quiet_hours.until(late, NEW_YORK, 60, 120)
    assert late < local("2030-11-03T02:00") == quiet_hours.until(late, NEW_YORK, 60, 120)
