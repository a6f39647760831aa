"""The fifteen things that a coordinator expects of a roster, one by one and without any script.

What a mouse, keys or a finger add to them is in test_hands.py.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from shifts.hours import opening_hours, wanted
from shifts.hours.wanted import LINE, Wish
from shifts.hours.weekly import window
from shifts.models import Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import HOUR, Town, town_on
from warmline.models.counts import DayCount
from warmline.models.people import Volunteer
from warmline.models.privacy import Note

MONDAY, THURSDAY, FRIDAY = "2030-03-04", "2030-03-07", "2030-03-08"
DASH = "\N{EN DASH}"


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with town_on(sqlite_url) as town:
        yield town


def plans(browser: PlainBrowser, **fields: str) -> PlainBrowser:
    given = {"day": THURSDAY, "starts": "18:00", "ends": "22:00"} | fields
    browser.open("/desk/place/new").send("/desk/place/new", **given)
    assert "The shift is on the roster" in browser.text
    return browser


def spans(town: Town) -> list[tuple[str, str]]:
    """Every shift's start and end in the line's time, by start."""
    with town.parts.database.reading() as db:
        rows = db.execute(select(Place.starts_at, Place.ends_at).order_by(Place.starts_at)).all()
    east = timedelta(hours=-5)
    return [(f"{a + east:%d %H:%M}", f"{b + east:%d %H:%M}") for a, b in rows]


def first_place(browser: PlainBrowser, words: str = "") -> str:
    links = [one for one in browser.page.links if re.fullmatch(r"/desk/place/\d+", one[1])]
    return next(href for said, href in links if words in said)


def of_table(browser: PlainBrowser) -> str:
    """The words of the grid alone, without the list for small screens."""
    html: str = browser.answer.text
    inner = html.split('id="roster"')[1].split("</table>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", inner).split())


def test_1_a_shift_is_made_moved_and_made_longer_by_single_taps(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=None)
    ana = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    ana.follow("+Add a shift: Bo, Fri 8 Mar")
    fields = dict(ana.page.forms[1]["fields"])
    assert (fields["who"], fields["day"]) == (str(town.people["Bo"]), FRIDAY)
    ana.send("/desk/place/new", starts="18:00", ends="22:00")
    for button, after in {
        "earlier_day": ("07 18:00", "07 22:00"),
        "later_hour": ("07 19:00", "07 23:00"),
        "later_quarter": ("07 19:15", "07 23:15"),
        "longer": ("07 19:15", "07 23:30"),
    }.items():
        ana.open(f"{first_place(ana)}/move").send(r"/desk/place/\d+/move", by=button)
        assert "The shift is changed" in ana.text, button
        assert spans(town) == [after]
    ana.open(f"{first_place(ana)}/move")
    ana.page.forms = ana.page.forms[-1:]
    ana.send(r"/desk/place/\d+/move", who=str(town.people["Ana"]))
    with town.parts.database.reading() as db:
        assert db.scalar(select(Place.person_id)) == town.people["Ana"]


def test_2_a_day_a_week_and_selected_shifts_are_copied(town: Town, at_desk: AtDesk) -> None:
    ana = plans(at_desk(town))
    ana.open(f"/desk/copy?day={THURSDAY}").send("/desk/copy", what="day", to=FRIDAY)
    ana.open(f"/desk/copy?day={THURSDAY}").send("/desk/copy", to="2030-03-21")
    ana.open(f"/desk/week?day={THURSDAY}").follow("Select several")
    boxes = re.findall(r'name="place" value="([\d-]+)"', ana.answer.text)
    ana.send("/desk/picked", what="copy", to="2030-03-05", place=boxes[0])
    assert [one[0][:2] for one in spans(town)] == ["05", "07", "08", "21", "22"]


def test_3_a_week_is_a_template_and_a_series_is_a_pattern(town: Town, at_desk: AtDesk) -> None:
    ana = plans(at_desk(town)).follow("Templates")
    ana.send("/desk/templates", name="Spring")
    ana.send("/desk/templates/preview", day="2030-03-14", how="instead")
    assert "These drafts come" in ana.text
    assert ana.open("/desk/patterns/new").answer.status_code == 200


def test_4_every_change_says_so_with_its_undo_beside_it(town: Town, at_desk: AtDesk) -> None:
    ana = plans(at_desk(town))
    for page, form, fields in (
        (first_place(ana), r"/desk/place/\d+", {"ends": "23:00"}),
        (f"/desk/copy?day={THURSDAY}", "/desk/copy", {"to": "2030-03-14"}),
        (f"/desk/publish?day={THURSDAY}", "/desk/publish", {}),
    ):
        ana.open(page).send(form, **fields)
        assert 'role="status" data-toast' in ana.answer.text
        ana.send("/desk/undo")
        assert "Undone" in ana.text
    assert len(spans(town)) == 1


def test_5_what_speaks_against_a_move_is_said_before_it_is_saved(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    ana = plans(at_desk(town), day=FRIDAY, who=str(town.people["Bo"]))
    ana.open(f"{first_place(ana, 'draft')}/move").send(r"/desk/place/\d+/move", by="earlier_day")
    assert ana.answer.status_code == 422
    assert "They are on the roster already then" in ana.text
    assert ("day", THURSDAY) in ana.page.forms[1]["fields"]


def test_6_each_hour_says_how_many_are_on_of_how_many_are_wanted(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    with town.parts.database.writing() as db:
        opening_hours.set_weekly(db, 1, [window("daily 17:00-23:00")])
        wanted.set_wishes(db, 1, LINE, [Wish(LINE, 2, window("thu 20:00-22:00"))])
    ana = at_desk(town).open(f"/desk/week?view=hours&day={THURSDAY}")
    new = "/desk/place/new?day=2030-03-07&starts="
    gaps = [(said, href) for said, href in ana.page.links if href.startswith(new)]
    assert [said for said, _ in gaps[:4]] == ["0 of 1", "1 of 2", "1 of 2", "0 of 1"]
    ana.open(gaps[1][1])
    fields = dict(ana.page.forms[1]["fields"])
    assert (fields["day"], fields["starts"], fields["ends"]) == (THURSDAY, "20:00", "21:00")


def test_6_thin_hours_are_drawn_over_the_roster_in_words(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(72, 76))
    with town.parts.database.writing() as db:
        days = {"line_id": 1, "day": date(2030, 2, 1), "what": "offered", "number": 144}
        db.execute(insert(DayCount).values(days))
        one = {"line_id": 1, "day": date(2030, 2, 7), "length": "none", "answered": True}
        one |= {"language": "en", "promise_version": 1}
        late = [one | {"hour": hour} for hour in (18, 19, 20, 22, 23) for _ in range(24)]
        db.execute(insert(Note), late)
    ana = at_desk(town).open("/desk/planner")
    assert "this line does not time them" in ana.text
    ana.follow("Draw them over the roster")
    assert "thin=yes" in ana.path
    assert re.search(r"Thin 18:00 to 21:00: with 1 on, \d+ of 100 callers", of_table(ana))
    assert "Thin 22:00 to 24:00: with 0 on, 100 of 100 callers" in of_table(ana)
    ana.follow("Hour by hour")
    assert "thin: 100 of 100 leave" in ana.text
    assert "Thin" not in ana.open(f"/desk/week?day={THURSDAY}").text.split("Show only")[0]


def test_7_what_is_shown_stays_in_the_address_from_week_to_week(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    ana = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    ana.send("/desk/week", find="b")
    assert "Ana" not in of_table(ana)
    assert "Bo" in of_table(ana)
    ana.follow("Later \N{RIGHTWARDS ARROW}").follow("Day")
    assert "find=b" in ana.path
    assert "view=day" in ana.path


def test_8_it_prints_without_phone_numbers_unless_asked(town: Town, at_desk: AtDesk) -> None:
    assert "+1413" not in at_desk(town).open("/desk/week").text


def test_9_the_keys_are_listed_and_single_ones_can_be_switched_off(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town).open("/desk/week").follow("Keys")
    assert "T this week" in ana.text
    assert "data-keys" not in ana.answer.text
    ana.send("/desk/keys", single="off")
    assert "Single keys are off" in ana.text
    assert 'data-keys="off"' in ana.open("/desk/week").answer.text
    ana.open("/desk/keys").send("/desk/keys", single="on")
    assert 'data-keys="off"' not in ana.answer.text


def test_10_a_small_screen_has_a_list_of_days_and_publishing_within_reach(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    ana = plans(at_desk(town))
    page = ana.open(f"/desk/week?day={THURSDAY}").answer.text
    listed = page.split('id="list"')[1]
    thursday = listed.split(f'id="on-{THURSDAY}"')[1].split("</section>")[0]
    assert thursday.index("Needs someone") > 0
    assert "<b>Bo</b>" in thursday
    assert "/move" in thursday
    assert 'class="thumb"' in page


def test_11_publishing_says_first_whom_it_asks_when_and_what_stays(
    town: Town, at_desk: AtDesk
) -> None:
    for name in ("Bo", "Chi"):
        town.volunteer(name, on=None)
    town.volunteer("Dee", on=(72, 76))
    ana = at_desk(town)
    plans(ana, who=str(town.people["Bo"]))
    plans(ana, who=str(town.people["Chi"]), day=FRIDAY)
    plans(ana)
    with town.parts.database.writing() as db:
        chi = Volunteer.person_id == town.people["Chi"]
        db.execute(update(Volunteer).where(chi).values(quiet_from=17 * 60, quiet_until=8 * 60))
        begin = town.network.now() + 73 * HOUR
        times = {"starts_at": begin, "ends_at": begin + HOUR, "person_id": town.people["Dee"]}
        db.execute(insert(Place).values(line_id=1, state="draft", **times))
    ana.open(f"/desk/week?day={THURSDAY}").follow("Publish 4 drafts")
    assert f"Bo: 1 shift Thu 7 Mar, 6 PM {DASH} 10 PM" in ana.text
    assert "Chi: 1 shift (quiet until 8 AM; the text goes out then)" in ana.text
    assert "These stay drafts The person would have two shifts at once: Dee , Thu 7 Mar" in ana.text
    ana.send("/desk/publish")
    assert "3 drafts were published" in ana.text
    ana.open(f"/desk/week?view=day&day={FRIDAY}")
    assert "Publish" not in ana.text


def test_12_a_roster_comes_in_from_a_file(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town).open("/desk/week").follow("Bring in")
    assert "starts, ends, phone, agreed" in ana.text


def test_13_an_open_place_is_asked_for_by_text(town: Town, at_desk: AtDesk) -> None:
    ana = plans(at_desk(town), how="now")
    ana.open(first_place(ana)).follow("Ask for cover")
    assert "can be asked now" in ana.text


def test_14_a_shift_has_its_history_and_each_sees_what_others_changed_of_theirs(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    ana, bo = at_desk(town), at_desk(town, "Bo", "")
    ana.open(f"/desk/week?day={THURSDAY}").open(first_place(ana))
    ana.send(r"/desk/place/\d+", ends="21:00")
    place = first_place(ana)
    ana.open(place).follow("What became of this shift")
    assert "Ana : changed a shift" in ana.text
    assert f"before: Thu 7 Mar, 6 PM {DASH} 10 PM, agreed" in ana.text
    assert f"after: Thu 7 Mar, 6 PM {DASH} 9 PM, agreed" in ana.text
    bo.open("/desk/mine").follow("What others changed of my shifts")
    assert f"after: Thu 7 Mar, 6 PM {DASH} 9 PM" in bo.text
    assert "9 PM" not in ana.open("/desk/mine/history").text
    ana.open(f"{place}/history").send("/desk/history/undo")
    assert spans(town) == [("07 18:00", "07 22:00")]


def test_14_what_somebody_did_with_their_own_shift_is_in_no_list_of_it(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    bo = at_desk(town, "Bo", "").open("/desk/mine")
    bo.send("/desk/mine/claim", deed="drop")
    ana = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    ana.open(f"{first_place(ana)}/history")
    assert "Nothing has been changed lately" in ana.text
    assert "Nothing has been changed lately" in bo.open("/desk/mine/history").text


def test_15_the_time_zone_is_said_and_another_can_be_looked_at(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(72, 76))
    ana = at_desk(town).open(f"/desk/week?day={THURSDAY}")
    assert "All times are America/New York, now 6 PM" in ana.text
    ana.send("/desk/week", zone="Europe/London")
    assert "All times are Europe/London, now 11 PM" in ana.text
    assert f"11 PM {DASH} Fri 3 AM agreed" in of_table(ana)
    assert "until 3 AM from Thu agreed" in of_table(ana)
    assert "Add a shift" not in ana.text, "the line's own time is the one to plan in"
    ana.follow("Back to America/New York")
    assert f"6 PM {DASH} 10 PM agreed" in of_table(ana)
    assert "nowhere" not in ana.open("/desk/week?zone=Mars/Olympus").text
    assert "America/New York" in ana.text


def test_15_the_nights_of_changing_clocks_are_marked_hour_by_hour(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town).open("/desk/week?view=hours&day=2030-03-10")
    assert "this day has 23 hours" in ana.text
    assert "not this day" in ana.text


def test_besides_a_day_has_a_note_that_goes_with_it(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town).open(f"/desk/week?view=day&day={THURSDAY}")
    assert "Never names of callers" in ana.text
    ana.send("/desk/week/note", note="x" * 201)
    assert "At most 200 letters" in ana.text
    assert ("note", "x" * 201) in ana.page.forms[-1]["fields"]
    ana.send("/desk/week/note", note="New kettle <3")
    assert "The note is kept" in ana.text
    for view in ("week", "day", "month"):
        ana.open(f"/desk/week?view={view}&day={THURSDAY}")
        assert "New kettle <3" in ana.text, view
    ana.open(f"/desk/week?view=day&day={THURSDAY}").send("/desk/week/note", note="")
    assert "New kettle" not in ana.text


def test_besides_the_week_says_who_is_on_and_who_is_next(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(-1, 3))
    town.volunteer("Chi", on=(3, 6))
    ana = at_desk(town).open("/desk/week")
    assert "On now: Bo" in ana.text
    assert "Next: Chi, Mon 9 PM" in ana.text
    assert "On now" not in ana.open("/desk/week?day=2030-03-20").text
