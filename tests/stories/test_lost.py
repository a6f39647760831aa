"""What never came: legs that ended unheard are looked up at the provider and closed."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.stories.town import LINE, Town
from warmline.simulator import Phone

A_MINUTE = 60.0
TEN_MINUTES = 600.0


@contextmanager
def unreachable(town: Town, *below: str) -> Iterator[None]:
    """Nothing that the network asks or tells below these paths gets through to the service."""
    urls = [town.parts.settings.public_url + path for path in below or ("",)]
    with socket.create_server(("127.0.0.1", 0)) as refused:
        for url in urls:
            town.network.reach(url, f"http://127.0.0.1:{refused.getsockname()[1]}")
    try:
        yield
    finally:
        for url in urls:
            town.network.reach(url, url)


def talking(town: Town) -> tuple[Phone, Phone]:
    ana = town.volunteer("Ana").picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    return cal, ana


def test_a_caller_who_left_unheard_is_looked_up_and_the_phones_stop(town: Town) -> None:
    ana = town.volunteer("Ana").never_picks_up()
    town.set_rules(ring_seconds=60)
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_rings(ana)
    town.network.faults.callbacks_never = True
    cal.hang_up()
    town.wait(25)
    assert ana.is_ringing
    town.wait(25)
    assert not ana.is_ringing
    town.wait(70)
    assert town.live_rows() == {}
    assert town.counts() == {"offered": 1, "not reached": 1}


def test_a_ring_that_ended_unheard_is_looked_up_and_the_search_goes_on(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    town.network.faults.callbacks_never = True
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_rings(town.phone("Ana"))
    town.wait(30)
    assert "ring" in town.live_rows()
    bo = town.volunteer("Bo").never_picks_up()
    town.wait(35)
    assert len(bo.rings) == 1
    rung_again = town.network.run_until(lambda: len(town.phone("Ana").rings) == 2, 120)
    assert rung_again


def test_who_took_the_call_and_left_unheard_does_not_keep_the_caller_for_long(town: Town) -> None:
    town.network.faults.callbacks_never = True
    ana = town.volunteer("Ana").picks_up(after=1).when_hears("Press 1", press="1")
    bo = town.volunteer("Bo").picks_up(after=20).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(ana, "They are hearing how the line works.")
    bo.picks_up(after=3)
    ana.never_picks_up()
    with unreachable(town):
        ana.hang_up()
        town.wait(1)
    town.network.faults.callbacks_never = False
    town.until_talking(cal, bo, within=90)
    assert cal.has_heard("Your peer's phone has left the call.")


def test_when_the_caller_leaves_a_talk_unheard_the_peer_is_soon_free(town: Town) -> None:
    cal, ana = talking(town)
    town.network.faults.callbacks_never = True
    cal.hang_up()
    town.until_hears(ana, "They have hung up. Thank you.", within=70)
    town.until_over(ana)
    town.wait(60)
    assert town.live_rows() == {}
    assert town.is_in_breather("Ana")


def test_a_peer_whose_caller_is_cut_off_on_the_way_to_them_is_not_left_alone(town: Town) -> None:
    ana, cal = town.volunteer("Ana").picks_up(after=30), town.phone("Cal")
    town.set_rules(ring_seconds=60)
    cal.when_hears("Our promise", press="#").dial(LINE)
    town.until_hears(ana, "Press 1 to take it")
    # The caller is in the queue by now. What would lead them into the room is never answered.
    with unreachable(town, "/c", "/voice"):
        ana.press("1")
        town.until_over(cal, within=30)
    town.until_hears(ana, "They have hung up. Thank you.", within=A_MINUTE)
    town.until_over(ana)
    assert town.live_rows() == {}


def test_a_talk_that_ended_unheard_is_closed_within_a_minute(town: Town) -> None:
    cal, ana = talking(town)
    with unreachable(town):
        cal.hang_up()
        town.until_over(ana, within=20)
    assert town.live_rows() == {"call": 1, "ring": 1, "tried_peer": 1}
    town.wait(A_MINUTE)
    assert town.live_rows() == {}
    assert town.counts() == {"offered": 1, "answered": 1}
    assert town.is_in_breather("Ana")


def test_a_talk_that_goes_on_is_left_alone(town: Town) -> None:
    cal, ana = talking(town)
    for _ in range(5):
        town.wait(TEN_MINUTES)
        assert cal.talking_with == {"Ana"}
    cal.hang_up()
    town.wait(30)
    assert not ana.is_in_call
    assert town.live_rows() == {}


def test_a_caller_who_hears_the_whole_promise_is_left_alone(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "We are looking for somebody now.")
    assert town.live_rows()["call"] == 1


def test_when_the_provider_cannot_say_it_is_asked_again(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(6)
    with unreachable(town):
        cal.hang_up()
        town.wait(40)
    town.network.faults.requests_refused = 2
    town.wait(20)
    town.wait(90)
    assert town.network.faults.requests_refused == 0
    assert town.live_rows() == {}


def test_a_service_that_was_unreachable_all_through_finds_an_empty_line(town: Town) -> None:
    cal, ana = talking(town)
    dot = town.phone("Dot").when_hears("Our promise", press="#")
    dot.dial(LINE)
    town.until_hears(dot, "May we count")
    with unreachable(town):
        for phone in (cal, dot):
            phone.hang_up()
        town.wait(5)
    town.wait(A_MINUTE)
    assert not ana.is_in_call
    assert town.live_rows() == {}
    assert town.counts() == {"offered": 2, "answered": 1, "not reached": 1}


def test_a_caller_whose_move_was_never_taken_is_fetched_again(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    town.network.faults.requests_refused = 1000
    ana.never_picks_up()
    ana.hang_up()
    town.wait(150)
    town.network.faults.requests_refused = 0
    town.until_hears(cal, "Your peer's phone has left the call.", within=60)
