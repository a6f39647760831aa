"""Texts to and fro between phones in the hand: what each reads after somebody has written."""

from sqlalchemy import func, select

from tests.stories.town import LINE, NUMBERS, Town
from warmline.models.talks import AskedPeer, Talk, TalkText
from warmline.models.texts import TextOut
from warmline.simulator import Phone

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
        for table in (Talk, AskedPeer, TalkText, TextOut):
            assert db.execute(select(func.count()).select_from(table)).scalar_one() == 0, table
    assert town.effects_waiting() == 0
    assert NUMBERS["Dot"] not in town.everything_written()
