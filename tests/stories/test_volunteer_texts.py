"""A volunteer's shift life by text, as it is read on a phone in the hand."""

from sqlalchemy import func, insert, select

from shifts.models import Place
from tests.stories.town import HOUR, LINE, Town, town_on
from warmline.models.texts import TextIn, TextOut
from warmline.simulator import Phone
from warmline.simulator.network import texts


def writes(town: Town, phone: Phone, body: str) -> list[str]:
    """What comes back within a few seconds."""
    before = len(phone.texts)
    phone.write(LINE, body)
    town.wait(5)
    return [text.body for text in phone.texts[before:]]


def open_place(town: Town, starts: float, ends: float) -> None:
    now = town.network.now()
    place = {"line_id": 1, "state": "open", "starts_at": now + starts * HOUR}
    with town.parts.database.writing() as db:
        db.execute(insert(Place).values(place | {"ends_at": now + ends * HOUR}))


def test_in_is_on_from_now_and_rings_for_who_waits(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    [answer] = writes(town, ana, "in")
    assert answer == (
        "Riverside: you are on until 8 PM. Thank you. OUT = off, PAUSE = not just now."
    )
    town.phone("Cal").dial(LINE)
    town.until_rings(ana)


def test_in_for_so_many_hours(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "until 10 PM" in writes(town, ana, "IN 4h")[0]
    assert "already, until 10 PM" in writes(town, ana, "In")[0]


def test_in_my_opinion_puts_nobody_on_shift(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "until when?" in writes(town, ana, "In my opinion it is late")[0]
    town.phone("Cal").dial(LINE)
    town.wait(30)
    assert not ana.is_ringing


def test_out_is_off_at_once(town: Town) -> None:
    ana = town.volunteer("Ana")
    assert "you are off" in writes(town, ana, "Out.")[0]
    assert "not on just now" in writes(town, ana, "OUT")[0]


def test_a_pause_is_not_rung_and_back_is(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    assert "does not ring until 6:45 PM" in writes(town, ana, "PAUSE 45")[0]
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    assert not ana.is_ringing
    assert "you are back" in writes(town, ana, "back")[0]
    town.until_rings(ana)


def test_my_shifts_have_numbers_by_which_they_are_dropped(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    town.shift("Ana", 44, 47)
    [answer] = writes(town, ana, "shfts")
    assert answer == "Riverside, yours: 1 Tue 5 Mar 2 PM-5 PM, 2 Wed 6 Mar 2 PM-5 PM"
    assert "you are free of Wed 6 Mar 2 PM-5 PM" in writes(town, ana, "drop 2")[0]
    assert writes(town, ana, "SHIFTS") == ["Riverside, yours: 1 Tue 5 Mar 2 PM-5 PM"]
    assert "undone. Wed 6 Mar 2 PM-5 PM" in writes(town, ana, "Undo")[0]
    assert "2 Wed 6 Mar" in writes(town, ana, "SHIFTS")[0]


def test_an_open_place_is_taken_once(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    open_place(town, 20, 23)
    assert "1 Tue 5 Mar 2 PM-5 PM. TAKE" in writes(town, ana, "OPEN")[0]
    assert "1 Tue 5 Mar 2 PM-5 PM. TAKE" in writes(town, bo, "libres")[0]
    assert "yours, Tue 5 Mar 2 PM-5 PM" in writes(town, ana, "TAKE 1")[0]
    assert "yours" not in writes(town, bo, "take1")[0]
    assert "no place needs someone" in writes(town, bo, "OPEN")[0]


def test_a_spanish_speaker_is_answered_in_spanish(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana = town.volunteer("Ana", languages="es", on=None)
        assert "estás de turno hasta 20:00" in writes(town, ana, "ENTRO")[0]
        assert "no te recordamos" in writes(town, ana, "RECUERDA OFF")[0]


def test_what_is_not_understood_is_answered_with_how_to_be(town: Town) -> None:
    ana = town.volunteer("Ana")
    [answer] = writes(town, ana, "the kettle sings")
    assert answer == (
        "Sorry, I'm a machine and only know shift words. WORDS lists them. "
        "Would you like a peer yourself? TALK."
    )


def test_stop_silences_everything_from_that_second(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    assert writes(town, ana, "Stop") == [texts.SAID_OUT]
    assert writes(town, ana, "IN") == []
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    assert not ana.is_ringing


def test_a_text_is_sealed_until_it_is_sent_and_then_gone(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.network.faults.requests_refused = 3
    ana.write(LINE, "IN")
    town.wait(2)
    assert "you are on" not in town.everything_written()
    town.wait(60)
    assert "you are on" in ana.texts[-1].body
    assert rows(town, TextOut) == town.effects_waiting() == 0


def test_a_message_delivered_twice_is_read_once(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.network.faults.webhooks_twice = True
    assert len(writes(town, ana, "IN")) == 1


def test_an_answer_whose_sending_was_never_confirmed_is_not_sent_twice(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.network.faults.creates_lost = 1
    assert len(writes(town, ana, "IN")) == 1
    town.wait(120)
    assert len(ana.texts) == 1
    assert rows(town, TextOut) == town.effects_waiting() == 0


def test_the_ids_of_messages_are_forgotten(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    writes(town, ana, "IN")
    assert rows(town, TextIn) == 1
    town.wait(30 * 60)
    assert rows(town, TextIn) == 0


def rows(town: Town, table: type[object]) -> int:
    with town.parts.database.reading() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()
