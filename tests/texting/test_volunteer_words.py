"""What a volunteer's text asks for: case, accents, punctuation and harmless slips do not matter."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.texting.spelling import plain
from warmline.texting.volunteer_words import (
    CHANGES_NOTHING,
    HELPS,
    LONG_ENOUGH,
    STARTS,
    STOPS,
    WORDS,
    is_whole,
    read,
)

ALL_WORDS = [(name, word) for name, words in WORDS.items() for word in words]
HARMLESS = [(n, w) for n, w in ALL_WORDS if n in CHANGES_NOTHING and len(w) >= LONG_ENOUGH]
CARRIERS = STOPS | STARTS | HELPS
PADDING = st.text(" .,;:!?-_()\"'", max_size=3)


@pytest.mark.parametrize(
    ("body", "word", "rest"),
    [
        ("IN", "IN", ""),
        ("in 4h", "IN", "4h"),
        ("  Take 3. ", "TAKE", "3"),
        ("TAKE3", "TAKE", "3"),
        ("#shifts", "SHIFTS", ""),
        ("Volví", "BACK", ""),
        ("TURNOS DIC", "SHIFTS", "DIC"),
        ("Máximo 4", "MOST", "4"),
        ("OK, all!", "OK", "all"),
        ("No. 3", "NO", "3"),
        ("Duty off", "DUTY", "off"),
        ("shfts", "SHIFTS", ""),
        ("turnso", "SHIFTS", ""),
        ("wordss 2", "WORDS", "2"),
        ("liberes", "OPEN", ""),
        ("Droop 3", None, "Droop 3"),
        ("inside", None, "inside"),
        ("thank you!", None, "thank you!"),
        ("👍", None, "👍"),
        ("3", None, "3"),
        ("", None, ""),
    ],
)
def test_a_message_asks_for_what_opens_it(body: str, word: str | None, rest: str) -> None:
    said = read(body)
    assert (said.word, said.rest) == (word, rest)


@given(st.sampled_from(ALL_WORDS), PADDING, st.text(string.digits, max_size=3), st.booleans())
def test_every_word_is_read_however_it_is_written(
    word: tuple[str, str], padding: str, number: str, lower: bool
) -> None:
    name, written = word
    body = f"{padding}{written.lower() if lower else written} {number}{padding}"
    assert read(body).word == name


@given(st.sampled_from(HARMLESS), st.data())
def test_one_slip_in_a_harmless_word_is_forgiven_or_asks_for_nothing(
    word: tuple[str, str], data: st.DataObject
) -> None:
    name, written = word
    at = data.draw(st.integers(0, len(written) - 1))
    letter = data.draw(st.sampled_from(string.ascii_uppercase))
    slips = {
        written[:at] + written[at + 1 :],
        written[:at] + letter + written[at:],
        written[:at] + letter + written[at + 1 :],
        written[:at] + written[at : at + 2][::-1] + written[at + 2 :],
    }
    for slip in slips:
        exact = next((n for n, w in ALL_WORDS if w == slip), None)
        assert read(slip).word in ({exact} if exact else {name, None})


@given(st.text())
def test_whatever_is_written_nothing_changes_but_by_a_whole_word(body: str) -> None:
    said = read(body)
    if said.word is None:
        assert said.rest == body.strip()
    elif said.word not in CHANGES_NOTHING:
        assert any(word in plain(body) for word in WORDS[said.word])


def test_no_word_means_two_things_and_none_is_the_carriers_own() -> None:
    words = [word for _, word in ALL_WORDS]
    assert len(words) == len(set(words))
    assert not set(words) & CARRIERS


@pytest.mark.parametrize("body", ["STOP", " stop. ", "Stop!", "opt-out", "UNSUBSCRIBE"])
def test_a_stop_as_the_whole_message_is_one(body: str) -> None:
    assert is_whole(body, STOPS)


@pytest.mark.parametrize("body", ["stop by at six", "please stop", "STOPS", ""])
def test_a_stop_among_other_words_is_not(body: str) -> None:
    assert not is_whole(body, STOPS)
