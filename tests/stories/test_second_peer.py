"""What a second peer, or a peer who only won the call, means for a caller."""

import pytest

from tests.stories.test_caller_talks import talking
from tests.stories.town import LINE, Town
from warmline.simulator import Phone


def wish_for_somebody_else(town: Town, cal: Phone) -> None:
    cal.press("*")
    town.until_hears(cal, "2: someone else, please.")
    cal.press("2")


def test_a_second_peer_who_hangs_up_when_asked_about_the_language_is_replaced(
    two_languages: Town,
) -> None:
    town = two_languages
    ana = town.volunteer("Ana", languages="es,en")
    ana.picks_up(after=3).when_hears("Oprima 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    bo = town.volunteer("Bo", languages="es,en")
    bo.picks_up(after=3).when_hears("Oprima 1", press="1")
    bo.when_hears("Eligió inglés", hang_up=True)
    wish_for_somebody_else(town, cal)
    town.until_hears(bo, "Eligió inglés")
    chi = town.volunteer("Chi")
    chi.picks_up(after=3).when_hears("Press 1", press="1")
    town.until_talking(cal, chi)


def test_a_peer_who_hangs_up_before_they_talked_is_not_rung_back(town: Town) -> None:
    cal, _ana = talking(town)
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    bo.when_hears("They are coming", hang_up=True, after=0)
    wish_for_somebody_else(town, cal)
    town.wait(60)
    assert not cal.has_heard("Your peer's phone hung up.")
    assert not bo.has_heard("go back to it")


def test_a_peer_who_never_talked_gets_no_breather(two_languages: Town) -> None:
    town = two_languages
    ana = town.volunteer("Ana", languages="es,en")
    ana.picks_up(after=3).when_hears("Oprima 1", press="1")
    cal = town.phone("Cal")
    cal.when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_hears(ana, "Eligió inglés")
    cal.hang_up()
    town.until_over(ana)
    assert not town.is_in_breather("Ana")


@pytest.mark.parametrize("key", ["2", "9"])
def test_the_callers_choice_holds_when_their_peer_leaves_meanwhile(town: Town, key: str) -> None:
    cal, ana = talking(town)
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    cal.press("*")
    town.until_hears(cal, "2: someone else, please.")
    ana.hang_up()
    town.wait(1)
    cal.press(key)
    if key == "2":
        town.until_talking(cal, bo)
    else:
        town.until_over(cal, within=15)
    assert not cal.has_heard("Your peer's phone hung up.")
    assert len(ana.rings) == 1


def test_the_rules_go_on_when_the_peer_presses_star_meanwhile(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "4: what we promise")
    cal.press("4")
    town.until_hears(cal, "Our promise at Riverside")
    ana.press("*")
    town.wait(3)
    assert "Our promise" in cal.hears_now
    town.until_talking(cal, ana, within=60)


def test_without_any_status_callback_a_peer_who_drops_is_noticed_at_once(town: Town) -> None:
    cal, ana = talking(town)
    town.network.faults.callbacks_never = True
    ana.never_picks_up()
    ana.hang_up()
    town.until_hears(cal, "Your peer's phone hung up.", within=3)


def test_when_everybody_has_gone_off_shift_whoever_comes_on_next_is_rung(town: Town) -> None:
    ana = town.volunteer("Ana", on=(-1, 0.0095))
    ana.never_picks_up()
    cal = town.phone("Cal")
    cal.when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_hears(cal, "No one could pick up just now.")
    town.wait(60)
    assert not cal.has_heard("Everyone here is in a talk.")
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    town.until_talking(cal, bo)


def test_a_peer_whose_breather_ends_in_time_is_waited_for(town: Town) -> None:
    ana = town.volunteer("Ana", breather=1)
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.hang_up()
    dot = town.phone("Dot")
    dot.dial(LINE)
    town.until_talking(dot, ana)
    assert not dot.has_heard("No one could pick up")


def test_patience_never_ends_an_offer_that_is_being_heard(town: Town) -> None:
    town.set_rules(patience_seconds=30)
    ana = town.volunteer("Ana")
    ana.picks_up(after=12)
    cal = town.phone("Cal")
    cal.when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.wait(30)
    town.until_rings(ana)
    ana.when_hears("Press 1", press="1", after=9)
    town.until_talking(cal, ana)


def test_5_is_heard_also_when_the_question_follows_at_once(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = town.phone("Cal")
    cal.when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_hears(cal, "We're looking for someone now.")
    town.until_hears(cal, "To keep looking, press 1.")
    cal.press("5")
    town.until_hears(cal, "Thank you, this call is counted.")
    town.until_hears(cal, "To keep looking, press 1.")
