"""Numbers and planner: months and hours of nobody in particular, small ones told together."""

import csv
import io
from datetime import date

from sqlalchemy import insert

from tests.desk.conftest import AtDesk
from tests.stories.town import Town
from warmline.models.counts import DayCount, WeekCount


def counted(town: Town, day: date, **numbers: int) -> None:
    rows = [
        {"line_id": 1, "day": day, "what": what.replace("_", " "), "number": number}
        for what, number in numbers.items()
    ]
    with town.parts.database.writing() as db:
        db.execute(insert(DayCount), rows)


def test_with_nothing_counted_the_page_says_what_will_stand_there(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers")
    assert "Nobody has called yet" in browser.text
    assert "No shifts are over yet" in browser.text


def test_months_are_told_and_small_ones_together_with_their_neighbours(
    town: Town, at_desk: AtDesk
) -> None:
    counted(town, date(2029, 10, 3), offered=30, answered=25, not_reached=4, waited_30_s=20)
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


def test_the_typical_week_shows_when_callers_reach_nobody(town: Town, at_desk: AtDesk) -> None:
    counted(town, date(2030, 2, 5), offered=40, not_reached=20, waited_30_s=1)
    with town.parts.database.writing() as db:
        rows = [
            {"line_id": 1, "month": date(2030, 2, 1), "hour_of_week": 21, "what": what, "number": n}
            for what, n in (("offered", 40), ("not reached", 20))
        ]
        db.execute(insert(WeekCount), rows)
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers")
    assert "How many callers reach nobody" in browser.text
    assert "heat-4" in browser.answer.text


def test_funders_get_a_page_and_a_file(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(-30, -26))
    counted(town, date(2030, 2, 5), offered=40, answered=33, waited_2_min=12)
    browser = at_desk(town, "Ana", "viewer").open("/desk/numbers/funders")
    assert "40 people called or wrote, 33 talks came about, and volunteers gave 4" in browser.text
    assert "This line keeps no records of the people who call" in browser.text
    assert "Bo" not in browser.text
    rows = list(csv.reader(io.StringIO(browser.open("/desk/numbers/funders.csv").answer.text)))
    assert rows[0][:5] == ["from", "until", "offered", "answered", "not_reached"]
    assert rows[1] == ["2030-02-01", "2030-03-01", "40", "33", "0", "0", "12", "0", "0", "0"]
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
