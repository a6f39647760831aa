"""A text that did not arrive is told to its writer; a picture without words to whoever comes."""

from collections.abc import Iterator

import pytest

from tests.stories.town import LINE, NUMBERS, Town, town_on
from tests.stories.writing import in_a_talk, read_since, texts_after
from warmline.conversations.text_talks.not_arrived import WHY
from warmline.simulator import Phone

OFF = 30003


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def after_a_loss(town: Town, writer: Phone, reader: Phone, code: int, body: str) -> list[str]:
    """What the writer reads when the reader's phone does not get their text."""
    town.network.faults.texts_lost[reader.number] = code
    said = texts_after(town, writer, body)
    del town.network.faults.texts_lost[reader.number]
    return said


@pytest.mark.both_databases
def test_a_row_of_lost_texts_is_told_to_the_peer_once_and_a_new_row_again(
    database_url: str,
) -> None:
    with town_on(database_url) as town:
        town.volunteer("Ana")
        dot, ana, name = in_a_talk(town)
        said = (
            f"Riverside: your text to {name} did not arrive: their phone is off or out of reach."
            " What you write next may arrive."
        )
        assert after_a_loss(town, ana, dot, OFF, "Are you there?") == [said]
        assert after_a_loss(town, ana, dot, OFF, "Hello?") == []
        assert texts_after(town, ana, "Write when you can.", dot) == ["Write when you can."]
        assert after_a_loss(town, ana, dot, OFF, "Or not.") == [said]
        assert not any("did not reach" in text.body for text in dot.texts)
        assert NUMBERS["Dot"] not in town.everything_written()


def test_a_lost_text_is_told_to_the_texter_once_for_a_row(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    [said] = after_a_loss(town, dot, ana, OFF, "I am so tired")
    assert said == (
        "Riverside: your text did not reach your peer: their phone is off or out of reach."
        " Stay, or ELSE = someone else."
    )
    assert after_a_loss(town, dot, ana, OFF, "hello?") == []
    assert texts_after(town, dot, "still here", ana) == [f"{name}: still here"]
    assert len(after_a_loss(town, dot, ana, OFF, "again")) == 1


def test_one_long_text_that_is_lost_in_its_parts_is_told_once(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    town.network.faults.texts_lost[ana.number] = OFF
    before = len(dot.texts)
    dot.write(LINE, "a very long night " * 60)
    town.wait(30)
    assert len(read_since(dot, before)) == 1


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (30003, "their phone is off or out of reach"),
        (30004, "their phone or its company blocks our texts"),
        (30005, "their phone can't get our texts"),
        (30006, "their phone can't get our texts"),
        (30007, "a phone company filtered it out"),
        (30034, "a phone company filtered it out"),
        (30008, "The phone company doesn't say why"),
        (99999, "The phone company doesn't say why"),
    ],
)
def test_why_is_told_in_plain_words_both_ways(town: Town, code: int, why: str) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    assert any(why in one for one in after_a_loss(town, ana, dot, code, "one"))
    assert any(why in one for one in after_a_loss(town, dot, ana, code, "two"))
    told = [text.body for text in (*ana.texts, *dot.texts) if why in text.body]
    assert not any(str(code) in one for one in told), "a code is no plain word"


def test_what_the_network_refuses_at_once_is_told_as_well(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    town.network.faults.texts_refused[dot.number] = 21614
    [said] = texts_after(town, ana, "one")
    assert said.startswith(f"Riverside: your text to {name} did not arrive: their phone can't")


def test_each_is_told_in_their_own_language(town: Town) -> None:
    ana = town.volunteer("Ana", languages="es")
    dot = town.phone("Dot")
    texts_after(town, dot, "hola, necesito ayuda")
    texts_after(town, ana, "OK")
    assert any("no le llegó a" in one for one in after_a_loss(town, ana, dot, OFF, "aquí estoy"))
    assert any("no le llegó al par" in one for one in after_a_loss(town, dot, ana, OFF, "bien"))


def test_what_the_line_itself_says_is_nobodys_text(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    town.network.faults.texts_lost[dot.number] = OFF
    before = len(ana.texts)
    dot.write(LINE, "LIST")
    town.wait(6)
    assert [one.rpartition(": ")[2] for one in read_since(ana, before)] == ["LIST"]


def test_nobody_is_told_when_the_talk_is_over(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    town.network.faults.texts_lost[dot.number] = OFF
    ana.write(LINE, "take care")
    ana.write(LINE, "#bye")
    ana.write(LINE, "#bye")
    before = len(ana.texts)
    town.wait(10)
    assert not any("did not arrive" in one for one in read_since(ana, before))


@pytest.mark.parametrize("words", ["", "look"])
def test_a_picture_before_anybody_came_is_told_to_the_peer_who_takes_the_talk(
    town: Town, words: str
) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    dot.write(LINE, words, pictures=1)
    town.wait(6)
    assert any("pictures are not passed on" in text.body for text in dot.texts)
    read = texts_after(town, ana, "OK")
    told = [one for one in read if "sent a picture. Pictures are not passed on." in one]
    assert len(told) == 1
    assert (words in "".join(read)) is True
    town.wait(180)
    assert not [one for one in town.network.records() if one.get("num_media") not in (None, "0")]
    texts_after(town, dot, "ELSE")
    bo = town.volunteer("Bo")
    town.wait(6)
    assert not any("sent a picture" in one for one in texts_after(town, bo, "OK"))


def test_a_picture_alone_in_a_talk_is_told_to_the_peer(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(ana.texts)
    dot.write(LINE, "", pictures=2)
    town.wait(6)
    assert read_since(ana, before) == [
        f"Riverside: {name} sent a picture. Pictures are not passed on."
    ]


def test_no_code_has_two_meanings() -> None:
    codes = [code for group in WHY.values() for code in group]
    assert len(codes) == len(set(codes))
