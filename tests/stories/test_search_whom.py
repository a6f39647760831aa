"""Whose phone rings, and when: how many at once, who first, who not."""

from datetime import timedelta

import pytest

from tests.stories.town import LINE, NUMBERS, Town
from warmline.simulator import Phone

SOMEBODY = "someone would like to talk"
SIX = ("Ana", "Bo", "Chi", "Dee", "Eli", "Fay")


def calls_in(town: Town, name: str = "Cal") -> Phone:
    """A caller who skips the promise."""
    phone = town.phone(name)
    phone.when_hears("Our promise", press="#")
    phone.dial(LINE)
    return phone


def volunteers(town: Town, *names: str) -> list[Phone]:
    """Peers without a breather, the first the longest on shift and so the longest idle."""
    first = -1 - 0.1 * len(names)
    starts = {name: first + 0.1 * place for place, name in enumerate(names)}
    return [town.volunteer(name, on=(starts[name], 3), breather=0) for name in names]


def rung(*phones: Phone) -> list[str]:
    """Who was rung so far, in the order in which their phones began."""
    begun = [(ring.started, phone.name) for phone in phones for ring in phone.rings]
    return [name for _, name in sorted(begun)]


def takes(phone: Phone, after: float = 6) -> Phone:
    return phone.picks_up(after=after).when_hears(SOMEBODY, press="1")


def test_three_phones_ring_for_a_caller_the_longest_idle_first(town: Town) -> None:
    phones = volunteers(town, *SIX)
    calls_in(town)
    town.until_rings(phones[2])
    town.wait(8)
    assert rung(*phones) == ["Ana", "Bo", "Chi"]
    assert all(phone.is_ringing for phone in phones[:3])


def test_with_three_on_shift_all_are_rung_however_well_they_answer(town: Town) -> None:
    for _ in range(50):
        town.parts.odds.record(accepted=True)
    phones = volunteers(town, "Ana", "Bo", "Chi")
    calls_in(town)
    town.until_rings(phones[2])
    assert all(phone.is_ringing for phone in phones)


def test_where_peers_answer_well_one_phone_rings(town: Town) -> None:
    for _ in range(50):
        town.parts.odds.record(accepted=True)
    phones = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    calls_in(town)
    town.until_rings(phones[0])
    town.wait(8)
    assert rung(*phones) == ["Ana"]


def test_who_has_just_talked_is_the_last_to_be_rung(town: Town) -> None:
    phones = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    takes(phones[0], after=5)
    cal = calls_in(town)
    town.until_talking(cal, phones[0])
    cal.hang_up()
    town.wait(5)
    calls_in(town, "Dot")
    town.until_rings(phones[3])
    town.wait(2)
    assert rung(*phones)[3:] == ["Bo", "Chi", "Dee"]


@pytest.mark.parametrize("failing", ["turned away", "passed"])
def test_a_failed_ring_is_replaced_at_once(town: Town, failing: str) -> None:
    ana, _, chi, dee = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    calls_in(town)
    town.until_rings(chi)
    town.wait(6)
    if failing == "turned away":
        ana.hang_up()
    else:
        ana.pick_up()
        town.wait(1)
        ana.press("2")
    failed_at = town.network.now()
    town.until_rings(dee, within=3)
    # The slot is free, and the network takes half a second from placing to ringing.
    assert dee.rings[0].started - failed_at <= timedelta(seconds=1)


def test_who_missed_a_ring_rests_for_ten_minutes(town: Town) -> None:
    ana, bo, chi, dee = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    ana.is_busy()
    takes(bo, after=8)
    cal = calls_in(town)
    town.until_talking(cal, bo)
    missed_at = town.network.now()
    ana.never_picks_up()
    cal.hang_up()
    town.wait(5)
    dot = calls_in(town, "Dot")
    town.until_talking(dot, bo, within=60)
    assert "Ana" not in rung(ana, bo, chi, dee)
    dot.hang_up()
    town.wait((missed_at + timedelta(minutes=10) - town.network.now()).total_seconds())
    calls_in(town, "Gus")
    town.until_rings(ana, within=6)


def test_who_missed_a_ring_is_rung_earlier_when_nobody_else_is_left(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    ana.is_busy()
    cal = calls_in(town)
    town.until_rings(bo)
    takes(ana.never_picks_up())
    town.wait(10)
    assert not ana.rings
    assert bo.is_ringing
    town.until_talking(cal, ana)
    assert bo.rings[0].ended is not None
    assert bo.rings[0].ended <= ana.rings[0].started


def test_a_1_ends_the_rest_even_when_it_comes_too_late(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    cal = calls_in(town)
    town.until_rings(bo)
    town.network.run_until(lambda: len(ana.rings) == len(bo.rings) == 2, 60)
    town.wait(6)
    for phone in (bo, ana):
        phone.pick_up()
    town.wait(1)
    for phone in (bo, ana):
        phone.press("1")
    town.network.run_until(lambda: bool(cal.talking_with), 5)
    won, late = (ana, bo) if cal.talking_with == {"Ana"} else (bo, ana)
    town.until_hears(late, "Thank you.")
    cal.hang_up()
    town.until_over(won)
    # Nobody rests: with so few on shift both are rung at once.
    calls_in(town, "Dot")
    town.until_rings(ana, within=8)
    town.until_rings(bo, within=3)
    assert ana.is_ringing


def test_at_most_two_rings_and_none_after_a_pass_then_the_caller_is_asked(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    ana.picks_up(after=6).when_hears(SOMEBODY, press="2")
    cal = calls_in(town)
    town.until_hears(cal, "No one could pick up")
    assert rung(ana, bo) == ["Ana", "Bo", "Bo"]
    # Ana may be rung for another caller at once; Bo has missed, and rests while she is left.
    ana.never_picks_up()
    calls_in(town, "Dot")
    town.until_rings(ana, within=8)
    town.wait(5)
    assert rung(ana, bo) == ["Ana", "Bo", "Bo", "Ana"]


def test_a_ring_that_we_ended_is_neither_a_miss_nor_a_pass(town: Town) -> None:
    ana, bo, chi, dee = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    takes(bo, after=5)
    cal = calls_in(town)
    town.until_talking(cal, bo)
    assert not ana.is_ringing
    calls_in(town, "Dot")
    town.until_rings(dee)
    assert rung(ana, chi, dee)[-3:] == ["Ana", "Chi", "Dee"]


def test_a_phone_that_picks_up_like_a_voicemail_has_one_more_rung_beside_it(town: Town) -> None:
    ana, bo, chi, dee, eli = volunteers(town, "Ana", "Bo", "Chi", "Dee", "Eli")
    ana.has_voicemail(after=2)
    calls_in(town)
    town.until_rings(dee, within=12)
    assert len(ana.mailbox_heard) == 1
    town.wait(3)
    assert rung(ana, bo, chi, dee, eli) == ["Ana", "Bo", "Chi", "Dee"]


def test_a_phone_picked_up_fast_may_still_press_1_and_win(town: Town) -> None:
    ana, bo, chi, dee = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    ana.picks_up(after=2)
    cal = calls_in(town)
    town.until_rings(dee, within=12)
    ana.press("1")
    town.until_talking(cal, ana)
    town.wait(1)
    assert not any(phone.is_ringing for phone in (bo, chi, dee))


def test_a_phone_picked_up_in_a_hands_time_has_nobody_rung_beside_it(town: Town) -> None:
    ana, bo, chi, dee = volunteers(town, "Ana", "Bo", "Chi", "Dee")
    ana.picks_up(after=5)
    calls_in(town)
    town.until_rings(chi)
    town.wait(6)
    assert rung(ana, bo, chi, dee) == ["Ana", "Bo", "Chi"]


def test_who_presses_1_first_gets_the_one_who_has_waited_longest(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    cal = calls_in(town)
    town.wait(3)
    dot = calls_in(town, "Dot")
    town.until_rings(bo)
    town.wait(6)
    for phone in (bo, ana):
        phone.pick_up()
        town.wait(1)
        phone.press("1")
    town.until_talking(cal, bo, within=20)
    town.until_talking(dot, ana, within=20)


def test_the_first_round_is_told_only_when_no_phone_rings_for_the_first_time(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    cal = calls_in(town)
    town.until_hears(cal, "No one has picked up yet. We're still trying.")
    assert ana.rings[0].ended is not None
    assert bo.rings[0].ended is not None


def test_while_somebody_talks_who_could_come_free_the_caller_is_not_asked(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    takes(ana)
    cal = calls_in(town)
    town.until_talking(cal, ana)
    dot = calls_in(town, "Dot")
    town.network.run_until(lambda: len(bo.rings) == 3 and not bo.is_ringing, 90)
    town.wait(20)
    assert not dot.has_heard("To keep looking")
    cal.hang_up()
    town.until_talking(dot, ana)


# Never rung.


def test_nobody_is_rung_within_twenty_seconds_of_the_end_of_their_shift(town: Town) -> None:
    ends = 22 / 3600
    ana = town.volunteer("Ana", on=(-1, ends))
    bo = town.volunteer("Bo", on=(-1, ends))
    town.shift("Bo", ends, 2)
    calls_in(town)
    town.wait(60)
    assert not ana.rings
    assert bo.rings


def test_a_ring_under_way_runs_out_and_the_talk_goes_on_beyond_the_shift(town: Town) -> None:
    ends = 30 / 3600
    ana = takes(town.volunteer("Ana", on=(-1, ends)), after=14)
    started = town.network.now()
    cal = calls_in(town)
    town.wait(16)
    assert ana.is_ringing
    town.until_talking(cal, ana)
    town.wait(60)
    assert ana.talking_with == {"Cal"}
    assert town.network.now() - started > timedelta(hours=ends)


def test_a_volunteer_who_calls_is_not_rung(town: Town) -> None:
    ana, bo = volunteers(town, "Ana", "Bo")
    takes(bo)
    ana.dial(LINE)
    town.until_talking(ana, bo)
    calls_in(town)
    town.wait(60)
    assert not [event for event in town.network.story().splitlines() if "busy" in event]
    assert not ana.rings


def test_whose_shift_has_not_begun_or_who_did_not_agree_is_not_rung(town: Town) -> None:
    later = town.volunteer("Ana", on=(1, 3))
    never = town.volunteer("Bo", on=None)
    on = town.volunteer("Chi", number=NUMBERS["Chi"])
    calls_in(town)
    town.until_rings(on)
    town.wait(60)
    assert not later.rings
    assert not never.rings
