"""For how long things are kept, and who reads, changes by everyone's word once the line is open."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from tests.desk.conftest import signs_in
from tests.desk.plain_browser import PlainBrowser
from tests.stories.test_joining_by_text import bodies
from tests.stories.test_promise_changes import a_week_passes, four
from tests.stories.test_saying_how import names_two
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import EVENING, Town, town_on
from warmline.models.promise import ProposedRetention, Vote
from warmline.privacy import feedback_readers
from warmline.promise import promise, retention

HERE = "/desk/proposals/keeping"


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        town.set_rules(opened_at=EVENING)
        yield town


@pytest.fixture
def at_desk(town: Town) -> Iterator[Callable[[str], PlainBrowser]]:
    opened: list[PlainBrowser] = []

    def come_in(name: str) -> PlainBrowser:
        opened.append(PlainBrowser(town.parts.settings.public_url, "en"))
        signs_in(town, opened[-1], name)
        return opened[-1]

    yield come_in
    for one in opened:
        one.close()


def held(town: Town) -> retention.Kept:
    with town.parts.database.reading() as db:
        return retention.kept_now(db, 1)


def proposes(town: Town, browser: PlainBrowser, **wanted: str) -> None:
    browser.open(HERE).send(HERE, **wanted)
    assert "Proposed" in browser.text or browser.path == "/desk/proposals"
    town.wait(70)


def test_longer_takes_a_coordinator_two_volunteers_and_a_week(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    ana, bo, chi, _dee = four(town)
    proposes(town, at_desk("Bo"), boundary_hours="6")
    asked, words = bodies(town, "Dee")[-2:]
    assert "AGREE 1 = yes, OBJECT 1 = no." in asked
    assert "boundary: 6 hours." in words
    writes(town, ana, "AGREE 1")
    writes(town, chi, "AGREE 1")
    assert held(town)["boundary_hours"] == 2
    a_week_passes(town)
    assert held(town)["boundary_hours"] == 6
    with town.parts.database.reading() as db:
        assert db.execute(select(Vote)).first() is None
        assert db.execute(select(ProposedRetention)).first() is None
        assert promise.in_force(db, 1)["en"].version == 1, "the promise is as it was"
    assert bo.texts


def test_shorter_protects_callers_and_waits_for_no_day(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    ana, _bo, chi, _dee = four(town)
    proposes(town, at_desk("Bo"), notes_months="3", feedback_days="30")
    assert held(town)["notes_months"] == 13
    writes(town, ana, "AGREE 1")
    writes(town, chi, "AGREE 1")
    town.wait(70)
    assert (held(town)["notes_months"], held(town)["feedback_days"]) == (3, 30)


def test_three_objections_hold_it(town: Town, at_desk: Callable[[str], PlainBrowser]) -> None:
    people = four(town)
    proposes(town, at_desk("Bo"), boundary_hours="24")
    writes(town, people[0], "AGREE 1")
    writes(town, people[2], "AGREE 1")
    writes(town, people[3], "OBJECT 1")
    writes(town, people[2], "OBJECT 1")
    a_week_passes(town)
    assert held(town)["boundary_hours"] == 2


def test_who_reads_how_it_went_is_proposed_too_and_nobody_who_is_not_willing(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    ana, _bo, chi, _dee = four(town)
    names_two(town, "Ana", "Bo")
    bo = at_desk("Bo")
    bo.open(HERE).send(HERE, first=str(town.people["Bo"]), second=str(town.people["Dee"]))
    with town.parts.database.writing() as db:
        feedback_readers.offer(db, 1, town.people["Dee"])
    two = {"first": str(town.people["Bo"]), "second": str(town.people["Dee"])}
    proposes(town, bo, **two)
    assert "others read how it went" in bodies(town, "Chi")[-1]
    writes(town, ana, "AGREE 1")
    writes(town, chi, "AGREE 1")
    a_week_passes(town)
    assert held(town)[retention.READERS] == sorted([town.people["Bo"], town.people["Dee"]])


def test_what_cannot_be_or_is_so_already_is_told(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    four(town)
    bo = at_desk("Bo").open(HERE)
    bo.send(HERE, boundary_hours="25")
    assert "From 1 to 24 hours." in bo.text
    bo.open(HERE).send(HERE)
    assert "That is as it is already." in bo.text


def test_a_coordinator_alone_changes_the_hours_no_more_once_the_line_is_open(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    four(town)
    ana = at_desk("Ana").open("/desk/boundaries")
    ana.post("/desk/boundaries", [("hours", "24"), ("shared", "")])
    assert held(town)["boundary_hours"] == 2
    assert "this is proposed" in ana.open("/desk/boundaries").text


def test_before_the_opening_it_holds_at_once(
    town: Town, at_desk: Callable[[str], PlainBrowser]
) -> None:
    four(town)
    town.set_rules(opened_at=None)
    ana = at_desk("Ana")
    ana.open(HERE).send(HERE, boundary_hours="5")
    assert "It holds now." in ana.text
    assert held(town)["boundary_hours"] == 5
