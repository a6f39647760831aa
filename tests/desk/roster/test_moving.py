"""Several shifts at once, without any script: what can be done is done, the rest is named."""

import re
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from shifts.models import Place
from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import Town

THURSDAY, FRIDAY = "2030-03-07", "2030-03-08"
HERE = f"/desk/week?day={THURSDAY}&pick=yes"


def plans(browser: PlainBrowser, **fields: str) -> None:
    given = {"day": THURSDAY, "starts": "18:00", "ends": "22:00"} | fields
    browser.open("/desk/place/new").send("/desk/place/new", **given)
    assert "The shift is on the roster" in browser.text


def places(town: Town) -> list[tuple[str, str, int | None]]:
    with town.parts.database.reading() as db:
        found = select(Place.starts_at, Place.state, Place.person_id)
        rows = db.execute(found.order_by(Place.starts_at, Place.id)).all()
    zone = ZoneInfo("America/New_York")
    return [(f"{row.starts_at.astimezone(zone):%d %H}", row.state, row.person_id) for row in rows]


def selects(browser: PlainBrowser, *which: int) -> dict[str, list[str]]:
    """The values of the boxes in the order of the page; each shift has one for each screen."""
    browser.open(HERE)
    found = re.findall(r'name="place" value="(\d+-\d+)"', browser.answer.text)
    values = list(dict.fromkeys(found))
    return {"place": [values[one] for one in which]}


def test_selected_shifts_are_copied_with_the_days_between_them_in_one_step(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=None)
    ana, bo = at_desk(town), str(town.people["Bo"])
    plans(ana)
    plans(ana, day=FRIDAY, starts="10:00", ends="12:00")
    plans(ana, who=bo, day=FRIDAY, starts="14:00", ends="16:00")
    ana.send("/desk/picked", what="copy", to="2030-03-14", **selects(ana, 0, 2))
    assert "Done with the selected shifts" in ana.text
    who = town.people["Bo"]
    assert places(town)[3:] == [("14 18", "draft", None), ("15 14", "draft", who)]
    ana.send("/desk/undo")
    assert len(places(town)) == 3


def test_what_cannot_be_copied_asked_or_opened_is_named_with_its_reason(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=(72, 76))
    town.shift("Bo", 96, 100)
    ana = at_desk(town)
    ana.open(HERE).send("/desk/picked", what="copy", to=FRIDAY, **selects(ana, 0))
    assert "Done, but not with all of them" not in ana.text, "it is there already: nothing comes"
    ana.send("/desk/picked", what="open_up", **selects(ana, 0))
    assert "They have said yes; open the shift itself" in ana.text
    ana.send("/desk/picked", what="ask_now", **selects(ana, 0, 1))
    assert "0 shifts were changed or made" in ana.text
    assert {state for _, state, _ in places(town)} == {"agreed"}


def test_drafts_are_opened_and_asked_for_together_and_that_is_undone_at_once(
    town: Town, at_desk: AtDesk
) -> None:
    town.volunteer("Bo", on=None)
    ana = at_desk(town)
    plans(ana, who=str(town.people["Bo"]))
    plans(ana, day=FRIDAY)
    both = selects(ana, 0, 1)
    ana.send("/desk/picked", what="ask_now", **both)
    assert "1 shift was changed or made" in ana.text
    assert "It is nobody's yet" in ana.text
    assert [state for _, state, _ in places(town)] == ["asked", "draft"]
    ana.open(HERE).send("/desk/picked", what="ask_now", **both)
    assert "is not there any more, or has been changed meanwhile" in ana.text
    ana.send("/desk/picked", what="open_up", **selects(ana, 0, 1))
    assert [one[1:] for one in places(town)] == [("open", None)] * 2
    ana.send("/desk/undo")
    assert [state for _, state, _ in places(town)] == ["asked", "draft"]


def test_selected_shifts_are_taken_off_and_come_back_together(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town)
    plans(ana)
    plans(ana, day=FRIDAY)
    ana.send("/desk/picked", what="remove", **selects(ana, 0, 1))
    assert places(town) == []
    ana.send("/desk/undo")
    assert len(places(town)) == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Select at least one shift"),
        ({"place": "1-1", "what": "copy", "to": "soon"}, "A day such as"),
    ],
)
def test_nothing_is_done_without_a_shift_or_a_day(
    town: Town, at_desk: AtDesk, fields: dict[str, str], said: str
) -> None:
    ana = at_desk(town).open(HERE)
    ana.send("/desk/picked", **fields)
    assert ana.answer.status_code == 422
    assert said in ana.text
