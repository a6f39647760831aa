"""What is counted of a call or a talk by text, and in which hour of the week; never of whom."""

from datetime import date

import pytest
from sqlalchemy import event, select

from tests.stories.town import LINE, Town, town_on
from tests.stories.writing import in_a_talk, texts_after
from warmline.counts.counting import FEWEST
from warmline.models.counts import DayCount, WeekCount
from warmline.simulator import Phone

MARCH = date(2030, 3, 1)
MONDAY_AT_SIX = 18
MONDAY_AT_SEVEN = 19


def of_week(town: Town) -> dict[tuple[date, int, str], int]:
    """The counts of the typical week by month, hour of the week and what they count."""
    with town.parts.database.reading() as db:
        rows = db.execute(select(WeekCount.__table__)).all()
    return {(row.month, row.hour_of_week, row.what): row.number for row in rows}


def talks(town: Town, peer: Phone, name: str = "Cal") -> None:
    """Somebody calls, skips the promise, and hangs up after a word with a peer."""
    peer.picks_up(after=3).when_hears("Press 1", press="1")
    caller = town.phone(name)
    caller.when_hears("Our promise", press="#").when_hears("Nuestra promesa", press="#")
    caller.dial(LINE)
    town.until_talking(caller, peer)
    caller.hang_up()
    town.wait(30)


def test_a_call_that_was_answered_counts_by_language_and_by_how_long_they_waited(
    town: Town,
) -> None:
    talks(town, town.volunteer("Ana", breather=0))
    assert town.counted() == {"offered": 1, "answered": 1, "answered en": 1, "waited 30 s": 1}
    assert of_week(town) == {(MARCH, MONDAY_AT_SIX, "offered"): 1}


def test_whoever_waited_longer_than_half_a_minute_is_counted_as_such(town: Town) -> None:
    town.volunteer("Bo").never_picks_up()
    ana = town.volunteer("Ana", on=None)
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(40)
    ana.write(LINE, "IN")
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(5)
    assert town.counted()["waited 2 min"] == 1


def test_whoever_waited_over_two_minutes_is_counted_as_such(town: Town) -> None:
    town.volunteer("Bo").never_picks_up()
    ana = town.volunteer("Ana", on=None)
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.when_hears("To keep looking", press="1")
    cal.dial(LINE)
    town.wait(121)
    ana.write(LINE, "IN")
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(5)
    assert town.counted()["waited longer"] == 1


def test_whoever_hangs_up_in_the_greeting_has_not_waited(town: Town) -> None:
    town.volunteer("Ana")
    for seconds, name in ((5, "Cal"), (45, "Dot")):
        caller = town.phone(name)
        caller.dial(LINE)
        town.wait(seconds)
        caller.hang_up()
        town.wait(5)
    ended = {"not reached": 2, "not reached en": 2, "left early": 1, "left later": 1}
    assert town.counted() == {"offered": 2, **ended}
    hour = {(MARCH, MONDAY_AT_SIX, "offered"): 2, (MARCH, MONDAY_AT_SIX, "not reached"): 2}
    assert of_week(town) == hour


def test_a_call_counts_in_the_language_that_was_chosen_for_it(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana = town.volunteer("Ana", languages="en,es", breather=0)
        town.phone("Cal").when_hears("Para español", press="2")
        for _ in range(FEWEST - 1):
            talks(town, ana)
        assert town.counted()["answered other"] == FEWEST - 1
        assert "answered es" not in town.counted(), "so few would tell of one person"
        talks(town, ana)
        assert town.counted()["answered es"] == 1
        assert "answered en" not in town.counted()


def test_a_call_counts_in_the_hour_in_which_it_came(town: Town) -> None:
    town.hours_pass(0.99)
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    town.phone("Cal").dial(LINE)
    town.until_talking(town.phone("Cal"), ana)
    town.wait(600)
    town.phone("Cal").hang_up()
    town.wait(30)
    assert of_week(town) == {(MARCH, MONDAY_AT_SIX, "offered"): 1}


def test_a_volunteer_who_calls_is_counted_as_anybody_from_when_they_stay(town: Town) -> None:
    bo = town.volunteer("Bo", on=None)
    ana = town.volunteer("Ana", breather=0)
    bo.when_hears("To talk to somebody", press="#")
    talks(town, ana, "Bo")
    counted = town.counted()
    assert counted == {"offered": 1, "answered": 1, "answered en": 1, "waited 30 s": 1}


def test_a_talk_by_text_counts_apart_from_calls(town: Town) -> None:
    town.volunteer("Ana")
    dot, _, _ = in_a_talk(town)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    waited = {"answered en": 1, "text waited 30 s": 1}
    assert town.counted() == {"text offered": 1, "text answered": 1, **waited}
    assert of_week(town) == {(MARCH, MONDAY_AT_SIX, "text offered"): 1}


def test_how_long_somebody_waited_who_wished_for_somebody_else_is_not_made_up(town: Town) -> None:
    town.volunteer("Ana")
    dot, _, _ = in_a_talk(town)
    town.volunteer("Bo")
    texts_after(town, dot, "ELSE")
    town.wait(300)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    assert town.counted() == {"text offered": 1, "text answered": 1, "answered en": 1}
    assert of_week(town) == {(MARCH, MONDAY_AT_SIX, "text offered"): 1}


def test_a_talk_that_nobody_took_was_not_reached(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello")
    town.wait(1300)
    left = {"not reached en": 1, "text left later": 1}
    assert town.counted() == {"text offered": 1, "text not reached": 1, **left}
    assert set(of_week(town)) == {
        (MARCH, MONDAY_AT_SIX, "text offered"),
        (MARCH, MONDAY_AT_SIX, "text not reached"),
    }


@pytest.mark.parametrize("answered", [True, False])
def test_counting_is_one_statement_when_a_call_comes_and_two_when_it_is_over(
    town: Town, *, answered: bool
) -> None:
    counting: list[str] = []

    def note(_db: object, _cursor: object, sql: str, *_rest: object) -> None:
        if any(one.__tablename__ in sql for one in (DayCount, WeekCount)):
            counting.append(sql)

    engine = town.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    ana = town.volunteer("Ana")
    if answered:
        talks(town, ana)
    else:
        town.phone("Cal").dial(LINE)
        town.wait(25)
        town.phone("Cal").hang_up()
        town.wait(5)
    event.remove(engine, "before_cursor_execute", note)
    assert len(counting) == 3
