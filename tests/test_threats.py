"""The threats that we know: each has an answer with a test, and no part of ours a known hole."""

import ast
import re
import tomllib

from packaging.requirements import Requirement
from packaging.version import Version

from tests.test_house import ROOT, expect_none

MODEL = ROOT / "warmline/docs/decisions/0016-who-may-come-to-hurt.md"
THREAT = re.compile(
    r"^\| (?P<who>[^|]+) \| (?P<answer>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE
)
ADVISORIES: dict[str, dict[str, str]] = tomllib.loads(
    (ROOT / "tests/advisories.toml").read_text(encoding="utf-8")
)


def threats() -> list[re.Match[str]]:
    """The rows of the table, without its head."""
    [_head, *rows] = THREAT.finditer(MODEL.read_text(encoding="utf-8"))
    return rows


def names_of_tests() -> set[str]:
    return {
        node.name
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_threat_is_held_by_tests_that_are_there() -> None:
    rows, there = threats(), names_of_tests()
    assert len(rows) >= 20
    expect_none(
        f"{row['who']}: {name or 'no test'}"
        for row in rows
        for name in re.findall(r"`(test_\w+)`", row["tests"]) or [""]
        if name not in there
    )


def test_no_version_that_is_taken_has_an_advisory_that_we_know_of() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {one.name: next(iter(one.specifier)).version for one in map(Requirement, lock)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {one.name: one for one in map(Requirement, project["dependencies"])}
    for name, known in ADVISORIES.items():
        mended = Version(known["mended"])
        assert Version(pinned[name]) >= mended, name
        if name in asked:
            floors = [Version(one.version) for one in asked[name].specifier if one.operator == ">="]
            assert max(floors) >= mended, f"pyproject.toml lets {name} be older than {mended}"
