"""Ask for dates at the desk: days in plain words, whom it reaches first, a draft that is undone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from shifts.hours.opening_hours import Hours
from shifts.hours.weekly import window
from shifts.models import Person, Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.desk.roster.test_cover import quiet_all_day
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import Town, town_on
from warmline.desk.planning.date_poll_form import NoDay, days_in, rows_for
from warmline.models.people import Volunteer

NEW_YORK = ZoneInfo("America/New_York")
NOVEMBER = datetime(2026, 11, 27, 15, tzinfo=UTC)


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url, languages="en,es") as town:
        yield town


def listed(browser: PlainBrowser, words: str) -> PlainBrowser:
    return browser.open("/desk/dates").send("/desk/dates/new", words=words)


def drafts(town: Town) -> list[str]:
    names = {person: name for name, person in town.people.items()}
    query = select(Place.person_id).where(Place.state == "draft").order_by(Place.starts_at)
    with town.parts.database.reading() as db:
        return [names.get(person or 0, "-") for person in db.scalars(query)]


def asked(town: Town, ana: PlainBrowser) -> PlainBrowser:
    """12, 13 and 17 March, of which the last wants two; it shows the asking."""
    listed(ana, "12, 13 and 17 March").send("/desk/dates/preview", wanted=["1", "1", "2"])
    ana.send("/desk/dates")
    town.wait(5)
    return ana


def test_whom_it_reaches_is_said_first_and_nobody_is_asked_twice(
    town: Town, at_desk: AtDesk
) -> None:
    bo, _, dee = (town.volunteer(name, on=None) for name in ("Bo", "Chi", "Dee"))
    writes(town, dee, "AWAY 10 MAR TO 20 MAR")
    ana = at_desk(town)
    with town.parts.database.writing() as db:
        person = db.execute(insert(Person).values(line_id=1, name="Eli").returning(Person.id))
        invited = {"person_id": person.scalar_one(), "phone": "+14135550115", "agreed": "ask"}
        db.execute(insert(Volunteer).values(**invited, line_id=1, languages="en"))
    quiet_all_day(town, "Chi")
    ana.open("/desk/patterns").follow("Ask for dates")
    listed(ana, "12, 13 and 17 March")
    days = [value for name, value in ana.page.forms[1]["fields"] if name == "day"]
    assert days == ["2030-03-12", "2030-03-13", "2030-03-17"]
    ana.send("/desk/dates/preview")
    assert "2 people are asked now, by text. 1 person is in quiet hours" in ana.text
    assert "1 person is away, or has a shift, on all of these days" in ana.text
    assert "1 person has not said yes to texts of the line" in ana.text
    assert bo.texts == []
    pressed = list(ana.page.forms[1]["fields"])
    ana.send("/desk/dates")
    assert "They are asked by text" in ana.text
    assert "1 is asked after their quiet hours" in ana.text
    assert ana.post("/desk/dates", pressed).status_code == 200
    listed(ana, "13 March").send("/desk/dates/preview")
    assert "asked about these hours already" in ana.text
    town.wait(5)
    assert len(bo.texts) == 1


def test_a_draft_of_the_answers_is_undone_made_again_and_published(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo", on=None)
    ana = asked(town, at_desk(town))
    assert "you could: Tue 12 Mar, Wed 13 Mar, Sun 17 Mar" in writes(town, bo, "all")[0]
    writes(town, town.phone("Ana"), "the 12th and the 17th")
    ana.open(ana.path)
    assert "2: Ana, Bo 0 0" in ana.text
    assert "1: Bo 1 0" in ana.text
    ana.send(r".*/draft")
    assert "Nobody is asked before you publish it" in ana.text
    assert (drafts(town)[:2], sorted(drafts(town)[2:])) == (["Ana", "Bo"], ["Ana", "Bo"])
    ana.send("/desk/undo")
    assert drafts(town) == []
    ana.send(r".*/draft")
    ana.follow("Publish 4 drafts").send("/desk/publish")
    town.wait(70)
    assert "Riverside asks: 4 Wed 13 Mar" in bo.texts[-1].body
    assert "yours, Wed 13 Mar" in writes(town, bo, "OK 4")[0]
    assert "made a draft of answers" in ana.open("/desk/history").text


def test_what_does_not_fit_is_said_at_its_field_and_kept(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town)
    assert "Name at least one day" in listed(ana, "").text
    assert "Which day is “hogmanay”?" in listed(ana, "24 March, hogmanay").text
    assert dict(ana.page.forms[1]["fields"])["words"] == "24 March, hogmanay"
    listed(ana, "24 March").send("/desk/dates/preview", more="yes", name="Feast")
    many = {"day": ["2030-03-24", "2030-03-24", ""], "starts": ["18:00", "18:00", "18:00"]}
    many |= {"ends": ["22:00", "22:00", "22:00"], "wanted": ["1", "1", "1"]}
    ana.send("/desk/dates/preview", **many, name=["Feast", "", ""], until="2030-03-25")
    assert "People are asked about these hours already" in ana.text
    assert "not after the last of these days" in ana.text
    assert ("name", "Feast") in ana.page.forms[1]["fields"]
    ana.send("/desk/dates/preview", day="2030-03-04", starts="5:00", wanted="0", until="")
    for words in ("A time such as 18:00", "A number from 1 to 20", "A day from tomorrow on"):
        assert words in ana.text
    ana.send("/desk/dates/preview", starts="05:00", wanted="2", until="2030-03-05")
    assert "Hours that are still to come" in ana.text
    assert ana.open("/desk/dates/7").answer.status_code == 404
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Place)) == 0


def test_a_closed_one_takes_no_answers_and_asks_nobody_else(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    writes(town, bo, "QUIET 5PM-6:05PM")
    ana = at_desk(town)
    listed(ana, "24 March").send("/desk/dates/preview").send("/desk/dates").send(r".*/close")
    assert "Closed: no more answers are taken" in ana.text
    before = len(bo.texts)
    town.wait(400)
    assert len(bo.texts) == before
    assert "gathered already" in writes(town, town.phone("Ana"), "all")[0]
    assert "Make a draft" in ana.text


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("24, 25 and 31 December", "en", ["12-24", "12-25", "12-31"]),
        ("December 24 & 25, 1 Jan", "en", ["12-24", "12-25", "01-01"]),
        ("24, 25 y 31 de diciembre", "es", ["12-24", "12-25", "12-31"]),
        ("el 24 y el 31 de dic", "en", ["12-24", "12-31"]),
        ("24 dec to 26 dec", "en", ["12-24", "12-25", "12-26"]),
        ("the 3rd, sunday", "en", ["11-29", "12-03"]),
        ("el 1ro, el 2do y el 3º de diciembre", "es", ["12-01", "12-02", "12-03"]),
        ("2026-12-24\n25 dec 2026", "en", ["12-24", "12-25"]),
        ("", "en", []),
    ],
)
def test_days_in_plain_words(text: str, language: str, found: list[str]) -> None:
    days = days_in(text, NOVEMBER, NEW_YORK, language)
    assert [f"{day:%m-%d}" for day in days] == found
    assert all(day >= date(2026, 11, 27) for day in days)


@pytest.mark.parametrize(
    ("weekly", "found"),
    [
        ("daily 16:00-02:00", ("16:00", "02:00")),
        ("mon-fri 12:00-15:00", ("12:00", "15:00")),
        ("sat,sun 12:00-15:00", ("18:00", "22:00")),
        ("daily 00:00-24:00", ("18:00", "22:00")),
    ],
)
def test_the_hours_offered_are_those_that_begin_on_the_day(
    weekly: str, found: tuple[str, str]
) -> None:
    opened = Hours((window(weekly),))
    day = date(2026, 12, 24)
    [row] = rows_for([day], opened, 2, {day: "Christmas Eve"}, NEW_YORK)
    assert (row["starts"], row["ends"]) == found
    assert (row["day"], row["wanted"], row["name"]) == ("2026-12-24", "2", "Christmas Eve")


@pytest.mark.parametrize("text", ["soon", "31 november", "12/5", "24 dec 6pm", "dec to may"])
def test_words_that_name_no_day(text: str) -> None:
    with pytest.raises(NoDay):
        days_in(text, NOVEMBER, NEW_YORK, "en")
