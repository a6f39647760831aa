"""The field's words (FIELD 5.7) hold in the schema, the templates and all that people read."""

import re
from pathlib import Path

import pytest

import warmline.app  # noqa: F401 - fills the metadata
from shifts.models import Base
from tests.test_house import CLINICAL_WORDS, ROOT

NEVER = re.compile(
    r"case|patient|client|risk|score|severity|diagnos|symptom|disorder|chronic|frequent|complian"
    r"|crisis|suicid|psych|geoloc|latitude|longitude",
    re.IGNORECASE,
)
"""Not in the schema: nobody is a case, nobody has a score, and nowhere is a place of anybody."""
SHOWN = ("**/*.html", "words/*.toml", "static/*.js")
SENTENCES = sorted(path for kind in SHOWN for path in (ROOT / "warmline/desk").glob(kind))
DEMO = sorted((ROOT / "warmline/demo").glob("**/*.html"))


def test_no_table_and_no_column_names_people_so() -> None:
    names = [table.name for table in Base.metadata.sorted_tables]
    names += [f"{t.name}.{column.name}" for t in Base.metadata.sorted_tables for column in t.c]
    assert len(names) > 300
    assert [name for name in names if NEVER.search(name)] == []


@pytest.mark.parametrize("path", [*SENTENCES, *DEMO], ids=lambda path: path.name)
def test_nothing_that_people_read_at_the_desk_names_them_so(path: Path) -> None:
    said = path.read_text(encoding="utf-8")
    assert [found[0] for found in CLINICAL_WORDS.finditer(said)] == []


@pytest.mark.parametrize("name", ["case_note", "risk_level", "caller.score", "crisis_flag"])
def test_the_reader_of_names_knows_such_a_name_when_it_sees_it(name: str) -> None:
    assert NEVER.search(name)
