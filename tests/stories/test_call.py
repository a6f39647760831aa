"""A call, from a ringing phone to two people talking."""

from tests.stories.town import LINE, Town


def test_a_caller_who_presses_nothing_is_put_through(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert ana.shown_number == LINE
    cal.hang_up()
    town.until_hears(ana, "They have hung up. Thank you.")
    town.until_over(ana)
