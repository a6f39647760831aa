"""What an answer means: "no" in its many ways is never, a bare yes is none, all else is said."""

from pathlib import Path

import pytest

from warmline.promise.promise import NEVER, QUESTIONS, Promise, spoken
from warmline.promise.promise_answers import answer, is_never, says_not_when
from warmline.promise.promise_file import BadPromise, from_exceptions, from_toml
from warmline.prompts import LANGUAGES

NEVER_SAID = [
    *(
        "no",
        "No.",
        "NO!",
        "none",
        "None.",
        "nobody",
        "Nobody!",
        "never",
        "Never.",
        "no one",
        "no-one",
    ),
    *(
        "There are none",
        "there are no exceptions.",
        "There aren't any.",
        "There aren\u2019t any",
        "nope",
    ),
    *("n/a", "N/A", "N.A.", "n / a", "na", "-", "—", "--", "0", "...", "(none)", '"no"', " no \n"),
    *("No, never.", "No. There are none.", "never, ever", "Nothing", "not applicable", "no no no"),
    *("No exceptions", "We never would.", "none at all", "under no circumstances"),
    *(
        "nunca",
        "Nunca.",
        "¡Nunca jamás!",
        "ninguna",
        "Ninguno.",
        "nadie",
        "A nadie",
        "No hay.",
        "nada",
    ),
    *("No hay ninguna", "Sin excepciones", "no aplica", "Jamás", "jamas", "en ningún caso"),
]
YES_SAID = [
    "yes",
    "Yes.",
    "Y",
    "sí",
    "Si",
    "maybe",
    "It depends.",
    "sometimes",
    "quizás",
    "a veces",
]
EXCEPTIONS = [
    "Only if a court orders it.",
    "if nobody is on shift",
    "No one under 18 is promised this.",
    "No, only if a child is in danger now",
    "never, unless a court orders it",
    "not always",
    "solo si un juez lo ordena",
    "No, salvo que un juez lo ordene",
    "none of the above, but if you ask for it in writing",
]


@pytest.mark.parametrize("text", NEVER_SAID)
def test_no_in_its_many_ways_is_never(text: str) -> None:
    assert is_never(text)
    assert not says_not_when(text)
    assert answer(text) == NEVER


@pytest.mark.parametrize("text", YES_SAID)
def test_a_bare_yes_does_not_say_when(text: str) -> None:
    assert says_not_when(text)
    assert not is_never(text)


@pytest.mark.parametrize("text", EXCEPTIONS)
def test_an_exception_stands_as_it_was_written(text: str) -> None:
    assert answer(f" {text} ") == text
    assert not says_not_when(text)
    (promise,) = from_exceptions(text, ["en"])
    assert promise.exceptions == text


def test_a_blank_says_neither() -> None:
    for text in ("", " ", "\n"):
        assert not is_never(text)
        assert not says_not_when(text)


def test_the_one_sentence_for_everything_and_each_answer_of_a_file_are_read_alike(
    tmp_path: Path,
) -> None:
    plain = [Promise(code, dict.fromkeys(QUESTIONS, NEVER)) for code in LANGUAGES]
    words = spoken(plain[0], "Maple Line")
    file = tmp_path / "promise.toml"
    for text in NEVER_SAID:
        assert from_exceptions(text, LANGUAGES) == plain
        written = "".join(f"{one} = {_toml(text)}\n" for one in QUESTIONS)
        file.write_text("".join(f"[{code}]\n{written}" for code in LANGUAGES), encoding="utf-8")
        read = from_toml(file, LANGUAGES)
        assert [one.answers for one in read] == [one.answers for one in plain]
        assert spoken(read[0], "Maple Line") == words


def test_a_bare_yes_is_refused_with_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(BadPromise, match=r"^the exceptions: 'Yes\.' does not say when; write the"):
        from_exceptions("Yes.", ["en"])
    file = tmp_path / "promise.toml"
    answers = dict.fromkeys(QUESTIONS, "never") | {"police": "it depends", "family": ""}
    written = "".join(f'{one} = "{text}"\n' for one, text in answers.items())
    file.write_text(f"[en]\n{written}", encoding="utf-8")
    with pytest.raises(BadPromise) as refused:
        from_toml(file, ["en"])
    first, second = refused.value.lines
    assert first.startswith("promise.toml: [en] police: 'it depends' does not say when")
    assert second.startswith("promise.toml: [en] family: may not stay blank")


def _toml(text: str) -> str:
    escaped = text.replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
