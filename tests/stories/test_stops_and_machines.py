"""STOP in plain words, what phones write by themselves, and the one thing that is asked."""

import pytest
from sqlalchemy import func, insert, select, update

from shifts.models import Place
from tests.stories.test_volunteer_texts import open_place
from tests.stories.town import HOUR, Town, town_on
from tests.stories.writing import ASKED, in_a_talk, texts_after
from warmline.models.people import Volunteer
from warmline.models.talks import Talk
from warmline.texting.caller_words import is_stop
from warmline.texting.machines import is_a_phones_own
from warmline.texting.volunteer_words import read

STOPS = (
    "please stop",
    "Stop, please!",
    "stop 🙏",
    "stop texting me",
    "Please stop texting me, thanks",
    "unsubscribe please",
    "thanks, unsubscribe",
    "STOP STOP",
    "ALTO",
    "parar",
    "Cancelar por favor",
    "¡Basta!",
    "no me escriban",
    "por favor no me escriban más, gracias",
    "stop\n- Ana",
)
NO_STOPS = (
    "stop by at six",
    "I want to stop drinking",
    "end of shift?",
    "no me escriban cartas",
    "end it",
)
PHONES_OWN = (
    "Liked “hello there”",
    'Loved "hello"',
    "Laughed at “hello”",
    "Emphasized “hello”",
    "Removed a like from “hello”",
    "Reacted 👍 to “hello”",
    "\u200a👍\u200a to “hello”",
    "Liked an image",
    "Le gustó “hola”",
    "Le encantó “hola”",
    "A Ana le gustó “hola”",
    "Reaccionó con ❤️ a “hola”",
    "👍 a “hola”",
    "I'm driving - I'll see your message when I get there",
    "I am driving with Focus turned on.",
    "Automatic reply: I am away",
    "Out of office until Monday",
    "This is an automated message.",
    "Estoy manejando, te respondo luego",
    "Respuesta automática: vuelvo el lunes",
)
PEOPLES = ("Liked it a lot", "I loved you", "Le gustó mucho", "to “you”")


@pytest.mark.parametrize("body", STOPS)
def test_a_stop_in_plain_words_is_one(body: str) -> None:
    assert is_stop(body)


@pytest.mark.parametrize("body", NO_STOPS)
def test_a_story_with_the_word_in_it_is_no_stop(body: str) -> None:
    assert not is_stop(body)


@pytest.mark.parametrize("body", PHONES_OWN)
def test_what_a_phone_writes_by_itself_is_known(body: str) -> None:
    assert is_a_phones_own(body)


@pytest.mark.parametrize("body", PEOPLES)
def test_what_people_write_is_not_a_phones_own(body: str) -> None:
    assert not is_a_phones_own(body)


@pytest.mark.parametrize(
    ("body", "rest"),
    [
        ("Take 3 please", "3"),
        ("“TAKE 3”", "3"),
        ("take\u200b 3️⃣ 🙏🏽", "3"),
        ("Take 3…", "3"),
        ("TAKE 3\n\nSent from my iPhone", "3"),
        ("TAKE 3\n-- Ana", "3"),
        ("hi, take 3, thank you so much!", "3"),
    ],
)
def test_what_phones_and_manners_add_is_not_read(body: str, rest: str) -> None:
    said = read(body, ("Ana",))
    assert (said.word, said.rest) == ("TAKE", rest)


def talks(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.execute(select(func.count()).select_from(Talk)).scalar_one()


def agreed(town: Town, name: str) -> str:
    with town.parts.database.reading() as db:
        mine = Volunteer.person_id == town.people[name]
        return db.execute(select(Volunteer.agreed).where(mine)).scalar_one()


def test_a_first_text_that_is_a_stop_or_a_phones_own_or_thanks_opens_nothing(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    for body in ("Liked “hello”", "I'm driving, later", "Thanks!", "Muchas gracias 🙏"):
        assert texts_after(town, dot, body) == []
    assert texts_after(town, dot, "please stop") == [
        "Riverside: we write no more. START = come back."
    ]
    assert (talks(town), ana.texts) == (0, [])
    assert len(texts_after(town, dot, "Hello?")) == 2
    assert [one.body for one in ana.texts] == [ASKED]


def test_a_phones_own_reply_is_no_wait_and_keeps_no_talk_open(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    texts_after(town, dot, "bye")
    before = len(ana.texts)
    texts_after(town, dot, "Liked “Ending in 2 minutes”")
    assert not any("stays" in one.body for one in ana.texts[before:])
    town.wait(130)
    assert talks(town) == 0
    assert texts_after(town, dot, "ok thank you!") == []
    assert texts_after(town, dot, "❤️") == []
    assert talks(town) == 0


def test_after_a_stop_a_shift_word_is_answered_once_with_how_to_come_back(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "we ring and text you no more" in texts_after(town, ana, "please stop, thanks")[0]
    assert agreed(town, "Ana") == ""
    [answer] = texts_after(town, ana, "shifts")
    assert "START = come back" in answer
    assert texts_after(town, ana, "IN") == []
    assert talks(town) == 0
    assert "you are back" in texts_after(town, ana, "START")[-1]


def test_one_unclear_text_again_and_again_is_answered_once(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    same = "Your message has reached the kitchen of Ana"
    assert len(texts_after(town, ana, same)) == 1
    assert texts_after(town, ana, same) == []
    assert len(texts_after(town, ana, "the kettle sings")) == 1
    assert len(texts_after(town, ana, same)) == 1
    texts_after(town, ana, "the kettle sings")
    assert texts_after(town, ana, same) == []


def test_a_reaction_is_no_yes_to_what_is_asked(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    with town.parts.database.writing() as db:
        now = town.network.now()
        asked = {"line_id": 1, "person_id": town.people["Ana"], "state": "asked"}
        spans = {"starts_at": now + 20 * HOUR, "ends_at": now + 23 * HOUR}
        db.execute(insert(Place).values(asked | spans))
    town.wait(130)
    assert texts_after(town, ana, "👍 to “Riverside asks: 1 Tue”") == []
    assert "yours, Tue" in texts_after(town, ana, "Sure, sounds good!")[0]


@pytest.mark.parametrize("said", ["OK", "YES", "sure!", "Yes please", "sí, claro", "count me in"])
def test_a_bare_yes_takes_the_one_shift_that_somebody_would_give(town: Town, said: str) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=(44, 47))
    texts_after(town, bo, "SHIFTS")
    texts_after(town, bo, "SWAP 1 ANA GIVE")
    assert "yours, Wed" in texts_after(town, ana, said)[0]


def test_a_bare_no_leaves_it_and_is_not_asked_for_again(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=(44, 47))
    texts_after(town, bo, "SHIFTS")
    texts_after(town, bo, "SWAP 1 ANA GIVE")
    assert "no is fine" in texts_after(town, ana, "no sorry")[0]
    assert "nothing is asked of you" in texts_after(town, ana, "OK")[0]


def test_a_bare_ok_takes_the_one_place_they_were_asked_to_cover(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    open_place(town, 20, 23)
    town.wait(200)
    assert "can you cover" in ana.texts[-1].body
    assert "yours, Tue 5 Mar" in texts_after(town, ana, "Ok!")[0]
    assert "nothing is asked of you" in texts_after(town, ana, "OK")[0]


def test_of_two_things_asked_a_bare_ok_is_neither(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    open_place(town, 20, 23)
    open_place(town, 44, 47)
    town.wait(200)
    listed = texts_after(town, ana, "ok")[0]
    assert "need someone: 1 Tue 5 Mar" in listed
    assert "2 Wed 6 Mar" in listed


def test_the_peer_who_is_asked_takes_a_talk_with_a_plain_yes(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    texts_after(town, dot, "Is anybody there?")
    assert any("you are with" in one for one in texts_after(town, ana, "yes, happy to"))


def test_a_stop_that_the_network_has_answered_is_not_answered_again(database_url: str) -> None:
    with town_on(database_url) as town:
        ana = town.volunteer("Ana", on=None)
        with town.parts.database.writing() as db:
            db.execute(update(Volunteer).values(asked_at_night=True))
        texts_after(town, ana, "Stop")
        assert agreed(town, "Ana") == ""
