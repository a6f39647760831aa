"""A fault that nobody foresaw: one line says what to do and where the trace is, without people."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from tests.at_work import ANA, Commands
from warmline.cli.errors import PlainGroup
from warmline.operations import trace

pytestmark = pytest.mark.usefixtures("fixed_clock")

NAME, WORDS = "Ana Castellanos", "I have nobody to talk to"


def breaking(fault: Callable[[], object]) -> Result:
    """A command that knows people, and breaks."""
    app = typer.Typer(cls=PlainGroup, rich_markup_mode=None, add_completion=False)

    @app.callback()
    def group() -> None:
        pass

    @app.command("break")
    def break_(phone: str, name: str) -> None:
        heard = WORDS + phone + name
        try:
            fault()
        finally:
            del heard

    return CliRunner().invoke(app, ["break", ANA, NAME])


def quoting() -> None:
    raise ValueError(f"{NAME} {ANA} said: {WORDS}")


def quoting_in_a_chain() -> None:
    try:
        quoting()
    except ValueError as fault:
        raise KeyError(ANA) from fault


def several() -> None:
    raise ExceptionGroup(NAME, [ValueError(ANA), OSError(28, "No space left", f"/home/{NAME}")])


def without_end() -> None:
    without_end()


def a_value() -> None:
    with create_engine("sqlite://").connect() as db:
        db.execute(text("SELECT :name"), {"name": {NAME: ANA}})


def trace_of(result: Result) -> Path:
    assert result.exit_code == 1
    assert result.stdout == ""
    (said,) = result.stderr.splitlines()
    assert said.startswith("something unforeseen went wrong: ")
    assert "run warmline doctor" in said
    return Path(said.split("report it with ")[1].removesuffix(", which names nobody"))


@pytest.mark.parametrize("fault", [quoting, quoting_in_a_chain, several, without_end, a_value])
def test_neither_the_line_nor_the_trace_names_anybody(
    commands: Commands, fault: Callable[[], object]
) -> None:
    result = breaking(fault)
    file = trace_of(result)
    told = file.read_text(encoding="utf-8")
    for leak in (NAME, "Castellanos", ANA, ANA[2:], WORDS, "Ana", "/home", str(trace.HERE)):
        assert leak not in told
        assert leak not in result.stderr.replace(str(file), "")
    assert f"in {fault.__name__}" in told
    assert "tests/operations/test_trace.py, line" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.is_relative_to(commands.folder / "state" / "warmline")


def test_the_trace_tells_the_kinds_of_errors_the_systems_own_words_and_what_led_to_what(
    commands: Commands,
) -> None:
    chained = trace_of(breaking(quoting_in_a_chain)).read_text()
    assert chained.index("error: KeyError") < chained.index("because of: ValueError")
    group = trace_of(breaking(several)).read_text()
    assert "one of them: ValueError\n" in group
    assert "one of them: OSError (No space left on device)\n" in group
    assert len(trace_of(breaking(without_end)).read_text().splitlines()) < 250


def test_the_same_fault_twice_is_one_file_and_a_link_is_not_followed(commands: Commands) -> None:
    first = trace_of(breaking(quoting))
    assert trace_of(breaking(quoting)) == first
    assert len(list(first.parent.iterdir())) == 1
    elsewhere = commands.folder / "elsewhere"
    elsewhere.write_text("as it was")
    first.unlink()
    first.symlink_to(elsewhere)
    other = trace_of(breaking(quoting))
    assert elsewhere.read_text() == "as it was"
    assert other != first
    other.unlink()


def test_where_the_state_folder_cannot_be_written_the_trace_is_with_what_is_temporary(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = commands.folder / "blocked"
    blocked.write_text("no folder")
    spare = commands.folder / "spare"
    spare.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    monkeypatch.setenv("HOME", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(spare))
    file = trace_of(breaking(quoting))
    assert file.parent == spare
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    result = breaking(quoting)
    assert result.stderr.endswith("if it comes again, report this line\n")
    assert ANA not in result.stderr


def test_a_reader_who_stops_reading_is_no_fault() -> None:
    script = (
        "import typer\nfrom warmline.cli.errors import PlainGroup\n"
        "app = typer.Typer(cls=PlainGroup, rich_markup_mode=None)\n"
        "@app.callback(invoke_without_command=True)\n"
        "def much():\n    for _ in range(100_000):\n        typer.echo('a line')\napp()\n"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 1
