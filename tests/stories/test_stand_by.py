"""Stand by me: one of us beside the peer, the two alone; the caller hears they are still there."""

import pytest
from sqlalchemy import select, update

from tests.stories.test_caller_talks import talking
from tests.stories.test_third_persons import wishes
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, Town, town_on
from warmline.models.calls import Call
from warmline.models.people import Volunteer
from warmline.simulator import Phone

KEY = "5: stand by me."
OFFER = "a peer would like you to stand by them, you two alone"
STILL = "Your peer is still here."
NOBODY = "Nobody is free for it just now."


def asks(town: Town, ana: Phone) -> None:
    ana.press("*")
    town.until_hears(ana, KEY)
    ana.press("5")


def on_duty(town: Town, name: str = "Dee") -> Phone:
    """Somebody on duty, who takes no calls."""
    phone = town.volunteer(name, on=None)
    town.duty(name, -1, 5)
    return phone.picks_up(after=3).when_hears(OFFER, press="1")


def until_beside(town: Town, ana: Phone, dee: Phone) -> None:
    together = town.network.run_until(lambda: ana.talking_with == {dee.name}, 90)
    assert together, town.network.story()


def asked(town: Town) -> str | None:
    with town.parts.database.reading() as db:
        return db.scalar(select(Call.asked))


@pytest.mark.both_databases
@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_duty_joins_the_peer_alone_and_a_star_goes_back(
    town: Town, every_request_comes_twice: bool
) -> None:
    dee = on_duty(town)
    cal, ana = talking(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    asks(town, ana)
    town.until_hears(ana, "We ring one of us for you.")
    town.until_hears(cal, STILL)
    until_beside(town, ana, dee)
    assert cal.talking_with == set()
    assert dee.has_heard("Their caller waits, and does not hear you.")
    town.until_hears(cal, "They take a moment with one of us")
    town.wait(40)
    town.until_hears(cal, "and comes back to you.")
    ana.press("*")
    town.until_talking(cal, ana, within=20)
    town.until_hears(dee, "Thank you for being there.")
    town.until_over(dee)
    assert dee.has_talked_with == {"Ana"}
    assert cal.has_talked_with == {"Ana"}
    assert (asked(town), wishes(town)) == (None, 0)
    cal.hang_up()
    town.wait(60)
    assert town.live_rows() == {}


def test_a_fellow_who_said_yes_is_rung_and_nobody_else(town: Town) -> None:
    cal, ana = talking(town)
    bo, chi = (town.volunteer(name).picks_up(after=3) for name in ("Bo", "Chi"))
    assert "you may be rung to stand by a peer" in writes(town, chi, "STANDBY")[0]
    for one in (bo, chi):
        one.when_hears(OFFER, press="1")
    asks(town, ana)
    until_beside(town, ana, chi)
    assert bo.rings == []
    chi.hang_up()
    town.until_talking(cal, ana, within=20)
    assert "Cal" not in chi.has_talked_with


def test_taken_back_nobody_is_rung_and_the_peer_is_back_at_once(town: Town) -> None:
    cal, ana = talking(town)
    bo = town.volunteer("Bo").picks_up(after=3)
    writes(town, bo, "STANDBY")
    assert "you are not rung to stand by a peer" in writes(town, bo, "STANDBY OFF")[0]
    asks(town, ana)
    begun = town.network.now()
    town.until_hears(ana, NOBODY)
    town.until_talking(cal, ana, within=20)
    assert (town.network.now() - begun).total_seconds() < 12
    assert bo.rings == []
    assert asked(town) is None


def test_an_own_page_gives_the_yes_as_well(town: Town) -> None:
    bo = town.volunteer("Bo")
    writes(town, bo, "STANDBY")
    with town.parts.database.reading() as db:
        assert db.scalar(select(Volunteer.stands_by)) is True


@pytest.mark.parametrize("how", ["passes", "never picks up"])
def test_who_passes_or_does_not_pick_up_is_followed_by_the_next_and_then_by_nobody(
    town: Town, how: str
) -> None:
    dee = on_duty(town)
    dee.does_nothing()
    if how == "passes":
        dee.picks_up(after=2).when_hears("2 to pass", press="2")
    else:
        dee.never_picks_up()
    cal, ana = talking(town)
    asks(town, ana)
    begun = town.network.now()
    town.until_hears(ana, NOBODY)
    town.until_talking(cal, ana, within=20)
    assert len(dee.rings) == 1
    assert (town.network.now() - begun).total_seconds() < 40
    assert wishes(town) == 0


def test_the_peer_goes_back_before_anybody_picks_up(town: Town) -> None:
    dee = on_duty(town)
    dee.does_nothing().never_picks_up()
    cal, ana = talking(town)
    asks(town, ana)
    town.until_rings(dee)
    ana.press("*")
    town.until_talking(cal, ana, within=20)
    town.wait(5)
    assert not dee.is_ringing
    assert wishes(town) == 0


@pytest.mark.parametrize("when", ["ringing", "together"])
def test_the_caller_hangs_up_and_who_is_together_stays_so(town: Town, when: str) -> None:
    dee = on_duty(town)
    if when == "ringing":
        dee.does_nothing().never_picks_up()
    cal, ana = talking(town)
    asks(town, ana)
    if when == "ringing":
        town.until_rings(dee)
        cal.hang_up()
        town.until_hears(ana, "They have hung up.")
        town.until_over(ana)
        town.wait(5)
        assert not dee.is_ringing
    else:
        until_beside(town, ana, dee)
        cal.hang_up()
        town.wait(60)
        assert ana.talking_with == {"Dee"}
        ana.press("*")
        town.until_hears(ana, "Your caller does not wait any more.")
        town.until_over(ana)
        town.until_over(dee)
    town.wait(60)
    assert (town.live_rows(), wishes(town)) == ({}, 0)


@pytest.mark.parametrize("when", ["ringing", "together"])
def test_the_peers_phone_dies_and_nobody_stands_in_for_them(town: Town, when: str) -> None:
    dee = on_duty(town)
    if when == "ringing":
        dee.does_nothing().never_picks_up()
    cal, ana = talking(town)
    asks(town, ana)
    if when == "ringing":
        town.until_rings(dee)
    else:
        until_beside(town, ana, dee)
    ana.hang_up()
    town.until_hears(cal, "Your peer's phone hung up.")
    town.wait(10)
    assert not dee.is_in_call
    ana.when_hears("1 to go back to it", press="1", once=True)
    town.until_talking(cal, ana, 120)
    assert cal.has_talked_with == {"Ana"}
    assert wishes(town) == 0


@pytest.mark.both_databases
def test_the_caller_may_rather_have_somebody_else(town: Town) -> None:
    dee = on_duty(town)
    cal, ana = talking(town)
    asks(town, ana)
    until_beside(town, ana, dee)
    bo = town.volunteer("Bo").picks_up(after=2).when_hears("Press 1 to take it", press="1")
    town.until_hears(cal, "For somebody else, press 2.")
    cal.press("2")
    town.until_talking(cal, bo, 60)
    assert ana.talking_with == {"Dee"}
    ana.press("*")
    town.until_over(ana)
    town.until_over(dee)
    assert cal.talking_with == {"Bo"}


def test_it_ends_after_three_minutes_and_the_caller_has_their_peer_again(town: Town) -> None:
    dee = on_duty(town)
    cal, ana = talking(town)
    asks(town, ana)
    until_beside(town, ana, dee)
    begun = town.network.now()
    town.until_talking(cal, ana, within=240)
    assert (town.network.now() - begun).total_seconds() < 190
    town.until_over(dee)


def test_a_waiting_caller_comes_before_it(town: Town) -> None:
    """A fellow whom somebody who waits may need is not rung to stand by."""
    cal, ana = talking(town)
    bo = town.volunteer("Bo").never_picks_up()
    writes(town, bo, "STANDBY")
    town.phone("Dot").dial(LINE)
    town.until_rings(bo)
    asks(town, ana)
    town.until_hears(ana, NOBODY)
    town.until_talking(cal, ana, within=30)


@pytest.mark.parametrize("why", ["paused", "in a call", "off duty", "no voice"])
def test_duty_who_cannot_is_not_rung(town: Town, why: str) -> None:
    dee = town.volunteer("Dee", languages="en,es", on=None).picks_up(after=2)
    if why != "off duty":
        town.duty("Dee", -1, 5)
    cal, ana = talking(town)
    if why == "paused":
        writes(town, dee, "PAUSE")
    if why == "in a call":
        dee.dial(LINE)
        town.wait(5)
    if why == "no voice":
        with town.parts.database.writing() as db:
            db.execute(update(Volunteer).values(voice=False).where(Volunteer.languages == "en,es"))
    rang = len(dee.rings)
    asks(town, ana)
    town.until_hears(ana, NOBODY)
    town.until_talking(cal, ana, within=30)
    assert len(dee.rings) == rang


def test_each_hears_it_in_their_own_language(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        town.volunteer("Ana", languages="es,en")
        dee = town.volunteer("Dee", languages="es", on=None)
        town.duty("Dee", -1, 5)
        dee.picks_up(after=2).when_hears("quisiera que le acompañe", press="1")
        cal, ana = town.phone("Cal"), town.phone("Ana")
        ana.picks_up(after=2).when_hears("alguien quiere hablar", press="1", once=True)
        cal.when_hears("Our promise", press="#", once=True)
        cal.dial(LINE)
        town.until_talking(cal, ana)
        ana.press("*")
        town.until_hears(ana, "5: acompáñenme.")
        ana.press("5")
        until_beside(town, ana, dee)
        assert dee.has_heard("Quien llama espera, y no les oye.")
        assert ana.has_heard("Llamamos a alguien del equipo para usted.")
        town.until_hears(cal, "They take a moment with one of us")
