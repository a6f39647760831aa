"""`warmline demand` says truly what is held on a number, and what others hold."""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from tests.cli.test_cli import ANA, BO, COORDINATOR, complaints, ready, warmline
from warmline.calls import call_backs, talks
from warmline.calls.call_back_times import Window
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.operations import attempts
from warmline.people import joining
from warmline.privacy import boundaries
from warmline.sign_in import codes

KEY = "a secret of thirty-two letters or a few more"
CAL = "+14135550151"
Run = Callable[..., Result]
__all__ = ["warmline"]


@pytest.fixture
def demand(warmline: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """What the command says of a number, on one line."""
    monkeypatch.setenv("WARMLINE_SECRET_KEY", KEY)
    monkeypatch.setenv("COLUMNS", "900")
    # Other tests leave files with the same numbers where temporary ones are.
    Path("temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(Path("temporary").resolve()))
    ready(warmline)
    Path("v.csv").unlink()

    def ask(number: str) -> str:
        result = warmline("demand", input=f"{number}\n")
        assert result.exit_code == 0, result.stderr
        return " ".join(result.stdout.replace("│", " ").split())

    return ask


def test_of_a_number_we_know_nothing_of_nothing_is_held_and_it_says_what_was_searched(
    demand: Callable[[str], str],
) -> None:
    said = demand("(413) 555-0151")
    assert "nothing. Of a call that is under way" in said
    assert "Searched: 8 tables" in said
    assert "every file in" in said
    assert "STOP" in said
    assert "120 days" in said


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (ANA, "a volunteer: name, number (sealed)"),
        (BO, "a volunteer: name, number (sealed)"),
        (COORDINATOR, "the coordinator's phone"),
    ],
)
def test_of_people_on_the_roster_it_says_so(
    demand: Callable[[str], str], database_url: str, number: str, words: str
) -> None:
    said = demand(number)
    assert words in said
    if database_url.startswith("sqlite"):
        # A server of databases has the files of other tests too.
        assert "as it was written" not in said


def test_of_a_caller_it_names_each_thing_that_waits(
    demand: Callable[[str], str], database_url: str, fixed_clock: datetime
) -> None:
    now = fixed_clock
    seal, database = Seal([KEY]), Database(database_url, Seal([KEY]))
    with database.writing() as db:
        joining.note(db, seal, 1, CAL, "en", now)
        talks.begin(db, 1, seal.digests(CAL)[0], "en", now, None)
        window = Window(now, now + timedelta(hours=2), soon=True)
        call_backs.note(db, seal, 1, CAL, "6", "en", window, now)
        boundaries.remember(db, seal, 1, CAL, None, now)
        attempts.refused(db, seal, codes.TRIES, CAL, now)
    database.close()
    said = demand(CAL)
    named = ("a wish to join", "a talk by text that is open", "a call back", "a boundary")
    for words in (*named, "a code for the desk was asked for or entered"):
        assert words in said, words


def test_a_number_that_lies_about_in_a_file_is_found(demand: Callable[[str], str]) -> None:
    Path("notes.txt").write_text("call 413-555-0151 back", encoding="utf-8")
    said = demand(CAL)
    assert "as it was written: the number" in said
    assert "notes.txt" in said


@pytest.mark.usefixtures("demand")
def test_what_is_no_number_is_told_in_one_line(warmline: Run) -> None:
    result = warmline("demand", input="12\n")
    assert result.exit_code == 1
    assert "not a full phone number" in result.stderr


def test_without_the_key_it_cannot_know(warmline: Run) -> None:
    [line] = complaints(warmline("demand"), 2)
    assert "WARMLINE_SECRET_KEY" in line
