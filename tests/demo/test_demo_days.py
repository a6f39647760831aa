"""The demo is well on every kind of day: each page opens, and whoever calls gets through."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from shifts.models import Person, Place
from tests.demo.conftest import running
from tests.desk.plain_browser import PlainBrowser
from warmline.demo.cast import LINE_NUMBER
from warmline.demo.stage import ZONE, first_evening, staged

AUTUMN, SPRING = date(2026, 10, 31), date(2027, 3, 13)
"""Two Saturdays; in the night after each the clocks change."""
LEAP, NEW_YEAR = date(2028, 2, 29), date(2029, 12, 31)
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""The first and the last evening that may be asked for."""
OF_DAYS = (
    *("/desk", "/desk/week", "/desk/week?view=day", "/desk/week?view=month"),
    *("/desk/week?view=hours", "/desk/place/1", "/desk/place/new", "/desk/copy", "/desk/publish"),
    *("/desk/patterns/new", "/desk/templates", "/desk/dates", "/desk/dates/1", "/desk/numbers"),
    "/desk/dates/new?words=24+and+31+dec",
    *("/desk/line/calendar", "/desk/history", "/desk/mine", "/desk/mine/letter", "/line/check"),
)
"""The pages that reckon with days."""


@pytest.mark.parametrize("day", [AUTUMN, SPRING, LEAP, NEW_YEAR, FIRST, LAST], ids=str)
def test_every_page_of_days_opens_and_a_call_gets_through(day: date) -> None:
    with running(first_evening(day), speed=0) as demo:
        browser = PlainBrowser(demo.url).open("/coordinator")
        assert "Today" in browser.text
        answers = {path: browser.open(path).answer.status_code for path in OF_DAYS}
        browser.close()
        assert {path: status for path, status in answers.items() if status != 200} == {}
        caller = demo.stage.cast.caller
        caller.dial(LINE_NUMBER)
        demo.goes_to(lambda: caller.talking_with == {"Bo"})
        caller.hang_up()


@pytest.mark.parametrize("day", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_shifts_keep_their_hours_when_the_clocks_change(day: date) -> None:
    chis = select(Place.starts_at, Place.ends_at).join(Person, Person.id == Place.person_id)
    zone = ZoneInfo(ZONE)
    with staged(first_evening(day)) as stage, stage.parts.database.reading() as db:
        found = db.execute(chis.where(Person.name == "Chi")).all()
    hours = {tuple(instant.astimezone(zone).hour for instant in row) for row in found}
    assert hours == {(17, 17), (23, 5), (11, 17)}
