"""`init` at a terminal: each answer is checked where it is given, and nothing is half done."""

from pathlib import Path

import pytest

from tests.cli.typist import CTRL_C, CTRL_D, Typist
from warmline.database.engine import Database
from warmline.line.opening import TheLine, the_line
from warmline.promise.promise import NEVER, Promise, in_force

pytestmark = pytest.mark.usefixtures("fixed_clock")

ZONE = {"TZ": "America/Chicago"}
NAME, NUMBER = "The line's name", "The number people call"
TIME_ZONE, COORDINATOR = "The time zone", "The first coordinator's own phone"
POLICE, AMBULANCE = "tell the police?", "tell an ambulance or a hospital?"
PROTECTION, IMMIGRATION = "tell child or adult protection?", "tell immigration?"
FAMILY, RIGHT = "family, school or employer?", "Is that what callers shall hear? (yes or no):"
KEY = "Write a new WARMLINE_SECRET_KEY to .env?"


def said_no_five_times(at: Typist) -> None:
    for question in (POLICE, AMBULANCE, PROTECTION, IMMIGRATION, FAMILY):
        at.answers(question, "no")


def mistakes_about_the_line(at: Typist) -> None:
    assert "may not stay blank" in "".join(at.answers(NAME, "", "  ", "Maple Line"))
    told = at.answers(NUMBER, "911", "555", "413 555 0100")
    assert "not a full phone number; write it as +1 413 555 0100" in told[2]
    told = at.answers(TIME_ZONE, "Eastern", "Mars/Olympus", "")
    assert "[America/Chicago]" in at.screen
    assert "'Eastern' is no time zone" in told[1]
    assert "(perhaps US/Eastern, Canada/Eastern?)" in told[1]
    assert "'Mars/Olympus' is no time zone; write it as America/New_York" in told[2]
    told = at.answers(COORDINATOR, "413 555 0100", "+44 20 7946 0123", "4135550109")
    assert "the line's own number; give the coordinator's" in told[1]
    assert "a number in GB; this line calls US only" in told[2]


def mistakes_about_the_promise(at: Typist) -> None:
    told = at.answers(POLICE, "", "yes", "word " * 90, "only if a court orders us to")
    assert "may not stay blank; write no, or exactly when" in told[1]
    assert "does not say when" in told[2]
    assert "the promise takes" in told[3]
    for question, no in ((AMBULANCE, "No."), (PROTECTION, "NEVER"), (IMMIGRATION, "nobody")):
        at.answers(question, no)
    at.answers(FAMILY, "n/a")
    heard = at.answers(RIGHT, "perhaps", "no")
    assert "About the police: only if a court orders us to." in heard[0]
    assert "Maple Line, +14135550100, times of America/Chicago." in heard[0]
    assert "write yes or no" in heard[1]


def kept_in(folder: Path) -> tuple[TheLine, Promise]:
    database = Database(f"sqlite:///{folder / 'warmline.db'}")
    with database.reading() as db:
        line = the_line(db)
        held = in_force(db, line.line_id)["en"]
    database.close()
    return line, held


def test_mistakes_at_every_question_are_said_there_and_asked_again(tmp_path: Path) -> None:
    at = Typist(tmp_path, "init", **ZONE)
    mistakes_about_the_line(at)
    mistakes_about_the_promise(at)
    assert not list(tmp_path.glob("*.db*"))
    said_no_five_times(at)
    assert (
        "we never contact the police. Not an ambulance or a hospital" in at.answers(RIGHT, "yes")[0]
    )
    at.answers(KEY, "y")
    status, rest = at.ends()
    assert status == 0, at.screen
    for command in ("warmline volunteers import", "warmline serve", "warmline doctor"):
        assert f"\n  {command}" in rest
    assert (tmp_path / ".env").read_text().startswith("WARMLINE_SECRET_KEY=")
    line, held = kept_in(tmp_path)
    assert (line.name, line.time_zone) == ("Maple Line", "America/Chicago")
    assert line.coordinator_phone == "+14135550109"
    assert set(held.answers.values()) == {NEVER}


def test_what_is_given_is_not_asked_and_an_exception_is_asked_in_each_language(
    tmp_path: Path, sqlite_url: str
) -> None:
    given = ("--name", "Maple Line", "--number", "4135550100", "--time-zone", "America/New_York")
    words = ("init", *given, "--language", "en", "--language", "es", "--secret-key")
    # Where there is a database already, its migrations are not waited for.
    at = Typist(tmp_path, *words, DATABASE_URL=sqlite_url)
    assert NAME not in at.reads(COORDINATOR)
    at.types("4135550109")
    at.answers(POLICE, "only if a court orders us to")
    told = at.answers("The same in Spanish", "no", "solo si un juez lo ordena")
    assert "callers hear the same in each language" in told[1]
    for question in (AMBULANCE, PROTECTION, IMMIGRATION, FAMILY):
        at.answers(question, "none")
    heard = at.answers(RIGHT, "yes")[0]
    assert "About the police: only if a court orders us to." in heard
    assert "Sobre la policía: solo si un juez lo ordena." in heard
    status, rest = at.ends()
    assert status == 0, at.screen
    assert "a new WARMLINE_SECRET_KEY is in .env" in rest
    assert KEY not in at.screen


@pytest.mark.parametrize(
    ("key", "at_question"), [(CTRL_C, RIGHT), (CTRL_D, COORDINATOR), (CTRL_C, KEY)]
)
def test_ctrl_c_and_the_end_of_the_input_leave_nothing_behind(
    tmp_path: Path, key: str, at_question: str
) -> None:
    at = Typist(tmp_path, "init", "--name", "Maple Line", **ZONE)
    at.answers(NUMBER, "4135550100")
    at.answers(TIME_ZONE, "")
    if at_question != COORDINATOR:
        at.answers(COORDINATOR, "4135550109")
        said_no_five_times(at)
    if at_question == KEY:
        at.answers(RIGHT, "yes")
    at.answers(at_question, key)
    status, rest = at.ends()
    assert status == 1
    assert rest.endswith("stopped; nothing was changed\n")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_option_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    at = Typist(tmp_path, "init", "--number", "911", "--time-zone", "Mars")
    status, rest = at.ends()
    assert status == 1
    assert rest.splitlines() == [
        "--number: not a full phone number; write it as +1 413 555 0100",
        "--time-zone: 'Mars' is no time zone; write it as America/New_York",
    ]
    assert list(tmp_path.iterdir()) == []
