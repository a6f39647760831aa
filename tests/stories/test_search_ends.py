"""Which phones stop, and how soon, when a caller goes or somebody else has taken the call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest

from tests.stories.served import settings_for
from tests.stories.town import LINE, Town
from tests.waiting import until
from warmline.parts import Parts
from warmline.sending.sender import Sender
from warmline.simulator import Phone

SIX = ("Ana", "Bo", "Chi", "Dee", "Eli", "Fay")
SOMEBODY = "someone would like to talk"


def calls_in(town: Town, name: str = "Cal") -> Phone:
    """A caller who skips the promise."""
    phone = town.phone(name)
    phone.when_hears("Our promise", press="#")
    phone.dial(LINE)
    return phone


def volunteers(town: Town, *names: str) -> list[Phone]:
    return [town.volunteer(name) for name in names]


def ringing(phones: list[Phone]) -> int:
    return sum(phone.is_ringing for phone in phones)


def test_a_caller_gone_stops_every_ring_and_those_not_yet_placed_never_ring(town: Town) -> None:
    phones = volunteers(town, *SIX)
    cal = calls_in(town)
    town.until_rings(phones[0])
    cal.hang_up()
    town.wait(2)
    assert not ringing(phones)
    town.wait(60)
    assert sum(len(phone.rings) for phone in phones) == 1
    assert not town.live_rows()


def test_rings_stop_all_at_once_though_they_were_placed_one_a_second(town: Town) -> None:
    phones = volunteers(town, *SIX)
    cal, dot = calls_in(town), calls_in(town, "Dot")
    town.network.run_until(lambda: ringing(phones) == 6, 30)
    cal.hang_up()
    dot.hang_up()
    town.wait(2)
    assert not ringing(phones)
    ended = [phone.rings[0].ended for phone in phones]
    assert len(set(ended)) == 1


def test_rings_that_another_waiting_caller_needs_go_on(town: Town) -> None:
    phones = volunteers(town, *SIX)
    cal = calls_in(town)
    town.wait(1)
    dot = calls_in(town, "Dot")
    town.network.run_until(lambda: ringing(phones) == 6, 30)
    cal.hang_up()
    town.wait(2)
    assert ringing(phones) == 4
    first = next(phone for phone in phones if phone.is_ringing)
    first.when_hears(SOMEBODY, press="1").pick_up()
    town.until_talking(dot, first)
    town.wait(1)
    assert not ringing(phones)


def test_of_the_losers_a_ringing_phone_stops_and_one_picked_up_is_thanked(town: Town) -> None:
    ana, bo, chi = phones = volunteers(town, "Ana", "Bo", "Chi")
    cal = calls_in(town)
    town.until_rings(chi)
    town.wait(6)
    ana.pick_up()
    bo.pick_up()
    town.wait(1)
    bo.press("1")
    town.wait(1)
    assert not chi.is_ringing
    assert chi.rings[0].how == "canceled"
    assert ana.words.endswith("Not needed any more. Thank you.")
    town.until_talking(cal, bo)
    town.until_over(ana)
    assert not ringing(phones)


def test_a_bound_ring_ends_with_its_call_and_is_offered_to_no_other(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears(SOMEBODY, press="1")
    cal = calls_in(town)
    town.until_talking(cal, ana)
    calls_in(town, "Dot")
    ana.never_picks_up()
    ana.hang_up()
    town.until_rings(ana)
    town.wait(1)
    cal.hang_up()
    town.wait(2)
    assert not ana.is_ringing
    town.wait(30)
    assert len(ana.rings) == 2


def test_while_a_peer_is_rung_back_a_1_leads_to_their_own_caller(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Press 1", press="1")
    cal = calls_in(town)
    town.until_talking(cal, ana)
    dot = calls_in(town, "Dot")
    ana.when_hears("go back to it", press="1").hang_up()
    town.until_rings(ana)
    town.until_talking(cal, ana)
    assert not dot.talking_with


@pytest.mark.both_databases
@pytest.mark.parametrize("named_by", ["the answer", "a callback"])
def test_a_ring_in_the_making_ends_itself_when_its_caller_has_gone(
    town: Town, named_by: str
) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    cal = calls_in(town)
    town.until_rings(ana)
    faults = town.network.faults
    faults.callbacks_affected = lambda fields: fields["To"] == bo.number
    faults.callbacks_never = named_by == "the answer"
    faults.create_slow = 1
    with another_process(town, seconds_ahead=1) as sender:
        creating = Thread(target=sender.send_due)
        creating.start()
        wait_until_asked_for(town, calls=3)
        cal.hang_up()
        town.wait(0.1)
        if named_by == "the answer":
            creating.join()
        town.wait(1.9)
        assert not bo.is_ringing
        creating.join()
    town.wait(60)
    assert not bo.rings
    assert not town.live_rows()


def wait_until_asked_for(town: Town, calls: int) -> None:
    """Until the provider has begun so many calls, though it has not answered yet: real time."""
    until(lambda: len(town.network.records()) >= calls)


@contextmanager
def another_process(town: Town, seconds_ahead: float) -> Iterator[Sender]:
    """The sender of another process on the same database, whose clock is a little ahead."""
    mine = town.parts.settings
    settings = settings_for(mine.database_url, mine.port, mine.provider_url, mine.calls_per_second)
    parts = Parts(settings, lambda: town.network.now() + timedelta(seconds=seconds_ahead))
    yield parts.sender
    parts.close()
