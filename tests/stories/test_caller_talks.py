"""In the talk: `*` for the caller, being cut off, and goodbye."""

from datetime import timedelta

import pytest

from tests.stories.town import EVENING, LINE, Town
from warmline.simulator import Phone

STILL_HERE = "Your peer is still here. One moment."
HAS_LEFT = "Your peer's phone hung up. If that was the end, take care."


def talking(town: Town, caller: str = "Cal", peer: str = "Ana") -> tuple[Phone, Phone]:
    """A caller and a peer in a talk that has just begun."""
    if peer not in town.people:
        town.volunteer(peer)
    there = town.phone(peer)
    there.picks_up(after=3).when_hears("someone would like to talk", press="1", once=True)
    here = town.phone(caller)
    here.when_hears("Our promise", press="#")
    here.dial(LINE)
    town.until_talking(here, there)
    return here, there


@pytest.mark.parametrize("key", ["1", "", "6"])
def test_star_then_1_or_nothing_goes_back_to_the_peer(town: Town, key: str) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "1: back to your peer.")
    assert not cal.talking_with
    if key:
        cal.press(key)
    town.until_talking(cal, ana, within=25)


def test_while_the_caller_chooses_the_peer_hears_why(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(ana, "They are choosing something. One moment.", within=5)


def test_star_then_2_finds_somebody_else_and_leaves_no_mark(town: Town) -> None:
    cal, ana = talking(town)
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    cal.press("*")
    town.until_hears(cal, "2: someone else, please.")
    cal.press("2")
    town.until_hears(ana, "They'd like someone else. Thank you.", within=5)
    town.until_over(ana)
    town.until_talking(cal, bo)
    assert len(ana.rings) == 1


def test_the_peer_is_not_rung_for_that_call_again(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "2: someone else, please.")
    cal.press("2")
    town.until_hears(cal, "No one could pick up", within=200)
    assert len(ana.rings) == 1


def test_star_then_4_says_the_rules_and_other_places_and_goes_back(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "4: what we promise")
    cal.press("4")
    town.until_hears(cal, "Our promise at Riverside")
    town.until_hears(cal, "Hilltop Peers")
    town.until_talking(cal, ana, within=30)


def test_star_then_9_is_goodbye_and_the_peer_is_thanked(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "9: goodbye.")
    cal.press("9")
    town.until_hears(cal, "Thank you for calling.")
    town.until_over(cal)
    town.until_over(ana)
    assert ana.has_heard("They have hung up. Thank you.")
    town.wait(60)
    assert town.live_rows() == {}


def test_star_as_often_as_wanted_and_never_the_same_room_twice(town: Town) -> None:
    cal, ana = talking(town)
    for _ in range(3):
        cal.press("*")
        town.until_hears(cal, "1: back")
        cal.press("1")
        town.until_talking(cal, ana, within=20)
    rooms = town.network.room_names
    assert len(rooms) == len(set(rooms)) == 4


def test_the_caller_hanging_up_in_the_choices_frees_the_peer(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "1: back")
    cal.hang_up()
    town.until_hears(ana, "They have hung up. Thank you.", within=10)
    town.until_over(ana)


def test_when_the_peers_phone_leaves_nothing_rings_during_the_words(town: Town) -> None:
    cal, ana = talking(town)
    town.volunteer("Bo").never_picks_up()
    ana.hang_up()
    ana.never_picks_up()
    town.until_hears(cal, HAS_LEFT, within=3)
    town.wait(6)
    assert not ana.is_ringing
    assert not town.phone("Bo").is_ringing
    town.until_rings(ana, within=12)
    assert not town.phone("Bo").is_ringing


def test_the_same_peer_goes_back_to_it_with_1(town: Town) -> None:
    cal, ana = talking(town)
    ana.when_hears("go back to it", press="1")
    ana.hang_up()
    town.until_hears(cal, "We're calling your peer again.")
    town.until_talking(cal, ana)
    assert len(ana.rings) == 2


@pytest.mark.parametrize("key", ["2", "nothing"])
def test_otherwise_the_search_goes_on_with_somebody_else(town: Town, key: str) -> None:
    cal, ana = talking(town)
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    if key == "nothing":
        ana.hang_up()
        ana.never_picks_up()
    else:
        ana.when_hears("go back to it", press=key)
        ana.hang_up()
    town.until_talking(cal, bo)
    assert len(ana.rings) == 2


def test_a_returning_caller_is_first_in_line(town: Town) -> None:
    cal, ana = talking(town)
    dot = town.phone("Dot")
    dot.when_hears("Our promise", press="#")
    dot.dial(LINE)
    town.until_hears(dot, "We're looking for someone now.")
    ana.hang_up()
    ana.never_picks_up()
    town.until_hears(cal, "We're calling your peer again.")
    bo = town.volunteer("Bo")
    bo.picks_up(after=14).when_hears("Press 1", press="1")
    town.until_talking(cal, bo)


def test_after_the_words_a_caller_who_had_finished_simply_hangs_up(town: Town) -> None:
    cal, ana = talking(town)
    ana.hang_up()
    town.until_hears(cal, "If that was the end, take care.")
    cal.hang_up()
    town.wait(60)
    assert len(ana.rings) == 1
    assert town.live_rows() == {}


def test_when_the_peer_ends_kindly_the_caller_may_have_somebody_else(town: Town) -> None:
    cal, ana = talking(town)
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    ana.press("*")
    town.until_hears(ana, "9: end kindly.")
    ana.press("9")
    town.until_hears(cal, "Your peer has said goodbye. Thank you for calling.", within=5)
    cal.press("1")
    town.until_talking(cal, bo)


def test_when_the_peer_ends_kindly_silence_is_goodbye(town: Town) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "9: end kindly.")
    ana.press("9")
    town.until_hears(cal, "You can call again at any time. Goodbye.", within=30)
    town.until_over(cal)
    assert ana.has_heard("Thank you for being there.")
    town.wait(60)
    assert town.live_rows() == {}


def test_when_a_line_was_crossed_the_caller_hears_kind_boundary_words(town: Town) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "7: a line was crossed.")
    ana.press("7")
    town.until_hears(cal, "because a line was crossed for them", within=5)
    town.until_over(cal)
    assert ana.has_heard("Take a breath.")
    town.wait(60)
    assert town.live_rows() == {}


def test_whenever_the_peer_is_out_of_the_room_the_caller_hears_so_within_a_second(
    town: Town,
) -> None:
    cal, ana = talking(town)
    at = town.network.now()
    ana.press("*")
    town.until_hears(cal, STILL_HERE, within=3)
    heard = next(instant for instant, said in reversed(cal.heard) if said == STILL_HERE)
    assert (heard - at).total_seconds() <= 1
    town.until_talking(cal, ana, within=20)
    assert cal.words.count(STILL_HERE) >= 1


def test_a_talk_has_no_end_of_its_own_and_the_providers_limit_is_told_five_minutes_ahead(
    town: Town,
) -> None:
    cal, ana = talking(town)
    town.hours_pass(3.9)
    assert cal.talking_with == {"Ana"}
    town.until_hears(cal, "That's in five minutes.", within=3600)
    assert ana.has_heard("That's in five minutes.")
    ahead = timedelta(hours=4) - (cal.heard[-1][0] - EVENING)
    assert timedelta(minutes=4, seconds=55) < ahead <= timedelta(minutes=5)
    town.until_talking(cal, ana, within=20)
    town.wait(280)
    assert cal.talking_with == {"Ana"}


def test_five_minutes_of_silence_are_never_punished(town: Town) -> None:
    cal, _ana = talking(town)
    town.wait(300)
    assert cal.talking_with == {"Ana"}
    assert len([said for _, said in cal.heard]) <= 4
