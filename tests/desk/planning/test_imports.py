"""A roster from a file at the desk: looked at first, refused by line, one step to undo."""

import pytest
from sqlalchemy import func, select

from shifts.models import Place
from shifts.planning_models import RosterChange
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import NUMBERS, Town

HEAD = "starts,ends,phone,agreed\n"
EVENING = "2030-03-07T18:00:00-05:00,2030-03-07T22:00:00-05:00"
NIGHT = "2030-03-08T22:00:00-05:00,2030-03-09T02:00:00-05:00"
EVENT = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:evening@example.org
DTSTART:20300307T230000Z
DURATION:PT4H
ATTENDEE:tel:{phone}
END:VEVENT
END:VCALENDAR
"""


def number_of_places(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.execute(select(func.count(Place.id))).scalar_one()


def uploads(browser: PlainBrowser, data: bytes, name: str = "roster.csv") -> PlainBrowser:
    """The form sent as browsers send it with a file chosen."""
    files = [("file", (name, data, "text/csv")), ("paste", (None, b"", None))]
    ours = {"origin": browser.url, "sec-fetch-site": "same-origin"}
    return browser._seen(browser.http.post("/desk/import", files=files, headers=ours))


def test_a_file_is_looked_at_brought_in_and_undone_as_one(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    ana = at_desk(town)
    rows = f"{HEAD}{EVENING},{NUMBERS['Bo']},yes\n{NIGHT},{NUMBERS['Bo']},\n{NIGHT},,\n"
    uploads(ana, rows.encode("utf-8-sig"))
    assert "3 shifts come" in ana.text
    assert "1 shift is asked about by text" in ana.text
    assert "1 person is told by text" in ana.text
    assert number_of_places(town) == 0
    ana.send("/desk/import/do")
    assert "The file is in the roster" in ana.text
    assert number_of_places(town) == 3
    town.wait(70)
    assert any("Thu 7 Mar 6 PM-10 PM" in one.body for one in bo.texts)
    uploads(ana, rows.encode())
    assert "all of it is there already" in ana.text
    ana.open("/desk/week").send("/desk/undo")
    assert "Undone" in ana.text
    assert number_of_places(town) == 0
    with town.parts.database.reading() as db:
        assert set(db.scalars(select(RosterChange.by_id))) == {town.people["Ana"]}


def test_a_pasted_calendar_comes_in_too(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=None)
    ana = at_desk(town).open("/desk/import")
    ana.send("/desk/import", file="", paste=EVENT.format(phone=NUMBERS["Bo"]), agreed="yes")
    assert "1 shift comes" in ana.text
    ana.send("/desk/import/do")
    assert "6 PM \N{EN DASH} 10 PM agreed" in ana.open("/desk/week?day=2030-03-07").text


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Choose a file, or paste"),
        ("starts,ends\n", "line 1, column phone: is missing from the header"),
        (f"{HEAD}soon,{EVENING.split(',')[1]},,\n", "line 2, column starts: 'soon' is no date"),
        (f"{HEAD}{EVENING},{NUMBERS['Ana']},\n" * 2, "line 3"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR", "line 2"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_what_was_pasted_is_kept(
    town: Town, at_desk: AtDesk, pasted: str, said: str
) -> None:
    ana = at_desk(town).open("/desk/import")
    ana.send("/desk/import", file="", paste=pasted)
    assert ana.answer.status_code == 422
    assert said in ana.text
    assert ("paste", pasted.strip()) in ana.page.forms[1]["fields"]
    assert number_of_places(town) == 0


def test_phones_of_nobody_are_named_and_nothing_can_be_brought_in(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town).open("/desk/import")
    ana.send("/desk/import", file="", paste=f"{HEAD}{EVENING},+14135550199,\n")
    assert "Nobody on the roster has these phones" in ana.text
    assert "+14135550199" in ana.text
    assert not [one for one in ana.page.forms if one["action"] == "/desk/import/do"]


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", "mañana".encode("latin-1")])
def test_a_file_that_is_no_text_is_refused_in_words(
    town: Town, at_desk: AtDesk, data: bytes
) -> None:
    ana = uploads(at_desk(town), data, "roster.xlsx")
    assert ana.answer.status_code == 422
    assert "not text in UTF-8" in ana.text
