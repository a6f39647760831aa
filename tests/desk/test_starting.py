"""Starting from nothing: a line made in a browser, behind the code that the server prints."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from shifts import hours
from tests.desk.plain_browser import PlainBrowser
from tests.stories.served import ACCOUNT, TOKEN, served
from tests.stories.town import EVENING, LINE, NUMBERS
from warmline import opening, promise
from warmline.app import Parts
from warmline.simulator import Exchange


@dataclass
class Nothing:
    """A service with an empty database, its network, and a browser."""

    network: Exchange
    parts: Parts
    browser: PlainBrowser


@pytest.fixture
def nothing(database_url: str) -> Iterator[Nothing]:
    with ExitStack() as stack:
        network = Exchange(ACCOUNT, TOKEN, start=EVENING)
        stack.callback(network.close)
        parts, in_flight = stack.enter_context(served(database_url, network.open(), network.now))
        url = parts.settings.public_url
        network.add_number(LINE, voice_url=f"{url}/voice", text_url=f"{url}/text")
        network.settled = in_flight.wait_for_none
        network.every(1, lambda _now: parts.sender.send_due())
        browser = PlainBrowser(url)
        stack.callback(browser.close)
        yield Nothing(network, parts, browser)


def filled(nothing: Nothing, **fields: str | list[str]) -> PlainBrowser:
    given: dict[str, str | list[str]] = {
        "code": nothing.parts.start.code.upper(),
        "name": "Riverside",
        "time_zone": "America/New_York",
        "number": "413 555 0100",
        "coordinator_phone": "413 555 0111",
        "hours": "daily 18:00-23:00",
    }
    return nothing.browser.open("/desk").send("/desk/start", **(given | fields))


def test_somebody_who_is_no_engineer_makes_a_line_and_comes_in(nothing: Nothing) -> None:
    ana = nothing.network.phone(NUMBERS["Ana"], "Ana")
    browser = filled(nothing, **{"protection-en": "only if a child is in danger now"})
    assert browser.path == "/desk/sign-in?done=started"
    browser.send("/desk/sign-in", phone="413 555 0111", way="text")
    nothing.network.run_for(3)
    code = ana.texts[-1].body.split("code is ")[1][:6]
    browser.send("/desk/sign-in/code", code=code)
    assert browser.path == "/desk"
    assert "Nobody is on." in browser.text
    browser.send("/desk/open")
    assert "The line is open." in browser.text
    assert "not open yet" not in browser.text
    with nothing.parts.database.reading() as db:
        line = opening.the_line(db)
        held = promise.in_force(db, line.line_id)
        assert (line.name, line.number) == ("Riverside", LINE)
        assert held["en"].answers["protection"] == "only if a child is in danger now"
        assert held["en"].answers["police"] == promise.NEVER
        assert len(hours.read(db, line.line_id).weekly) == 1
    assert browser.open("/desk/start").path == "/desk"


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(nothing: Nothing) -> None:
    browser = filled(nothing, number="12", time_zone="Springfield", hours="evenings")
    assert browser.answer.status_code == 422
    assert "not a full phone number" in browser.text
    assert "Springfield" in browser.text
    fields = dict(browser.page.forms[0]["fields"])
    assert (fields["name"], fields["number"]) == ("Riverside", "12")
    assert "It takes" in browser.text
    assert "Our promise at Riverside" in browser.text
    browser.send("/desk/start", number="413 555 0100", time_zone="America/New_York")
    assert "names no two times" in browser.text
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
