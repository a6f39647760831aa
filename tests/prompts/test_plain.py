"""Whatever the line says and texts is plain: read at a low grade, in short sentences."""

from statistics import median

import pytest

from tests.prompts.reading import Plain, plain
from warmline import phone_numbers
from warmline.promise.first_part import first_part
from warmline.promise.promise import NEVER, QUESTIONS, Promise, spoken_in_two
from warmline.prompts import LANGUAGES, load
from warmline.simulator.legs.speech import spoken_seconds

HARDEST = 7.0
MIDDLE = 3.0
LONGEST = {"en": 16.0, "es": 16.0}
"""Words a sentence, in the middle of one prompt."""
FEWEST_WORDS = 4
"""A grade of fewer words says nothing: "nobody" alone would be of grade 20."""
LISTS = {"text.words", "text.words_2"}
"""Words that can be texted, and no sentence."""


def prompts(language: str) -> dict[str, Plain]:
    texts = load()
    found = {key: plain(texts.text(language, key)) for key in texts.keys(language) - LISTS}
    for number, part in enumerate(spoken_in_two(promise(language), "Riverside"), 1):
        found[f"the whole promise, {number}"] = plain(part)
    found["the first part of the promise"] = plain(first_part(promise(language)))
    return {key: one for key, one in found.items() if one.words >= FEWEST_WORDS}


def promise(language: str) -> Promise:
    return Promise(language, dict.fromkeys(QUESTIONS, NEVER))


def table(rows: dict[str, float]) -> str:
    """What is hardest first, for whoever would make it plainer."""
    ordered = sorted(rows.items(), key=lambda row: -row[1])
    return "\n".join(f"{number:6.1f}  {key}" for key, number in ordered)


def test_every_english_prompt_is_read_at_a_low_grade() -> None:
    grades = {key: one.grade for key, one in prompts("en").items()}
    print(table(grades))  # noqa: T201  # what is hardest, for whoever words it anew
    assert max(grades.values()) <= HARDEST, table(grades)
    assert median(grades.values()) <= MIDDLE, table(grades)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_in_every_language(language: str) -> None:
    lengths = {key: one.words_a_sentence for key, one in prompts(language).items()}
    print(table(lengths))  # noqa: T201  # the longest first
    assert max(lengths.values()) <= LONGEST[language], table(lengths)
    assert median(lengths.values()) <= 6, table(lengths)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_part_of_the_promise_takes_nine_seconds_and_reads_at_grade_six(
    language: str,
) -> None:
    words = first_part(promise(language))
    assert spoken_seconds(words) <= 9
    assert len(words.split(".")[0].split()) <= 15
    if language == "en":
        assert plain(words).grade <= 6
        assert plain(words.split(".")[0]).grade <= 6


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("+14135550100", "413, 555, 0100"),
        ("1-413-555-0188", "413, 555, 0188"),
        ("(413) 555-0188", "413, 555, 0188"),
        ("988", "988"),
        ("text HOME to 741741", "text HOME to 741, 741"),
        ("0800 123 4567", "0800, 123, 4567"),
        ("413-555-0188 or 988", "413, 555, 0188 or 988"),
    ],
)
def test_a_phone_number_is_said_in_groups(written: str, said: str) -> None:
    assert phone_numbers.in_groups(written) == said
