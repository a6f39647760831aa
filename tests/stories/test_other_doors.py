"""By WhatsApp or RCS somebody is who they are by text, and is told to text."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from tests.stories.test_joining_by_text import row
from tests.stories.town import LINE, NUMBERS, Town, town_on
from tests.stories.writing import in_a_talk, read_since
from warmline.models.talks import Talk, TalkText

NOT_READ = (
    "Riverside: we can only read plain texts (SMS), not WhatsApp or RCS chat."
    " Your message was not read. Please text this number."
)


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def write_by(town: Town, door: str, name: str, body: str) -> list[str]:
    """What their phone reads as texts after they have written through this door."""
    phone = town.phone(name)
    before = len(phone.texts)
    town.network.phone(f"{door}:{NUMBERS[name]}", f"{name} by {door}").write(LINE, body)
    town.wait(6)
    return read_since(phone, before)


def live(town: Town) -> int:
    with town.parts.database.reading() as db:
        return sum(
            db.scalar(select(func.count()).select_from(one)) or 0 for one in (Talk, TalkText)
        )


@pytest.mark.both_databases
@pytest.mark.parametrize("door", ["whatsapp", "rcs"])
def test_a_volunteer_is_no_new_caller_and_is_told_to_text(database_url: str, door: str) -> None:
    with town_on(database_url) as town:
        town.volunteer("Ana")
        bo = town.volunteer("Bo")
        assert write_by(town, door, "Ana", "OUT") == [NOT_READ]
        assert row(town, "Ana")["agreed"] == "yes"
        assert (live(town), bo.texts) == (0, [])
        town.phone("Cal").dial(LINE)
        town.until_rings(town.phone("Ana"))


def test_a_stranger_is_told_in_their_language_and_twice_an_hour_at_most(town: Town) -> None:
    ana = town.volunteer("Ana")
    assert write_by(town, "whatsapp", "Dot", "hello?") == [NOT_READ]
    assert "solo leemos SMS" in write_by(town, "rcs", "Dot", "hola, necesito ayuda")[0]
    assert write_by(town, "whatsapp", "Dot", "hello??") == []
    assert (live(town), ana.texts) == (0, [])
    town.hours_pass(1.1)
    assert write_by(town, "whatsapp", "Dot", "hello") == [NOT_READ]
    assert NUMBERS["Dot"] not in town.everything_written()


def test_in_a_talk_the_same_person_is_told_and_the_talk_goes_on(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    before = len(ana.texts)
    assert write_by(town, "whatsapp", "Dot", "me again") == [NOT_READ]
    assert len(ana.texts) == before
    dot.write(LINE, "and by text")
    town.wait(6)
    assert read_since(ana, before)[0].endswith(": and by text")


def test_a_stop_is_obeyed_through_any_door(town: Town) -> None:
    town.volunteer("Ana")
    write_by(town, "whatsapp", "Ana", "Please stop texting me")
    assert row(town, "Ana")["agreed"] == ""
    assert live(town) == 0


@pytest.mark.parametrize(
    "address", ["messenger:1413", "client:ana", "sip:+14135550152@example.org", "x+14135550152"]
)
@pytest.mark.parametrize("body", ["hello", "JOIN", "LEAVE", "stop texting me", "CODE"])
def test_what_is_no_number_opens_nothing_and_is_answered_nowhere(
    town: Town, address: str, body: str
) -> None:
    ana = town.volunteer("Ana")
    town.network.phone(address, "nobody").write(LINE, body)
    town.wait(6)
    assert live(town) == 0
    assert ana.texts == []
    assert not [one for one in town.network.records() if one.get("direction") == "outbound-api"]
