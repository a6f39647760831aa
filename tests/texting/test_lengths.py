"""What the line texts to volunteers fits: in the alphabet and the parts that its language has."""

import string
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts import refusals
from shifts.claims import own_limits, presence
from shifts.faults import Fault
from shifts.history import history
from warmline.conversations.text_talks.messages import words
from warmline.prompts import load
from warmline.texting import lengths
from warmline.texting.lengths import fits, in_gsm, shortened, units

LANGUAGES = ("en", "es")
LONG_LINE = "Riverside Wildflower Xyz"
USUAL_SPAN = {"en": "Wed 26 Mar 10:30 AM-11:30 PM", "es": "mié 26 mar 10:30-23:30"}
LONGEST = {
    "line": LONG_LINE,
    "until": "10:30 PM",
    "word": "COMPARTO",
    "number": 200,
    "minutes": 60,
    "day": "mié",
    "words": "w" * 30,
    "begins": "10:30 PM",
    "first": 200,
    "least": 2,
    "most": 6,
    "hours": "1240.5",
    "on": 10,
    "language": "portugués",
    "wanted": 12,
    "ends": "10:30 AM",
    "seconds": 120,
    "example": "AWAY 20 DEC TO 3 JAN or AWAY SAT",
    "name": "Maximiliana Fernandez",
    "last": "120.5",
    "this": "120.5",
    "last_month": "nov",
    "this_month": "dic",
}
NEXT_ON = {
    "en": "Someone is here again tomorrow, Wednesday, at 10:30 PM.",
    "es": "Hay alguien de nuevo mañana, miércoles, a las 10:30 p. m..",
}
OF_TALKS = {
    "answer": "It is somebody's own words, however long.",
    "name": "Kingfisher 12",
    "word": "SILENCIO",
    "receipt": "12345678",
    "means": "sin llamadas por ahora",
    "places": "",
    "time": "las 10:40 p. m.",
}


def told_to_volunteers(language: str) -> Iterator[str]:
    keys = load().keys(language)
    return (key for key in keys if key.startswith(("text.", "refused.")))


def filled(language: str, key: str) -> str:
    spans = dict.fromkeys(("when", "theirs", "yours"), USUAL_SPAN[language])
    values = LONGEST | spans | {"shifts": "", "names": "", "why": "", "now": ""}
    return load().text(language, key, **values)


def said_in_a_talk(language: str, key: str) -> str:
    return words(load(), language, key, line=LONG_LINE, next_on=NEXT_ON[language], **OF_TALKS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_line_says_in_a_talk_fits_with_long_names(language: str) -> None:
    keys = [key for key in load().keys(language) if key.startswith("talks.")]
    texts = {key: said_in_a_talk(language, key.removeprefix("talks.")) for key in keys}
    too_long = {key: text for key, text in texts.items() if not fits(text, lengths.ANSWER)}
    assert not too_long
    assert language == "es" or all(in_gsm(text) == text for text in texts.values())


def test_both_languages_say_the_same_in_a_talk() -> None:
    english, spanish = (
        {key for key in load().keys(language) if key.startswith(("talks.", "means."))}
        for language in LANGUAGES
    )
    assert english == spanish


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_fits_with_long_values(language: str) -> None:
    texts = {key: filled(language, key) for key in told_to_volunteers(language)}
    too_long = {key: text for key, text in texts.items() if not fits(text, lengths.ANSWER)}
    assert not too_long


def test_every_english_answer_is_plain_characters() -> None:
    for key in told_to_volunteers("en"):
        text = load().text("en", key)
        assert in_gsm(text) == text
        assert units(text) <= 160


def test_both_languages_tell_volunteers_the_same() -> None:
    english, spanish = (set(told_to_volunteers(language)) for language in LANGUAGES)
    assert english == spanish


ROOMS = (refusals, own_limits, presence, history)
OF_COORDINATORS = {"PatternWentOn"}
"""Refusals of changes that are not made by text."""


def refusals_of_shifts() -> list[type[Fault]]:
    return [
        one
        for room in ROOMS
        for one in vars(room).values()
        if isinstance(one, type) and issubclass(one, Fault) and one.__module__ == room.__name__
        if one.__name__ not in OF_COORDINATORS
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", refusals_of_shifts(), ids=lambda fault: fault.__name__)
def test_each_refusal_of_a_claim_has_its_words(language: str, fault: type[Fault]) -> None:
    assert f"refused.{fault.__name__}" in load().keys(language)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Riverside", "Riverside"),
        ("The Riverside Community Peer Line", "The Riverside Community"),
        ("Wildflower Peer Support, Inc. of Anytown", "Wildflower Peer Support"),
        ("A" * 80, "A" * 24),
    ],
)
def test_a_long_name_is_cut_between_words(name: str, short: str) -> None:
    assert shortened(name, lengths.LINE_NAME) == short


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Línea de María", "Linea de Maria"),
        ("Peña & Müller", "Peña & Müller"),
        ("it\N{RIGHT SINGLE QUOTATION MARK}s 6\N{EN DASH}9 PM", "it's 6-9 PM"),
        ("Zoë \U0001f33f", "Zoe ?"),
    ],
)
def test_what_gsm_7_lacks_is_written_plainly(text: str, plain: str) -> None:
    assert in_gsm(text) == plain


@given(st.text())
def test_whatever_a_name_holds_an_english_answer_is_gsm_7(name: str) -> None:
    text = in_gsm(name)
    assert in_gsm(text) == text
    assert units(text) <= 2 * len(text)


def test_some_characters_count_twice() -> None:
    assert units(string.ascii_letters) == 52
    assert units("[€]") == 6
    assert units("á") == 1
    assert units("\U0001f33f") == 2
