"""For some days: a stand-in, or nobody, and a temporary roster; seen before, undone, ended."""

from datetime import timedelta

from sqlalchemy import select

from shifts.models import Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import EVENING, Town

DAY = 24


def planned(town: Town) -> None:
    """Bo has an evening on the next three days; Chi could stand in."""
    town.volunteer("Bo", on=None)
    town.volunteer("Chi", on=None)
    for day in (1, 2, 3):
        town.shift("Bo", day * DAY, day * DAY + 4)


def places(town: Town) -> list[tuple[int, str | None, str]]:
    """On which day after today, whose, and in which state; by start."""
    names = {number: name for name, number in town.people.items()}
    query = select(Place.starts_at, Place.person_id, Place.state).order_by(Place.starts_at)
    with town.parts.database.reading() as db:
        rows = db.execute(query).all()
    return [
        ((row.starts_at - EVENING) // timedelta(days=1), names.get(row.person_id), row.state)
        for row in rows
    ]


def away(town: Town, browser: PlainBrowser, **fields: str) -> PlainBrowser:
    browser.open("/desk/people").follow("Bo is away")
    form = {"first": "2030-03-05", "last": "2030-03-06", "stands_in": str(town.people["Chi"])}
    return browser.send("/desk/for-a-time/stand-in/preview", **(form | fields))


def test_a_stand_in_is_seen_before_and_asked_and_all_of_it_is_undone(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    browser = at_desk(town)
    before = places(town)
    away(town, browser)
    assert "Chi stands in for Bo" in browser.text
    assert "Tue 5 Mar, 6 PM \N{EN DASH} 10 PM Wed 6 Mar, 6 PM" in browser.text
    assert "These people are asked" in browser.text
    assert places(town) == before
    browser.send("/desk/for-a-time/stand-in")
    assert "Their shifts of these days are changed." in browser.text
    assert places(town) == [(1, "Chi", "asked"), (2, "Chi", "asked"), (3, "Bo", "agreed")]
    town.wait(70)
    assert "Tue 5 Mar" in town.phone("Chi").texts[-1].body
    browser.send("/desk/undo")
    assert places(town) == before


def test_what_speaks_against_a_stand_in_is_said_and_where_they_are_on_it_is_open(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    town.shift("Chi", DAY, DAY + 4)
    browser = at_desk(town, "Chi")
    browser.open("/desk/mine").send("/desk/mine/limits", most_hours_a_week="6")
    away(town, browser, last="2030-03-07")
    assert "More hours than they want in that week" in browser.text
    assert "These places open for whoever takes them Tue 5 Mar, 6 PM" in browser.text
    browser.send("/desk/for-a-time/stand-in")
    assert (1, None, "open") in places(town)


def test_nobody_stands_in_and_a_yes_held_by_the_coordinator_is_told_by_text(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    browser = at_desk(town)
    away(town, browser, stands_in="", last="2030-03-05").send("/desk/for-a-time/stand-in")
    assert places(town)[0] == (1, None, "open")
    away(town, browser, first="2030-03-06", agreed="yes")
    assert "They have said yes to you" in browser.text
    browser.send("/desk/for-a-time/stand-in")
    assert places(town)[1] == (2, "Chi", "agreed")
    town.wait(70)
    assert "Wed 6 Mar" in town.phone("Chi").texts[-1].body


def test_what_cannot_be_is_said_at_its_field(town: Town, at_desk: AtDesk) -> None:
    planned(town)
    browser = at_desk(town)
    away(town, browser, stands_in=str(town.people["Bo"]), last="soon")
    assert "Somebody else than who is away." in browser.text
    assert "A day such as 2026-11-28." in browser.text
    away(town, browser, first="2030-03-01", last="2030-03-02")
    assert "not before the first one, and not over" in browser.text
    away(town, browser, first="2030-04-01", last="2030-04-02")
    assert "no shift on these days" in browser.text
    away(town, browser, person="", stands_in="99")
    assert browser.text.count("not on the roster (any more)") == 2
    for form in ({"first": "2030-03-05"}, {"first": "2030-04-01", "last": "2030-04-01"}):
        fields = [*form.items(), ("person", str(town.people["Bo"]))]
        assert browser.post("/desk/for-a-time/stand-in", fields).status_code == 422
        assert browser.post("/desk/for-a-time/roster", fields[:1]).status_code == 422


def temporary(browser: PlainBrowser, **fields: str) -> PlainBrowser:
    browser.open("/desk/patterns").follow("For a time").follow("A temporary roster")
    form = {"first": "2030-03-05", "last": "2030-03-06", "starts_1": "20:00", "ends_1": "22:00"}
    return browser.send("/desk/for-a-time/roster/preview", **(form | fields))


def test_a_temporary_roster_stands_in_place_of_the_usual_one_and_is_ended(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    browser = at_desk(town)
    before = places(town)
    temporary(browser, who_1=str(town.people["Chi"]), starts_2="22:00", ends_2="02:00")
    assert "Hidden for these days" in browser.text
    assert "Tue 5 Mar, 6 PM \N{EN DASH} 10 PM: Bo" in browser.text
    assert "Chi: 2 shifts" in browser.text
    assert "Wed 6 Mar, 10 PM \N{EN DASH} 12 AM" in browser.text
    assert places(town) == before
    browser.send("/desk/for-a-time/roster")
    assert "The temporary roster is there." in browser.text
    found = [(whose, state) for _, whose, state in places(town)]
    assert found == [*(("Chi", "asked"), (None, "open")) * 2, ("Bo", "agreed")]
    browser.open("/desk/for-a-time")
    assert "The usual roster is hidden Tue" not in browser.text
    assert "5 Mar 2030, 12 AM to 7 Mar 2030, 12 AM" in browser.text
    browser.send("/desk/for-a-time/end")
    assert "It has ended." in browser.text
    assert places(town) == before
    browser.send("/desk/undo")
    assert len(places(town)) == 5


def test_when_it_ends_whoever_got_a_shift_meanwhile_keeps_that_one(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    browser = at_desk(town)
    temporary(browser, starts_1="", ends_1="").send("/desk/for-a-time/roster")
    town.shift("Bo", DAY, DAY + 1)
    browser.open("/desk/for-a-time").send("/desk/for-a-time/end")
    assert "the one that is back is open" in browser.text
    again = browser.post("/desk/for-a-time/end", [("change", "1")])
    assert again.status_code == 409
    assert "It has ended already." in again.text


def test_a_temporary_roster_that_cannot_be_is_said_at_its_field(
    town: Town, at_desk: AtDesk
) -> None:
    planned(town)
    browser = at_desk(town)
    temporary(browser, ends_1="late", who_1="99", last="2031-03-05")
    assert "A time such as 18:00." in browser.text
    assert "not on the roster (any more)" in browser.text
    assert "At most 62 days." in browser.text
    chi = str(town.people["Chi"])
    temporary(browser, who_1=chi, who_2=chi, starts_2="21:00", ends_2="23:00")
    assert "Somebody would be on twice at once." in browser.text
    fields = [*browser.page.forms[1]["fields"], ("starts_2", "21:00")]
    assert browser.post("/desk/for-a-time/roster", fields).status_code == 422


def test_only_coordinators_change_the_roster_for_a_time(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Ana", "viewer")
    for page in ("/desk/for-a-time", "/desk/for-a-time/stand-in", "/desk/for-a-time/roster"):
        assert browser.open(page).answer.status_code == 403
    assert "is away" not in browser.open("/desk/people").text
