"""Hand over: the caller hears who asks and why, agrees by key, and is never without a peer."""

import pytest
from sqlalchemy import select

from tests.stories.test_third_persons import talking, wishes
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.models.calls import Call
from warmline.simulator import Phone

KEY = "2: hand over."
MAY = "Your peer has to go soon, and asks if another peer may take over."
TAKES = "Press 1 to take over"


def hands_over(town: Town, ana: Phone) -> None:
    ana.press("*")
    town.until_hears(ana, KEY)
    ana.press("2")


def peer_of_call(town: Town) -> int | None:
    with town.parts.database.reading() as db:
        return db.scalar(select(Call.peer_id))


@pytest.mark.both_databases
@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_the_caller_agrees_keeps_their_peer_until_another_is_there_and_goes_on(
    town: Town, every_request_comes_twice: bool
) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing().picks_up(after=6).when_hears(TAKES, press="1", once=True)
    town.network.faults.webhooks_twice = every_request_comes_twice
    cal.when_hears(MAY, press="1", once=True)
    hands_over(town, ana)
    town.until_hears(ana, "They are being asked.")
    town.until_hears(cal, "You stay with yours until one is there.")
    town.until_talking(cal, ana)
    assert bo.talking_with == set()
    town.until_hears(cal, "Another peer is here now. You go on with them.")
    town.until_talking(cal, bo)
    town.until_hears(ana, "Another peer is with them now. Thank you for being there.")
    town.until_over(ana)
    town.wait(30)
    assert cal.talking_with == {"Bo"}
    assert not bo.has_talked_with & {"Ana"}
    assert peer_of_call(town) == town.people["Bo"]
    assert wishes(town) == 0
    bo.press("*")
    town.until_hears(bo, "9: end kindly.")
    bo.press("9")
    town.until_hears(cal, "Your peer has said goodbye.")
    town.until_over(cal)
    town.wait(60)
    assert town.live_rows() == {}


@pytest.mark.parametrize("key", ["2", "", "7"])
def test_no_and_silence_cost_nothing(town: Town, key: str) -> None:
    cal, ana, bo = talking(town)
    if key:
        cal.when_hears(MAY, press=key, once=True)
    hands_over(town, ana)
    town.until_hears(cal, "All right. You stay with your peer.")
    town.until_talking(cal, ana)
    town.wait(120)
    assert (bo.rings, wishes(town)) == ([], 0)
    assert cal.talking_with == {"Ana"}


def test_with_nobody_else_free_the_caller_is_not_even_asked(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.write(LINE, "PAUSE")
    town.wait(2)
    hands_over(town, ana)
    town.until_hears(ana, "Nobody else is free just now.")
    town.until_talking(cal, ana, within=20)
    assert not cal.has_heard(MAY)


def test_when_nobody_takes_it_the_talk_goes_on_and_the_peer_is_told(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing().never_picks_up()
    cal.when_hears(MAY, press="1", once=True)
    hands_over(town, ana)
    town.until_talking(cal, ana)
    town.wait(240)
    assert cal.talking_with == {"Ana"}
    assert any("nobody could take over just now" in text.body for text in ana.texts)
    assert wishes(town) == 0


def test_whoever_waits_comes_before_a_hand_over(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing().never_picks_up()
    cal.when_hears(MAY, press="1", once=True)
    dot = town.phone("Dot")
    dot.dial(LINE)
    town.until_rings(bo)
    hands_over(town, ana)
    town.until_talking(cal, ana)
    town.wait(20)
    assert not bo.has_heard(TAKES)
    bo.picks_up(after=2).when_hears("Press 1 to take it", press="1")
    town.until_talking(dot, bo, 300)
    assert cal.talking_with == {"Ana"}


def test_who_passes_is_let_be_and_the_next_one_takes_it(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing().picks_up(after=2).when_hears("2 to pass", press="2")
    chi = town.volunteer("Chi", breather=0).picks_up(after=2)
    chi.when_hears(TAKES, press="1")
    cal.when_hears(MAY, press="1", once=True)
    hands_over(town, ana)
    town.until_talking(cal, chi, 180)
    assert "Cal" not in bo.has_talked_with
    town.until_over(ana)


@pytest.mark.parametrize("hangs_up", ["Cal", "Ana"])
@pytest.mark.parametrize("when", ["asked", "ringing", "offered", "taken"])
def test_whoever_hangs_up_meanwhile_nobody_is_lost(town: Town, hangs_up: str, when: str) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing()
    cal.when_hears(MAY, press="1", once=True)
    if when == "asked":
        cal.does_nothing()
    hands_over(town, ana)
    gone = town.phone(hangs_up)
    if when == "asked":
        town.until_hears(cal, MAY)
    else:
        town.until_rings(bo)
        if when != "ringing":
            bo.pick_up()
            town.until_hears(bo, TAKES)
        if when == "taken":
            bo.press("1")
    ana.does_nothing().never_picks_up()
    gone.hang_up()
    bo.picks_up(after=2).when_hears("Press 1", press="1")
    if hangs_up == "Cal":
        town.until_over(ana)
        town.until_over(bo)
        town.wait(60)
        assert town.live_rows() == {}
    else:
        town.until_talking(cal, bo, 300)


def test_the_caller_steps_out_just_then_and_is_not_interrupted(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing()
    cal.when_hears(MAY, press="1", once=True)
    hands_over(town, ana)
    town.until_rings(bo)
    town.until_talking(cal, ana)
    bo.pick_up()
    town.until_hears(bo, TAKES)
    cal.press("*")
    town.until_hears(cal, "1: back to your peer.")
    bo.press("1")
    town.until_hears(bo, "They come to you soon.")
    cal.press("1")
    town.until_talking(cal, bo, 40)
    town.until_over(ana)


def test_a_key_of_the_peers_for_a_crossed_line_is_stronger(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing()
    cal.when_hears(MAY, press="1", once=True)
    hands_over(town, ana)
    town.until_rings(bo)
    town.until_talking(cal, ana)
    ana.press("*")
    town.until_hears(ana, "7: a line was crossed")
    bo.pick_up()
    town.until_hears(bo, TAKES)
    ana.press("7")
    bo.press("1")
    town.until_hears(cal, "a line was crossed for them")
    town.until_over(bo)
    assert not bo.has_talked_with


def test_it_is_asked_in_the_callers_language(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        for name in ("Ana", "Bo"):
            town.volunteer(name, languages="en,es", breather=0)
        ana, bo, cal = (town.phone(name) for name in ("Ana", "Bo", "Cal"))
        ana.picks_up(after=2).when_hears("someone would like to talk", press="1", once=True)
        ana.when_hears("They chose", press="1", once=True)
        cal.when_hears("Para español", press="2", once=True)
        cal.when_hears("Nuestra promesa", press="#", once=True)
        cal.dial(LINE)
        town.until_talking(cal, ana)
        bo.picks_up(after=2).when_hears(TAKES, press="1")
        hands_over(town, ana)
        cal.when_hears(
            "tiene que irse pronto y pregunta si puede seguir otra", press="1", once=True
        )
        town.until_hears(cal, "La de ahora se queda con usted hasta que haya alguien.")
        town.until_hears(cal, "Ya está otra persona aquí.")
        town.until_talking(cal, bo)
        assert NUMBERS["Cal"] not in town.everything_written()
