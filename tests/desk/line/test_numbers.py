"""Numbers and planner: months and hours of nobody in particular, small ones told together."""

import csv
import io
from datetime import date

from sqlalchemy import insert

from tests.desk.conftest import AtDesk
from tests.stories.town import Town
from warmline.models.counts import DayCount
from warmline.models.privacy import Note


def counted(town: Town, day: date, **numbers: int) -> None:
    rows = [
        {"line_id": 1, "day": day, "what": what.replace("_", " "), "number": number}
        for what, number in numbers.items()
    ]
    with town.parts.database.writing() as db:
        db.execute(insert(DayCount), rows)


def noted(town: Town, day: date, number: int, **other: object) -> None:
    """So many callers of that day said yes."""
    when = {"line_id": 1, "day": day, "hour": 21, "language": "en", "promise_version": 1}
    fared = {"wait": "waited 2 min", "length": "15 to 30 min", "answered": True}
    with town.parts.database.writing() as db:
        db.execute(insert(Note), [when | fared | {"channel": "voice"} | other] * number)


def test_with_nothing_counted_the_page_says_what_will_stand_there(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers")
    assert "Nobody has called yet" in browser.text
    assert "No shifts are over yet" in browser.text


def test_months_are_told_and_small_ones_together_with_their_neighbours(
    town: Town, at_desk: AtDesk
) -> None:
    counted(town, date(2029, 10, 3), offered=30, answered=25, not_reached=4)
    counted(town, date(2029, 11, 3), offered=9, answered=9)
    counted(town, date(2029, 12, 3), offered=8, answered=6)
    counted(town, date(2030, 1, 3), offered=2, answered=1)
    counted(town, date(2030, 2, 3), offered=40, answered=38)
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers")
    assert "Oct 2029" in browser.text
    assert "Jan \N{EN DASH} Mar 2030" in browser.text
    assert "Jan 2030" not in browser.text.replace("\N{EN DASH} ", "")
    assert browser.answer.text.count("<rect") >= 8
    assert "Oct 2029 30 25 4" in browser.text


def test_what_a_yes_adds_is_told_with_how_many_of_all_it_speaks_for(
    town: Town, at_desk: AtDesk
) -> None:
    counted(town, date(2030, 2, 5), offered=204, answered=150, not_reached=54)
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers")
    assert "this speaks for 0 of 204 calls" in browser.text
    noted(town, date(2030, 2, 5), 4)
    assert "Fewer than five of 204 calls" in browser.open("/desk/numbers").text
    assert "Answered within" not in browser.text
    noted(town, date(2030, 2, 5), 20)
    noted(town, date(2030, 2, 4), 7, answered=False, length="none", wait="left later", hour=9)
    for page in ("/desk/numbers", "/desk/numbers/funders"):
        assert "This speaks for 31 of 204 calls." in browser.open(page).text
        assert "Answered within 2 minutes 24" in browser.text
        assert "15 to 30 minutes 24" in browser.text
        assert "English 24 7" in browser.text
    assert "heat-4" in browser.answer.text
    assert "is known of 31 of 204 calls" in browser.open("/desk/planner").text


def test_with_few_notes_the_planner_names_no_hour(town: Town, at_desk: AtDesk) -> None:
    counted(town, date(2030, 2, 5), offered=204)
    noted(town, date(2030, 2, 5), 19)
    browser = at_desk(town, "Ana", "viewer").open("/desk/planner")
    assert "Which hours are thin cannot be said yet: fewer than 20 calls" in browser.text
    assert "callers would leave" not in browser.text


def test_funders_get_a_page_and_a_file(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(-30, -26))
    counted(town, date(2030, 2, 5), offered=40, answered=33)
    noted(town, date(2030, 2, 5), 12)
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers/funders")
    assert "40 people called or wrote, 33 talks came about, and volunteers gave 4" in browser.text
    assert "This line keeps no records of the people who call" in browser.text
    assert "This speaks for 12 of 40 calls." in browser.text
    assert "Bo" not in browser.text
    rows = list(csv.reader(io.StringIO(browser.open("/desk/numbers/funders.csv").answer.text)))
    assert rows[0] == ["from", "until", "offered", "answered", "not_reached"]
    assert rows[1] == ["2030-02-01", "2030-03-01", "40", "33", "0"]
    assert rows[3][:4] == ["from", "until", "speaks_for", "of"]
    of_notes = dict(zip(rows[3], rows[4], strict=True))
    assert (of_notes["speaks_for"], of_notes["of"]) == ("12", "40")
    assert (of_notes["waited_2_min"], of_notes["took_15_to_30_min"]) == ("12", "12")
    assert rows[-1] == ["2030-03-01", "4.0"]


def test_the_planner_says_how_callers_would_fare(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Ana", "viewer").open("/desk/planner")
    shares = [one.split("%")[0] for one in browser.answer.text.split("heat-")[1:]]
    leave = [int(one.split(">")[1]) for one in shares]
    assert len(leave) == 8
    assert leave == sorted(leave, reverse=True)
    browser.send("/desk/planner", callers="many")
    assert browser.answer.status_code == 422
    assert "Plain numbers, please" in browser.text
    assert ("callers", "many") in browser.page.forms[1]["fields"]
