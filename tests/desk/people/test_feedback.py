"""Being heard at the desk and on the public page: by own yes, two are named, they answer."""

import re
from collections.abc import Callable

from tests.desk.conftest import AtDesk, give_role
from tests.desk.plain_browser import PlainBrowser
from tests.stories.test_saying_how import names_two, reads
from tests.stories.town import Town
from warmline.privacy import feedback, feedback_readers

Browser = Callable[..., PlainBrowser]


def number_shown(browser: PlainBrowser) -> str:
    found = re.search(r"\b(\d{4} \d{4})\b", browser.text)
    assert found, browser.text
    return found[1]


def test_whoever_is_willing_says_so_themselves_and_two_are_named_one_of_them_no_coordinator(
    town: Town, at_desk: AtDesk
) -> None:
    bo = at_desk(town, "Bo", "").open("/desk/mine").follow("Being heard")
    assert "Nobody is named to read it yet." in bo.text
    bo.send("/desk/how/willing")
    assert "Thank you." in bo.text
    chi = at_desk(town, "Chi", "coordinator").open("/desk/how")
    chi.send("/desk/how/willing")
    chi.open("/desk/how")
    chi.send("/desk/how/name", first=str(town.people["Chi"]), second=str(town.people["Chi"]))
    assert "Two different people" in chi.text
    chi.send("/desk/how/name", first=str(town.people["Chi"]), second=str(town.people["Bo"]))
    assert "Those who read it now: Bo, Chi." in chi.text.replace("Chi, Bo", "Bo, Chi")


def test_two_coordinators_cannot_be_the_two(town: Town) -> None:
    for name in ("Ana", "Bo"):
        town.volunteer(name, on=None)
        give_role(town, name, "coordinator")
    try:
        names_two(town, "Ana", "Bo")
    except feedback_readers.NotThese:
        return
    raise AssertionError("two coordinators were named")


def test_anybody_says_it_on_the_public_page_the_two_answer_and_the_number_reads_it(
    town: Town, at_desk: AtDesk, a_browser: Browser
) -> None:
    bo = at_desk(town, "Bo", "")
    town.volunteer("Chi", on=None)
    names_two(town, "Bo", "Chi")
    anybody = a_browser(town).open("/").follow("Say how it went")
    anybody.send("/line/say", words="They listened.\n<b>Twice.</b>")
    number = number_shown(anybody)
    assert "Nobody knows which peer it was." in anybody.text
    assert "listened" not in town.everything_written()
    bo.open("/desk/how")
    assert "<b>Twice." in bo.text
    assert "With whom it was is not known." in bo.text
    bo.send("/desk/how/answer", answer="Thank you for telling us.")
    anybody.open("/line/say").send("/line/say/answer", number=number)
    assert "Thank you for telling us." in anybody.text
    assert "1 were said, and 1 of them are answered." in anybody.open("/line/check").text


def test_a_number_of_the_talk_lets_the_peer_be_known_and_never_to_themselves(
    town: Town, at_desk: AtDesk, a_browser: Browser
) -> None:
    ana = at_desk(town, "Ana", "")
    town.volunteer("Chi", on=None)
    names_two(town, "Ana", "Chi")
    with town.parts.database.writing() as db:
        now = town.network.now()
        feedback.link(db, town.parts.seal, 1, "12345678", town.people["Ana"], now)
    anybody = a_browser(town).open("/line/say")
    anybody.send("/line/say", words="I was not heard.", link="1234 5678")
    assert "the peer does not read it" in anybody.text
    assert "I was not heard." not in ana.open("/desk/how").text
    assert [one.about for one in reads(town, "Chi")] == [town.people["Ana"]]
    said = str(reads(town, "Chi")[0].id)
    answer = ana.post("/desk/how/answer", [("said", said), ("answer", "It was not so.")])
    assert answer.status_code == 404


def test_who_is_not_named_reads_nothing_and_answers_nothing(town: Town, at_desk: AtDesk) -> None:
    dee = at_desk(town, "Dee", "coordinator")
    town.volunteer("Bo", on=None)
    town.volunteer("Chi", on=None)
    names_two(town, "Bo", "Chi")
    with town.parts.database.writing() as db:
        day = town.network.now().date()
        feedback.say(db, town.parts.seal, 1, "12345678", day, words="Of the two alone.")
    assert "Of the two alone." not in dee.open("/desk/how").text
    answer = dee.post("/desk/how/answer", [("said", "1"), ("answer", "Let me.")])
    assert answer.status_code == 404


def test_nothing_or_too_much_is_told_so(town: Town, a_browser: Browser) -> None:
    page = a_browser(town).open("/line/say")
    page.send("/line/say", words="x" * (feedback.LONGEST + 1))
    assert "From 1 to 1500 characters." in page.text


def test_who_is_read_by_nobody_yet_is_told_so(town: Town, a_browser: Browser) -> None:
    page = a_browser(town).open("/line/say")
    page.send("/line/say", words="Nobody picked up.")
    assert "Nobody is named yet to read it" in page.text
    assert len(number_shown(page)) == 9
