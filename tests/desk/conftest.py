"""What a test of the desk may ask for: a town, and somebody at the desk with a plain browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import insert

from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import NUMBERS, Town, town_on
from warmline.models.sign_in import DeskRole

AtDesk = Callable[..., PlainBrowser]


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        yield town


@pytest.fixture
def two_languages(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


@pytest.fixture
def a_browser() -> Iterator[Callable[..., PlainBrowser]]:
    """A browser nobody is signed in on."""
    opened: list[PlainBrowser] = []

    def browser(town: Town, language: str = "en") -> PlainBrowser:
        opened.append(PlainBrowser(town.parts.settings.public_url, language))
        return opened[-1]

    yield browser
    for one in opened:
        one.close()


@pytest.fixture
def at_desk(a_browser: Callable[..., PlainBrowser]) -> AtDesk:
    """Somebody of the roster, signed in through their phone; entered first if need be."""

    def come_in(town: Town, name: str = "Ana", role: str = "coordinator") -> PlainBrowser:
        if name not in town.people:
            town.volunteer(name, on=None)
        give_role(town, name, role)
        browser = a_browser(town)
        signs_in(town, browser, name)
        return browser

    return come_in


def give_role(town: Town, name: str, role: str) -> None:
    if not role:
        return
    with town.parts.database.writing() as db:
        row = {"person_id": town.people[name], "line_id": 1, "role": role}
        db.execute(insert(DeskRole).values(row))


def signs_in(town: Town, browser: PlainBrowser, name: str) -> None:
    browser.open("/desk/sign-in").send("/desk/sign-in", phone=NUMBERS[name], way="text")
    browser.send("/desk/sign-in/code", code=code_texted_to(town, name))


def code_texted_to(town: Town, name: str) -> str:
    """The six digits in the latest text on somebody's phone."""
    town.wait(3)
    latest = town.phone(name).texts[-1].body
    found = re.search(r"\b\d{6}\b", latest)
    assert found, latest
    return found[0]
