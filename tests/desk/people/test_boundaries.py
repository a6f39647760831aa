"""Boundaries at the desk: what stands can be ended by duty; the rules are the line's."""

from collections.abc import Callable

from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.test_boundaries import crosses_a_line, standing
from tests.stories.town import NUMBERS, Town
from warmline.privacy import boundaries


def rules(town: Town) -> boundaries.Rules:
    with town.parts.database.reading() as db:
        return boundaries.rules(db, 1)


def test_duty_ends_one_that_stands_and_sees_no_number(town: Town, at_desk: AtDesk) -> None:
    crosses_a_line(town, town.phone("Cal"), town.volunteer("Ana", breather=0))
    browser = at_desk(town, "Bo", "duty").open("/desk").follow("Boundaries")
    assert "One, until 8 PM" in browser.text
    assert NUMBERS["Cal"] not in browser.answer.text
    assert not [one for one in browser.page.forms if one["action"] == "/desk/boundaries"]
    browser.send("/desk/boundaries/end")
    assert "None stands." in browser.text
    assert standing(town) == 0


def test_a_coordinator_sets_for_how_long_and_which_phones_never_carry_one(
    town: Town, at_desk: AtDesk
) -> None:
    browser = at_desk(town).open("/desk/boundaries")
    browser.send("/desk/boundaries", hours="24", shared="413 555 0151\n\n+1 413 555 0152")
    assert "Kept." in browser.text
    assert rules(town) == boundaries.Rules(24, frozenset({"+14135550151", "+14135550152"}))
    browser.send("/desk/boundaries", hours="25", shared="413 555 0151\n911")
    assert "From 1 to 24 hours." in browser.text
    assert "Not a phone number, or more than 200: 911" in browser.text
    assert rules(town).hours == 24


def test_how_many_there_were_is_public_and_never_whose(
    town: Town, a_browser: Callable[..., PlainBrowser]
) -> None:
    browser = a_browser(town).open("/line/check")
    assert "In the last 90 days there were 0." in browser.text
    crosses_a_line(town, town.phone("Cal"), town.volunteer("Ana", breather=0))
    assert "In the last 90 days there were 1." in browser.open("/line/check").text
