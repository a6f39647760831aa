"""The developers' paper says what the code does: its drawing, its errands, and what it follows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import count

import pytest

from tests.test_house import ENTRY, ROOT, expect_none, own_code, tree
from warmline.desk.public.papers import DOCS

PAPER = (DOCS / "developers.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_][\w.]*")
WIDE = 96
ERRANDS = 12
MOST_FILES = 4
FOLLOWED = ["One call followed from webhook to phone", "One text followed"]


def contracts() -> dict[str, list[str]]:
    """The floors of each package by its name, the uppermost first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        one["containers"][0]: one["layers"]
        for one in project["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers"
    }


def what_each_is() -> dict[str, str]:
    """Each package and module of the service in a line, as its front page has it."""
    page = ast.get_docstring(tree(ROOT / "warmline/__init__.py")) or ""
    lines = page.partition("\nIn reading order:\n")[2].splitlines()
    return {line.split()[0]: line.split(None, 1)[1] for line in lines if ENTRY.fullmatch(line)}


def floors() -> Iterator[str]:
    """The floors of the service, each with its number, the highest above."""
    told = what_each_is()
    every = contracts()["warmline"]
    for number, floor in zip(count(len(every), -1), every, strict=False):
        for place, name in enumerate(floor.split(" | ")):
            yield f"{number if not place else '':>2}  {name:<14} {told[name]}"


def wings() -> Iterator[str]:
    """The floors within each wing, the uppermost first."""
    for package, layers in contracts().items():
        if package == "warmline":
            continue
        line = f"{package.removeprefix('warmline.')}:"
        for floor in layers:
            piece = floor if floor == layers[-1] else f"{floor} >"
            if len(line) + len(piece) >= WIDE:
                yield line
                line = "   "
            line += f" {piece}"
        yield line


def marked(name: str) -> str:
    (found,) = re.findall(
        rf"^<!-- table: {name} -->\n(.*?)^<!-- end -->$", PAPER, re.MULTILINE | re.DOTALL
    )
    return str(found)


@pytest.mark.parametrize(("name", "drawn"), [("floors", floors), ("wings", wings)])
def test_the_drawing_is_what_the_import_contracts_say(name: str, drawn: object) -> None:
    assert callable(drawn)
    wanted = "\n".join(("```text", *drawn(), "```", ""))
    assert marked(name) == wanted, f"write between the marks:\n{wanted}"


def errands() -> dict[str, list[tuple[str, list[str]]]]:
    """Each question with the files that answer it, and what to look at in each."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    question = ""
    for row in marked("errands").splitlines()[2:]:
        asked, file, what = (cell.strip() for cell in row.split("|")[1:-1])
        question = asked or question
        names = [one for one in CODE.findall(what) if NAME.fullmatch(one)]
        found.setdefault(question, []).append((CODE.findall(file)[0], names))
    return found


def test_twelve_errands_are_answered_each_in_at_most_four_files() -> None:
    assert len(errands()) == ERRANDS
    for question, answers in errands().items():
        assert question.endswith("?")
        assert 1 <= len({file for file, _ in answers}) == len(answers) <= MOST_FILES, question


def test_whatever_an_errand_names_is_in_the_file_it_names() -> None:
    told = [(file, name) for answers in errands().values() for file, ns in answers for name in ns]
    assert len(told) >= sum(len(answers) for answers in errands().values())
    expect_none(f"{file}: {name}" for file, name in told if name not in defined_in(file))


@cache
def defined_in(file: str) -> frozenset[str]:
    """What a module defines, or has as a key; of another file its words."""
    path = ROOT / file
    if path.suffix != ".py":
        return frozenset(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    return frozenset(_names(tree(path)))


def _names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Dict(keys=keys):
                yield from (
                    one.value
                    for one in keys
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


@pytest.mark.parametrize("title", FOLLOWED)
def test_whatever_a_call_and_a_text_pass_through_is_there(title: str) -> None:
    """Each name stands in a file that its section names; `module.name` in a module called so."""
    section = PAPER.split(f"## {title}\n")[1].split("\n## ")[0]
    codes = CODE.findall(section)
    files = [one for one in codes if one.endswith(".py")]
    names = [one for one in codes if NAME.fullmatch(one) and one not in files]
    assert len(files) > 8
    assert len(names) > len(files)
    known = frozenset[str]().union(*map(defined_in, files))
    expect_none(file for file in files if not (ROOT / file).exists())
    expect_none(one for one in names if one not in known and one.rpartition(".")[2] not in known)
    modules = {path.stem for path in own_code()} | known
    expect_none(one for one in names if "." in one and one.split(".")[0] not in modules)
