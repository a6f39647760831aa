"""When somebody may be called back: never at night, and only where a peer is down for a while."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from warmline.calls.call_back_times import MOST, windows

NEW_YORK = ZoneInfo("America/New_York")
ALWAYS = [(datetime(2029, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC))]


def local(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:{minute:02}").replace(tzinfo=NEW_YORK)


def hours(now: datetime, on: list[tuple[datetime, datetime]]) -> list[str]:
    found = windows(now, NEW_YORK, on)
    return [
        "soon"
        if one.soon
        else f"{one.starts_at.astimezone(NEW_YORK):%d %H}-{one.until.astimezone(NEW_YORK):%H}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (local("2030-03-04", 18), ["soon", "05 09-12", "05 12-15", "05 15-18"]),
        (local("2030-03-04", 2), ["soon", "04 09-12", "04 12-15", "04 15-18"]),
        (local("2030-03-04", 10), ["soon", "04 12-15", "04 15-18", "04 18-21"]),
        (local("2030-03-04", 23, 59), ["soon", "05 09-12", "05 12-15", "05 15-18"]),
        # The clocks go forward and back in the night after these evenings.
        (local("2030-03-09", 20), ["soon", "10 09-12", "10 12-15", "10 15-18"]),
        (local("2030-11-02", 20), ["soon", "03 09-12", "03 12-15", "03 15-18"]),
    ],
)
def test_what_is_offered_when_somebody_is_always_on(now: datetime, offered: list[str]) -> None:
    assert hours(now, ALWAYS) == offered
    assert len(offered) <= MOST


def test_only_where_a_peer_is_down_for_half_an_hour() -> None:
    now = local("2030-03-04", 18)
    half, less = timedelta(minutes=30), timedelta(minutes=29)
    starts = local("2030-03-05", 11, 30)
    assert hours(now, [(starts, starts + half)]) == ["05 09-12"]
    assert hours(now, [(starts, starts + less)]) == []
    assert hours(now, []) == []


def test_no_window_is_further_ahead_than_a_number_may_be_kept() -> None:
    for hour in range(48):
        now = local("2030-03-04", 0) + timedelta(hours=hour)
        assert all(one.until - now <= timedelta(hours=48) for one in windows(now, NEW_YORK, ALWAYS))
