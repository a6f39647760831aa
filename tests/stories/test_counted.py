"""What is counted of a call or a talk by text that nobody said yes to."""

import pytest
from sqlalchemy import event

from tests.stories.town import LINE, Town
from tests.stories.writing import in_a_talk, texts_after
from warmline.models.counts import DayCount
from warmline.simulator import Phone


def talks(town: Town, peer: Phone, name: str = "Cal") -> None:
    """Somebody calls, skips the promise, and hangs up after a word with a peer."""
    peer.picks_up(after=3).when_hears("Press 1", press="1")
    caller = town.phone(name)
    caller.when_hears("Our promise", press="#").when_hears("Nuestra promesa", press="#")
    caller.dial(LINE)
    town.until_talking(caller, peer)
    caller.hang_up()
    town.wait(30)


BARE = {"offered": 1, "answered": 1}


def test_of_whoever_says_nothing_three_sums_of_the_day_move_and_nothing_else(town: Town) -> None:
    talks(town, town.volunteer("Ana", breather=0))
    assert town.counted() == BARE
    assert town.notes() == []


def test_of_whoever_reaches_nobody_it_is_counted_that_they_did_not(town: Town) -> None:
    town.volunteer("Ana")
    for seconds, name in ((5, "Cal"), (45, "Dot")):
        caller = town.phone(name)
        caller.dial(LINE)
        town.wait(seconds)
        caller.hang_up()
        town.wait(5)
    assert town.counted() == {"offered": 2, "not reached": 2}


def test_a_volunteer_who_calls_is_counted_as_anybody_from_when_they_stay(town: Town) -> None:
    bo = town.volunteer("Bo", on=None)
    ana = town.volunteer("Ana", breather=0)
    bo.when_hears("To talk to somebody", press="#")
    talks(town, ana, "Bo")
    assert town.counted() == BARE


def test_a_talk_by_text_is_one_more_of_the_same_sums(town: Town) -> None:
    town.volunteer("Ana")
    dot, _, _ = in_a_talk(town)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    assert town.counted() == BARE


def test_a_talk_that_nobody_took_was_not_reached(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello")
    town.wait(1300)
    assert town.counted() == {"offered": 1, "not reached": 1}


@pytest.mark.parametrize("answered", [True, False])
def test_counting_is_one_statement_when_a_call_comes_and_one_when_it_is_over(
    town: Town, *, answered: bool
) -> None:
    counting: list[str] = []

    def note(_db: object, _cursor: object, sql: str, *_rest: object) -> None:
        if DayCount.__tablename__ in sql:
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
    assert len(counting) == 2
