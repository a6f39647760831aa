"""Types hold: a misspelt field is found before it is run, and hardly a signature says `Any`."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import ROOT, own_code, place

LOOSE = re.compile(r"\b(?:Any|Row)\b")
STORY = """
from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.telephony.conversation import Turn


def wait(turn: Turn, call: LiveCall) -> int:
    calls.move(turn.db, call.id, (calls.ASKED,), calls.WAITING, saying=None)
    calls.move(turn.db, call.id, ("askd",), calls.WAITING, saying=None)
    calls.move(turn.db, call.id, (calls.ASKED,), calls.WAITING, sayin=None)
    return call.patience_secondz
"""


def signatures(source: str) -> Iterator[tuple[str, str]]:
    """Each function with all that its signature is annotated with."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            starred = (one for one in (node.args.vararg, node.args.kwarg) if one)
            said = [one.annotation for one in (*given, *starred)] + [node.returns]
            yield node.name, " ".join(ast.unparse(one) for one in said if one)


def test_below_three_in_a_hundred_signatures_hold_anything_or_a_bare_row() -> None:
    every = [
        (place(path), name, said)
        for path in own_code()
        for name, said in signatures(path.read_text(encoding="utf-8"))
    ]
    loose = [f"{where} {name}: {said}" for where, name, said in every if LOOSE.search(said)]
    assert len(every) > 3500
    assert len(loose) / len(every) < 0.03, "\n".join(loose)


def test_a_loose_signature_is_seen() -> None:
    source = (
        "def a(b: int, *c: Any) -> None: ...\ndef d(e: str) -> Row[int]: ...\ndef f() -> int: ..."
    )
    assert [name for name, said in signatures(source) if LOOSE.search(said)] == ["a", "d"]


@pytest.mark.usefixtures("fixed_clock")
def test_a_misspelt_field_state_or_change_of_a_call_is_an_error(tmp_path: Path) -> None:
    story = tmp_path / "story.py"
    story.write_text(STORY, encoding="utf-8")
    looked = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports=silent", str(story)],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line for line in looked.stdout.splitlines() if ": error: " in line]
    by_line = {int(line.split("story.py:")[1].split(":")[0]): line for line in found}
    assert list(by_line) == [9, 10, 11]
    assert "has incompatible type" in by_line[9]
    assert 'keyword argument "sayin"' in by_line[10]
    assert 'has no attribute "patience_secondz"' in by_line[11]
