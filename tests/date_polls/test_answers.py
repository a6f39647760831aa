"""Which days somebody says they could take, as people text it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from warmline.date_polls.answers import Answer, AskedDay, NoAnswer, read

EVE = AskedDay(101, date(2026, 12, 24), "Christmas Eve")
CHRISTMAS = AskedDay(102, date(2026, 12, 25), "Christmas")
LAST = AskedDay(103, date(2026, 12, 31))
FIRST = AskedDay(104, date(2027, 1, 1))
DAYS = (EVE, CHRISTMAS, LAST, FIRST)
NUMBERS = {1: 101, 2: 102, 3: 103, 4: 104, 9: None, 31: None}
"""9 and 31 are shifts of theirs."""
SHOWN = {1: 101, 2: 102, 3: 103, 4: 104}


def told(answer: Answer) -> str:
    if isinstance(answer, NoAnswer):
        return answer.value
    return " ".join(str(one - 100) for one in sorted(answer)) or "none"


def answer(text: str, numbers: dict[int, int | None] | dict[int, int] = SHOWN) -> str:
    return told(read(text, DAYS, dict(numbers), [101, 102, 103, 104]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 3", "1 3"),
        ("1, 3 and 4.", "1 3 4"),
        ("OK 1 3", "1 3"),
        ("#1 & #3", "1 3"),
        ("I can do 2", "2"),
        ("one and three please", "1 3"),
        ("la 1 y la 3", "1 3"),
        ("24 and 31", "1 3"),
        ("24, 25", "1 2"),
        ("ok 24 25", "1 2"),
        ("The 25th, thanks!", "2"),
        ("el 24 y el 31", "1 3"),
        ("the 1 and the 3", "1 3"),
        ("the 1st", "4"),
        ("24 dec, 1 jan", "1 4"),
        ("Dec 24 25 31", "1 2 3"),
        ("24 de diciembre", "1"),
        ("12/24 and 1/1", "1 4"),
        ("2026-12-31", "3"),
        ("24 December 2026", "1"),
        ("thu 24, friday the 25th", "1 2"),
        ("christmas eve", "1"),
        ("Christmas and the 31st", "2 3"),
        # A number that was shown means that, also where it could be a day.
        ("1", "1"),
        ("24 25 31 1", "1 2 3 4"),
        ("all", "1 2 3 4"),
        ("ALL of them!", "1 2 3 4"),
        ("any day", "1 2 3 4"),
        ("todas", "1 2 3 4"),
        ("Todos los dias", "unclear"),
        ("all but the 25th", "1 3 4"),
        ("todas menos el 25", "1 3 4"),
        ("all except 2 and 3", "1 4"),
        ("No.", "none"),
        ("none", "none"),
        ("no thanks", "none"),
        ("No I can't, sorry", "none"),
        ("I'd rather not", "none"),
        ("not this time", "none"),
        ("ninguna", "none"),
        ("Prefiero que no", "none"),
        ("No puedo, lo siento", "none"),
        ("", "elsewhere"),
        ("thanks \N{THUMBS UP SIGN}", "elsewhere"),
        ("I need to talk", "elsewhere"),
        ("I am not well", "elsewhere"),
    ],
)
def test_answers_as_they_are_meant(text: str, found: str) -> None:
    assert answer(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("5", "13", "1 5", "1 24 6", "26", "the 26th", "24 nov", "24 dec and 1", "fri 24"),
        *("thu", "december", "24-26", "1-3", "24 or 31", "maybe 24", "24 not 25", "no 24"),
        *("not all", "not sure yet", "24 6pm", "24 2031", "busy 24", "I work the 24th"),
        *("all but 30", "no, all", "both", "not the 25th", "no se", "quizas", "24 and hogmanay"),
    ],
)
def test_whatever_is_unclear_is_no_answer(text: str) -> None:
    assert answer(text) == "unclear"


@pytest.mark.parametrize(
    ("text", "found"),
    [("31", "unclear"), ("the 31st", "3"), ("9", "unclear"), ("24", "1"), ("24 31", "unclear")],
)
def test_a_number_that_means_a_shift_is_no_day(text: str, found: str) -> None:
    assert answer(text, NUMBERS) == found


def test_both_is_two_and_one_date_of_two_shifts_is_asked_about() -> None:
    early, late = AskedDay(1, EVE.day, "Christmas"), AskedDay(2, EVE.day, "Christmas")
    assert read("both", [early, late], {}, [1, 2]) == frozenset({1, 2})
    for text in ("the 24th", "24 christmas"):
        assert read(text, [early, late], {}, [1, 2]) is NoAnswer.UNCLEAR


@given(st.text())
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = read(text, DAYS, SHOWN, [101])
    assert isinstance(found, NoAnswer) or found <= {one.id for one in DAYS}


@examples(50)
@given(st.sets(st.sampled_from(DAYS), min_size=1), st.sampled_from((" ", ", ", " and ", " y ")))
def test_numbers_and_dates_are_read_back(chosen: set[AskedDay], between: str) -> None:
    ids = frozenset(one.id for one in chosen)
    numbered = between.join(str(one.id - 100) for one in chosen)
    dated = between.join(f"{one.day:%d %b}" for one in chosen)
    ordinal = between.join(f"the {one.day.day}th" for one in chosen)
    for text in (numbered, f"OK {numbered}", dated, ordinal):
        assert read(text, DAYS, SHOWN, [101]) == ids
