"""Open books: two people enter it within 72 hours; both numbers are public, also when 0."""

from collections.abc import Callable

from sqlalchemy import select

from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.town import Town
from warmline.models.promise import BookEntry

Browser = Callable[..., PlainBrowser]


def numbers(browser: PlainBrowser) -> str:
    text = browser.open("/line/check").text
    return text[text.index("Times an exception was used") :][:90]


def entries(town: Town) -> list[tuple[str, int | None]]:
    with town.parts.database.reading() as db:
        found = select(BookEntry.kind, BookEntry.by_id)
        return [(one.kind, one.by_id) for one in db.execute(found)]


def test_both_numbers_are_shown_when_they_are_0(town: Town, a_browser: Browser) -> None:
    shown = numbers(a_browser(town))
    assert "Times an exception was used 0 Times the promise was broken 0" in " ".join(shown.split())


def test_what_one_has_entered_counts_when_a_second_says_so(
    town: Town, at_desk: AtDesk, a_browser: Browser
) -> None:
    ana = at_desk(town, "Ana", "").open("/desk/mine").follow("Open books")
    ana.send("/desk/books", kind="broken", month="2030-02")
    assert "It counts when a second person says so" in ana.text
    assert "I say so too" not in ana.text, "not alone"
    assert "was broken 0" in " ".join(numbers(a_browser(town)).split())
    bo = at_desk(town, "Bo", "").open("/desk/books")
    bo.send("/desk/books/second")
    assert "was broken 1" in " ".join(numbers(a_browser(town)).split())
    assert "February 2030: the promise was broken, 1" in a_browser(town).open("/line/check").text
    assert entries(town) == [("broken", None)], "who entered it is not kept"


def test_the_same_entered_by_two_is_one_and_by_one_twice_waits(town: Town, at_desk: AtDesk) -> None:
    ana, bo = at_desk(town, "Ana", ""), at_desk(town, "Bo", "")
    for _ in range(2):
        ana.open("/desk/books").send("/desk/books", kind="exception", month="2030-03")
    assert entries(town) == [("exception", town.people["Ana"])]
    bo.open("/desk/books").send("/desk/books", kind="exception", month="2030-03")
    assert entries(town) == [("exception", None)]


def test_after_72_hours_what_only_one_has_entered_is_gone(town: Town, at_desk: AtDesk) -> None:
    at_desk(town, "Ana", "").open("/desk/books").send(
        "/desk/books", kind="exception", month="2030-03"
    )
    town.hours_pass(73)
    assert entries(town) == []


def test_what_changed_is_told_in_a_public_sentence(
    town: Town, at_desk: AtDesk, a_browser: Browser
) -> None:
    ana, bo = at_desk(town, "Ana", ""), at_desk(town, "Bo", "")
    ana.open("/desk/books").send("/desk/books", kind="changed", month="2030-03", words="")
    assert "From 1 to 300 characters." in ana.text
    said = "We now say first that shifts end at ten."
    ana.open("/desk/books").send("/desk/books", kind="changed", month="2030-03", words=said)
    assert said not in a_browser(town).open("/line/check").text
    bo.open("/desk/books").send("/desk/books/second")
    assert f"March 2030: {said}" in a_browser(town).open("/line/check").text


def test_who_runs_the_machine_with_which_software_and_how_to_test_it_oneself(
    town: Town, at_desk: AtDesk, a_browser: Browser
) -> None:
    anybody = a_browser(town).open("/line/check")
    assert "Who runs the machine was not said yet." in anybody.text
    assert "Software: Warmline 0." in anybody.text
    assert "Call (413) 555-0100 and listen" in anybody.text
    ana = at_desk(town).open("/desk/books")
    ana.send("/desk/books/about", runs_it="The River Group", source="code.example")
    text = a_browser(town).open("/line/check").text
    assert "It is run by: The River Group." in text
    assert "Its source: code.example." in text
