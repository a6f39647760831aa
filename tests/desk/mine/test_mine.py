"""One's own page: shifts answered, limits set, a calendar, hours, leaving; and nobody else's."""

from datetime import time
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import func, insert, select

from shifts.models import AGREED, ASKED, Place
from shifts.patterns.materialise import make_ahead
from shifts.patterns.pattern_rows import add_pattern, say_yes
from shifts.patterns.rule import Rule, Weekly, Window
from tests.desk.conftest import AtDesk
from tests.stories.town import EVENING, HOUR, NUMBERS, Town
from warmline.models.people import Volunteer

NEW_YORK = ZoneInfo("America/New_York")


def place(town: Town, name: str | None, state: str, begin: float = 24) -> int:
    now = town.network.now()
    with town.parts.database.writing() as db:
        row = {"line_id": 1, "starts_at": now + begin * HOUR, "ends_at": now + (begin + 4) * HOUR}
        held = {"person_id": town.people[name] if name else None, "state": state}
        made = insert(Place).values(row | held).returning(Place.id)
        return int(db.execute(made).scalar_one())


def state_of(town: Town, place_id: int) -> tuple[str, int | None]:
    with town.parts.database.reading() as db:
        found = select(Place.state, Place.person_id).where(Place.id == place_id)
        row = db.execute(found).one()
    return row.state, row.person_id


@pytest.mark.parametrize(
    ("was", "deed", "becomes", "said"),
    [
        ("asked", "yes", "agreed", "The shift is yours"),
        ("asked", "no", "open", "That is fine"),
        ("agreed", "offer", "cover wanted", "yours until somebody takes it"),
        ("cover wanted", "keep", "agreed", "It stays yours"),
        ("agreed", "drop", "open", "You are free of it"),
        ("open", "take", "agreed", "The shift is yours"),
    ],
)
def test_shifts_are_answered_taken_and_given_up(
    town: Town, at_desk: AtDesk, was: str, deed: str, becomes: str, said: str
) -> None:
    town.volunteer("Bo", on=None)
    made = place(town, None if was == "open" else "Bo", was)
    browser = at_desk(town, "Bo", "").open("/desk/mine")
    browser.send("/desk/mine/claim", deed=deed)
    assert said in browser.text
    assert state_of(town, made)[0] == becomes


def test_whoever_is_on_duty_hears_that_a_place_opened_and_not_whose(
    town: Town, at_desk: AtDesk
) -> None:
    chi = town.volunteer("Chi", on=None)
    town.volunteer("Bo", on=None)
    town.duty("Chi", -1, 5)
    place(town, "Bo", "agreed")
    at_desk(town, "Bo", "").open("/desk/mine").send("/desk/mine/claim", deed="drop")
    town.wait(3)
    assert "opened" in chi.texts[-1].body
    assert "Bo" not in chi.texts[-1].body


def test_nobody_answers_for_somebody_else(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=None)
    made = place(town, "Bo", "asked")
    browser = at_desk(town, "Ana", "coordinator").open("/desk/mine")
    fields = [("deed", "yes"), ("place", str(made))]
    assert browser.post("/desk/mine/claim", fields).status_code == 409
    assert state_of(town, made) == ("asked", town.people["Bo"])


def test_limits_are_kept_and_what_is_wrong_is_said_beside_the_field(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town, "Bo", "").open("/desk/mine")
    browser.send("/desk/mine/limits", most_hours_a_week="0", rest_hours="9", quiet_from="21:00")
    assert browser.answer.status_code == 422
    assert "A number from 1 to 168" in browser.text
    assert "Both times, or neither" in browser.text
    browser.send("/desk/mine/limits", most_hours_a_week="12", quiet_until="08:30", remind="hour")
    assert "Kept." in browser.text
    with town.parts.database.reading() as db:
        row = db.execute(select(Volunteer.__table__)).one()
    assert (row.quiet_from, row.quiet_until, row.remind) == (21 * 60, 8 * 60 + 30, "hour")
    fields = next(one for one in browser.page.forms if one["action"] == "/desk/mine/limits")
    assert ("most_hours_a_week", "12") in fields["fields"]
    assert ("rest_hours", "9") in fields["fields"]


def test_a_time_away_is_said_and_taken_back(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Bo", "").open("/desk/mine")
    browser.send("/desk/mine/away", first="2030-02-01")
    assert "Two days to come" in browser.text
    browser.send("/desk/mine/away", first="2030-03-20", last="2030-03-22")
    assert "You are away then" in browser.text
    browser.send("/desk/mine/away/end")
    assert "You are there" in browser.text


def test_a_calendar_program_reads_ones_own_shifts_until_the_address_ends(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Chi", on=(30, 34))
    town.volunteer("Bo", on=(24, 28))
    browser = at_desk(town, "Bo", "").open("/desk/mine").send("/desk/mine/feed")
    path = browser.answer.text.split("<code>")[1].split("</code>")[0].removeprefix(browser.url)
    answer = browser.http.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    [event] = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    assert event["summary"] == "Riverside: Shift"
    assert event.decoded("dtstart") == EVENING + 24 * HOUR
    assert not any(number in answer.text for number in NUMBERS.values())
    assert path.split("/")[-1].removesuffix(".ics") not in town.everything_written()
    browser.open("/desk/mine").send("/desk/mine/feed/end")
    assert browser.http.get(path).status_code == 404


def test_browsers_are_listed_and_signed_out(town: Town, at_desk: AtDesk) -> None:
    first = at_desk(town, "Bo", "")
    second = at_desk(town, "Bo", "")
    second.open("/desk/mine")
    assert second.text.count("Firefox · Linux") == 2
    old = [one for one in second.page.forms if one["action"] == "/desk/mine/session/end"][-1]
    second.post("/desk/mine/session/end", old["fields"])
    assert first.open("/desk/mine").path.startswith("/desk/sign-in")
    assert second.open("/desk/mine").path == "/desk/mine"


def test_a_printed_code_lets_in_once_and_new_ones_end_the_old(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town, "Bo", "").open("/desk/mine").send("/desk/mine/codes")
    codes = [one.split("</code>")[0] for one in browser.answer.text.split("<code>")[1:]]
    assert len(set(codes)) == 10
    browser.send("/desk/sign-out")
    for code, way_in in ((codes[0].upper(), True), (codes[0], False), (codes[1], True)):
        browser.open("/desk/sign-in/recovery")
        browser.send("/desk/sign-in/recovery", phone=NUMBERS["Bo"], code=code)
        assert ("do not fit" not in browser.text) == way_in
        browser.http.cookies.delete("warmline_desk") if way_in else None
    assert not any(code in town.everything_written() for code in codes)


def test_the_letter_of_hours_is_ones_own(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=(-30, -26))
    town.duty("Bo", -28, -20)
    browser = at_desk(town, "Bo", "").open("/desk/mine/letter")
    assert "10.0" in browser.text
    assert "Bo gave these hours to Riverside" in browser.text


def test_whoever_leaves_is_erased_and_the_last_coordinator_hands_over_first(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town, "Ana", "coordinator").open("/desk/mine/leave")
    assert "You are the only coordinator" in ana.text
    assert ana.post("/desk/mine/leave", [("sure", "yes")]).status_code == 422
    browser = at_desk(town, "Bo", "coordinator").open("/desk/mine").send("/desk/mine/feed")
    browser.open("/desk/mine/leave").send("/desk/mine/leave", sure="yes")
    assert "You have left" in browser.text
    assert NUMBERS["Bo"] not in town.everything_written()
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Volunteer)) == 1


def test_a_yes_to_a_whole_pattern_is_taken_back_for_what_comes(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=None)
    bo, day = town.people["Bo"], 24 * HOUR
    nightly = Window(Weekly(tuple(range(7))), time(20), time(22))
    with town.parts.database.writing() as db:
        rule = Rule(EVENING.date(), window=nightly, persons=(bo,))
        number = add_pattern(db, 1, rule, "Evenings", False, EVENING)
        make_ahead(db, 1, NEW_YORK, EVENING, EVENING + 2 * day)
        say_yes(db, 1, number, bo, EVENING)
    browser = at_desk(town, "Bo", "").open("/desk/mine")
    assert "Where one yes covers all" in browser.text
    browser.send("/desk/mine/pattern/end")
    assert "For each new shift of it you are asked from now on." in browser.text
    assert "Where one yes covers all" not in browser.text
    with town.parts.database.writing() as db:
        make_ahead(db, 1, NEW_YORK, EVENING, EVENING + 3 * day)
        states = db.scalars(select(Place.state).order_by(Place.starts_at)).all()
    assert states == [AGREED, AGREED, ASKED]
    assert browser.post("/desk/mine/pattern/end", [("pattern", "9")]).status_code == 404
