"""Somebody texts the line, as both read it on the phones in their hands."""

from sqlalchemy import func, select

from tests.stories.town import LINE, NUMBERS, Town
from warmline.models import Effect
from warmline.simulator import Phone
from warmline.text_models import Talk, TalkAsked, TalkText, TextOut

ASKED = "Riverside: someone would like to talk by text. OK = take it, NO = pass"


def texts_after(town: Town, phone: Phone, body: str, reader: Phone | None = None) -> list[str]:
    """What `reader`, else the phone itself, reads within a few seconds of a text."""
    reader = reader or phone
    before = len(reader.texts)
    phone.write(LINE, body)
    town.wait(6)
    return [text.body for text in reader.texts[before:]]


def read_since(phone: Phone, before: int) -> list[str]:
    return [text.body for text in phone.texts[before:]]


def name_of(town: Town) -> str:
    """How the peers of the only live talk know who texts."""
    with town.parts.database.reading() as db:
        return db.execute(select(Talk.name)).scalar_one()


def in_a_talk(town: Town, peer: str = "Ana") -> tuple[Phone, Phone, str]:
    """Dot has texted, and the peer has taken it."""
    dot, ana = town.phone("Dot"), town.phone(peer)
    texts_after(town, dot, "Is anybody there?")
    texts_after(town, ana, "OK")
    return dot, ana, name_of(town)


def no_talk_is_left(town: Town) -> None:
    town.wait(30)
    with town.parts.database.reading() as db:
        for table in (Talk, TalkAsked, TalkText, TextOut, Effect):
            assert db.execute(select(func.count()).select_from(table)).scalar_one() == 0, table
    assert NUMBERS["Dot"] not in town.everything_written()


def test_from_the_first_text_to_goodbye(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    promise = texts_after(town, dot, "Is anybody there?")
    assert len(promise) == 2
    assert "we never contact the police" in promise[0]
    assert "pass through a peer's own phone" in promise[1]
    assert [text.body for text in ana.texts] == [ASKED]

    name = name_of(town)
    yours, first = texts_after(town, ana, "ok")
    assert f"you are with {name}" in yours
    assert first == f"{name}: Is anybody there?"
    assert dot.texts[-1].body == "Riverside: a peer is here and reads what you wrote."

    assert texts_after(town, ana, "I am. How is tonight?", dot) == ["I am. How is tonight?"]
    assert texts_after(town, dot, "Long.", ana) == [f"{name}: Long."]

    closing = texts_after(town, dot, "bye")
    [said] = closing
    assert said.startswith("Riverside: Ending in 2 minutes and erasing your number here. Write any")
    assert read_since(ana, -2)[0] == f"{name}: bye"
    town.wait(125)
    assert "You can delete this thread" in dot.texts[-1].body
    assert ana.texts[-1].body == ("Riverside: Talk over, thank you. Please delete this thread now.")
    assert town.is_in_breather("Ana")
    assert town.counts() == {"text offered": 1, "text answered": 1}
    no_talk_is_left(town)
