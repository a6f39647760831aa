"""What is wrong with a file is said in Spanish too: every sentence that the reading can say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.conftest import AtDesk
from tests.stories.town import Town
from warmline.desk.planning.import_faults import in_words

ROOT = Path(__file__).parents[3]
READING = (
    *("shifts/faults", "shifts/files/csv_places", "shifts/files/csv_rows"),
    *("shifts/files/importing", "shifts/files/staging", "shifts/ical/ical_entries"),
    *("shifts/ical/ical_events", "shifts/ical/ical_lines", "shifts/ical/ical_places"),
    *("shifts/ical/ical_rules", "shifts/ical/ical_times", "shifts/ical/ical_zones"),
    *("warmline/phone_numbers", "warmline/people/volunteer_files", "warmline/people/roster_file"),
)
FILES = tuple(ROOT / f"{name}.py" for name in READING)
SAYING = frozenset({"ValueError", "BadNumber", "NotDialled", "BadLine", "TooManyPlaces"})
"""What a sentence is given to that somebody reads; `complain` and `_no_calendar` besides."""


def template(node: ast.AST) -> str | None:
    """A text in the code; with what is filled in as its own code in braces."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else f"{{{ast.unparse(one)[1:-1]}}}"
            for one in node.values
        )
    return None


def said_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and called(node) in SAYING | {"complain", "_no_calendar"}:
            found = [template(one) for one in node.args]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("why", "WRONG"):
            found = [template(node.value)]
        elif isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in ("WRONG", "ALL_DAY"):
            found = [template(node.value)] if node.value else []
        else:
            continue
        yield from (one for one in found if one and " " in one)


def called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


def test_every_sentence_of_the_reading_has_its_spanish() -> None:
    sentences = {sentence for file in FILES for sentence in said_in(file)}
    # Where all is filled in, a sentence is only handed on.
    own = {one for one in sentences if any(map(str.isalpha, own_words(one)))}
    assert len(own) > 40
    filled = {one: filled_in(one) for one in own}
    assert {one for one, text in filled.items() if in_words(text, "es") == text} == set()


def own_words(sentence: str) -> str:
    return "".join(sentence.replace("}", "{").split("{")[::2])


def filled_in(sentence: str) -> str:
    """The sentence as it is read, with some word for whatever is filled in."""
    parts = sentence.replace("}", "{").split("{")
    return "".join("XYZ" if place % 2 else part for place, part in enumerate(parts))


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "line 3, column ends: is not after starts",
            "línea 3, columna ends: no es después de starts",
        ),
        (
            "line 7: RRULE of a1@x: FREQ may be DAILY; shifts do not come more often",
            "línea 7: RRULE de a1@x: FREQ puede ser DAILY; los turnos no se repiten más a menudo",
        ),
        (
            "line 4, column starts: Ana has a place then in line 2 too",
            "línea 4, columna starts: Ana tiene entonces otro turno, en línea 2",
        ),
        ("Ana's own words", "Ana's own words"),
    ],
)
def test_a_fault_is_told_part_by_part(english: str, spanish: str) -> None:
    assert in_words(english, "es") == spanish
    assert in_words(english, "en") == english


def test_the_page_in_spanish_says_in_spanish_what_is_wrong(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/import?lang=es")
    browser.send("/desk/import", paste="starts,ends,phone,agreed\nsoon,2030-03-05T20:00Z,,\n")
    assert "línea 2, columna starts: 'soon' no es un día con su hora" in browser.text
