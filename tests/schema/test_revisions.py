"""A revision's number means one thing for ever: whoever ran it once has that, and nothing else."""

import ast
import hashlib
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.test_house import ROOT, expect_none

VERSIONS = "alembic/versions"
OURS = ("warmline", "shifts")
KNOWN = tomllib.loads((ROOT / "tests/revisions.toml").read_text(encoding="utf-8"))
MEANINGS: dict[str, str] = KNOWN["meanings"]
EARLIER: dict[str, list[str]] = KNOWN["earlier"]
SINCE: str = KNOWN["since"]


class Revision(NamedTuple):
    """A migration as it stood once: its number, the digest of all that it does, and where."""

    number: str
    meaning: str
    where: str


def revision(source: str, where: str) -> Revision:
    """What a file of migrations is, whatever its comments and its description say."""
    tree = ast.parse(source)
    if ast.get_docstring(tree) is not None:
        del tree.body[0]
    numbers = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "revision"
    ]
    digest = hashlib.sha256(repr(shape(tree)).encode()).hexdigest()[:16]
    return Revision(numbers[0], digest, where)


def shape(node: object) -> object:
    """A piece of a program, the same whichever Python reads it: newer ones add empty fields.

    In which file of ours a function stands that a migration calls is no part of what it does.
    """
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
        return "ours", *((one.name, one.asname) for one in node.names)
    if isinstance(node, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(node) if value not in (None, []))
        return type(node).__name__, *((name, shape(value)) for name, value in fields)
    if isinstance(node, list):
        return tuple(map(shape, node))
    return repr(node)


def now() -> list[Revision]:
    files = sorted((ROOT / VERSIONS).glob("*.py"))
    return [revision(path.read_text(encoding="utf-8"), path.name) for path in files]


def git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def history() -> None:
    """There is a whole history here, in which to look."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no history here: not a clone")
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("no whole history here: a shallow clone")


def once(*commits: str) -> Iterator[Revision]:
    """Every migration as it stood in one of these commits, on the way that others could take."""
    log = git(
        *("log", "--first-parent", "-m", "--raw", "--no-abbrev", "--format=%h", *commits),
        *("--", VERSIONS),
    )
    commit = ""
    for line in filter(None, log.splitlines()):
        if not line.startswith(":"):
            commit = line
            continue
        facts, *_, path = line.split("\t")
        blob = facts.split()[3]
        if path.endswith(".py") and blob.strip("0"):
            yield revision(git("cat-file", "blob", blob), f"{commit} {Path(path).name}")


def is_here(commit: str) -> bool:
    command = ["git", "-C", str(ROOT), "merge-base", "--is-ancestor", commit, "HEAD"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_each_migration_is_what_it_was_when_it_was_written_down() -> None:
    expect_none(
        f'{one.where}: write into tests/revisions.toml: "{one.number}" = "{one.meaning}"'
        for one in now()
        if one.number not in MEANINGS
    )
    expect_none(
        f"{one.where}: what it does has changed; whoever has run it has the old: add a migration"
        for one in now()
        if MEANINGS[one.number] != one.meaning
    )
    assert {one.number for one in now()} == set(MEANINGS), "a migration is gone"


def test_a_file_is_called_after_its_number() -> None:
    expect_none(one.where for one in now() if not one.where.startswith(f"{one.number}_"))


@pytest.mark.usefixtures("history")
def test_no_number_has_meant_something_else_since_this_is_held() -> None:
    if not is_here(SINCE):
        pytest.skip("a history of its own, which does not hold the commit to begin at")
    expect_none(
        f"{one.where}: {one.number} meant something else then"
        for one in once(f"{SINCE}..HEAD")
        if MEANINGS.get(one.number) != one.meaning
    )


@pytest.mark.usefixtures("history")
def test_the_numbers_that_meant_something_else_before_are_all_known() -> None:
    found = [
        one
        for one in once(SINCE if is_here(SINCE) else "HEAD")
        if MEANINGS.get(one.number) != one.meaning
    ]
    expect_none(one for one in found if one.meaning not in EARLIER.get(one.number, []))
    if is_here(SINCE):
        told = {meaning for meanings in EARLIER.values() for meaning in meanings}
        assert told == {one.meaning for one in found}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ('"""other words"""\nrevision = "1"\n\ndef upgrade():\n    op.drop_table("a")\n', True),
        ('revision = "1"  # why\ndef upgrade(): op.drop_table("a")\n', True),
        ('"""a"""\nrevision = "1"\n\ndef upgrade():\n    op.drop_table("b")\n', False),
        ('revision = "1"\ndown_revision = "0"\ndef upgrade(): op.drop_table("a")\n', False),
    ],
)
def test_only_what_a_migration_does_is_its_meaning(changed: str, *, same: bool) -> None:
    written = '"""a"""\nrevision = "1"\n\ndef upgrade():\n    op.drop_table("a")\n'
    assert (revision(changed, "") == revision(written, "")) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("from warmline import sealing", "from warmline.database import sealing", True),
        ("from warmline import sealing", "from warmline import settings", False),
        ("from sqlalchemy import Text", "from sqlalchemy.types import Text", False),
    ],
)
def test_where_a_module_of_ours_stands_is_no_part_of_it(
    one: str, other: str, *, same: bool
) -> None:
    first, second = (revision(f'{words}\nrevision = "1"\n', "") for words in (one, other))
    assert (first == second) is same
