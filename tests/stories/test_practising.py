"""Practice by phone: scripted partners by key, for whoever waits or calls when nobody is there."""

from tests.stories.test_caller_waits import waiting
from tests.stories.town import LINE, Town

HELLO = "This is practice: nobody is called for it, and nothing of it is kept."


def practises(town: Town, partner: str = "1") -> None:
    """Somebody who waits looks at the other choices, and practises with this partner."""
    cal = town.phone("Cal")
    town.wait(14)
    cal.press("0")
    town.until_hears(cal, "For other choices, press 0.")
    cal.press("0")
    town.until_hears(cal, "For practice, press 4.")
    cal.press("4")
    town.until_hears(cal, HELLO)
    cal.press(partner)


def test_whoever_practises_in_the_wait_is_put_through_all_the_same(town: Town) -> None:
    ana = town.volunteer("Ana")
    waiting(town)
    cal = town.phone("Cal")
    practises(town)
    town.until_hears(cal, "You hear somebody breathe.")
    town.until_hears(cal, "To say: Hello. I'm here. You don't have to say anything. Press 1.")
    cal.press("1")
    town.until_hears(cal, "The breathing goes on.")
    town.until_rings(ana)
    ana.when_hears("Press 1", press="1")
    ana.pick_up()
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(150)
    assert town.counts() == {"offered": 1, "answered": 1}
    assert town.live_rows() == {}
    assert town.notes() == []


def test_the_search_goes_on_for_whoever_practises(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    waiting(town)
    cal = town.phone("Cal")
    practises(town, "3")
    town.until_hears(cal, "It's three in the morning.")
    bo = town.volunteer("Bo")
    town.until_rings(bo, within=60)
    cal.press("*")
    town.until_hears(cal, "Practice is over.")
    bo.when_hears("Press 1", press="1")
    bo.pick_up()
    town.until_talking(cal, bo)


def test_heard_to_its_end_in_silence_it_leads_back_also_when_every_request_comes_twice(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    town.network.faults.webhooks_twice = True
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "For other choices, press 0.")
    cal.press("0")
    town.until_hears(cal, "For other choices, press 0.")
    cal.press("0")
    town.until_hears(cal, "For practice, press 4.")
    cal.press("4")
    town.until_hears(cal, HELLO)
    cal.press("6")
    town.until_hears(cal, "They are choosing something. One moment.")
    town.until_hears(cal, "Star gives both of you choices at any time")
    assert cal.words.count("What does that key do?") == 1
    town.until_hears(cal, "To practise with someone else, press 1.")
    town.until_hears(cal, "Practice is over.")
    town.until_hears(cal, "Nobody is here to talk right now.")
    town.until_over(cal, within=150)
    town.wait(130)
    assert town.live_rows() == {}
    assert town.counts() == {"offered": 1, "not reached": 1}
