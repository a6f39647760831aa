"""Boundaries, not bans: a phone waits longer for some hours, hears why, and is put through."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, NUMBERS, Town
from tests.stories.writing import texts_after
from warmline.models.privacy import Boundary
from warmline.privacy import boundaries
from warmline.simulator import Phone

WHY = "A peer ended a call from this phone."


def standing(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Boundary)) or 0


def talks(town: Town, cal: Phone, ana: Phone) -> None:
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    cal.dial(LINE)
    town.until_talking(cal, ana)


def crosses_a_line(town: Town, cal: Phone, ana: Phone) -> None:
    talks(town, cal, ana)
    ana.press("*")
    town.until_hears(ana, "7: a line was crossed")
    ana.press("7")
    town.until_over(cal)
    town.wait(5)


def why_heard(phone: Phone) -> int:
    return sum(WHY in said for _, said in phone.heard)


def test_the_caller_hears_kind_words_and_the_peer_rests_and_can_take_it_back(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    crosses_a_line(town, cal, ana)
    assert "You're welcome to call again" in cal.heard[-1][1]
    told, hard = (text.body for text in ana.texts[-2:])
    assert told == (
        "Riverside: until 8 PM that phone waits longer, but gets through. "
        "UNDO = not so. You rest 10 minutes; BACK ends that."
    )
    assert hard == "Hard one? TALK and a fellow peer is looked for."
    assert town.is_in_breather("Ana")
    assert standing(town) == 1
    assert writes(town, ana, "UNDO")[0] == (
        "Riverside: taken back. That phone waits like any other."
    )
    assert standing(town) == 0


def test_taken_back_before_they_have_hung_up_it_stays_taken_back(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    talks(town, cal, ana)
    ana.press("*")
    town.until_hears(ana, "7: a line was crossed")
    ana.press("7")
    town.until_hears(cal, "You're welcome to call again")
    assert (standing(town), cal.is_in_call) == (1, True)
    ana.write(LINE, "UNDO")
    town.until_over(cal)
    town.wait(5)
    assert standing(town) == 0
    assert town.is_in_breather("Ana")


def test_the_phone_waits_two_minutes_longer_and_is_then_put_through_to_who_is_told(
    town: Town,
) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    crosses_a_line(town, cal, ana)
    bo = town.volunteer("Bo").picks_up(after=2)
    rang, called_at = len(ana.rings) + len(bo.rings), town.network.now()
    bo.when_hears("A peer ended a call from that phone today. Press 1", press="1")
    cal.dial(LINE)
    town.until_hears(cal, f"{WHY} Until 8 PM the wait is longer.")
    town.wait(60)
    assert len(ana.rings) + len(bo.rings) == rang
    town.until_talking(cal, bo, within=200)
    waited = town.network.now() - called_at
    assert timedelta(minutes=2) <= waited <= timedelta(minutes=3)
    assert why_heard(cal) == 1


def test_a_key_reaches_whoever_is_on_duty_and_nothing_is_lost_by_it(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    chi = town.volunteer("Chi", on=None)
    town.duty("Chi", -1, 5)
    crosses_a_line(town, cal, ana)
    writes(town, ana, "BACK")
    ana.when_hears("Press 1", press="1")
    cal.dial(LINE)
    town.until_hears(cal, WHY)
    cal.press("7")
    town.until_hears(cal, "We'll tell the person on duty. Stay on.")
    town.wait(3)
    assert "somebody who waits sees a boundary otherwise" in chi.texts[-1].body
    town.until_talking(cal, ana, within=300)


def test_taken_back_while_they_wait_it_holds_them_no_longer(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    crosses_a_line(town, cal, ana)
    writes(town, ana, "BACK")
    cal.dial(LINE)
    town.until_hears(cal, WHY)
    writes(town, ana, "UNDO")
    town.until_talking(cal, ana, within=30)


def test_another_phone_and_one_that_is_withheld_wait_as_ever(town: Town) -> None:
    ana, cal, dot = town.volunteer("Ana", breather=0), town.phone("Cal"), town.phone("Dot")
    crosses_a_line(town, cal, ana)
    writes(town, ana, "BACK")
    talks(town, dot, ana)
    assert why_heard(dot) == 0
    dot.hang_up()
    town.until_over(ana)
    dot.dial(LINE, withheld=True)
    town.until_talking(dot, ana)
    ana.press("*")
    town.until_hears(ana, "7: a line was crossed")
    ana.press("7")
    town.until_over(dot)
    town.wait(5)
    assert standing(town) == 1


@pytest.mark.parametrize("hang_up_first", [False, True], ids=["hears it out", "hangs up first"])
def test_it_lapses_with_its_salt_and_nothing_of_the_phone_is_ever_written(
    town: Town, hang_up_first: bool
) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    if hang_up_first:
        talks(town, cal, ana)
        ana.press("*")
        town.until_hears(ana, "7: a line was crossed")
        ana.press("7")
        town.until_hears(ana, "Take a breath")
        cal.hang_up()
        town.wait(5)
    else:
        crosses_a_line(town, cal, ana)
    assert standing(town) == 1
    assert NUMBERS["Cal"] not in town.everything_written()
    town.hours_pass(2.1)
    town.wait(70)
    assert standing(town) == 0
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert why_heard(cal) == 0


def test_a_number_that_many_share_never_carries_one_and_hours_are_the_lines(town: Town) -> None:
    ana, cal, dot = town.volunteer("Ana", breather=0), town.phone("Cal"), town.phone("Dot")
    with town.parts.database.writing() as db:
        rules = boundaries.Rules(24, frozenset({NUMBERS["Cal"]}))
        boundaries.set_rules(db, 1, rules)
    crosses_a_line(town, cal, ana)
    assert standing(town) == 0
    writes(town, ana, "BACK")
    crosses_a_line(town, dot, ana)
    with town.parts.database.reading() as db:
        [(_, until)] = boundaries.standing(db, 1, town.network.now())
    assert timedelta(hours=23.9) < until - town.network.now() < timedelta(hours=24)


def test_by_text_too_the_phone_waits_longer_and_who_is_asked_is_told(town: Town) -> None:
    ana, dot = town.volunteer("Ana", breather=0), town.phone("Dot")
    texts_after(town, dot, "Hello?")
    writes(town, ana, "OK")
    before = len(ana.texts)
    ana.write(LINE, "#BLOCK")
    town.wait(6)
    assert "You may write again" in dot.texts[-1].body
    assert any("UNDO = not so" in text.body for text in ana.texts[before:])
    assert standing(town) == 1
    writes(town, ana, "BACK")
    before = len(ana.texts)
    said = texts_after(town, dot, "It was my brother")
    assert any("Until 8 PM the wait is longer" in one for one in said)
    town.wait(60)
    assert len(ana.texts) == before
    town.wait(70)
    assert ana.texts[-1].body == (
        "Riverside: someone would like to talk by text. A peer ended a talk with that phone "
        "today. OK = take it, NO = pass"
    )
    writes(town, ana, "OK")
    assert ana.texts[-1].body.endswith(": It was my brother")


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_a_peer_who_hung_up_and_is_rung_back_may_say_that_a_line_was_crossed(
    town: Town, every_request_comes_twice: bool
) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    talks(town, cal, ana)
    town.network.faults.webhooks_twice = every_request_comes_twice
    ana.does_nothing().picks_up(after=2)
    ana.when_hears("7: I ended it, a line was crossed.", press="7", once=True)
    ana.hang_up()
    town.until_hears(ana, "The talk has ended. Thank you. Take a breath.")
    town.until_over(cal)
    assert "because a line was crossed for them" in cal.heard[-1][1]
    assert standing(town) == 1
    assert town.is_in_breather("Ana")
    assert any("that phone waits longer" in text.body for text in ana.texts)
    town.wait(60)
    assert town.live_rows() == {}
