"""While a JOIN or an invitation is open, OK, NO, LEAVE, JOIN and questions are about it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.stories.test_joining_by_text import bodies, row, set_agreed
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import NUMBERS, Town, town_on
from warmline import languages
from warmline.models.people import Joining
from warmline.models.talks import Talk
from warmline.texting.caller_words import asks_what_this_is

PROMISE = "Phone companies keep lists"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


@pytest.fixture
def sqlite_town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def rows(town: Town, table: type[Joining] | type[Talk]) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def invited(town: Town, name: str = "Ana", languages: str = "en") -> None:
    """Somebody on the roster who has been asked, and has not answered yet."""
    town.volunteer(name, languages=languages, on=None)
    set_agreed(town, name, "ask")
    town.wait(70)
    assert len(bodies(town, name)) == 1


def test_an_ok_after_join_is_about_it_and_leave_erases_and_says_so(town: Town) -> None:
    bo, dot = town.volunteer("Bo"), town.phone("Dot")
    writes(town, dot, "JOIN")
    [said] = writes(town, dot, "OK")
    assert said.startswith(
        "Riverside: you're noted, thank you. Someone will call you within a week."
    )
    assert (rows(town, Joining), rows(town, Talk)) == (1, 0)
    [said] = writes(town, dot, "LEAVE")
    assert "your number is erased here" in said
    assert (rows(town, Joining), rows(town, Talk)) == (0, 0)
    [said] = writes(town, dot, "leave")
    assert "your number is not kept here" in said
    assert NUMBERS["Dot"] not in town.everything_written()
    assert bo.texts == []


def test_who_is_this_after_join_is_answered_with_who_we_are_and_what_is_open(
    sqlite_town: Town,
) -> None:
    town = sqlite_town
    dot = town.phone("Dot")
    writes(town, dot, "JOIN")
    first, second = writes(town, dot, "Hi, who is this?")
    assert "peers who have been there" in first
    assert "LEAVE or STOP erases it" in second
    assert rows(town, Talk) == 0
    assert "erased here" in writes(town, dot, "no thanks")[0]


def test_coming_in_in_spanish_is_answered_in_spanish(sqlite_town: Town) -> None:
    town = sqlite_town
    dot = town.phone("Dot")
    writes(town, dot, "UNIRME")
    assert "ya te anotamos" in writes(town, dot, "Sí")[0]
    assert "somos pares" in writes(town, dot, "¿Qué es esto?")[0]
    assert rows(town, Talk) == 0
    assert "borrado aquí" in writes(town, dot, "Borrar")[0]
    assert "no queda guardado" in writes(town, dot, "BORRAR")[0]


def test_in_a_talk_leave_erases_the_join_and_the_talk_goes_on(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    writes(town, dot, "JOIN")
    writes(town, dot, "I would like to talk with somebody")
    assert "you're noted" in writes(town, dot, "ok")[0], "nobody is there yet whom it could answer"
    writes(town, ana, "OK")
    assert "I would like to talk" in bodies(town, "Ana")[-1]
    assert not any(text.endswith(": ok") for text in bodies(town, "Ana"))
    [said] = writes(town, dot, "Leave")
    assert "your wish to join is erased, and its number" in said
    assert bodies(town, "Ana")[-1].endswith(": Leave")
    assert (rows(town, Joining), rows(town, Talk)) == (0, 1)
    assert writes(town, dot, "LEAVE") == [], "without a JOIN it is for the peer alone"
    assert bodies(town, "Ana")[-1].endswith(": LEAVE")


def test_in_a_talk_the_line_comes_between_the_two_once_for_an_ok(sqlite_town: Town) -> None:
    town = sqlite_town
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    writes(town, dot, "JOIN")
    writes(town, dot, "hello?")
    writes(town, ana, "OK")
    assert "you're noted" in writes(town, dot, "OK")[0]
    assert writes(town, dot, "okay") == writes(town, dot, "ok") == []
    assert [text.rpartition(": ")[2] for text in bodies(town, "Ana")[-3:]] == ["OK", "okay", "ok"]


def test_an_invitation_is_explained_and_asked_again_and_the_ok_is_its_answer(town: Town) -> None:
    town.volunteer("Bo")
    invited(town)
    ana = town.phone("Ana")
    who, question = writes(town, ana, "what is this?")
    assert who.startswith("Riverside: peers who have been there, by phone and text.")
    assert question == bodies(town, "Ana")[0]
    assert rows(town, Talk) == 0
    assert any("welcome, and thank you" in said for said in writes(town, ana, "OK"))
    assert row(town, "Ana")["agreed"] == "yes"
    assert bodies(town, "Bo") == []


def test_an_invitation_in_spanish_is_explained_in_spanish(sqlite_town: Town) -> None:
    town = sqlite_town
    invited(town, languages="es")
    ana = town.phone("Ana")
    who, question = writes(town, ana, "Hola, ¿quién es?")
    assert who.startswith("Riverside: pares que pasaron por ahí.")
    assert "OK = sí" in question
    assert any("qué bueno que estás" in said for said in writes(town, ana, "sí"))
    assert row(town, "Ana")["agreed"] == "yes"


@pytest.mark.parametrize("with_peer", [False, True])
def test_an_ok_in_a_talk_answers_the_invitation(sqlite_town: Town, with_peer: bool) -> None:
    town = sqlite_town
    bo = town.volunteer("Bo")
    invited(town)
    ana = town.phone("Ana")
    assert any(PROMISE in said for said in writes(town, ana, "I need somebody tonight"))
    if with_peer:
        writes(town, bo, "OK")
    who, question = writes(town, ana, "Who is this?")
    assert "Someone of us put your number down" in who
    assert question == bodies(town, "Ana")[0]
    assert any("welcome, and thank you" in said for said in writes(town, ana, "OK"))
    assert row(town, "Ana")["agreed"] == "yes"
    assert rows(town, Talk) == 1
    read = [text.rpartition(": ")[2] for text in bodies(town, "Bo")]
    assert read[-2:] == (["Who is this?", "OK"] if with_peer else read[-2:])
    assert ("OK" in read) == with_peer


def test_a_no_and_a_leave_in_a_talk_are_about_the_invitation_too(sqlite_town: Town) -> None:
    town = sqlite_town
    bo = town.volunteer("Bo")
    for name in ("Ana", "Chi"):
        invited(town, name)
    ana, chi = town.phone("Ana"), town.phone("Chi")
    writes(town, ana, "I need somebody tonight")
    writes(town, bo, "OK")
    assert "no is fine" in writes(town, ana, "No.")[0]
    assert (row(town, "Ana")["agreed"], rows(town, Talk)) == ("", 1)
    writes(town, chi, "me too, please")
    assert "erases you here" in writes(town, chi, "LEAVE")[0]
    assert any("you are erased here" in said for said in writes(town, chi, "LEAVE"))
    town.wait(30)
    assert NUMBERS["Chi"] not in town.everything_written()
    assert rows(town, Talk) == 1


@pytest.mark.parametrize(
    "body",
    [
        *("what is this?", "Who is this", "who's this??", "Who\u2019s this?", "whos this pls"[:9]),
        *(
            "Hello, who are you?",
            "hi what's this about",
            "new phone, who dis",
            "Sorry who is this?",
        ),
        *("¿Qué es esto?", "que es esto", "¿Quién es?", "Hola, ¿quiénes son?", "¿quién habla?"),
    ],
)
def test_these_ask_who_writes(body: str) -> None:
    assert asks_what_this_is(body)


@pytest.mark.parametrize(
    "body",
    [
        *("who is this for? my son is not well", "what is this feeling", "I know who you are", ""),
        *("hello", "hola", "ayuda", "que es esto que siento", "HELP", "no sé quién soy", "hi hi"),
    ],
)
def test_and_these_do_not(body: str) -> None:
    assert not asks_what_this_is(body)


def test_each_language_can_ask_who_writes() -> None:
    assert all(languages.of(code).words_for("speech", "asks_what") for code in languages.CODES)
