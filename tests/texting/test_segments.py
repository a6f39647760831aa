"""A long text of a talk is cut into messages, and never within what people see as one character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from warmline.texting.lengths import fits
from warmline.texting.segments import LONGEST, parts

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
WAVE = "\U0001f44b\U0001f3fd"
FLAG = "\U0001f1f2\U0001f1fd"


def test_a_short_text_is_one_part() -> None:
    assert parts("Hello", "Fern: ") == ["Fern: Hello"]
    assert parts("") == []


def test_a_long_text_is_cut_behind_a_blank() -> None:
    first, second = parts("word " * 100, "Fern: ")
    assert first.endswith("word ")
    assert len(first) <= LONGEST[0]
    assert first.removeprefix("Fern: ") + second.removeprefix("Fern: ") == "word " * 100


@pytest.mark.parametrize("emoji", [FAMILY, WAVE, FLAG, "e\u0301", "\u2764\ufe0f"])
def test_what_people_see_as_one_character_stays_whole(emoji: str) -> None:
    for cut in parts("x" + emoji * 150):
        rest = cut.removeprefix("x")
        assert rest == emoji * (len(rest) // len(emoji))


@examples(60)
@given(st.text(st.sampled_from("a \n€é" + "😀" + FAMILY + WAVE + FLAG), max_size=1600))
def test_parts_are_the_text_again_and_each_is_one_message(text: str) -> None:
    cut = parts(text, "Fern: ")
    assert "".join(one.removeprefix("Fern: ") for one in cut) == text
    assert all(fits(one, LONGEST) for one in cut)
