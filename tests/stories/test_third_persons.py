"""A third person: never without the caller's own yes, one for each, and heard coming."""

import pytest
from sqlalchemy import func, select

from tests.stories.town import LINE, Town
from warmline.calls import third_person
from warmline.counts import counting
from warmline.models.calls import ThirdPerson
from warmline.simulator import Phone

CHOICES = "3: another peer as well."
PEER_CHOICES = "3: bring in a third person."
MAY = "Your peer would like another peer to join you."
COMES = "You said yes to a third person. They join in ten seconds."


def talking(town: Town) -> tuple[Phone, Phone, Phone]:
    """Cal talks with Ana; Bo is on as well and joins when asked to."""
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    ana.picks_up(after=2).when_hears("Press 1 to take it", press="1")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    bo = town.volunteer("Bo", breather=0).picks_up(after=2)
    bo.when_hears("Press 1 to join", press="1")
    return cal, ana, bo


def presses(town: Town, phone: Phone, words: str, key: str) -> None:
    """`*`, and then a key after the words that offer it."""
    phone.press("*")
    town.until_hears(phone, words)
    phone.press(key)


def until_three(town: Town, cal: Phone, ana: Phone, bo: Phone) -> None:
    together = town.network.run_until(lambda: cal.talking_with == {"Ana", "Bo"}, 120)
    assert together, town.network.story()
    assert ana.talking_with == {"Cal", "Bo"}
    assert bo.talking_with == {"Cal", "Ana"}


def wishes(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(ThirdPerson)) or 0


def spoken(town: Town) -> int:
    with town.parts.database.reading() as db:
        return counting.since(db, 1, counting.SPOKEN_YES, town.network.now().date())


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_the_callers_own_key_brings_another_peer_with_a_tone(
    town: Town, every_request_comes_twice: bool
) -> None:
    cal, ana, bo = talking(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    assert cal.has_heard("(beep)")
    cal.hang_up()
    town.wait(60)
    assert not ana.is_in_call
    assert not bo.is_in_call
    assert wishes(town) == 0
    assert town.live_rows() == {}


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_the_peer_asks_and_the_caller_says_yes_by_key(
    town: Town, every_request_comes_twice: bool
) -> None:
    cal, ana, bo = talking(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    cal.when_hears(MAY, press="1", once=True)
    ana.when_hears("1: we ask them", press="1", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(ana, "They are being asked.")
    until_three(town, cal, ana, bo)
    assert spoken(town) == 0


@pytest.mark.parametrize("key", ["2", None])
def test_no_and_silence_are_no_and_nobody_is_rung(town: Town, key: str | None) -> None:
    cal, ana, bo = talking(town)
    if key:
        cal.when_hears(MAY, press=key, once=True)
    ana.when_hears("1: we ask them", press="1", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(cal, "Nobody joins.")
    town.until_talking(cal, ana)
    town.wait(120)
    assert bo.rings == []
    assert wishes(town) == 0


def test_a_spoken_yes_is_heard_before_anybody_joins_and_counted(town: Town) -> None:
    cal, ana, bo = talking(town)
    ana.when_hears("2: they said yes aloud", press="2", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(cal, COMES)
    heard_at = town.network.now()
    assert "Bo" not in cal.talking_with
    until_three(town, cal, ana, bo)
    assert (town.network.now() - heard_at).total_seconds() >= 10
    assert cal.has_heard("(beep)")
    assert spoken(town) == 1


def test_who_did_not_say_so_presses_2_and_nobody_joins(town: Town) -> None:
    cal, ana, bo = talking(town)
    ana.when_hears("2: they said yes aloud", press="2", once=True)
    cal.when_hears(COMES, press="2", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(cal, "Nobody joins.")
    town.until_talking(cal, ana)
    town.until_over(bo)
    town.wait(120)
    assert "Cal" not in bo.has_talked_with
    assert cal.talking_with == {"Ana"}


def test_a_line_may_take_no_spoken_yes(town: Town) -> None:
    with town.parts.database.writing() as db:
        third_person.take_spoken(db, 1, takes=False)
    cal, ana, bo = talking(town)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(ana, "1: we ask them whether another peer may join.")
    ana.press("2")
    town.until_talking(cal, ana)
    town.wait(60)
    assert not ana.has_heard("aloud")
    assert bo.rings == []


def test_one_yes_admits_one_person_once(town: Town) -> None:
    cal, ana, bo = talking(town)
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    bo.when_hears("9: leave the two", press="9", once=True)
    bo.press("*")
    town.until_over(bo)
    assert cal.talking_with == {"Ana"}
    bo.picks_up(after=2)
    town.wait(300)
    assert len(bo.rings) == 1
    assert wishes(town) == 0


def test_the_yes_lapses_with_the_search_and_the_peer_is_told(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.never_picks_up()
    presses(town, cal, CHOICES, "3")
    town.until_talking(cal, ana)
    town.wait(240)
    assert len(bo.rings) == 1
    assert wishes(town) == 0
    assert any("nobody could join you" in text.body for text in ana.texts)
    assert cal.talking_with == {"Ana"}


def test_who_passes_is_not_rung_again_and_the_next_one_is(town: Town) -> None:
    cal, _, bo = talking(town)
    bo.does_nothing()
    bo.picks_up(after=2).when_hears("2 to pass", press="2")
    chi = town.volunteer("Chi", breather=0).picks_up(after=2)
    chi.when_hears("2 to pass", press="1")
    presses(town, cal, CHOICES, "3")
    together = town.network.run_until(lambda: cal.talking_with == {"Ana", "Chi"}, 180)
    assert together, town.network.story()
    assert len(bo.rings) <= 1


def test_whoever_waits_comes_before_a_third_person(town: Town) -> None:
    cal, ana, bo = talking(town)
    bo.does_nothing().never_picks_up()
    dot = town.phone("Dot")
    dot.dial(LINE)
    town.until_rings(bo)
    presses(town, cal, CHOICES, "3")
    town.until_talking(cal, ana)
    town.wait(40)
    assert not bo.has_heard("join")
    bo.picks_up(after=2).when_hears("Press 1", press="1")
    town.until_talking(dot, bo, 300)


def test_when_the_peer_goes_the_third_person_stays_and_is_the_peer(town: Town) -> None:
    cal, ana, bo = talking(town)
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    ana.hang_up()
    town.wait(20)
    assert cal.talking_with == {"Bo"}
    assert not cal.has_heard("phone hung up")
    bo.when_hears("9: end kindly", press="9", once=True)
    bo.press("*")
    town.until_hears(cal, "Your peer has said goodbye.")
    town.until_over(cal)
    town.wait(60)
    assert town.live_rows() == {}


def test_the_caller_steps_out_and_all_three_come_together_again(town: Town) -> None:
    cal, ana, bo = talking(town)
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    presses(town, cal, CHOICES, "1")
    until_three(town, cal, ana, bo)
    presses(town, ana, PEER_CHOICES, "1")
    until_three(town, cal, ana, bo)


def test_when_the_talk_is_ended_kindly_the_third_person_is_thanked_too(town: Town) -> None:
    cal, ana, bo = talking(town)
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    presses(town, ana, PEER_CHOICES, "9")
    town.until_hears(cal, "Your peer has said goodbye.")
    town.until_hears(bo, "Thank you for being there.")
    town.until_over(cal)
    town.wait(60)
    assert town.live_rows() == {}


def test_somebody_else_please_lets_both_go(town: Town) -> None:
    cal, ana, bo = talking(town)
    presses(town, cal, CHOICES, "3")
    until_three(town, cal, ana, bo)
    ana.does_nothing()
    bo.does_nothing()
    presses(town, cal, "2: someone else, please.", "2")
    town.until_over(ana)
    town.until_over(bo)
    assert cal.is_in_call
    assert wishes(town) == 0


def test_with_nobody_else_free_it_is_said_at_once(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    ana.picks_up(after=2).when_hears("Press 1 to take it", press="1")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    presses(town, cal, CHOICES, "3")
    town.until_hears(cal, "Nobody else is free just now.")
    town.until_talking(cal, ana)
    assert wishes(town) == 0


def test_a_question_whose_peer_has_gone_is_asked_no_more(town: Town) -> None:
    cal, ana, bo = talking(town)
    ana.when_hears("1: we ask them", press="1", once=True)
    presses(town, ana, PEER_CHOICES, "3")
    town.until_hears(cal, MAY)
    ana.does_nothing().never_picks_up()
    ana.hang_up()
    town.until_hears(cal, "phone hung up")
    before = len(cal.heard)
    bo.when_hears("Press 1 to take it", press="1")
    town.until_talking(cal, bo, 300)
    assert not any(MAY in words for _, words in cal.heard[before:])
    assert wishes(town) == 0
