"""People are asked by text which dates they could take, and answer as they would write."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from tests.stories.test_volunteer_texts import writes
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import HOUR, Town, town_on
from tests.stories.writing import in_a_talk, texts_after
from warmline.conversations.volunteer_texts import date_polls
from warmline.date_polls import polls
from warmline.date_polls.polls import NewDay
from warmline.line.opening import the_line
from warmline.models.date_polls import DatePoll, DatePollChoice, DatePollDay, DatePollPerson
from warmline.texting import lengths, list_numbers

UNTIL = datetime(2030, 3, 9, 5, tzinfo=UTC)
"""The end of Friday, 8 March, in New York."""
LONG = 3 * HOUR


def evening(day: int, hour: int = 18, wanted: int = 1, name: str = "") -> NewDay:
    """Three hours from an hour of a day in March on, in New York before the clocks change."""
    begin = datetime(2030, 3, day, hour, tzinfo=UTC) + 5 * HOUR
    return NewDay(begin, begin + LONG, wanted, name)


DAYS = (evening(8, wanted=2), evening(9), evening(7, name="Eve"))


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def begins(town: Town, *days: NewDay, until: datetime = UNTIL) -> int:
    """The coordinator's button is pressed."""
    with town.parts.turn() as turn:
        return date_polls.begin(turn, the_line(turn.db), days or DAYS, until)


def answered(town: Town, asking: int) -> list[tuple[list[str], int, int]]:
    """Day by day: who could, how many would rather not, and how many have not answered."""
    names = {person: name for name, person in town.people.items()}
    with town.parts.database.reading() as db:
        found = polls.by_id(db, 1, asking)
        assert found is not None
        return [
            ([names[one] for one in day.can], day.rather_not, day.unanswered)
            for day in polls.tally(db, found)
        ]


def test_dates_are_asked_once_and_answered_in_plain_words(town: Town) -> None:
    ana, bo, chi = (town.volunteer(name, on=None) for name in ("Ana", "Bo", "Chi"))
    town.volunteer("Dee", on=None)
    writes(town, chi, "QUIET 5PM-6:05PM")
    writes(town, town.phone("Dee"), "AWAY 5 MAR TO 20 MAR")
    before = len(chi.texts)
    asking = begins(town)
    town.wait(70)
    question = (
        "Riverside, could you take any? 6 PM-9 PM: 1 Thu 7 Mar (Eve), 2 Fri 8 Mar, 3 Sat 9 Mar."
        " By Fri 8 Mar: numbers, ALL or NO. No is fine."
    )
    assert [text.body for text in ana.texts] == [text.body for text in bo.texts] == [question]
    assert len(chi.texts) == before
    assert answered(town, asking) == [([], 0, 3)] * 3
    assert writes(town, ana, "the 7th and the 9th please")[0] == (
        "Riverside: thank you, you could: Thu 7 Mar, Sat 9 Mar."
        " Nothing is fixed: you are asked again before a shift is yours."
    )
    assert "you could: Thu 7 Mar, Fri 8 Mar, Sat 9 Mar" in writes(town, bo, "all")[0]
    assert writes(town, bo, "No.")[0] == (
        "Riverside: thank you, and no is fine. Rather not: Thu 7 Mar, Fri 8 Mar, Sat 9 Mar."
        " To change it, answer again."
    )
    # Once her quiet hours are over, the third is asked too, and nobody twice.
    town.wait(240)
    assert [text.body for text in chi.texts[before:]] == [question]
    assert "you could: Fri 8 Mar, Sat 9 Mar" in writes(town, chi, "OK 2 3")[0]
    assert (len(ana.texts), len(bo.texts)) == (2, 3)
    assert answered(town, asking) == [(["Ana"], 2, 0), (["Chi"], 2, 0), (["Ana", "Chi"], 1, 0)]


def test_what_is_unclear_is_asked_about_and_other_words_mean_what_they_meant(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    asking = begins(town)
    ask(town, "Ana", (20, 23))
    town.wait(130)
    which = (
        "Riverside: which could you take? 6 PM-9 PM: 1 Thu 7 Mar (Eve), 2 Fri 8 Mar, 3 Sat 9 Mar."
        " Write the numbers, ALL or NO. No is fine."
    )
    for unclear in ("maybe 7", "the 20th", "1 4", "7-9"):
        assert writes(town, ana, unclear) == [which], unclear
    assert "Would you like a peer? TALK" in writes(town, ana, "I had a hard day")[0]
    # A plain NO could be to the shift or to the dates: both are shown, and nothing is changed.
    both = writes(town, ana, "NO")
    assert ["4 Tue 5 Mar" in both[0], both[1]] == [True, which]
    assert answered(town, asking) == [([], 0, 1)] * 3
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "OK 4")[0]
    # Rather not on one day says nothing of the others, until they have answered.
    assert writes(town, ana, "NO 3") == [which]
    assert "you could: Thu 7 Mar, Sat 9 Mar" in writes(town, ana, "OK the 7th and the 9th")[0]
    assert "you could: Thu 7 Mar." in writes(town, ana, "NO 3")[0]
    assert "you could: Fri 8 Mar." in writes(town, ana, "Take 2")[0]
    assert "which one? Write TAKE" in writes(town, ana, "take 2 9")[0]
    assert "Rather not: Thu 7 Mar" in writes(town, ana, "No thanks, I can't")[0]
    with town.parts.database.writing() as db:
        assert polls.close(db, 1, asking, town.network.now())
    assert writes(town, ana, "1 2")[0] == (
        "Riverside: the answers for Thu 7 Mar, Fri 8 Mar, Sat 9 Mar are gathered already,"
        " so nothing was changed. OPEN = places that need someone."
    )
    assert answered(town, asking) == [([], 1, 0)] * 3


def test_in_spanish_and_a_long_list_goes_on(town: Town) -> None:
    ana = town.volunteer("Ana", on=None, languages="es")
    until = UNTIL + 24 * 7 * HOUR
    asking = begins(town, *(evening(day, day - 4) for day in range(10, 22)), until=until)
    town.wait(5)
    with town.parts.database.reading() as db:
        # Answers are wanted for longer than seven days: so long the numbers mean these days.
        assert list_numbers.meanings(db, town.people["Ana"], until - HOUR)
    [question] = [text.body for text in ana.texts]
    assert lengths.fits(question, lengths.LIST)
    assert "SIGUE = más." in question
    assert "dom 10 mar" in question
    further = writes(town, ana, "SIGUE")[0]
    assert lengths.fits(further, lengths.LIST)
    assert further.count("mar ") < 5
    assert (
        "gracias, podrías: dom 10 mar, lun 11 mar. Nada es" in writes(town, ana, "el 10 y el 11")[0]
    )
    assert "podrías: vie 15 mar" in writes(town, ana, "todas menos el 10, 11, 12, 13 y 14")[0]
    assert "un no está bien. Mejor no" in writes(town, ana, "prefiero que no")[0]
    assert "podrías: jue 21 mar" in writes(town, ana, "ok el jueves 21")[0]
    assert sum(len(can) for can, _, _ in answered(town, asking)) == 1


def test_in_a_talk_what_they_write_is_passed_on_as_usual(town: Town) -> None:
    ana = town.volunteer("Ana")
    asking = begins(town)
    town.wait(5)
    dot, _, _ = in_a_talk(town)
    for written in ("1 3", "all", "No."):
        assert texts_after(town, ana, written, dot) == [written]
    assert answered(town, asking) == [([], 0, 1)] * 3


def test_leaving_takes_the_answers_along_and_a_week_after_the_last_day_all_is_forgotten(
    town: Town,
) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    asking = begins(town)
    town.wait(5)
    for phone in (ana, bo):
        writes(town, phone, "all")
    writes(town, ana, "LEAVE")
    assert "erased" in writes(town, ana, "LEAVE")[0]
    assert answered(town, asking) == [(["Bo"], 0, 0)] * 3
    with town.parts.database.writing() as db:
        assert polls.forget(db, DAYS[1].ends_at + polls.KEPT_FOR - HOUR) == 0
        assert polls.forget(db, DAYS[1].ends_at + polls.KEPT_FOR) == 1
        for table in (DatePoll, DatePollDay, DatePollPerson, DatePollChoice):
            assert db.scalar(select(func.count()).select_from(table)) == 0
