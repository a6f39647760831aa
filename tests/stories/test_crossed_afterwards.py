"""A line crossed, said within ten minutes after a call: by text or key, as by `*` 7."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.stories.test_boundaries import WHY, standing, talks
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.models.privacy import Boundary, RecentTalk
from warmline.simulator import Phone

NO_TALK = "no call of yours ended in the last 10 minutes"
SET = "that phone waits longer, but gets through"


def recent(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(RecentTalk)) or 0


def just_talked(town: Town, *, withheld: bool = False) -> tuple[Phone, Phone]:
    """Cal has talked with Ana and hung up."""
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    if withheld:
        ana.picks_up(after=2).when_hears("Press 1", press="1")
        cal.dial(LINE, withheld=True)
        town.until_talking(cal, ana)
    else:
        talks(town, cal, ana)
    cal.hang_up()
    town.until_over(ana)
    town.wait(2)
    return cal, ana


@pytest.mark.both_databases
@pytest.mark.parametrize("word", ["BLOCK", "block.", "#BLOCK"])
def test_by_text_it_is_as_it_would_have_been_by_key(town: Town, word: str) -> None:
    cal, ana = just_talked(town)
    town.wait(300)
    assert NUMBERS["Cal"] not in town.everything_written()
    told, hard = writes(town, ana, word)
    assert SET in told
    assert "TALK and a fellow peer is looked for" in hard
    assert standing(town) == 1
    assert town.is_in_breather("Ana")
    assert town.counts().get("boundary", 1) == 1
    cal.dial(LINE)
    town.until_hears(cal, WHY)
    assert "taken back" in writes(town, ana, "UNDO")[0]
    assert standing(town) == 0


def test_said_twice_it_is_one_and_holds(town: Town) -> None:
    _, ana = just_talked(town)
    writes(town, ana, "BLOCK")
    assert SET in writes(town, ana, "BLOCK")[0]
    assert standing(town) == 1


@pytest.mark.both_databases
def test_after_ten_minutes_nothing_of_it_is_left(town: Town) -> None:
    _, ana = just_talked(town)
    assert recent(town) == 1
    town.wait(700)
    assert NO_TALK in writes(town, ana, "BLOCK")[0]
    town.hours_pass(0.2)
    assert (standing(town), recent(town)) == (0, 0)


def test_with_no_talk_nothing_is_remembered_and_a_sentence_that_begins_so_does_nothing(
    town: Town,
) -> None:
    ana = town.volunteer("Ana")
    assert NO_TALK in writes(town, ana, "BLOCK")[0]
    _, bo = town.phone("Cal"), town.volunteer("Bo", breather=0)
    talks(town, town.phone("Cal"), bo)
    town.phone("Cal").hang_up()
    town.until_over(bo)
    town.wait(2)
    assert "did a line get crossed" in writes(town, bo, "Block party tonight, anyone?")[0]
    assert standing(town) == 0


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_by_key_when_they_ring_the_line(town: Town, every_request_comes_twice: bool) -> None:
    _, ana = just_talked(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    before = len(ana.texts)
    ana.does_nothing().when_hears("If a line was crossed in your call just now", press="7")
    ana.dial(LINE)
    town.until_hears(ana, "That phone waits longer for a while, and still gets through.")
    town.wait(3)
    assert standing(town) == 1
    assert [SET in text.body for text in ana.texts[before:]] == [True, False]
    assert town.is_in_breather("Ana")


def test_the_key_is_told_and_heard_only_just_after_a_talk(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.when_hears("For your shifts, press 1.", press="7")
    ana.dial(LINE)
    town.wait(20)
    assert not ana.has_heard("crossed")
    assert standing(town) == 0


def test_a_withheld_number_cannot_wait_and_it_is_said_so(town: Town) -> None:
    _, ana = just_talked(town, withheld=True)
    assert "showed no number of its own" in writes(town, ana, "BLOCK")[0]
    assert standing(town) == 0
    assert town.is_in_breather("Ana")


def test_who_hung_up_on_a_caller_is_not_rung_back_and_the_caller_hears_why(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    talks(town, cal, ana)
    ana.does_nothing().never_picks_up()
    ana.hang_up()
    town.until_hears(cal, "phone hung up")
    rang = len(ana.rings)
    assert SET in writes(town, ana, "BLOCK")[0]
    town.until_hears(cal, "a line was crossed for them")
    town.until_over(cal)
    town.wait(5)
    assert len(ana.rings) == rang
    assert standing(town) == 1


def test_while_the_caller_talks_with_another_peer_it_waits_for_the_end_of_that(town: Town) -> None:
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    talks(town, cal, ana)
    bo = town.volunteer("Bo", breather=0).picks_up(after=2).when_hears("Press 1", press="1")
    ana.does_nothing()
    cal.press("*")
    town.until_hears(cal, "2: someone else, please.")
    cal.press("2")
    town.until_talking(cal, bo)
    assert SET in writes(town, ana, "BLOCK")[0]
    assert standing(town) == 0
    town.wait(60)
    assert cal.talking_with == {"Bo"}
    cal.hang_up()
    town.wait(5)
    assert standing(town) == 1
    with town.parts.database.reading() as db:
        by, until = db.execute(select(Boundary.by_id, Boundary.until)).one()
    assert by == town.people["Ana"]
    assert until - town.network.now() > timedelta(hours=1)


def test_in_spanish(database_url: str) -> None:
    with town_on(database_url, languages="es") as town:
        ana, cal = town.volunteer("Ana", languages="es", breather=0), town.phone("Cal")
        ana.picks_up(after=2).when_hears("Oprima 1", press="1")
        cal.dial(LINE)
        town.until_talking(cal, ana)
        cal.hang_up()
        town.until_over(ana)
        town.wait(2)
        assert "ese teléfono espera más" in writes(town, ana, "BLOQUEO")[0]
        assert standing(town) == 1
