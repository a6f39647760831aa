"""Every worked example of the developers' paper is done as it stands there, and works."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.test_developers_paper import PAPER
from tests.test_house import ROOT
from tests.worked import EXAMPLES

EXAMPLE = re.compile(
    r"^<!-- example: (\w+); (.+?) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


class Piece(NamedTuple):
    """A piece of code, and what is to be done with it."""

    what: str
    code: str


def pieces(example: str) -> list[Piece]:
    return [Piece(what, code) for name, what, code in EXAMPLE.findall(PAPER) if name == example]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The service in a folder of its own, to be changed there."""
    for name in ("warmline", "shifts", "alembic"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
    return tmp_path


def apply(piece: Piece, top: Path) -> None:
    """`new FILE`, `in FILE; at the end`, `in FILE; after LINE`, `in FILE; instead of LINE`, `run`.

    LINE is how exactly one line begins.
    """
    last, number = numbers(top)
    code = piece.code.replace("NEXT", number).replace("LAST", last)
    match piece.what.split("; ", 1):
        case ["run"]:
            subprocess.run(["bash", "-euc", code], cwd=top, check=True)
        case [words] if words.startswith("new "):
            path = top / words.removeprefix("new ").replace("NEXT", number)
            assert not path.exists(), f"{path} is there already"
            path.write_text(code, encoding="utf-8")
        case [words, "at the end"]:
            path = top / words.removeprefix("in ")
            path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{code}", encoding="utf-8")
        case [words, how]:
            put(top / words.removeprefix("in "), how, code)
        case _:
            raise AssertionError(f"nobody knows how to do {piece.what!r}")


def put(path: Path, how: str, code: str) -> None:
    said = re.fullmatch(r"(after|instead of) (.+)", how)
    assert said, how
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [at for at, line in enumerate(lines) if line.strip().startswith(said[2])]
    assert len(found) == 1, f"{path.name}: {len(found)} lines begin with {said[2]!r}"
    (at,) = found
    lines[at : at + 1] = [lines[at], code] if said[1] == "after" else [code]
    path.write_text("".join(lines), encoding="utf-8")


def numbers(top: Path) -> tuple[str, str]:
    """The number of the last revision that the house has, and the one after it."""
    names = (path.name for path in (ROOT / "alembic/versions").glob("*.py"))
    last = max(name.partition("_")[0] for name in names)
    assert top != ROOT
    return last, f"{int(last) + 1:04}"


def found_first(*places: Path) -> Iterator[str]:
    """Where Python looks: here first, then wherever it looked already."""
    yield from map(str, places)
    yield from filter(None, [os.environ.get("PYTHONPATH")])


@pytest.mark.usefixtures("fixed_clock")
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_works_as_it_stands(example: str, copy: Path) -> None:
    found = pieces(example)
    assert found, f"the paper has no example of a {example}"
    for piece in found:
        apply(piece, copy)
    done = subprocess.run(
        [sys.executable, "-m", "tests.worked", example],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(found_first(copy, ROOT))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_piece_of_code_that_is_marked_belongs_to_an_example_that_is_looked_at() -> None:
    assert {name for name, _, _ in EXAMPLE.findall(PAPER)} == set(EXAMPLES)
    assert len(EXAMPLE.findall(PAPER)) == PAPER.count("<!-- example: ")


@pytest.mark.parametrize("line", ["PAGES: Finally", "(READS,"])
def test_a_place_that_is_not_there_once_fails_its_example(line: str, copy: Path) -> None:
    with pytest.raises(AssertionError, match="lines begin with"):
        apply(Piece(f"in warmline/desk_routes.py; after {line}", "code"), copy)
