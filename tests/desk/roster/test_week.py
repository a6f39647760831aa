"""The roster at the desk without any script: planned, warned of, published, undone."""

import re
from typing import Any

import pytest
from sqlalchemy import insert, select

from shifts.history import forgetting
from shifts.models import Away, Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import HOUR, LINE, Town
from warmline.desk.roster import undo_redo

MONDAY = "2030-03-04"
"""Today in the town; it is six in the evening there."""
THURSDAY = "2030-03-07"


def plans(browser: PlainBrowser, **fields: str) -> PlainBrowser:
    """One more shift, as typed."""
    given = {"day": THURSDAY, "starts": "18:00", "ends": "22:00"} | fields
    return browser.open("/desk/place/new").send("/desk/place/new", **given)


def places(town: Town) -> list[tuple[str, int | None]]:
    with town.parts.database.reading() as db:
        found = select(Place.state, Place.person_id).order_by(Place.starts_at, Place.id)
        return [(row.state, row.person_id) for row in db.execute(found)]


def chip(browser: PlainBrowser, words: str) -> str:
    """The address of the shift whose words these are."""
    links = [one for one in browser.page.links if re.fullmatch(r"/desk/place/\d+", one[1])]
    found = [href for said, href in links if words in said]
    assert found, browser.page.links
    return found[0]


def test_a_week_is_planned_published_and_answered_by_text(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    browser = at_desk(town)
    plans(browser, who=str(town.people["Bo"]))
    assert "The shift is on the roster" in browser.text
    assert "6 PM \N{EN DASH} 10 PM draft" in browser.text
    plans(browser)
    browser.follow("Publish 2 drafts")
    assert "Bo: 1 shift" in browser.text
    browser.send("/desk/publish")
    assert "Published. Whoever is asked gets a text" in browser.text
    assert {state for state, _ in places(town)} == {"asked", "open"}
    town.wait(70)
    asked = bo.texts[-1].body
    assert "Thu 7 Mar 6 PM-10 PM" in asked
    bo.write(LINE, "OK")
    town.wait(5)
    assert ("agreed", town.people["Bo"]) in places(town)
    assert "6 PM \N{EN DASH} 10 PM agreed" in browser.open(f"/desk/week?day={THURSDAY}").text


def test_undo_and_redo_go_back_and_forth_in_order(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    plans(browser)
    plans(browser, starts="10:00", ends="12:00")
    assert len(places(town)) == 2
    browser.send("/desk/undo")
    assert "Undone" in browser.text
    assert len(places(town)) == 1
    browser.send("/desk/undo")
    assert places(town) == []
    browser.send("/desk/redo").send("/desk/redo")
    assert len(places(town)) == 2
    browser.send("/desk/undo")
    plans(browser, starts="08:00", ends="09:00")
    assert "cannot be undone" in browser.send("/desk/redo").text
    assert len(places(town)) == 2
    browser.open("/desk/week").send("/desk/undo").send("/desk/undo")
    assert places(town) == []


def test_undo_refuses_what_somebody_else_has_changed_since(town: Town, at_desk: AtDesk) -> None:
    ana, bo = at_desk(town), at_desk(town, "Bo")
    plans(ana)
    bo.open(f"/desk/week?day={THURSDAY}")
    bo.open(chip(bo, "6 PM")).send(r"/desk/place/\d+", starts="19:00")
    ana.open("/desk/week").send("/desk/undo")
    assert ana.answer.status_code == 409
    assert "Something has changed since then" in ana.text
    assert len(places(town)) == 1


def test_of_two_who_edit_one_shift_the_second_is_shown_what_changed(
    town: Town, at_desk: AtDesk
) -> None:
    ana, bo = at_desk(town), at_desk(town, "Bo")
    plans(ana)
    address = chip(ana, "6 PM")
    for browser in (ana, bo):
        browser.open(address)
    ana.send(r"/desk/place/\d+", ends="23:00")
    bo.send(r"/desk/place/\d+", starts="17:00")
    assert bo.answer.status_code == 422
    assert "Somebody has changed this shift meanwhile" in bo.text
    assert "It is now: Thu 7 Mar, 6 PM \N{EN DASH} 11 PM, Needs someone, draft." in bo.text
    assert ("starts", "17:00") in bo.page.forms[1]["fields"]
    bo.send(r"/desk/place/\d+")
    assert "The shift is changed" in bo.text
    assert "5 PM \N{EN DASH} 10 PM" in bo.text


def test_what_speaks_against_a_shift_is_said_before_it_is_saved(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    browser = at_desk(town)
    who = str(town.people["Bo"])
    plans(browser, who=who)
    assert browser.answer.status_code == 422
    assert "They are on the roster already then: Thu 7 Mar" in browser.text
    now = town.network.now()
    with town.parts.database.writing() as db:
        days = {"starts_at": now + 20 * HOUR, "ends_at": now + 40 * HOUR}
        db.execute(insert(Away).values(person_id=town.people["Bo"], **days))
    plans(browser, who=who, day="2030-03-05")
    assert "They have said that they are away" in browser.text
    assert len(places(town)) == 1
    [box] = [one for one in browser.answer.text.split("<") if 'name="all_the_same"' in one]
    seen = box.split('value="')[1].split('"')[0]
    browser.send("/desk/place/new", all_the_same=seen)
    assert "The shift is on the roster" in browser.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "soon"}, "A day such as"),
        ({"starts": "six"}, "A time such as 18:00"),
        ({"ends_day": "2030-04-01"}, "within eight days"),
        ({"who": "999"}, "not on the roster"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_nothing_is_lost(
    town: Town, at_desk: AtDesk, fields: dict[str, str], said: str
) -> None:
    browser = plans(at_desk(town), **fields)
    assert browser.answer.status_code == 422
    assert said in browser.text
    kept = dict(browser.page.forms[1]["fields"])
    expected = {"day": THURSDAY, "ends": "22:00"} | {k: v for k, v in fields.items() if k != "who"}
    assert expected.items() <= kept.items()
    assert places(town) == []


def test_a_yes_holds_for_shorter_hours_and_is_asked_for_anew_for_longer_ones(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    browser = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    browser.open(chip(browser, "agreed")).send(r"/desk/place/\d+", ends="21:00")
    assert places(town) == [("agreed", town.people["Bo"])]
    browser.open(chip(browser, "agreed")).send(r"/desk/place/\d+", ends="23:00")
    assert "they are asked again" in browser.text
    assert places(town) == [("asked", town.people["Bo"])]


def test_whose_yes_a_coordinator_holds_hears_of_it_and_can_say_no(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo", on=None)
    plans(at_desk(town), who=str(town.people["Bo"]), how="yes")
    assert places(town) == [("agreed", town.people["Bo"])]
    town.wait(70)
    assert "not so? NO 1" in bo.texts[-1].body.replace("Not so", "not so")


def test_a_night_shift_stands_on_both_days(town: Town, at_desk: AtDesk) -> None:
    browser = plans(at_desk(town), starts="22:00", ends="02:00")
    assert "10 PM \N{EN DASH} Fri 2 AM draft" in browser.text
    assert "until 2 AM from Thu draft" in browser.text


def test_the_day_the_clocks_change_is_spelled_out(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/week?day=2030-03-10")
    assert "The clocks go forward: this day has 23 hours" in browser.text
    assert "this day has 25 hours" in browser.open("/desk/week?view=day&day=2030-11-03").text


def test_a_week_is_copied_and_a_shift_is_split_and_removed(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(72, 76))
    browser = at_desk(town).open(f"/desk/copy?day={THURSDAY}")
    browser.send("/desk/copy", to="2030-03-01")
    assert "A day after the one that is copied" in browser.text
    browser.send("/desk/copy", to="2030-03-14", times="2")
    assert "Copied, as drafts" in browser.text
    assert [state for state, _ in places(town)] == ["agreed", "draft", "draft"]
    browser.open(chip(browser, "6 PM"))
    browser.send(r"/desk/place/\d+/split", at="09:00")
    assert "A time between the start and the end" in browser.text
    browser.send(r"/desk/place/\d+/split", at="20:00")
    assert "There are two shifts now" in browser.text
    browser.open(chip(browser, "8 PM")).send(r"/desk/place/\d+/remove")
    assert "The shift is off the roster" in browser.text
    assert len(places(town)) == 3


@pytest.mark.parametrize("view", ["week", "day", "month"])
@pytest.mark.parametrize("role", ["viewer", "coordinator"])
def test_every_view_shows_what_its_reader_may_see(
    town: Town, at_desk: AtDesk, view: str, role: str
) -> None:
    town.volunteer("Bo", on=(72, 76))
    add_draft(town)
    browser = at_desk(town, "Ana", role).open(f"/desk/week?view={view}&day={THURSDAY}")
    assert browser.answer.status_code == 200
    drafts_seen = "Publish 1 draft" in browser.text
    assert drafts_seen == (role == "coordinator")
    assert ("Add a shift" in browser.text) == (role == "coordinator")


def add_draft(town: Town) -> None:
    now = town.network.now()
    with town.parts.database.writing() as db:
        times = {"starts_at": now + 72 * HOUR, "ends_at": now + 74 * HOUR}
        db.execute(insert(Place).values(line_id=1, state="draft", **times))


def test_filters_stand_in_the_address(two_languages: Town, at_desk: AtDesk) -> None:
    town = two_languages
    town.volunteer("Bo", languages="es", on=(72, 76))
    town.volunteer("Chi", on=(72, 76))
    browser = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    browser.send("/desk/week", language="es")
    assert "language=es" in browser.path
    rows = rows_of(browser)
    assert "Bo" in rows
    assert "Chi" not in rows
    browser.open(f"/desk/week?day={THURSDAY}&who=me")
    assert rows_of(browser) == ["Needs someone", "Ana", "On duty"]
    browser.open(f"/desk/week?day={THURSDAY}&state=open")
    assert "agreed" not in browser.text.split("Whose shifts are when")[1]


def rows_of(browser: PlainBrowser) -> list[str]:
    html: str = browser.answer.text
    heads = [one.split("</th>")[0] for one in html.split('role="rowheader">')[2:]]
    return [one.split("<br>")[0].strip() for one in heads]


def test_phone_numbers_are_shown_only_when_asked_for(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town).open("/desk/week")
    assert "+1413" not in browser.text
    assert "+14135550111" in browser.open("/desk/week?phones=yes").text
    viewer = at_desk(town, "Bo", "viewer").open("/desk/week?phones=yes")
    assert "+1413" not in viewer.text


def test_nobody_but_a_coordinator_changes_the_roster(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Bo", "duty")
    fields: list[tuple[str, Any]] = [("day", THURSDAY), ("starts", "18:00"), ("ends", "22:00")]
    for path in ("/desk/place/new", "/desk/publish", "/desk/copy", "/desk/undo"):
        assert browser.post(path, fields).status_code == 403
    assert places(town) == []


def test_a_week_is_kept_as_a_template_and_put_into_another(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(72, 76))
    browser = at_desk(town).open("/desk/templates?day=2030-04-01")
    browser.send("/desk/templates", name="Spring")
    assert "a week that has shifts" in browser.text
    browser.send("/desk/templates", name="Spring", day=THURSDAY)
    assert "The week is kept as a template" in browser.text
    browser.send("/desk/templates/preview", day="2030-03-14")
    assert "Thu 14 Mar, 6 PM \N{EN DASH} 10 PM: Bo" in browser.text
    assert len(places(town)) == 1
    browser.send("/desk/templates/put")
    assert "Copied, as drafts" in browser.text
    assert places(town) == [("agreed", town.people["Bo"]), ("draft", town.people["Bo"])]
    browser.open("/desk/templates").send("/desk/templates/preview", day="2030-03-14")
    assert "nothing to copy" in browser.text
    browser.open("/desk/templates").send("/desk/templates/preview", day="2030-03-14", how="instead")
    assert "These drafts go" in browser.text
    browser.open("/desk/week").send("/desk/undo")
    assert len(places(town)) == 1
    browser.open("/desk/templates").send("/desk/templates/forget")
    assert "The template is gone" in browser.text


def test_who_changed_what_is_not_known_for_longer_than_ninety_days(
    town: Town, at_desk: AtDesk
) -> None:
    plans(at_desk(town))
    later = town.network.now() + 91 * 24 * HOUR
    with town.parts.database.writing() as db:
        assert undo_redo.forget(db, later) == 0
        assert forgetting.forget(db, later) == 1
        assert undo_redo.forget(db, later) == 1
