"""A texter is told at once when nobody is on; the first text chooses the language; RULES."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.stories.town import NUMBERS, Town, town_on
from tests.stories.writing import ASKED, in_a_talk, texts_after
from warmline.models.talks import Talk
from warmline.texting.caller_words import written_in

NOBODY = "Riverside: no one is here right now, sorry."
STILL = "Riverside: still looking for a peer. BYE = end."


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url) as town:
        yield town


@pytest.fixture
def of_two(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def language(town: Town) -> str:
    with town.parts.database.reading() as db:
        return db.execute(select(Talk.language)).scalar_one()


def test_with_nobody_on_the_first_text_that_comes_says_so_and_when_somebody_is(town: Town) -> None:
    town.volunteer("Ana", on=(20, 23))
    first, *promise = texts_after(town, town.phone("Dot"), "hello?")
    assert first.startswith(f"{NOBODY} Someone is here again tomorrow, Tuesday, at 2 PM.")
    assert len(promise) == 2
    assert not any("we look for a peer" in one for one in promise)


def test_with_somebody_on_nobody_is_told_that_nobody_is(town: Town) -> None:
    town.volunteer("Ana")
    said = texts_after(town, town.phone("Dot"), "hello?")
    assert len(said) == 2
    assert "Now we look for a peer. BYE = end" in said[1]


def test_whoever_takes_only_calls_is_on_for_a_texter_too(town: Town) -> None:
    ana = town.volunteer("Ana")
    texts_after(town, ana, "hello")
    with town.parts.database.writing() as db:
        db.exec_driver_sql("update volunteer set text = false")
    assert len(texts_after(town, town.phone("Dot"), "hello?")) == 2
    assert ana.texts[-1].body == ASKED


@pytest.mark.both_databases
def test_when_everybody_goes_off_while_they_wait_they_are_told_at_once_and_once(
    database_url: str,
) -> None:
    with town_on(database_url) as town:
        ana, bo, dot = town.volunteer("Ana"), town.volunteer("Bo"), town.phone("Dot")
        assert len(texts_after(town, dot, "hello?")) == 2
        assert texts_after(town, ana, "OUT", dot) == []
        town.wait(40)
        bo.write("+14135550100", "OUT")
        town.wait(12)
        assert dot.texts[-1].body.startswith(f"{NOBODY} We can't say yet when")
        assert len(dot.texts) == 3
        town.wait(300)
        assert len(dot.texts) == 3
        assert any("you are on until" in one for one in texts_after(town, bo, "IN"))
        town.wait(6)
        assert bo.texts[-1].body == ASKED
        assert texts_after(town, bo, "OK", dot) == [
            "Riverside: a peer is here and reads what you wrote."
        ]


def test_a_shift_that_ends_while_they_wait_is_told_too(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 0.05))
    town.shift("Ana", 2, 3)
    dot = town.phone("Dot")
    assert len(texts_after(town, dot, "hello?")) == 2
    town.wait(200)
    still, nobody = (text.body for text in dot.texts[2:])
    assert still == STILL
    assert nobody.startswith(f"{NOBODY} Someone is here again today at 8 PM. Wait here,")


def test_else_with_nobody_else_on_and_wait_say_how_it_is(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 0.01))
    dot, _, _ = in_a_talk(town)
    town.wait(60)
    texts_after(town, dot, "ELSE")
    town.wait(6)
    assert dot.texts[-1].body.startswith(NOBODY)
    [said] = texts_after(town, dot, "WAIT")
    assert said.startswith(NOBODY)


def test_a_volunteer_who_would_like_a_talk_is_not_on_for_themselves(town: Town) -> None:
    ana = town.volunteer("Ana")
    assert texts_after(town, ana, "TALK")[0].startswith(NOBODY)


def test_a_line_of_one_language_offers_no_other(town: Town) -> None:
    town.volunteer("Ana")
    assert not any("ESPA" in one for one in texts_after(town, town.phone("Dot"), "hola"))


def test_a_spanish_first_text_is_answered_in_spanish_and_english_offered(of_two: Town) -> None:
    of_two.volunteer("Ana")
    bo = of_two.volunteer("Bo", languages="es")
    dot = of_two.phone("Dot")
    promise, rest = texts_after(of_two, dot, "hola, necesito hablar con alguien")
    assert "Nuestra promesa" in promise
    assert rest.endswith("\nEnglish: text ENGLISH.")
    assert "alguien quiere conversar por texto" in bo.texts[-1].body
    anew, rest = texts_after(of_two, dot, "English")
    assert "Our promise" in anew
    assert "ESPA" not in rest
    assert language(of_two) == "en"


def test_an_english_first_text_is_offered_spanish_in_its_own_words(of_two: Town) -> None:
    of_two.volunteer("Ana")
    dot = of_two.phone("Dot")
    promise, rest = texts_after(of_two, dot, "hi, rough night")
    assert "Our promise" in promise
    assert rest.endswith("\nEspañol: escriba ESPAÑOL.")
    assert "Nuestra promesa" in texts_after(of_two, dot, "español")[0]


def test_nobody_on_is_told_in_the_language_of_the_first_text_and_of_the_one_chosen(
    of_two: Town,
) -> None:
    of_two.volunteer("Ana", on=(20, 23))
    dot = of_two.phone("Dot")
    assert "ahora no hay nadie. Hay alguien de nuevo" in texts_after(of_two, dot, "Ayuda")[0]
    texts_after(of_two, dot, "bye")
    assert texts_after(of_two, dot, "hello")[0].startswith(NOBODY)
    *_, said = texts_after(of_two, dot, "ESPAÑOL")
    assert "ahora no hay nadie" in said
    assert NUMBERS["Dot"] not in of_two.everything_written()


@pytest.mark.parametrize("code", ["en", "es"])
def test_rules_in_a_talk_are_one_short_message_and_look_for_nobody(of_two: Town, code: str) -> None:
    of_two.volunteer("Ana", languages="en,es")
    dot, ana = of_two.phone("Dot"), of_two.phone("Ana")
    texts_after(of_two, dot, "hola" if code == "es" else "hello")
    texts_after(of_two, ana, "OK")
    [said] = texts_after(of_two, dot, "REGLAS" if code == "es" else "RULES")
    assert ("ADIOS = terminar" if code == "es" else "BYE = end") in said
    assert ("olicía" if code == "es" else "the police") in said
    assert "Now we look" not in said
    assert "buscamos" not in said
    assert len(said.split()) <= 50


def test_rules_while_we_look_say_all_and_in_which_state_it_is(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    assert "Whoever comes on is asked." in texts_after(town, dot, "RULES")[1]


@pytest.mark.parametrize(
    "body",
    [
        *("hola", "necesito ayuda", "Ayuda", "quiero hablar", "Buenas noches", "¿hay alguien?"),
        *("HOLA!!", "no puedo más", "estoy muy triste", "me siento sola", "Hola, soy Chi"),
        *("tengo miedo", "alguien habla español?", "ayúdenme por favor", "hola i guess que tal"),
    ],
)
def test_these_are_spanish(body: str) -> None:
    assert written_in(body, ("en", "es")) == "es"
    assert written_in(body, ("en",)) == "en"


@pytest.mark.parametrize(
    "body",
    [
        *("hello", "hi", "help", "Hola! is someone there? i need to talk", "", "?", "\U0001f614"),
        *("no", "ok", "can anybody talk", "my friend Sol said to text", "del rio texas here"),
        *(
            "I'm in Los Angeles and I am not ok",
            "me",
            "xx",
            "Hello? It's late, ¿hay alguien?",
            "solo mom here, bad night",
        ),
    ],
)
def test_these_are_not(body: str) -> None:
    assert written_in(body, ("en", "es")) == "en"


def test_what_is_of_no_language_has_the_first_of_the_line() -> None:
    assert written_in("ok", ("es", "en")) == "es"
