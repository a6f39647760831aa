"""Places change hands by text: taken, given up, offered, answered, undone; phones in the hand."""

from collections.abc import Iterator

import pytest
from sqlalchemy import insert, update

from shifts.models import Line, Place
from tests.stories.test_volunteer_texts import open_place, writes
from tests.stories.town import HOUR, LINE, Town, town_on
from warmline.texting import lengths

LISTS = {"SHIFTS", "NEXT", "AWAY 5-12 MAR"}


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def ask(town: Town, name: str, *spans: tuple[float, float], duty: bool = False) -> None:
    """Places that somebody is asked for, in hours from now."""
    now = town.network.now()
    place = {"line_id": 1, "person_id": town.people[name], "state": "asked", "duty": duty}
    rows = [{"starts_at": now + begin * HOUR, "ends_at": now + end * HOUR} for begin, end in spans]
    with town.parts.database.writing() as db:
        db.execute(insert(Place), [place | row for row in rows])


def test_what_is_asked_is_answered_by_its_number_or_all_at_once(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    ask(town, "Ana", (20, 23))
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "ok")[0]
    ask(town, "Ana", (44, 47), (68, 71), (92, 95))
    [asked] = writes(town, ana, "OK")
    assert asked.startswith("Riverside, yours: 1 Wed 6 Mar 2 PM-5 PM (asked), 2 Thu 7 Mar")
    assert asked.endswith("OK or NO and the number answers what is asked.")
    assert writes(town, ana, "No 2") == [
        "Riverside: no is fine. You are free of Thu 7 Mar 2 PM-5 PM. UNDO takes it back."
    ]
    assert "yours, Wed 6 Mar 2 PM-5 PM, Fri 8 Mar 2 PM-5 PM" in writes(town, ana, "OK ALL")[0]
    assert "nothing is asked of you" in writes(town, ana, "OK")[0]


def test_a_no_also_frees_of_what_was_entered_as_a_yes(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    writes(town, ana, "SHIFTS")
    assert "free of Tue 5 Mar" in writes(town, ana, "NO 1")[0]
    assert "no shifts ahead" in writes(town, ana, "SHIFTS")[0]


def test_adjoining_places_are_one_shift_under_one_number(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 23, 26)
    town.shift("Ana", 44, 100)
    assert writes(town, ana, "SHIFTS") == [
        "Riverside, yours: 1 Tue 5 Mar 2 PM-8 PM, 2 Wed 6 Mar 2 PM-Fri 8 Mar 10 PM"
    ]
    assert "free of Tue 5 Mar 2 PM-8 PM. UNDO" in writes(town, ana, "DROP 1")[0]
    assert "undone. Tue 5 Mar 2 PM-8 PM" in writes(town, ana, "UNDO")[0]
    assert "1 Tue 5 Mar 2 PM-8 PM" in writes(town, ana, "SHIFTS")[0]
    both = writes(town, ana, "drop 1 and 2")[0]
    assert "free of Tue 5 Mar 2 PM-8 PM, Wed 6 Mar 2 PM-Fri 8 Mar 10 PM" in both
    assert "no shifts ahead" in writes(town, ana, "SHIFTS")[0]


def test_an_offered_shift_is_mine_until_somebody_takes_it(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=(20, 23)), town.volunteer("Bo", on=None)
    writes(town, ana, "SHIFTS")
    assert "Tue 5 Mar 2 PM-5 PM is yours until somebody" in writes(town, ana, "offer 1")[0]
    assert "2 PM-5 PM (offered)" in writes(town, ana, "SHIFTS")[0]
    assert "offered already" in writes(town, ana, "OFFER 1")[0]
    assert "yours, Tue 5 Mar" in writes(town, ana, "TAKE 1")[0]
    writes(town, ana, "OFFER 1")
    assert "1 Tue 5 Mar 2 PM-5 PM." in writes(town, bo, "OPEN")[0]
    assert "yours, Tue 5 Mar" in writes(town, bo, "TAKE 1")[0]
    assert "no shifts ahead" in writes(town, ana, "SHIFTS")[0]


def test_who_is_sick_is_free_until_tomorrow_noon_and_not_rung(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    town.shift("Ana", 10, 12)
    town.shift("Ana", 20, 23)
    assert writes(town, ana, "Sick") == [
        "Riverside: you're free until Tue noon. Rest well. UNDO takes it back."
    ]
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    assert not ana.is_ringing
    assert writes(town, ana, "SHIFTS") == ["Riverside, yours: 1 Tue 5 Mar 2 PM-5 PM"]
    assert "undone. Tue 5 Mar 4 AM-6 AM" in writes(town, ana, "UNDO")[0]


def test_an_undo_works_for_ten_minutes(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    assert "nothing of yours to undo" in writes(town, ana, "UNDO")[0]
    writes(town, ana, "SHIFTS")
    writes(town, ana, "DROP 1")
    town.wait(10 * 60)
    assert "ten minutes" in writes(town, ana, "UNDO")[0]
    assert "no shifts ahead" in writes(town, ana, "SHIFTS")[0]


def test_who_is_too_late_for_a_place_is_told_at_once_and_shown_the_next(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    open_place(town, 20, 23)
    open_place(town, 44, 47)
    open_place(town, 68, 71)
    writes(town, ana, "OPEN")
    writes(town, bo, "OPEN")
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "TAKE 1")[0]
    # Two messages sent at once arrive in whatever order.
    others, refused = sorted(writes(town, bo, "TAKE 1"))
    assert refused == "Riverside: someone else has that shift. Thanks anyway."
    assert others.startswith("Riverside, need someone: 2 Wed 6 Mar 2 PM-5 PM, 3 Thu 7 Mar")
    refused, taken = sorted(writes(town, bo, "TAKE 1, 2"))
    assert "yours, Wed 6 Mar" in taken
    assert "someone else" in refused


def test_a_long_list_goes_on_with_next(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    for day in range(9):
        open_place(town, 20 + 24 * day, 23 + 24 * day)
    first = writes(town, ana, "OPEN")[0]
    assert "6 Sun 10 Mar 3 PM-6 PM. TAKE" in first
    assert first.endswith("NEXT = more.")
    second = writes(town, ana, "next")[0]
    assert second.startswith("Riverside, need someone: 7 Mon 11 Mar")
    assert "9 Wed 13 Mar" in second
    assert "NEXT" not in second
    assert "that was all" in writes(town, ana, "NEXT")[0]
    assert "yours, Mon 11 Mar" in writes(town, ana, "TAKE 7")[0]


def test_stop_opens_every_place_of_theirs_long_shifts_and_duty_too(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=(2, 27)), town.volunteer("Bo", on=None)
    town.shift("Ana", 27, 40)
    ask(town, "Ana", (50, 53), duty=True)
    writes(town, ana, "STOP")
    [listed] = writes(town, bo, "OPEN")
    assert "8 PM-Tue 5 Mar 9 PM, 2 Tue 5 Mar 9 PM-10 AM, 3 Wed 6 Mar 8 PM-11 PM (duty)" in listed


@pytest.mark.parametrize("language", ["en", "es"])
def test_lists_and_answers_fit_on_a_line_with_a_long_name(town: Town, language: str) -> None:
    name = "The Greater Riverside Valley Peer Warmline and Friends"
    with town.parts.database.writing() as db:
        db.execute(update(Line).values(name=name))
    ana = town.volunteer("Ana", languages=language, on=None)
    ask(town, "Ana", *((16.5 + 24 * day, 21.75 + 24 * day) for day in range(9)))
    written = ("SHIFTS", "NEXT", "OK ALL", "OFFER 1 2 3", "SHIFTS", "AWAY 5-12 MAR", "DROP 1 2 3 4")
    for body in written:
        for text in writes(town, ana, body):
            length = lengths.LIST if body in LISTS else lengths.ANSWER
            assert lengths.fits(text, length), text
            assert text.startswith("The Greater Riverside")


def test_somebody_who_speaks_spanish_does_all_of_it_in_spanish(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es", on=(20, 23))
    ask(town, "Ana", (44, 47))
    [listed] = writes(town, ana, "turnos")
    assert "1 mar 5 mar 14:00-17:00, 2 mié 6 mar 14:00-17:00 (¿sí o no?)" in listed
    assert "es tuyo, mié 6 mar 14:00-17:00" in writes(town, ana, "Ok")[0]
    assert "es tuyo hasta que alguien lo tome" in writes(town, ana, "OFREZCO 1")[0]
    assert "ya está ofrecido" in writes(town, ana, "ofrezco 1")[0]
    assert "quedas libre de mar 5 mar" in writes(town, ana, "DEJO 1")[0]
    assert "deshecho. mar 5 mar" in writes(town, ana, "Deshacer")[0]
    assert "¿cuál? Escribe DEJO" in writes(town, ana, "DEJO")[0]
    assert "ahora no se te pregunta nada" in writes(town, ana, "NO")[0]
    assert "estás libre hasta el mar a mediodía" in writes(town, ana, "ENFERMA")[0]
    assert "eso era todo" in writes(town, ana, "SIGUE")[0]
