"""What is a volunteer's own, by text: hours, times away, limits, and days in plain words."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from shifts.models import Person
from shifts.who_is_on import who_is_on
from tests.stories.test_volunteer_texts import open_place, writes
from tests.stories.town import Town, town_on
from warmline.models.people import Volunteer


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def test_hours_are_counted_from_agreed_places_of_this_month_and_last(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 24 * 26, 24 * 26 + 1.5)
    town.shift("Ana", -24 * 10, -24 * 10 + 3)
    # Midnight at the end of February is 90 hours ago.
    town.shift("Ana", -91, -89)
    [told] = writes(town, ana, "hours")
    assert told == "Riverside: Mar 5.5 h, Feb 4 h. Only you are told. Thank you."


def test_away_names_the_shifts_in_it_and_drops_none_by_itself(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 24 * 10, 24 * 10 + 3)
    assert "not away at any time" in writes(town, ana, "AWAY")[0]
    [told] = writes(town, ana, "away 5 mar to 7 mar")
    assert told == (
        "Riverside: away Tue 5 Mar-Thu 7 Mar (NO 1 takes it back)."
        " Still yours then: 2 Tue 5 Mar 2 PM-5 PM. DROP and the number frees you."
    )
    assert "2 Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "SHIFTS")[0]
    assert "free of Tue 5 Mar" in writes(town, ana, "DROP 2")[0]
    assert "away Wed 20 Mar. NO 4 takes it back" in writes(town, ana, "AWAY 20 MARCH")[0]
    [aways] = writes(town, ana, "AWAY")
    assert aways.startswith("Riverside, away: 1 Tue 5 Mar-Thu 7 Mar, 4 Wed 20 Mar. NO and")
    assert "not away Tue 5 Mar-Thu 7 Mar after all" in writes(town, ana, "NO 1")[0]
    assert "'forever' is not clear to me" in writes(town, ana, "AWAY forever")[0]


def test_most_and_break_are_ones_own_limits(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "no limit" in writes(town, ana, "MOST")[0]
    assert "at most 4 talks" in writes(town, ana, "most 4")[0]
    assert limits(town, "Ana") == (4, None)
    assert "From 1 to 50" in writes(town, ana, "MOST 90")[0]
    assert "no limit" in writes(town, ana, "MOST OFF")[0]
    assert "10 minutes of rest" in writes(town, ana, "BREAK")[0]
    assert "25 minutes of rest" in writes(town, ana, "Break 25 min")[0]
    assert "0 to 60 minutes" in writes(town, ana, "BREAK 90")[0]
    assert limits(town, "Ana") == (None, 25)


def test_in_until_an_hour_and_on_a_doubt_it_is_asked(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "until when?" in writes(town, ana, "IN until who knows")[0]
    assert "you are on until 9 PM" in writes(town, ana, "IN UNTIL 9")[0]


def test_on_duty_and_off_is_a_place_beside_ones_shifts(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "not on duty" in writes(town, ana, "DUTY OFF")[0]
    assert "on duty until 10 PM" in writes(town, ana, "Duty 4h")[0]
    assert on_duty(town) == ["Ana"]
    assert "you are not on just now" in writes(town, ana, "OUT")[0]
    assert "off duty" in writes(town, ana, "DUTY OFF")[0]
    assert on_duty(town) == []
    assert "until when?" in writes(town, ana, "DUTY calls")[0]


def test_take_in_plain_words_takes_the_only_one_or_asks_which(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    for begins in (108, 112, 120, 143):
        open_place(town, begins, begins + 3)
    assert writes(town, ana, "TAKE SAT EVENING") == [
        "Riverside: yours, Sat 9 Mar 6 PM-9 PM. Thank you. UNDO takes it back."
    ]
    assert "no place needs someone then" in writes(town, ana, "take thursday")[0]
    open_place(town, 121, 122)
    [asked] = writes(town, ana, "TAKE SAT")
    assert asked.startswith(
        "Riverside, need someone: 1 Sat 9 Mar 6 AM-9 AM, 2 Sat 9 Mar 10 AM-1 PM."
    )
    assert "yours, Sat 9 Mar 10 AM-1 PM" in writes(town, ana, "TAKE 2")[0]
    assert "is not clear to me" in writes(town, ana, "TAKE whatever")[0]


def test_shifts_of_a_month(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 24 * 40, 24 * 40 + 3)
    assert writes(town, ana, "SHIFTS APR") == ["Riverside, yours: 1 Sat 13 Apr 7 PM-10 PM"]
    assert "no shifts then" in writes(town, ana, "SHIFTS MAY")[0]


def test_all_of_it_in_spanish(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es", on=(20, 23))
    open_place(town, 120, 123)
    assert "mar 3 h, feb 0 h. Solo tú lo ves" in writes(town, ana, "HORAS")[0]
    assert "ausente mar 5 mar-jue 7 mar" in writes(town, ana, "ausente 5 mar a 7 mar")[0]
    assert "a lo más 4 charlas" in writes(town, ana, "Máximo 4")[0]
    assert "20 minutos de descanso" in writes(town, ana, "RESPIRO 20")[0]
    assert "hasta 21:00" in writes(town, ana, "ENTRO HASTA LAS 9PM")[0]
    assert "de guardia hasta 20:" in writes(town, ana, "Guardia")[0]
    assert "es tuyo, sáb 9 mar 18:00-21:00" in writes(town, ana, "TOMO SABADO")[0]
    assert "sáb 9 mar" in writes(town, ana, "TURNOS MARZO")[0]


def limits(town: Town, name: str) -> tuple[int | None, int | None]:
    """Talks a shift at most, and the breather in minutes."""
    columns = select(Person.most_talks_a_shift, Volunteer.breather_minutes)
    query = columns.join(Volunteer, Volunteer.person_id == Person.id)
    with town.parts.database.reading() as db:
        row = db.execute(query.where(Person.id == town.people[name])).one()
    return row.most_talks_a_shift, row.breather_minutes


def on_duty(town: Town) -> list[str]:
    """Who is on duty now, by name."""
    with town.parts.database.reading() as db:
        return [one.name for one in who_is_on(db, 1, town.network.now(), duty=True)]
