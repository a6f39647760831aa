"""Patterns at the desk: looked at before anything changes, made, changed from a day on, ended."""

from sqlalchemy import func, select

from shifts.models import Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import Town


def places(town: Town) -> int:
    with town.parts.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Place)) or 0


def typed(browser: PlainBrowser, **fields: str | list[str]) -> PlainBrowser:
    form: dict[str, str | list[str]] = {"name": "Evenings", "weekdays": ["1", "3"]}
    form |= {"starts": "18:00", "ends": "22:00"} | fields
    return browser.open("/desk/patterns/new").send("/desk/patterns/preview", **form)


def test_eight_weeks_are_seen_before_anything_changes(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=None)
    browser = typed(at_desk(town), persons=[str(town.people["Bo"])], open_places="1")
    assert "Tue and Thu every week, 18:00\N{EN DASH}22:00: Bo and 1 open place" in browser.text
    assert "Tue 5 Mar, 6 PM \N{EN DASH} 10 PM : Bo, Needs someone" in browser.text.replace(
        "PM: ", "PM : "
    )
    assert places(town) == 0
    browser.send("/desk/patterns")
    assert "its shifts for eight weeks" in browser.text
    assert places(town) == 32
    assert "Evenings" in browser.text


def test_a_pattern_is_changed_from_a_day_on_and_the_change_is_undone(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=None)
    who = [str(town.people["Bo"])]
    browser = typed(at_desk(town), persons=who, open_places="0").send("/desk/patterns")
    before = places(town)
    browser.follow("Change")
    fields = dict(browser.page.forms[1]["fields"])
    assert fields["name"] == "Evenings"
    changed: dict[str, str | list[str]] = {"from": "2030-04-01", "weekdays": ["1"]}
    browser.send("/desk/patterns/preview", **changed)
    assert "Shifts that go" in browser.text
    assert places(town) == before
    browser.send("/desk/patterns")
    assert places(town) < before
    browser.open("/desk/week").send("/desk/undo")
    assert places(town) == before


def test_groups_take_turns(town: Town, at_desk: AtDesk) -> None:
    for name in ("Bo", "Chi", "Dee"):
        town.volunteer(name, on=None)
    browser = typed(at_desk(town), how="turns", groups="Bo; Chi\nZed", open_places="0")
    assert "Names as they stand on the roster" in browser.text
    assert dict(browser.page.forms[1]["fields"])["groups"] == "Bo; Chi\nZed"
    browser.send("/desk/patterns/preview", groups="Bo; Chi\nDee", unit="shift")
    assert "in turns of shifts: Bo + Chi, Dee" in browser.text
    browser.send("/desk/patterns")
    assert places(town) == 24


def test_what_does_not_fit_is_said_and_kept(town: Town, at_desk: AtDesk) -> None:
    browser = typed(at_desk(town), weekdays=[], first_day="soon")
    assert "Choose at least one day" in browser.text
    assert "A day such as 2026-11-28" in browser.text
    browser = typed(browser, kind="dates", dates="31 -1", name="Ends of months", open_places="1")
    assert "on 31 -1 of each month" in browser.text


def test_a_pattern_ends_and_who_said_yes_keeps_theirs(town: Town, at_desk: AtDesk) -> None:
    browser = typed(at_desk(town), open_places="2").send("/desk/patterns")
    browser.send(r"/desk/patterns/\d+/end")
    assert "makes no more shifts" in browser.text
    assert places(town) == 0


def test_holidays_are_offered_and_close_the_line_when_wished(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/patterns")
    assert "Independence Day" in browser.text
    form = next(one for one in browser.page.forms if one["action"] == "/desk/patterns/holiday")
    day = dict(form["fields"])["day"]
    browser.send("/desk/patterns/holiday")
    assert "The line is closed on that day" in browser.text
    assert "closed" in browser.open(f"/desk/week?view=day&day={day}").text
