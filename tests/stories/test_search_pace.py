"""Calls are placed as fast as the provider lets us, and never faster, whoever places them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest

from tests.stories.served import settings_for
from tests.stories.town import LINE, Town, town_on
from warmline.database.engine import Database
from warmline.outbox import pacing
from warmline.parts import Parts
from warmline.simulator import Phone

SIX = ("Ana", "Bo", "Chi", "Dee", "Eli", "Fay")
NOON = datetime(2030, 3, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def fast(database_url: str) -> Iterator[Town]:
    """A town whose provider lets us place four calls a second."""
    with town_on(database_url, per_second=4) as town:
        yield town


def two_callers_ring_six(town: Town) -> list[Phone]:
    phones = [town.volunteer(name) for name in SIX]
    for name in ("Cal", "Dot"):
        town.phone(name).dial(LINE)
    town.network.run_until(lambda: all(phone.is_ringing for phone in phones), 30)
    return phones


def gaps(phones: list[Phone]) -> list[float]:
    """Seconds from each first ring to the next."""
    begun = sorted(phone.rings[0].started for phone in phones)
    return [(after - before).total_seconds() for before, after in pairwise(begun)]


def seconds_in_the_providers_queue(town: Town) -> set[object]:
    placed = [call for call in town.network.records() if call["direction"] == "outbound-api"]
    return {call["queue_time"] for call in placed}


def test_one_call_a_second_is_placed_and_none_waits_at_the_provider(town: Town) -> None:
    phones = two_callers_ring_six(town)
    assert all(1 <= gap <= 1.25 for gap in gaps(phones))
    assert seconds_in_the_providers_queue(town) == {"0"}


@pytest.mark.both_databases
def test_as_many_a_second_as_the_provider_allows(fast: Town) -> None:
    phones = two_callers_ring_six(fast)
    assert all(0.25 <= gap <= 0.5 for gap in gaps(phones))
    assert seconds_in_the_providers_queue(fast) == {"0"}


@pytest.mark.both_databases
def test_two_processes_on_one_database_keep_the_pace_together(town: Town) -> None:
    mine = town.parts.settings
    settings = settings_for(mine.database_url, mine.port, mine.provider_url, mine.calls_per_second)
    other = Parts(settings, town.network.now)
    town.network.every(0.2, lambda _now: other.sender.send_due())
    phones = two_callers_ring_six(town)
    assert all(1 <= gap <= 1.25 for gap in gaps(phones))
    assert seconds_in_the_providers_queue(town) == {"0"}
    other.close()


@pytest.mark.both_databases
def test_a_slot_is_taken_by_one_of_many_who_ask_at_the_same_moment(database_url: str) -> None:
    database, together = Database(database_url), Barrier(8)

    def asks(_: int) -> datetime | None:
        together.wait()
        with database.writing() as db:
            return pacing.take_slot(db, 1, NOON, SECOND)

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(asks, range(8)))
    assert answers.count(None) == 1
    assert set(answers) == {None, NOON + SECOND}
    database.close()


def test_slots_of_a_quiet_time_are_not_saved_up(database_url: str) -> None:
    database = Database(database_url)
    times = [NOON, NOON + 0.5 * SECOND, NOON + SECOND, NOON + 3600 * SECOND, NOON + 3600 * SECOND]
    with database.writing() as db:
        answers = [pacing.take_slot(db, 1, now, between=SECOND) for now in times]
    assert answers == [None, NOON + SECOND, None, None, NOON + 3601 * SECOND]
    database.close()


def test_with_room_for_two_calls_at_once_one_phone_rings_after_the_other(town: Town) -> None:
    phones = [town.volunteer(name) for name in SIX[:3]]
    town.network.faults.calls_at_once = 2
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.network.run_until(lambda: all(phone.rings for phone in phones), 60)
    [last] = [phone for phone in phones if phone.is_ringing]
    begun = sorted(phone.rings[0].started for phone in phones)
    assert all(after - before >= 15 * SECOND for before, after in pairwise(begun))
    last.pick_up()
    town.until_hears(last, "Press 1")
    last.press("1")
    town.until_talking(cal, last)
