"""A volunteer in a talk: `*` and its choices."""

import pytest

from tests.stories.test_caller_talks import talking
from tests.stories.town import Town


@pytest.mark.parametrize("key", ["1", "", "8"])
def test_star_then_1_or_nothing_goes_back(town: Town, key: str) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "3: bring in a third person. 4: outside help was asked for.")
    if key:
        ana.press(key)
    town.until_talking(cal, ana, within=20)


def test_no_key_in_five_seconds_goes_back_by_itself(town: Town) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "1: back.")
    begun = town.network.now()
    town.until_talking(cal, ana, within=20)
    assert (town.network.now() - begun).total_seconds() < 24


def test_star_as_often_as_wanted(town: Town) -> None:
    cal, ana = talking(town)
    for _ in range(3):
        ana.press("*")
        town.until_hears(ana, "1: back.")
        ana.press("1")
        town.until_talking(cal, ana, within=20)
    assert len(town.network.room_names) == len(set(town.network.room_names))


def test_both_press_star_at_once_and_are_brought_together_again(town: Town) -> None:
    cal, ana = talking(town)
    cal.press("*")
    ana.press("*")
    town.until_talking(cal, ana, within=40)


def test_the_caller_hanging_up_during_the_menu_is_told(town: Town) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "1: back.")
    cal.hang_up()
    town.until_hears(ana, "They have hung up. Thank you.", within=5)
    town.until_over(ana)


def test_the_peer_hanging_up_in_the_menu_is_a_cut(town: Town) -> None:
    cal, ana = talking(town)
    ana.press("*")
    town.until_hears(ana, "1: back.")
    ana.hang_up()
    ana.never_picks_up()
    town.until_hears(cal, "Your peer's phone hung up.", within=5)


def test_the_end_of_a_shift_never_ends_a_talk(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 0.1))
    cal, ana = talking(town)
    town.hours_pass(1)
    assert cal.talking_with == {"Ana"}
    ana.press("*")
    town.until_hears(ana, "1: back.")
    town.until_talking(cal, ana, within=20)
