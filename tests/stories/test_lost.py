"""What never came: legs that ended unheard are looked up at the provider and closed."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from tests.stories.town import LINE, Town
from warmline.conversations.ringing import rings
from warmline.models.calls import Ring
from warmline.simulator import Phone

HALF_A_MINUTE = 30.0
A_MINUTE = 60.0
TEN_MINUTES = 600.0
LOOKED_UP = "is looked up by the service"


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
    town.wait(17)
    assert "ring" in town.live_rows()
    bo = town.volunteer("Bo").never_picks_up()
    town.wait(13)
    assert len(bo.rings) == 1
    rung_again = town.network.run_until(lambda: len(town.phone("Ana").rings) == 2, 120)
    assert rung_again


def test_with_every_word_of_rings_lost_callers_are_connected_and_no_peer_seems_to_ring_for_long(
    town: Town,
) -> None:
    town.network.faults.callbacks_never = True
    town.network.faults.callbacks_affected = _is_of_a_ring
    pressing = [_picks_up_and_presses(town, name, "1") for name in ("Ana", "Bo")]
    _picks_up_and_presses(town, "Chi", "2")
    town.volunteer("Dee").has_voicemail(after=6)
    town.volunteer("Eli").never_picks_up()
    callers = [town.phone(name).when_hears("Our promise", press="#") for name in ("Cal", "Dot")]
    seen = _longest_offered(town)
    for cal in callers:
        cal.dial(LINE)
    for cal in callers:
        assert town.network.run_until(lambda: bool(cal.talking_with), 60)  # noqa: B023 - at once
    town.wait(A_MINUTE)
    assert {name for cal in callers for name in cal.talking_with} == {"Ana", "Bo"}
    assert set(seen) >= {town.people[name] for name in ("Chi", "Dee", "Eli")}
    assert max(seen.values()) <= HALF_A_MINUTE
    assert _looked_up(town, "Eli") <= 2
    for name in ("Chi", "Dee"):
        assert _looked_up(town, name) <= 5
    for cal in callers:
        cal.hang_up()
    for peer in pressing:
        town.until_over(peer)
    town.wait(A_MINUTE)
    assert town.live_rows() == {}


def _is_of_a_ring(fields: Mapping[str, str]) -> bool:
    return fields["Direction"] == "outbound-api"


def _picks_up_and_presses(town: Town, name: str, key: str) -> Phone:
    return town.volunteer(name).picks_up(after=4).when_hears("Press 1", press=key)


def _longest_offered(town: Town) -> dict[int, float]:
    """How long each peer seems to be rung, in seconds, by person, as time goes by."""
    seen: dict[int, float] = {}

    def look(now: datetime) -> None:
        with town.parts.database.reading() as db:
            of_rings = select(Ring.person_id, Ring.asked_at).where(Ring.state != rings.IN_TALK)
            for person, asked_at in db.execute(of_rings):
                seen[person] = max(seen.get(person, 0.0), (now - asked_at).total_seconds())

    town.network.every(1, look)
    return seen


def _looked_up(town: Town, name: str) -> int:
    """How often the provider was asked about this phone's legs."""
    return sum(
        f" {name} " in line and LOOKED_UP in line for line in town.network.story().split("\n")
    )


def test_who_took_the_call_and_left_unheard_does_not_keep_the_caller_for_long(town: Town) -> None:
    town.network.faults.callbacks_never = True
    ana = town.volunteer("Ana").picks_up(after=1).when_hears("Press 1", press="1")
    bo = town.volunteer("Bo").picks_up(after=20).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(ana, "They are hearing our promise.")
    bo.picks_up(after=3)
    ana.never_picks_up()
    with unreachable(town):
        ana.hang_up()
        town.wait(1)
    town.network.faults.callbacks_never = False
    town.until_talking(cal, bo, within=60)


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
    town.until_hears(cal, "We're looking for someone now.")
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
    town.until_hears(dot, "We're looking for someone now.")
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
    town.until_hears(cal, "Your peer's phone hung up.", within=60)
