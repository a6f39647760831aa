"""When somebody is next on, as a caller hears it: of somebody else, who takes calls."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tests.stories.town import LINE, Town, town_on
from warmline.models.people import Volunteer
from warmline.simulator import Phone


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """It is Monday, 6 PM."""
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def spanish_caller(town: Town) -> Phone:
    cal = town.phone("Cal")
    cal.when_hears("Para español", press="2").dial(LINE)
    return cal


def test_who_takes_only_texts_is_nobody_to_call_again_for(town: Town) -> None:
    town.volunteer("Ana", on=(2, 3))
    town.volunteer("Bo", on=(48, 50))
    with town.parts.database.writing() as db:
        only_texts = update(Volunteer).where(Volunteer.person_id == town.people["Ana"])
        db.execute(only_texts.values(voice=False))
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "Someone is here again on Wednesday at 6 PM.")


def test_a_volunteer_who_calls_does_not_hear_of_their_own_shift(town: Town) -> None:
    ana = town.volunteer("Ana", on=(2, 3))
    town.volunteer("Bo", on=(3, 4))
    ana.dial(LINE)
    town.until_hears(ana, "Someone is here again today at 9 PM.")


def test_who_chose_a_language_hears_of_both_the_next_and_the_next_who_speaks_it(
    town: Town,
) -> None:
    town.volunteer("Ana", on=(2, 3))
    town.volunteer("Bo", languages="en,es", on=(24, 26))
    cal = spanish_caller(town)
    town.until_hears(cal, "Alguien que habla español estará de nuevo mañana, martes, a las 6 p. m.")
    assert cal.has_heard("Hay alguien de nuevo hoy a las 8 p. m.")


def test_nothing_is_added_when_the_next_speaks_their_language(town: Town) -> None:
    town.volunteer("Bo", languages="en,es", on=(2, 3))
    cal = spanish_caller(town)
    town.until_hears(cal, "Hay alguien de nuevo hoy a las 8 p. m.")
    assert not cal.has_heard("Alguien que habla español")


def test_no_speaker_within_a_week_is_said_and_the_others_time_all_the_same(town: Town) -> None:
    town.volunteer("Ana", on=(2, 3))
    town.volunteer("Bo", languages="en,es", on=(24 * 8, 24 * 8 + 1))
    cal = spanish_caller(town)
    town.until_hears(cal, "Todavía no podemos decir cuándo habrá alguien que hable español.")
    assert cal.has_heard("Hay alguien de nuevo hoy a las 8 p. m.")
