"""Outside help was asked for: both hear what the caller can do, and the line dials nobody."""

import pytest
from sqlalchemy import insert, select

from tests.databases import Databases
from tests.stories.test_caller_talks import talking
from tests.stories.test_own_words import says
from tests.stories.town import LINE, Town, town_on
from warmline.models.calls import Call
from warmline.models.line import OtherPlace
from warmline.simulator import Phone

KEY = "4: outside help was asked for."
LLAVE = "4: se pidió ayuda de fuera."
CALLS_NO_ONE = "This line calls no one."
PEER_STAYS = "your peer stays with you"
PLACE = "Hilltop Peers. 413"


def asks(town: Town, peer: Phone, words: str = KEY) -> None:
    peer.press("*")
    town.until_hears(peer, words)
    peer.press("4")


def asked(town: Town) -> str | None:
    with town.parts.database.reading() as db:
        return db.scalar(select(Call.asked))


@pytest.mark.both_databases
@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_both_hear_what_can_be_done_and_who_helps_and_are_together_again(
    town: Town, every_request_comes_twice: bool
) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal, ana = talking(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    rung = len(ana.rings)
    asks(town, ana)
    for one in (cal, ana):
        town.until_hears(one, "Outside help was asked for.")
        town.until_hears(one, CALLS_NO_ONE)
        assert one.has_heard(PEER_STAYS)
        town.until_hears(one, PLACE)
        assert one.has_heard("About police: Never.")
    town.until_talking(cal, ana, within=60)
    assert ana.has_heard("The caller hears this now, too.")
    assert asked(town) is None
    assert (len(ana.rings), cal.rings) == (rung, [])
    town.wait(60)
    assert cal.talking_with == {"Ana"}


@pytest.mark.parametrize("skips", ["Cal", "Ana", "both"])
def test_any_key_goes_back_for_either(town: Town, skips: str) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal, ana = talking(town)
    begun = town.network.now()
    for one in (cal, ana):
        if skips in (one.name, "both"):
            one.when_hears("To go back to the talk", press="8", once=True)
    asks(town, ana)
    town.until_talking(cal, ana, within=80)
    assert asked(town) is None
    if skips != "Ana":
        # Whoever only listens for the caller's sake is called back with them.
        assert not ana.has_heard(PLACE) or skips == "both"
        assert (town.network.now() - begun).total_seconds() < 60


def test_each_hears_it_in_their_own_language(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        town.other_place("Hilltop Peers", "413 555 0190", "Never.")
        with town.parts.database.writing() as db:
            row = {"line_id": 1, "language": "es", "position": 1, "name": "Pares del cerro"}
            db.execute(insert(OtherPlace).values(**row, number="413 555 0191", on_police="Nunca."))
        town.volunteer("Ana", languages="es,en")
        cal, ana = town.phone("Cal"), town.phone("Ana")
        ana.picks_up(after=2).when_hears("alguien quiere hablar", press="1", once=True)
        cal.when_hears("Our promise", press="#", once=True)
        cal.dial(LINE)
        town.until_talking(cal, ana)
        asks(town, ana, LLAVE)
        town.until_hears(ana, "Esta línea no llama a nadie.")
        town.until_hears(ana, "Pares del cerro")
        town.until_hears(cal, CALLS_NO_ONE)
        town.until_hears(cal, PLACE)
        assert not cal.has_heard("Pares del cerro")
        town.until_talking(cal, ana, within=60)


def test_the_lines_own_words_are_said_to_both(town: Town) -> None:
    says(town, "talk.outside_help", "Ask us how. We never dial.")
    cal, ana = talking(town)
    asks(town, ana)
    for one in (cal, ana):
        town.until_hears(one, "Ask us how. We never dial.")
        assert not one.has_heard(CALLS_NO_ONE)
    town.until_talking(cal, ana, within=60)


def test_places_in_another_language_are_told_rather_than_none(sqlite_databases: Databases) -> None:
    with sqlite_databases.migrated() as url, town_on(url, languages="en,es") as town:
        town.other_place("Hilltop Peers", "413 555 0190", "Never.")
        town.volunteer("Ana", languages="es")
        cal, ana = town.phone("Cal"), town.phone("Ana")
        ana.picks_up(after=2).when_hears("alguien quiere hablar", press="1", once=True)
        ana.when_hears("Eligió", press="1", once=True)
        cal.when_hears("Our promise", press="#", once=True)
        cal.dial(LINE)
        town.until_talking(cal, ana)
        asks(town, ana, LLAVE)
        town.until_hears(ana, PLACE)


@pytest.mark.parametrize("hangs_up", ["Cal", "Ana"])
def test_whoever_hangs_up_meanwhile_leaves_the_other_in_good_hands(
    town: Town, hangs_up: str
) -> None:
    cal, ana = talking(town)
    asks(town, ana)
    town.until_hears(cal, CALLS_NO_ONE)
    if hangs_up == "Cal":
        cal.hang_up()
        town.until_hears(ana, "They have hung up.")
        town.until_over(ana)
        town.wait(60)
        assert town.live_rows() == {}
    else:
        ana.does_nothing().never_picks_up()
        ana.hang_up()
        town.until_hears(cal, "Your peer's phone hung up.")
        assert asked(town) is None


def test_star_while_the_caller_still_hears_it_and_the_menu_works(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal, ana = talking(town)
    ana.when_hears("To go back to the talk", press="1", once=True)
    asks(town, ana)
    town.until_hears(ana, "They are coming.")
    ana.press("*")
    town.until_hears(ana, "9: end kindly.")
    ana.press("1")
    town.until_talking(cal, ana, within=40)
    assert asked(town) is None


def test_a_star_of_the_callers_own_tells_them_as_well(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    cal, ana = talking(town)
    cal.press("*")
    town.until_hears(cal, "4: what we promise")
    cal.press("4")
    town.until_hears(cal, CALLS_NO_ONE)
    town.until_hears(cal, PLACE)
    town.until_talking(cal, ana, within=80)
