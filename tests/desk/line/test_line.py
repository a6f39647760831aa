"""The line's own page, other places to call, and the history of the roster."""

import re
from datetime import date

from sqlalchemy import insert, select, update

from shifts.hours import opening_hours, wanted
from shifts.planning_models import ChangeCount
from tests.desk.conftest import AtDesk
from tests.stories.town import LINE, Town
from warmline.models.line import LineRules, OtherPlace
from warmline.models.people import Volunteer

Fields = dict[str, str | list[str]]


def test_the_lines_settings_are_changed_and_what_is_wrong_is_said(
    two_languages: Town, at_desk: AtDesk
) -> None:
    town = two_languages
    browser = at_desk(town).open("/desk/line")
    row: Fields = {"hours-1-from": "18:00"}
    browser.send("/desk/line", patience_seconds="", **row)
    assert browser.answer.status_code == 422
    assert "A number of seconds from 30 to 1800." in browser.text
    assert "Two times, such as from 18:00 to 23:00." in browser.text
    row["hours-1-to"] = "23:00"
    weekend: Fields = {"hours-2-days": ["5"], "hours-2-from": "12:00", "hours-2-to": "15:00"}
    browser.send("/desk/line", patience_seconds="5", **row, **weekend)
    assert "A number of seconds from 30 to 1800." in browser.text
    browser.send("/desk/line", patience_seconds="90")
    assert "Kept." in browser.text
    with town.parts.database.reading() as db:
        assert db.scalar(select(LineRules.patience_seconds)) == 90
        kept = opening_hours.read(db, 1).weekly
    assert [str(one) for one in kept] == ["daily 18:00-23:00", "sat 12:00-15:00"]


def test_numbers_are_wanted_of_anybody_and_of_each_language(
    two_languages: Town, at_desk: AtDesk
) -> None:
    town = two_languages
    browser = at_desk(town).open("/desk/line")
    anybody: Fields = {"wanted-1-who": "line", "wanted-1-number": "2"}
    spanish: Fields = {"wanted-2-who": "es", "wanted-2-number": "many", "wanted-2-days": ["4"]}
    browser.send("/desk/line", **anybody, **spanish)
    assert "A number from 0 to 50." in browser.text
    browser.send("/desk/line", **{"wanted-2-number": "1"})
    assert "Two times" in browser.text
    browser.send("/desk/line", **{"wanted-2-from": "18:00", "wanted-2-to": "22:00"})
    with town.parts.database.reading() as db:
        assert [str(one) for one in wanted.read(db, 1)] == ["2", "es=1 fri 18:00-22:00"]
    gone: Fields = {
        f"wanted-{n}-{name}": [] for n in (1, 2) for name in ("who", "number", "days", "from", "to")
    }
    browser.send("/desk/line", **gone)
    with town.parts.database.reading() as db:
        assert wanted.read(db, 1) == []


def test_no_row_is_lost_unseen_where_there_are_too_many(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/line")
    rows: Fields = {}
    for n in range(1, 52):
        rows |= {f"hours-{n}-from": f"{n // 60:02}:{n % 60:02}", f"hours-{n}-to": "23:00"}
    browser.send("/desk/line", **rows)
    assert browser.answer.status_code == 422
    assert "At most 50 rows" in browser.text
    browser.send("/desk/line", **{"hours-51-from": "", "hours-51-to": ""})
    with town.parts.database.reading() as db:
        assert len(opening_hours.read(db, 1).weekly) == 50
    browser.open("/desk/line").send("/desk/line")
    with town.parts.database.reading() as db:
        assert len(opening_hours.read(db, 1).weekly) == 50


def test_a_day_differs_and_is_usual_again(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/line")
    browser.send("/desk/line/day", day="2030-03-06", how="closed", note="Snow")
    assert "Wed 6 Mar 2030: closed (Snow)" in browser.text
    assert "Snow" in browser.open("/desk/week").text
    browser.open("/desk/line").send("/desk/line/day", day="2030-03-06", how="times", times="x")
    assert "two of them such as 12:00-18:00" in browser.text
    assert browser.follow("Español").path == "/desk/line"
    browser.follow("English")
    browser.send("/desk/line/day", day="2030-03-06", how="usual")
    assert "Wed 6 Mar" not in browser.text


def test_other_places_are_edited_each_with_its_word_on_police(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/line")
    browser.send("/desk/line/places", name=["Night line"], number=["555 0142"], on_police=[""])
    assert "its word on police" in browser.text
    kept = [one for form in browser.page.forms for one in form["fields"]]
    assert ("name", "Night line") in kept
    browser.send("/desk/line/places", on_police=["never sends police"])
    assert "Callers hear them from now on" in browser.text
    browser.send("/desk/line/places", checked_on=["2031-01-01", ""])
    assert "is not to come" in browser.text
    browser.send("/desk/line/places", checked_on=["2030-03-01", ""])
    with town.parts.database.reading() as db:
        [row] = db.execute(select(OtherPlace.__table__)).all()
    assert (row.name, row.on_police, row.position) == ("Night line", "never sends police", 1)
    public = browser.open("/").text
    assert "Night line , 555 0142: never sends police (checked on 1 Mar 2030)" in public


def test_the_history_names_who_changes_others_things_and_nobody_who_gives_up(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo", on=(24, 28))
    ana = at_desk(town).open("/desk/place/new")
    ana.send("/desk/place/new", day="2030-03-08", starts="18:00", ends="20:00")
    bo.write(LINE, "DROP 1")
    bo.write(LINE, "SHIFTS")
    town.wait(5)
    bo.write(LINE, "DROP 1")
    town.wait(5)
    ana.open("/desk/history")
    assert "Ana : added a shift Fri 8 Mar, 6 PM" in ana.text
    assert "A place opened." in ana.text
    assert "Bo" not in ana.text
    ana.send("/desk/history/undo")
    assert "undid a change" in ana.text
    assert "(undone)" in ana.text


def test_history_is_for_reading_to_whoever_only_looks(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town).open("/desk/place/new")
    ana.send("/desk/place/new", day="2030-03-08", starts="18:00", ends="20:00")
    viewer = at_desk(town, "Bo", "viewer").open("/desk/history")
    assert "Ana : added a shift" in viewer.text
    assert viewer.post("/desk/history/undo", [("change", "1")]).status_code == 403


def test_changes_of_long_ago_are_only_counted(town: Town, at_desk: AtDesk) -> None:
    with town.parts.database.writing() as db:
        row = {"line_id": 1, "month": date(2029, 11, 1), "kind": "remove", "number": 3}
        db.execute(insert(ChangeCount).values(row))
    assert "November 2029 took a shift off: 3" in at_desk(town).open("/desk/history").text


def test_the_lines_calendar_names_whom_it_may_and_ends_when_told(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(1, 3))
    town.volunteer("Chi", on=(1, 3))
    with town.parts.database.writing() as db:
        bo = Volunteer.person_id == town.people["Bo"]
        db.execute(update(Volunteer).where(bo).values(named=True))
    ana = at_desk(town).open("/desk/line/calendar")
    ana.send("/desk/line/calendar")
    [address] = re.findall(r"/line/calendar/\S+\.ics", ana.text)
    calendar = ana.http.get(address).text
    assert "Shift: Bo" in calendar
    assert "Shift: somebody" in calendar.replace("Somebody", "somebody")
    assert "Chi" not in calendar
    assert "+1" not in calendar
    ana.open("/desk/line/calendar")
    assert ".ics" not in ana.text
    ana.send("/desk/line/calendar/end")
    assert ana.http.get(address).status_code == 404
    assert at_desk(town, "Dee", "duty").open("/desk/line/calendar").answer.status_code == 403
