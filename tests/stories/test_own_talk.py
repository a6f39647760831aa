"""A volunteer who needs somebody writes TALK, and is a caller like any other."""

from sqlalchemy import select, update

from tests.stories.town import LINE, NUMBERS, Town, town_on
from tests.stories.writing import ASKED, in_a_talk, name_of, read_since, texts_after
from warmline.database.sealed_columns import index_of
from warmline.models.people import Volunteer
from warmline.models.privacy import Note
from warmline.models.talks import Talk
from warmline.simulator import Phone
from warmline.simulator.network import texts


def own_talk(town: Town) -> tuple[Phone, Phone, str]:
    """Ana needs somebody, and Bo has taken it."""
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    texts_after(town, ana, "TALK it is one of those nights")
    texts_after(town, bo, "OK")
    return ana, bo, name_of(town)


def test_talk_finds_a_peer_who_does_not_learn_who_they_are(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    begun, *promise = texts_after(town, ana, "Talk it is one of those nights")
    assert begun == (
        "Riverside: we look for a peer; they do not learn who you are. Just write."
        " Or ring this number and stay on. # before shift words."
    )
    assert len(promise) == 2
    assert [text.body for text in bo.texts] == [ASKED]
    yours, first = texts_after(town, bo, "OK")
    name = name_of(town)
    assert f"you are with {name}" in yours
    assert first == f"{name}: it is one of those nights"
    assert texts_after(town, bo, "I am here", ana) == ["I am here"]
    assert texts_after(town, ana, "ok", bo) == [f"{name}: ok"]
    assert texts_after(town, ana, "bye")[0].startswith("Riverside: Ending in 2 minutes")
    over, may_count = texts_after(town, ana, "bye")
    assert over == (
        "Riverside: goodbye. Nothing of this talk stays here. You can delete this thread."
        " TALK at any time."
    )
    assert "may we count this talk" in may_count
    assert "counted, thank you" in texts_after(town, ana, "KEEP")[0]
    assert texts_after(town, ana, "WHO")[0].startswith("Riverside: on now: ")

    said_to_bo = " ".join(text.body for text in bo.texts)
    assert not [one for one in ("Ana", NUMBERS["Ana"]) if one in said_to_bo]
    assert town.counts() == {"offered": 1, "answered": 1}
    with town.parts.database.reading() as db:
        assert db.execute(select(Note.channel, Note.answered)).all() == [("text", True)]
    assert town.everything_written().count(NUMBERS["Ana"]) == 1


def test_a_shift_word_alone_is_asked_about_and_a_hash_reaches_them(town: Town) -> None:
    ana, bo, name = own_talk(town)
    before = len(bo.texts)
    [asked] = texts_after(town, ana, "Pause")
    assert asked == (
        "You wrote PAUSE. For us or for your peer? 1 = no rings for now, 2 = send it."
        " Nothing sent yet."
    )
    assert "does not ring until" in texts_after(town, ana, "1")[0]
    assert texts_after(town, ana, "#back") == ["Riverside: you are back."]
    assert texts_after(town, ana, "#talk") == [
        "Riverside: your talk is open: just write, without #. BYE = end."
    ]
    texts_after(town, ana, "Out")
    assert read_since(bo, before) == []
    assert texts_after(town, ana, "2", bo) == [f"{name}: Out"]
    assert "asked for somebody else" in texts_after(town, ana, "#else", bo)[-1]


def test_meanwhile_they_are_neither_rung_nor_asked(town: Town) -> None:
    ana, _, _ = own_talk(town)
    town.volunteer("Chi", on=(-0.2, 3))
    chi = town.phone("Chi")
    before = len(ana.texts)
    texts_after(town, town.phone("Gus"), "hello?", chi)
    assert ASKED in [text.body for text in chi.texts]
    town.phone("Cal").dial(LINE)
    town.until_rings(chi)
    town.wait(150)
    assert ana.rings == []
    assert len(ana.texts) == before


def test_who_is_with_somebody_is_looked_for_when_that_is_over(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana, name = in_a_talk(town)
    later = (
        f"Riverside: you are with {name} now."
        " TALK once that is over, and we look for a peer for you."
    )
    assert texts_after(town, ana, "#TALK") == [later]
    assert texts_after(town, ana, "TALK")[0].startswith("You wrote TALK. For us or for")
    assert texts_after(town, ana, "1") == [later]
    texts_after(town, dot, "bye")
    texts_after(town, dot, "bye")
    nobody, *begun = texts_after(town, ana, "TALK")
    assert "no one is here right now" in nobody, "but herself"
    assert len(begun) == 3


def test_plain_words_end_their_talk_and_stop_ends_all(town: Town) -> None:
    ana, bo, name = own_talk(town)
    assert texts_after(town, ana, "please stop texting me") == [
        "Riverside: your talk is over. STOP = no shift texts and no rings either."
    ]
    assert f"{name} wants no more texts" in bo.texts[-1].body
    texts_after(town, ana, "TALK")
    before = len(ana.texts)
    ana.write(LINE, "Stop")
    town.wait(6)
    assert read_since(ana, before) == [texts.SAID_OUT]
    with town.parts.database.reading() as db:
        assert db.execute(select(Talk.id)).all() == []


def test_who_comes_onto_the_roster_in_a_talk_goes_on_with_it(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    town.volunteer("Dot")
    assert texts_after(town, dot, "still me", ana) == [f"{name}: still me"]
    texts_after(town, town.phone("Gus"), "hello?")
    assert ASKED not in [text.body for text in dot.texts]


def test_a_talk_from_a_phone_that_is_theirs_no_more_is_over(town: Town) -> None:
    _, bo, _ = own_talk(town)
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id == town.people["Ana"])
        db.execute(mine.values(phone=NUMBERS["Eli"], phone_index=index_of(NUMBERS["Eli"])))
    begun = texts_after(town, town.phone("Eli"), "TALK")
    assert len(begun) == 3
    assert "Talk over, thank you" in bo.texts[-1].body


def test_alone_on_shift_they_are_told_that_nobody_could_be_found_and_never_asked_themselves(
    town: Town,
) -> None:
    ana = town.volunteer("Ana")
    texts_after(town, ana, "TALK")
    town.wait(1330)
    assert ASKED not in [text.body for text in ana.texts]
    assert "We can't say yet when someone will be here." in ana.texts[-2].body
    assert "goodbye. Nothing of this talk stays here." in ana.texts[-1].body


def test_hablar_in_spanish(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana, bo = town.volunteer("Ana", languages="es"), town.volunteer("Bo")
        begun = texts_after(town, ana, "Hablar")[0]
        assert begun == (
            "Riverside: te buscamos un par; no sabe que eres del equipo."
            " Escribe, o llama y espera. # ante TURNOS y lo nuestro."
        )
        texts_after(town, bo, "OK")
        assert texts_after(town, ana, "Salgo")[0].startswith("Escribiste SALGO. ¿Para nosotros o")
        assert texts_after(town, ana, "2", bo)[0].endswith(": Salgo")
        assert "terminamos en 2 minutos" in texts_after(town, ana, "adiós")[0]
        assert "¿nos deja contar esta charla" in texts_after(town, ana, "adiós")[-1]
