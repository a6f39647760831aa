"""Which words a line may say instead of ours: ours themselves, and whatever says as much."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmline.desk import wording
from warmline.prompts import LANGUAGES, load
from warmline.prompts.own_words import BY_KEY, KEY, LINE, Why, names_in, tidy, wrong_with

PIECES = st.lists(
    st.one_of(
        st.sampled_from(["{line}", "{time}", "{", "}", "{{", "{line!r}", "{line:>9}", "1", "24/7"]),
        st.text(max_size=12),
    ),
    max_size=8,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_could_be_the_lines_own(language: str) -> None:
    for key, own in BY_KEY.items():
        text = load().text(language, key)
        assert wrong_with(key, language, tidy(text)) is None, key
        assert frozenset(names_in(text)) == own.names, key


def test_only_what_is_the_same_in_every_call_can_be_recorded() -> None:
    recorded = [own for own in BY_KEY.values() if own.recorded]
    assert all(own.names <= {LINE} for own in recorded)
    assert len(recorded) > len(BY_KEY) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_filled_in_or_wrong_has_its_words_at_the_desk(language: str) -> None:
    words = wording.words(language)
    names = set().union(*(own.names for own in BY_KEY.values()))
    assert {f"heard.name_{name}" for name in names} <= words.keys()
    assert {f"heard.example_{name}" for name in names - {LINE}} <= words.keys()
    assert {f"heard.wrong_{why}" for why in get_args(Why)} <= words.keys()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Press 5, or 1: back. # too", ["5", "1", "#"]),
        ("Open 24/7 since 1999, from 6:30 to 9.15, 2,5 of 3/4", []),
        ("Press {digit}", []),
    ],
)
def test_a_key_is_a_figure_by_itself(text: str, keys: list[str]) -> None:
    assert KEY.findall(text) == keys


@given(st.sampled_from(sorted(BY_KEY)), st.sampled_from(LANGUAGES), PIECES)
def test_what_is_allowed_can_be_said_and_keeps_names_and_keys(
    key: str, language: str, pieces: list[str]
) -> None:
    ours = load().text(language, key)
    for text in (tidy("".join(pieces)), tidy(f"{ours} {''.join(pieces)}")):
        if wrong_with(key, language, text) is not None:
            continue
        values = dict.fromkeys(BY_KEY[key].names, "x")
        prompts = load().with_own({(language, key): text}, {})
        said = prompts.text(language, key, **values)
        assert said.strip()
        assert "{" not in said
        assert set(KEY.findall(text)) == set(KEY.findall(ours))
