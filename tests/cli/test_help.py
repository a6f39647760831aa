"""What --help and the shell's completion show, and what they do not load for it."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from warmline.cli import app
from warmline.cli.groups import GROUPS, OTHERS

pytestmark = pytest.mark.usefixtures("fixed_clock")

ROOT = Path(__file__).resolve().parents[2]
HEAVY = [
    "sqlalchemy",
    "alembic",
    "twilio",
    "pydantic_settings",
    "starlette",
    "phonenumbers",
    "rich.console",
]
RUN = f"""
import sys
from warmline.cli import main
sys.argv[1:] = {{words!r}}
try:
    main()
finally:
    print(*sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""


def commands() -> list[str]:
    found = typer.main.get_command(app)
    assert isinstance(found, typer.core.TyperGroup)
    return list(found.commands)


def run(*words: str, **environment: str) -> tuple[str, str]:
    """What a process of its own prints, and which of the heavy libraries it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(words=list(words))],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def test_every_command_is_in_exactly_one_group() -> None:
    placed = Counter(name for names in GROUPS.values() for name in names)
    assert {name: placed[name] for name in commands()} == dict.fromkeys(commands(), 1)


def test_help_shows_each_command_once_in_its_group_and_first_what_is_needed_first() -> None:
    shown = CliRunner().invoke(app, ["--help"]).stdout
    said, group = {}, ""
    for line in shown.split("Options:")[1].splitlines():
        if heading := re.fullmatch(r"(\S.*):", line):
            group = heading[1]
        elif command := re.match(r"  ([a-z]\S*) ", line):
            said[command[1]] = group
    assert list(said)[:3] == ["init", "serve", "doctor"]
    assert sorted(said) == sorted(commands())
    assert all(name in GROUPS[said[name]] for name in said)
    assert f"{OTHERS}:" not in shown
    assert "..." not in shown.split("Begin:")[1]


def test_a_group_of_commands_shows_its_own_under_one_heading() -> None:
    shown = CliRunner().invoke(app, ["shifts", "--help"]).stdout
    assert re.search(r"Commands:\n  import .*\n(?s:.*)  export ", shown)


def test_each_command_stands_in_the_operators_table() -> None:
    page = (ROOT / "warmline/docs/operators.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `warmline ([a-z]+)", page, re.MULTILINE))
    assert told == set(commands())


def test_help_and_completion_need_no_setting_load_nothing_heavy_and_make_no_noise() -> None:
    bash = {"_WARMLINE_COMPLETE": "complete_bash", "DATABASE_URL": "nonsense"}
    shown, loaded = run("--help")
    assert (shown.splitlines()[0], loaded) == ("Usage: warmline [OPTIONS] COMMAND [ARGS]...", "\n")
    names = run(**bash, COMP_WORDS="warmline d", COMP_CWORD="1")
    assert names == ("demo\ndemand\ndoctor\n", "\n")
    assert run(**bash, COMP_WORDS="warmline who --j", COMP_CWORD="2") == ("--json\n", "\n")
    script, loaded = run(
        "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )
    assert "_WARMLINE_COMPLETE=complete_bash" in script
    assert loaded == "\n"
