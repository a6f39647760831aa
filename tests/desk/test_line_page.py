"""The line's own page, other places to call, and the history of the roster."""

from sqlalchemy import select

from shifts import hours
from tests.desk.conftest import AtDesk
from tests.stories.town import LINE, Town
from warmline.models import LineRules, OtherPlace


def test_the_lines_settings_are_changed_and_what_is_wrong_is_said(
    two_languages: Town, at_desk: AtDesk
) -> None:
    town = two_languages
    browser = at_desk(town).open("/desk/line")
    browser.send("/desk/line", patience_seconds="5", hours="evenings")
    assert browser.answer.status_code == 422
    assert "5 is not from 30 to 1800 seconds" in browser.text
    assert "names no two times" in browser.text
    browser.send("/desk/line", patience_seconds="90", hours="daily 18:00-23:00\nsat 12:00-15:00")
    assert "Kept." in browser.text
    with town.parts.database.reading() as db:
        assert db.scalar(select(LineRules.patience_seconds)) == 90
        assert len(hours.read(db, 1).weekly) == 2
    browser.send("/desk/line", wanted="2\nes=1 fri 18:00-22:00")
    fields = dict(browser.page.forms[1]["fields"])
    assert fields["wanted"].splitlines() == ["2", "es=1 fri 18:00-22:00"]
    browser.send("/desk/line", wanted="")
    assert dict(browser.page.forms[1]["fields"])["wanted"] == ""


def test_a_day_differs_and_is_usual_again(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/line")
    browser.send("/desk/line/day", day="2030-03-06", how="closed", note="Snow")
    assert "Wed 6 Mar 2030: closed (Snow)" in browser.text
    assert "Snow" in browser.open("/desk/week").text
    browser.open("/desk/line").send("/desk/line/day", day="2030-03-06", how="times", times="x")
    assert "two of them such as 12:00-18:00" in browser.text
    browser.send("/desk/line/day", day="2030-03-06", how="usual")
    assert "Wed 6 Mar" not in browser.text


def test_other_places_are_edited_each_with_its_word_on_police(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/line")
    browser.send("/desk/line/places", name=["Night line"], number=["555 0142"], on_police=[""])
    assert "its word on police" in browser.text
    assert ("name", "Night line") in browser.page.forms[3]["fields"]
    browser.send("/desk/line/places", on_police=["never sends police"])
    assert "Callers hear them from now on" in browser.text
    with town.parts.database.reading() as db:
        [row] = db.execute(select(OtherPlace.__table__)).all()
    assert (row.name, row.on_police, row.position) == ("Night line", "never sends police", 1)


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
