"""The promise as a form: its questions in each language, read from it, filled into it, and said."""

from collections.abc import Iterable, Mapping

from warmline.desk.visit import Form
from warmline.promise import promise, promise_answers
from warmline.promise.promise import NEVER, QUESTIONS, Promise
from warmline.prompts import LANGUAGES, spoken_seconds


def promises(form: Form) -> list[Promise]:
    """The promise in each language chosen; a question left empty is answered with "never"."""
    return [
        Promise(
            code,
            {one: promise_answers.answer(form[f"{one}-{code}"]) or NEVER for one in QUESTIONS},
            _exceptions(form[f"exceptions-{code}"]),
        )
        for code in form.every("languages")
        if code in LANGUAGES
    ]


def say_not_when(given: Iterable[Promise]) -> bool:
    """Whether an answer is a bare yes: callers would hear it, and not when."""
    answers = (text for one in given for text in (*one.answers.values(), one.exceptions))
    return any(promise_answers.says_not_when(text) for text in answers)


def _exceptions(text: str) -> str:
    return "" if promise_answers.is_never(text) else text


def filled(held: Mapping[str, Promise]) -> Form:
    """The form as a promise would have filled it in: what is answered with "never" stays empty."""
    pairs = [("languages", code) for code in held]
    for code, one in held.items():
        pairs.append((f"exceptions-{code}", one.exceptions))
        for question, answer in one.answers.items():
            pairs.append((f"{question}-{code}", "" if answer == NEVER else answer))
    return Form(pairs)


def sounds(given: Iterable[Promise], line_name: str) -> list[tuple[str, str, int]]:
    """How each would sound: its language, its words, and the seconds they take."""
    said = [(one.language, promise.spoken(one, line_name)) for one in given]
    return [(code, words, round(spoken_seconds(words))) for code, words in said]
