"""Opening hours, wanted numbers and gaps through the command line, on both databases."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from shifts.hours.wanted import DUTY, LINE, TEXT, VOICE, Subject
from shifts.models import AGREED, Line, Person, Place
from shifts.who_is_on import next_on
from warmline.cli import app
from warmline.cli.gaps_command import BadStretch, stretch
from warmline.database.engine import Database
from warmline.models.line import LineRules
from warmline.models.people import Volunteer
from warmline.people.volunteers import who_counts

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 12, 7, tzinfo=NEW_YORK)
WEEK = ("--from", "2026-12-07", "--to", "2026-12-14")
ANA, BO, CHI, DEE = 1, 2, 3, 4
PEOPLE = {
    # Their languages, whether they take calls and texts, and whether their yes is held.
    ANA: ("Ana", "en", True, False, "yes"),
    BO: ("Bo", "en,es", True, True, "yes"),
    CHI: ("Chi", "es", True, True, "ask"),
    DEE: ("Dee", "en,es", False, True, "yes"),
}
PHONES = {ANA: "+14135550111", BO: "+14135550112", CHI: "+14135550113", DEE: "+14135550114"}
Run = Callable[..., Result]


@pytest.fixture
def warmline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str, fixed_clock: datetime
) -> Run:
    """The command line of a line in New York that speaks English and Spanish, with four people."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("WARMLINE_", "TWILIO_")) or name == "PORT":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database_url)
    _set_up(database_url)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words)

    return run


def _set_up(url: str) -> None:
    database = Database(url)
    with database.writing() as connection:
        line = {"id": 1, "name": "Maple Line", "time_zone": NEW_YORK.key}
        connection.execute(insert(Line).values(line))
        rules = {"line_id": 1, "number": "+14135550100", "languages": "en,es"}
        connection.execute(insert(LineRules).values(rules))
        for person, (name, languages, voice, text, agreed) in PEOPLE.items():
            connection.execute(insert(Person).values(id=person, line_id=1, name=name))
            connection.execute(
                insert(Volunteer).values(
                    person_id=person,
                    line_id=1,
                    phone=PHONES[person],
                    languages=languages,
                    voice=voice,
                    text=text,
                    agreed=agreed,
                )
            )
    database.close()


def place(
    url: str, person: int, day: int, starts: float, ends: float, *, duty: bool = False
) -> None:
    """An agreed place on a day of the week (0 Monday), in hours of the line's time."""
    midnight = MONDAY + timedelta(days=day)
    begin, end = ((midnight + timedelta(hours=clock)) for clock in (starts, ends))
    row = {"line_id": 1, "person_id": person, "state": AGREED, "duty": duty}
    database = Database(url)
    with database.writing() as connection:
        connection.execute(insert(Place).values(row | {"starts_at": begin, "ends_at": end}))
    database.close()


def told(result: Result) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def complaints(result: Result) -> list[str]:
    assert result.exit_code == 1
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_a_green_week_without_spanish_and_without_anybody_who_takes_texts_shows_it(
    warmline: Run, database_url: str
) -> None:
    told(warmline("line", "--hours", "mon-fri 18:00-23:00"))
    for day in range(5):
        place(database_url, ANA, day, 18, 23)
    place(database_url, BO, 2, 18, 23)
    # Dee takes texts and speaks Spanish; Chi has not said yes and counts for nobody.
    place(database_url, DEE, 3, 20, 23)
    place(database_url, CHI, 4, 18, 23)
    assert told(warmline("gaps", *WEEK)) == [
        "Mon 2026-12-07 18:00 EST to Mon 2026-12-07 23:00 EST: nobody who takes texts",
        "Mon 2026-12-07 18:00 EST to Mon 2026-12-07 23:00 EST: nobody who speaks es",
        "Tue 2026-12-08 18:00 EST to Tue 2026-12-08 23:00 EST: nobody who takes texts",
        "Tue 2026-12-08 18:00 EST to Tue 2026-12-08 23:00 EST: nobody who speaks es",
        "Thu 2026-12-10 18:00 EST to Thu 2026-12-10 20:00 EST: nobody who takes texts",
        "Thu 2026-12-10 18:00 EST to Thu 2026-12-10 20:00 EST: nobody who speaks es",
        "Fri 2026-12-11 18:00 EST to Fri 2026-12-11 23:00 EST: nobody who takes texts",
        "Fri 2026-12-11 18:00 EST to Fri 2026-12-11 23:00 EST: nobody who speaks es",
    ]
    told(warmline("line", "--wanted", "es=0", "--wanted", "text=0"))
    assert told(warmline("gaps", *WEEK)) == ["no gaps"]
    assert told(warmline("gaps", *WEEK, "--json")) == ["[]"]


def test_gaps_for_programs_bear_the_lines_offset_and_say_what_is_lacking(
    warmline: Run, database_url: str
) -> None:
    told(warmline("line", "--hours", "mon 18:00-23:00", "--wanted", "2", "--wanted", "duty=1"))
    place(database_url, DEE, 0, 18, 21)
    place(database_url, BO, 0, 16, 22, duty=True)
    found = json.loads(warmline("gaps", *WEEK, "--json").stdout)
    evening = {"start": "2026-12-07T18:00:00-05:00", "end": "2026-12-07T21:00:00-05:00"}
    night = {"start": "2026-12-07T21:00:00-05:00", "end": "2026-12-07T23:00:00-05:00"}
    late = {"start": "2026-12-07T22:00:00-05:00", "end": "2026-12-07T23:00:00-05:00"}
    anybody = {"language": None, "channel": None, "duty": False}
    assert found == [
        evening | anybody | {"wanted": 2, "on": 1},
        evening | anybody | {"channel": "voice", "wanted": 1, "on": 0},
        night | anybody | {"wanted": 2, "on": 0},
        late | anybody | {"duty": True, "wanted": 1, "on": 0},
    ]
    assert [one.rpartition(": ")[2] for one in told(warmline("gaps", *WEEK))] == [
        "1 of 2",
        "nobody who takes calls",
        "nobody",
        "no coordinator on duty",
    ]


def test_too_few_of_a_kind_are_counted_in_words(warmline: Run, database_url: str) -> None:
    wishes = ("2", "es=2", "text=3", "voice=2", "duty=2 mon 18:00-19:00")
    told(warmline("line", "--hours", "mon 18:00-23:00", *_each("--wanted", wishes)))
    place(database_url, BO, 0, 18, 23)
    place(database_url, BO, 0, 18, 23, duty=True)
    assert [one.rpartition(": ")[2] for one in told(warmline("gaps", *WEEK))] == [
        "1 of 2",
        "1 of 2 who take calls",
        "1 of 3 who take texts",
        "1 of 2 who speak es",
        "1 of 2 on duty",
    ]


def test_a_line_of_one_language_misses_no_other(warmline: Run, database_url: str) -> None:
    told(warmline("line", "--language", "en", "--hours", "mon 18:00-23:00", "--wanted", "text=0"))
    place(database_url, ANA, 0, 18, 23)
    assert told(warmline("gaps", *WEEK)) == ["no gaps"]
    told(warmline("line", "--wanted", "es=1 mon 20:00-21:00"))
    assert told(warmline("gaps", *WEEK)) == [
        "Mon 2026-12-07 20:00 EST to Mon 2026-12-07 21:00 EST: nobody who speaks es"
    ]


def test_a_gap_over_the_night_when_clocks_change_is_told_in_the_time_of_each_end(
    warmline: Run,
) -> None:
    night = warmline("gaps", "--from", "2026-10-31", "--to", "2026-11-02")
    assert told(night) == ["Sat 2026-10-31 00:00 EDT to Mon 2026-11-02 00:00 EST: nobody"]
    shorter = ("--from", "2026-11-01T01:30:20-04:00", "--to", "2026-11-01T01:30:20-05:00")
    assert told(warmline("gaps", *shorter)) == [
        "Sun 2026-11-01 01:30:20 EDT to Sun 2026-11-01 01:30:20 EST: nobody"
    ]


def test_hours_days_and_numbers_are_shown_as_they_are_written_and_can_be_taken_back(
    warmline: Run,
) -> None:
    evenings, weekends = "mon-fri 18:00-23:00", "sat,sun 12:00-02:00"
    days = ("2026-12-24 12:00-14:00", "2026-12-24 16:00 - 18:00", "2026-12-26 9:00-17:00")
    shown = told(
        warmline(
            *("line", *_each("--hours", (evenings, weekends)), *_each("--hours-on", days)),
            *("--closed", "2026-12-25 Christmas  Day"),
            *_each("--wanted", ("2", "3 fri 20:00-23:00", "es=1", "text=0", "duty=1")),
        )
    )
    of_hours = [one for one in shown if one.startswith(("opening", "wanted"))]
    assert of_hours == [
        f"opening hours: {evenings}, {weekends} (--hours)",
        "opening hours on Thu 2026-12-24: 12:00-14:00, 16:00-18:00 (--hours-on)",
        "opening hours on Fri 2026-12-25: closed (Christmas Day) (--hours-on)",
        "opening hours on Sat 2026-12-26: 09:00-17:00 (--hours-on)",
        (
            "wanted on while open: 2; 3 fri 20:00-23:00; voice=1; text=0; en=1; es=1; duty=1"
            " (--wanted)"
        ),
    ]
    back = ("2026-12-24 usual", "2026-12-25 usual", "2026-12-26 usual")
    usual = ("usual", "text=usual", "duty=usual", "es=usual")
    shown = told(
        warmline(
            *("line", "--hours", "always", *_each("--hours-on", back), *_each("--wanted", usual))
        )
    )
    assert [one for one in shown if one.startswith(("opening", "wanted"))] == [
        "opening hours: always (--hours)",
        "wanted on while open: 1; voice=1; text=1; en=1; es=1; duty=0 (--wanted)",
    ]


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        (
            ["--hours", "mon-fry 18:00-23:00"],
            ["--hours: 'fry' is no weekday; write it as \"mon-fri 18:00-23:00\""],
        ),
        (
            ["--hours", "always", "--hours", "mon 18:00-23:00"],
            [
                (
                    "--hours: 'always' names no two times at its end;"
                    ' write it as "mon-fri 18:00-23:00"'
                )
            ],
        ),
        (
            ["--closed", "tomorrow"],
            ["--closed: 'tomorrow' does not begin with a date; write it as 2026-12-24"],
        ),
        (
            ["--closed", "2026-02-30"],
            ["--closed: '2026-02-30' does not begin with a date; write it as 2026-12-24"],
        ),
        (
            ["--hours-on", "2026-12-24"],
            ["--hours-on: '' is no pair of times; write it as 18:00-23:00"],
        ),
        (
            ["--closed", f"2026-12-24 {'x' * 81}"],
            ["2026-12-24: the note may have 80 characters at most; shorten it."],
        ),
        *(
            (
                ["--closed", f"2026-12-24 {note}"],
                ["2026-12-24: the note has characters that cannot be shown; leave them out."],
            )
            for note in ("\udcff", "red\x1b[31m", "\u202egnorw")
        ),
        (
            ["--closed", "0026-12-24"],
            ["--closed: the year 26 is not one of this roster's"],
        ),
        (
            ["--hours-on", "9999-12-24 12:00-13:00"],
            ["--hours-on: the year 9999 is not one of this roster's"],
        ),
        (
            ["--closed", "2026-12-24", "--hours-on", "2026-12-24 12:00-18:00"],
            ["--closed: 2026-12-24 has other hours in --hours-on too; give one of them"],
        ),
        (
            ["--wanted", "fr=1", "--patience", "1"],
            [
                "--patience: 1 is not from 30 to 1800 seconds",
                "--wanted: 'fr' is none of line, voice, text, duty, en, es; write it as es=1",
            ],
        ),
        (
            ["--wanted", "es=many"],
            ["--wanted: 'many' is no number from 0 to 50; write it as 2 or es=1"],
        ),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    warmline: Run, options: Sequence[str], faults: list[str]
) -> None:
    before = told(warmline("line"))
    assert complaints(warmline("line", "--phones-at-once", "7", *options)) == faults
    assert told(warmline("line")) == before


@pytest.mark.parametrize(
    ("begin", "end", "fault"),
    [
        ("2026-12-08", "2026-12-07", "--to: Mon 2026-12-07 00:00 EST is not after Tue 2026-12-08"),
        ("2026-12-08", "2026-12-08", "--to: Tue 2026-12-08 00:00 EST is not after"),
        ("2026-12-08", "2028-12-08", "--to: more than 400 days after --from; ask for fewer"),
        ("tomorrow", "", "--from: 'tomorrow' is no date and time; write it as 2026-"),
        ("2026-12-08T10:00", "", "--from: '2026-12-08T10:00' has no offset from UTC; write it"),
        ("2026-02-30", "", "--from: '2026-02-30' is no date"),
        ("0001-01-01", "", "--from: the year 1 is not one of this roster's"),
        ("", "9999-12-31", "--to: the year 9999 is not one of this roster's"),
    ],
)
def test_a_stretch_that_cannot_be_is_one_line(begin: str, end: str, fault: str) -> None:
    with pytest.raises(BadStretch) as caught:
        stretch(begin, end, NEW_YORK, MONDAY)
    assert len(caught.value.lines) == 1
    assert caught.value.lines[0].startswith(fault)


def test_gaps_are_asked_about_from_now_for_a_week_unless_said() -> None:
    now = datetime(2026, 12, 7, 12, 0, 30, 500, tzinfo=UTC)
    second = now.replace(microsecond=0)
    assert stretch("", "", NEW_YORK, now) == (second, second + timedelta(days=7))
    local = datetime(2026, 12, 9, 5, tzinfo=UTC)
    assert stretch("2026-12-09", "", NEW_YORK, now) == (local, local + timedelta(days=7))
    assert stretch("", "2026-12-09T10:00+02:00", NEW_YORK, now) == (
        second,
        datetime(2026, 12, 9, 8, tzinfo=UTC),
    )


def test_gaps_without_a_stretch_are_those_of_the_week_ahead(
    warmline: Run, fixed_clock: datetime
) -> None:
    (found,) = json.loads(warmline("gaps", "--json").stdout)
    begin, end = (datetime.fromisoformat(found[name]) for name in ("start", "end"))
    assert fixed_clock <= begin
    assert end - begin == timedelta(days=7)
    assert complaints(warmline("gaps", "--to", "2020-01-01"))[0].startswith("--to: Wed 2020-01-01")


def test_next_on_is_answered_for_the_line_each_language_and_channel_and_duty(
    warmline: Run, database_url: str
) -> None:
    place(database_url, CHI, 0, 6, 7)
    place(database_url, ANA, 0, 8, 9)
    place(database_url, DEE, 1, 8, 9)
    place(database_url, BO, 2, 8, 9)
    place(database_url, BO, 3, 8, 9, duty=True)
    asked = {LINE: 0, VOICE: 0, TEXT: 1, Subject("en"): 0, Subject("es"): 1, DUTY: 3}
    database = Database(database_url)
    with database.reading() as connection:
        for subject, day in asked.items():
            among = who_counts(1, subject)
            found = next_on(connection, 1, MONDAY, among=among, duty=subject.duty)
            assert found == MONDAY + timedelta(days=day, hours=8), subject
        nobody = next_on(connection, 1, MONDAY, among=who_counts(1, Subject("e")))
    database.close()
    assert nobody is None


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def test_gaps_has_help_without_a_setting_or_a_database() -> None:
    shown = CliRunner().invoke(app, ["gaps", "--help"], env={"DATABASE_URL": "nonsense"})
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Usage: ")
