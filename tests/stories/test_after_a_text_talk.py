"""When a talk by text is over: whether it may be counted, and how that is erased again."""

import pytest
from sqlalchemy import func, select

from tests.stories.town import LINE, Town, town_on
from tests.stories.writing import in_a_talk, no_talk_is_left, texts_after
from warmline.models.privacy import Note
from warmline.models.talks import CountQuestion
from warmline.simulator import Phone

MAY_COUNT = (
    "Riverside: may we count this talk: when, language, wait, how long, nothing else?"
    " KEEP = yes; no answer = no."
)
SAY_HOW = (
    "Riverside: write how it went in your next text."
    " Two people of the line read it, without your number."
)
SAY_HOW_ES = (
    "Riverside: escriba en su próximo texto cómo le fue."
    " Lo leen dos personas de la línea, sin su número."
)


def talked(town: Town, seconds: float = 0) -> tuple[Phone, Phone]:
    """Dot and Ana have talked for so long, and said goodbye."""
    dot, ana, _ = in_a_talk(town)
    town.wait(seconds)
    texts_after(town, dot, "BYE")
    assert texts_after(town, dot, "BYE")[-1] == MAY_COUNT
    return dot, ana


def notes(town: Town) -> list[tuple[object, ...]]:
    with town.parts.database.reading() as db:
        found = select(Note.channel, Note.hour, Note.language, Note.length, Note.answered)
        return [tuple(row) for row in db.execute(found)]


def asked(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.execute(select(func.count()).select_from(CountQuestion)).scalar_one()


def test_keep_counts_the_talk_and_its_receipt_erases_that(town: Town) -> None:
    town.volunteer("Ana")
    dot, _ = talked(town, 600)
    no_talk_is_left(town)
    [said] = texts_after(town, dot, "keep")
    assert said.startswith("Riverside: counted, thank you. FORGET ")
    assert notes(town) == [("text", 18, "en", "5 to 15 min", True)]
    number = said.split()[-3]
    assert len(number) == 8
    assert number not in town.everything_written()
    no_talk_is_left(town)
    assert asked(town) == 0

    gus = town.phone("Gus")
    unknown = ["Riverside: that number is not known here (any more)."]
    assert texts_after(town, gus, f"FORGET {number[:-1]}") == unknown
    assert texts_after(town, gus, f"forget {number[:4]} {number[4:]}.") == [
        "Riverside: that count is erased. Nothing of it is left here."
    ]
    assert notes(town) == []
    assert texts_after(town, dot, f"FORGET {number}") == unknown
    assert town.counts() == {"offered": 1, "answered": 1}


def test_keep_counts_only_as_the_next_text_within_ten_minutes(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana = talked(town)
    assert len(texts_after(town, dot, "one more thing")) == 2
    assert "you are with" in texts_after(town, ana, "OK")[0]
    assert texts_after(town, dot, "KEEP", ana)[-1].endswith(": KEEP")
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    town.wait(670)
    assert asked(town) == 0
    assert len(texts_after(town, dot, "KEEP")) == 2
    assert notes(town) == []


def test_who_asked_for_no_more_or_was_never_met_is_not_asked(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    [said] = texts_after(town, dot, "BYE")
    assert "goodbye" in said
    town.volunteer("Ana", breather=0)
    in_a_talk(town)
    assert len(texts_after(town, dot, "leave me alone")) == 1
    assert asked(town) == 0


def test_receipts_are_looked_up_a_few_a_minute(town: Town) -> None:
    town.volunteer("Ana")
    dot, _ = talked(town)
    number = texts_after(town, dot, "KEEP")[0].split()[-3]
    gus = town.phone("Gus")
    for guess in range(5):
        gus.write(LINE, f"FORGET 0000000{guess}")
    town.wait(6)
    assert "Please write it again in a minute" in texts_after(town, dot, f"FORGET {number}")[0]
    town.wait(60)
    assert "that count is erased" in texts_after(town, dot, f"FORGET {number}")[0]


def test_in_a_talk_forget_is_done_and_passed_on(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana = talked(town)
    number = texts_after(town, dot, "KEEP")[0].split()[-3]
    _, _, name = in_a_talk(town)
    assert texts_after(town, dot, f"FORGET {number}", ana) == [f"{name}: FORGET {number}"]
    assert "that count is erased" in dot.texts[-1].body
    assert texts_after(town, dot, "SAY", ana) == [f"{name}: SAY"]
    assert notes(town) == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "SAY",
            SAY_HOW,
        ),
        (
            "Decir.",
            SAY_HOW_ES,
        ),
        ("OLVIDA 12345678", "Riverside: aquí no conocemos ese número (o ya no)."),
    ],
)
def test_words_outside_a_talk_are_answered_and_nobody_is_looked_for(
    sqlite_url: str, word: str, said: str
) -> None:
    with town_on(sqlite_url, languages="en,es") as town:
        ana, dot = town.volunteer("Ana"), town.phone("Dot")
        assert texts_after(town, dot, word) == [said]
        assert len(texts_after(town, ana, word)) == 1
        no_talk_is_left(town)
        assert town.counts() == {}


def test_rules_and_languages_in_a_talk_are_passed_on_and_done(town: Town) -> None:
    town.set_rules(languages="en,es")
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    assert "Our promise at Riverside" in texts_after(town, dot, "Rules")[0]
    assert ana.texts[-1].body == f"{name}: Rules"
    assert "not in that language yet" in texts_after(town, dot, "Español")[0]
    assert ana.texts[-1].body == f"{name}: Español"


def test_a_whole_talk_in_spanish(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana, dot = town.volunteer("Ana", languages="es"), town.phone("Dot")
        quienes, promesa, _ = texts_after(town, dot, "Ayuda")
        assert "pares que han vivido algo parecido" in quienes
        assert "nunca avisamos a la policía" in promesa
        assert "alguien quiere conversar por texto" in ana.texts[0].body
        estas, primero = texts_after(town, ana, "ok")
        name = primero.removesuffix(": Ayuda")
        assert f"estás con {name}. Lo que escribas le llega" in estas
        assert dot.texts[-1].body == "Riverside: ya hay alguien aquí y lee lo que usted escribió."
        assert texts_after(town, dot, "Qué noche 🌙", ana) == [f"{name}: Qué noche 🌙"]
        assert texts_after(town, ana, "Salgo")[0].startswith("Escribiste SALGO. ¿Para nosotros o")
        assert texts_after(town, ana, "2", dot) == ["Salgo"]
        texts_after(town, ana, "#paso")
        assert "su par tiene que irse pronto. OTRA = sigue otra persona" in dot.texts[-1].body
        assert "Terminamos en 2 minutos y borramos su número" in texts_after(town, dot, "Adiós")[0]
        town.wait(125)
        assert "Puede borrar este hilo" in dot.texts[-2].body
        assert "¿nos deja contar esta charla" in dot.texts[-1].body
        assert "Conversación terminada, gracias. Borra este hilo" in ana.texts[-1].body
        [contada] = texts_after(town, dot, "guarda")
        number = contada.split()[-3]
        assert contada == f"Riverside: queda contada, gracias. OLVIDA {number} la borra."
        assert notes(town) == [("text", 18, "es", "under 5 min", True)]
        assert "esa cuenta queda borrada" in texts_after(town, dot, f"Olvida {number}")[0]
        assert notes(town) == []
        no_talk_is_left(town)
