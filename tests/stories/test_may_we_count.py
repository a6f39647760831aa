"""May we count this call? Asked once; 5 answers from the first word on, and what is said is so."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from shifts.models import Base
from tests.stories.town import LINE, Town, town_on
from tests.stories.writing import in_a_talk, texts_after
from warmline.models.privacy import Note
from warmline.simulator import Phone

QUESTION = "5 counts this call"
COUNTED = "Thank you, this call is counted. 5 takes it back."
NOT_COUNTED = "All right, this call is not counted."
SPANISH = "Gracias, esta llamada se cuenta."
THEIR_OWN = {
    *("job_run", "pace", "metric_sum", "one_time_mark", "alembic_version"),
    *("day_count", "note", "volunteer", "fleeting_key", "ring_reason"),
}
"""Tables that anything moves: of jobs, and of a volunteer's own phone; those told of here."""


def notes(town: Town) -> list[tuple[Any, ...]]:
    columns = (Note.day, Note.hour, Note.channel, Note.language, Note.wait, Note.length)
    with town.parts.database.reading() as db:
        return [tuple(one) for one in db.execute(select(*columns, Note.answered))]


def is_over(town: Town, *phones: Phone) -> None:
    for phone in phones:
        phone.hang_up()
    town.wait(900)
    town.parts.forget()


def heard(phone: Phone, words: str) -> int:
    return sum(words in said for _, said in phone.heard)


@pytest.fixture
def ana(town: Town) -> Phone:
    """She picks up at once."""
    return town.volunteer("Ana", breather=0).picks_up(after=2).when_hears("Press 1", press="1")


TALKED = (date(2030, 3, 4), 18, "voice", "en", "waited 30 s", "under 5 min", True)


@pytest.mark.both_databases
@pytest.mark.parametrize("words", ["peers who have been there", QUESTION])
def test_a_yes_before_a_quick_talk_is_kept_with_how_it_went(
    town: Town, ana: Phone, words: str
) -> None:
    cal = town.phone("Cal").when_hears(words, press="5", once=True)
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert heard(cal, COUNTED) == 1
    assert notes(town) == []
    is_over(town, cal)
    assert len(notes(town)) == 1
    assert notes(town)[0][:4] + notes(town)[0][5:] == TALKED[:4] + TALKED[5:]


def test_it_is_asked_once_and_nobody_asks_again(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(90)
    assert heard(cal, QUESTION) == 1
    is_over(town, cal)
    assert notes(town) == []


@pytest.mark.parametrize("words", ["peers who have been there", QUESTION, "We're looking for"])
def test_5_again_takes_it_back_wherever_it_was_pressed(town: Town, words: str) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = town.phone("Cal").when_hears(words, press="5", once=True)
    if words.startswith("We're looking"):
        cal.when_hears("Our promise", press="#", once=True)
    cal.when_hears(COUNTED, press="5", once=True)
    cal.dial(LINE)
    town.until_hears(cal, NOT_COUNTED)
    town.wait(20)
    is_over(town, cal)
    assert notes(town) == []
    assert town.counted() == {"offered": 1, "not reached": 1}


def test_5_works_in_the_other_choices_and_when_nobody_is_on(town: Town) -> None:
    cal = town.phone("Cal")
    cal.when_hears("Nobody is here to talk", press="0", once=True)
    cal.when_hears("For what we promise", press="5", once=True)
    cal.dial(LINE)
    town.until_hears(cal, COUNTED)
    cal.when_hears("Nobody is here to talk", press="5", once=True)
    town.until_hears(cal, NOT_COUNTED)
    cal.when_hears("Nobody is here to talk", press="5", once=True)
    town.wait(15)
    is_over(town, cal)
    assert [one[2:] for one in notes(town)] == [("voice", "en", "left later", "none", False)]


def test_5_works_while_a_language_is_chosen_and_in_spanish(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        town.volunteer("Ana", languages="en,es").never_picks_up()
        cal, dot = town.phone("Cal"), town.phone("Dot")
        cal.when_hears("For English", press="5", once=True)
        cal.dial(LINE)
        town.until_hears(cal, COUNTED)
        cal.hang_up()
        dot.when_hears("Para español", press="2", once=True)
        dot.when_hears("5 cuenta la llamada", press="5", once=True)
        dot.dial(LINE)
        town.until_hears(dot, SPANISH)
        is_over(town, dot)
        assert sorted(one[3] for one in notes(town)) == ["en", "es"]


def dump(town: Town) -> dict[str, list[dict[str, Any]]]:
    with town.parts.database.reading() as db:
        return {
            table.name: [dict(row) for row in db.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in THEIR_OWN
        }


@pytest.fixture
def before(town: Town, ana: Phone) -> dict[str, list[dict[str, Any]]]:
    assert not ana.is_in_call
    town.wait(1)
    return dump(town)


@pytest.mark.both_databases
@pytest.mark.parametrize("answer", ["silence", "no", "yes"])
def test_after_a_call_no_table_holds_more_than_was_said(
    town: Town, ana: Phone, before: dict[str, list[dict[str, Any]]], answer: str
) -> None:
    cal = town.phone("Cal")
    if answer != "silence":
        cal.when_hears(QUESTION, press="5", once=True)
    if answer == "no":
        cal.when_hears(COUNTED, press="5", once=True)
    cal.dial(LINE)
    town.until_talking(cal, ana)
    is_over(town, cal)
    assert dump(town) == before
    assert town.counted() == {"offered": 1, "answered": 1}
    assert len(notes(town)) == (answer == "yes")


@pytest.mark.both_databases
@pytest.mark.parametrize("answer", ["", "thanks", "KEEP"])
def test_after_a_talk_by_text_no_table_holds_more_than_was_said(
    town: Town, before: dict[str, list[dict[str, Any]]], answer: str
) -> None:
    dot, _, _ = in_a_talk(town)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    (asked,) = dump(town)["count_question"]
    assert set(asked) == {"line_id", "number_digest", "until", "facts", "about"}
    assert not any(word in asked["facts"] for word in ("{", "hour", "under 5 min"))
    if answer == "KEEP":
        texts_after(town, dot, answer)
    town.wait(900)
    town.parts.forget()
    assert dump(town)["count_question"] == []
    assert town.counted() == {"offered": 1, "answered": 1}
    kept = [("text", "en", "under 5 min", True)] if answer == "KEEP" else []
    assert [(one[2], one[3], one[5], one[6]) for one in notes(town)] == kept
    assert {name for name, rows in dump(town).items() if rows != before[name]} <= {"attempt"}
