"""Starting from nothing: a line made in a browser, behind the code that the server prints."""

from collections.abc import Iterator

import pytest

from shifts.hours import opening_hours
from tests.desk.nothing import Nothing, nothing_on
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import LINE, NUMBERS
from warmline.line import opening
from warmline.promise import promise


@pytest.fixture
def nothing(database_url: str) -> Iterator[Nothing]:
    with nothing_on(database_url) as nothing:
        yield nothing


def filled(nothing: Nothing, **fields: str | list[str]) -> PlainBrowser:
    given: dict[str, str | list[str]] = {
        "code": nothing.parts.start.code.upper(),
        "name": "Riverside",
        "time_zone": "America/New_York",
        "number": "413 555 0100",
        "coordinator_phone": "413 555 0111",
        "hours-1-from": "18:00",
        "hours-1-to": "23:00",
    }
    return nothing.browser.open("/desk").send("/desk/start", **(given | fields))


def test_somebody_who_is_no_engineer_makes_a_line_and_comes_in(nothing: Nothing) -> None:
    browser = filled(nothing, **{"protection-en": "only if a child is in danger now"})
    assert browser.path == "/desk/sign-in?done=started"
    signs_in(nothing, browser, "Ana")
    assert browser.path == "/desk"
    assert "Nobody is on." in browser.text
    assert "Two people have said yes for themselves : to do" in browser.text
    assert "call +14135550100 from another phone: to do" in browser.text
    joins(nothing, browser, "Bo")
    bo = PlainBrowser(browser.url)
    signs_in(nothing, bo.open("/desk"), "Bo")
    joins(nothing, browser, "Chi", second=bo)
    bo.close()
    bo_is_on_and_a_test_call_rings(nothing)
    browser.open("/desk")
    assert browser.text.count(": done") == 3
    browser.send("/desk/open")
    assert "The line is open." in browser.text
    assert "not open yet" not in browser.text
    with nothing.parts.database.reading() as db:
        line = opening.the_line(db)
        held = promise.in_force(db, line.line_id)
        assert (line.name, line.number) == ("Riverside", LINE)
        assert held["en"].answers["protection"] == "only if a child is in danger now"
        assert held["en"].answers["police"] == promise.NEVER
        assert len(opening_hours.read(db, line.line_id).weekly) == 1
    assert browser.open("/desk/start").path == "/desk"


def signs_in(nothing: Nothing, browser: PlainBrowser, name: str) -> None:
    nothing.phone(name)
    browser.send("/desk/sign-in", phone=NUMBERS[name], way="text")
    browser.send("/desk/sign-in/code", code=nothing.code_for(name))


def joins(
    nothing: Nothing, welcoming: PlainBrowser, name: str, second: PlainBrowser | None = None
) -> None:
    nothing.writes(name, "JOIN")
    welcoming.open("/desk/people").send("/desk/people/welcome", name=name)
    if second:
        second.open("/desk/mine").send("/desk/people/second", deed="yes")
    nothing.run_jobs()
    assert "Our promise at Riverside" in nothing.writes(name, "OK")


def bo_is_on_and_a_test_call_rings(nothing: Nothing) -> None:
    nothing.writes("Bo", "IN")
    nothing.phone("Cal").dial(LINE)
    nothing.network.run_for(30)
    assert nothing.phone("Bo").is_ringing


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(nothing: Nothing) -> None:
    browser = filled(nothing, number="12", time_zone="Springfield")
    assert browser.answer.status_code == 422
    assert "A full phone number, such as" in browser.text
    assert "A time zone by its name" in browser.text
    fields = dict(browser.page.forms[0]["fields"])
    assert (fields["name"], fields["number"]) == ("Riverside", "12")
    assert "It takes" in browser.text
    assert "Our promise at Riverside" in browser.text
    right = {"number": "413 555 0100", "time_zone": "America/New_York"}
    browser.send("/desk/start", **right, **{"hours-1-to": ""})
    assert "Two times, such as" in browser.text
    with nothing.parts.database.reading() as db:
        assert opening.find_line(db) is None


def test_nobody_makes_a_line_without_the_code(nothing: Nothing) -> None:
    for _ in range(21):
        assert "That is not the code" in filled(nothing, code="0000-0000-0000").text
    assert "That is not the code" in filled(nothing).text
    with nothing.parts.database.reading() as db:
        assert opening.find_line(db) is None


def test_without_a_line_every_other_page_says_so(nothing: Nothing) -> None:
    assert nothing.browser.open("/").answer.status_code == 404
    assert nothing.browser.open("/desk/week").answer.status_code == 404
    assert nothing.browser.open("/desk").path == "/desk/start"


def test_the_promise_is_heard_while_it_is_written_and_nothing_is_made_yet(nothing: Nothing) -> None:
    browser = filled(nothing, deed="look", **{"police-en": "only if a child is in danger now"})
    assert "police: only if a child is in danger now" in browser.text.casefold()
    assert browser.path == "/desk/start"
    assert "Riverside" in browser.text
    with nothing.parts.database.reading() as db:
        assert opening.find_line(db) is None


def test_a_no_in_the_form_is_never_and_a_bare_yes_is_asked_for_its_when(nothing: Nothing) -> None:
    answers = {"police-en": "No.", "family-en": "Nobody", "exceptions-en": "none"}
    heard = filled(nothing, deed="look", **answers).text
    assert "we never contact the police. Not an ambulance" in heard
    for words in ("About", "only exceptions"):
        assert words not in heard
    browser = filled(nothing, **{"police-en": "Yes"})
    assert browser.answer.status_code == 422
    assert "An answer says yes, and not when." in browser.text
    with nothing.parts.database.reading() as db:
        assert opening.find_line(db) is None
