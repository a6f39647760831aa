"""People: coming in by one's own wish, and what nobody does to another alone."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.test_strangers_join import strangers
from tests.stories.town import LINE, NUMBERS, Town
from warmline.models.people import Volunteer
from warmline.models.sign_in import DeskRole
from warmline.people import joining


def roles(town: Town) -> dict[int, str]:
    with town.parts.database.reading() as db:
        return {row.person_id: row.role for row in db.execute(select(DeskRole.__table__))}


def agreed(town: Town) -> dict[str, str]:
    with town.parts.database.reading() as db:
        found = select(Volunteer.phone, Volunteer.agreed)
        return {row.phone: row.agreed for row in db.execute(found)}


def test_somebody_who_texts_join_is_welcomed_by_two(town: Town, at_desk: AtDesk) -> None:
    gus = town.phone("Gus")
    town.volunteer("Bo", on=None)
    ana = at_desk(town)
    gus.write(LINE, "JOIN")
    town.wait(5)
    ana.open("/desk/people")
    assert "(413) 555-0153" in ana.text
    ana.send("/desk/people/welcome", name=" ")
    assert "A name of at most 80 letters" in ana.text
    ana.send("/desk/people/welcome", name="Gus")
    assert "A second person must say yes" in ana.text
    assert NUMBERS["Gus"] not in agreed(town)
    bo = at_desk(town, "Bo", "").open("/desk/mine")
    assert "Ana would like to welcome Gus" in bo.text
    bo.send("/desk/people/second", deed="yes")
    assert agreed(town)[NUMBERS["Gus"]] == "ask"
    town.wait(70)
    gus.write(LINE, "OK")
    town.wait(5)
    assert agreed(town)[NUMBERS["Gus"]] == "yes"
    assert "Gus" in ana.open("/desk/people").text


def test_a_newcomers_number_is_a_coordinators_to_see(town: Town, at_desk: AtDesk) -> None:
    town.phone("Gus").write(LINE, "JOIN")
    town.wait(5)
    browser = at_desk(town, "Bo", "viewer").open("/desk/people")
    assert "They would like to join" in browser.text
    assert "555-0153" not in browser.text


def test_a_role_changes_when_a_volunteer_says_so_too(town: Town, at_desk: AtDesk) -> None:
    ana, dee = at_desk(town), at_desk(town, "Dee", "coordinator")
    town.volunteer("Bo", on=None)
    town.volunteer("Chi", on=None)
    page = ana.open("/desk/people")
    person = str(town.people["Chi"])
    page.post("/desk/people/role", [("person", person), ("role", "duty")])
    assert town.people["Chi"] not in roles(town)
    ana.open("/desk/people")
    assert "Yes, I say so too" not in ana.text
    refused = dee.open("/desk/people").send("/desk/people/second", deed="yes")
    assert refused.answer.status_code == 409
    assert "Two coordinators alone do not decide this" in refused.text
    at_desk(town, "Bo", "").open("/desk/mine").send("/desk/people/second", deed="yes")
    assert roles(town)[town.people["Chi"]] == "duty"


def test_whom_it_is_about_can_say_no_but_not_yes(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town).open("/desk/people")
    town.volunteer("Bo", on=None)
    chi = at_desk(town, "Chi", "")
    person = str(town.people["Chi"])
    ana.post("/desk/people/remove", [("person", person)])
    chi.open("/desk/mine")
    assert "Ana proposes that Chi be on the roster no longer" in chi.text
    wish = dict(chi.page.forms[1]["fields"])["wish"]
    assert chi.post("/desk/people/second", [("wish", wish), ("deed", "yes")]).status_code == 409
    chi.send("/desk/people/second", deed="no")
    assert "It is not to be" in chi.text
    assert NUMBERS["Chi"] in agreed(town)


def test_two_remove_somebody_and_nothing_of_them_is_left(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Chi", on=(24, 28))
    town.volunteer("Bo", on=None)
    ana = at_desk(town).open("/desk/people")
    ana.post("/desk/people/remove", [("person", str(town.people["Chi"]))])
    at_desk(town, "Bo", "").open("/desk/mine").send("/desk/people/second", deed="yes")
    assert NUMBERS["Chi"] not in town.everything_written()
    assert "6 PM \N{EN DASH} 10 PM open" in ana.open("/desk/week?day=2030-03-05").text


def test_the_last_coordinator_stays(town: Town, at_desk: AtDesk) -> None:
    ana = at_desk(town)
    town.volunteer("Bo", on=None)
    dee = at_desk(town, "Dee", "coordinator").open("/desk/people")
    dee.post("/desk/people/remove", [("person", str(town.people["Ana"]))])
    at_desk(town, "Bo", "").open("/desk/mine").send("/desk/people/second", deed="yes")
    assert ana.open("/desk").path.startswith("/desk/sign-in")
    person = str(town.people["Dee"])
    refused = dee.post("/desk/people/role", [("person", person), ("role", "viewer")])
    assert refused.status_code == 409
    assert roles(town) == {town.people["Dee"]: "coordinator"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_invitation_is_words_with_which_somebody_texts_first(
    town: Town, at_desk: AtDesk, language: str
) -> None:
    browser = at_desk(town, "Bo", "viewer").open(f"/desk/people/invite?lang={language}")
    word = {"en": "text JOIN to (413) 555-0100", "es": "escribe UNIRME al (413) 555-0100"}
    assert word[language] in browser.text


def test_what_volunteers_share_is_told_as_numbers_alone(town: Town, at_desk: AtDesk) -> None:
    browser = at_desk(town)
    for name, said in (("Bo", "parent: fewer than three"), ("Chi", "parent: fewer than three")):
        town.volunteer(name, on=None).write(LINE, "SHARE parent")
        town.wait(5)
        assert said in browser.open("/desk/people").text
    town.phone("Ana").write(LINE, "SHARE parent")
    town.wait(5)
    assert "parent: 3" in browser.open("/desk/people").text


def test_somebody_joins_by_the_public_page_and_hears_at_once_what_it_is(
    town: Town, a_browser: Callable[..., PlainBrowser]
) -> None:
    town.volunteer("Bo", on=None)
    town.duty("Bo", -1, 5)
    browser = a_browser(town).open("/")
    assert "Our promise at Riverside" in browser.text
    browser.send("/line/join", phone="9-1-2", yes="yes")
    assert "no phone number we can ring" in browser.text
    browser.send("/line/join", phone="413 555 0153")
    assert "say below that we may keep your number" in browser.text
    browser.send("/line/join", phone="413 555 0153", yes="yes")
    assert "Somebody of us rings you within a week" in browser.text
    assert NUMBERS["Gus"] not in town.everything_written()
    town.wait(5)
    assert town.phone("Gus").texts == []
    assert "JOIN" in town.phone("Bo").texts[-1].body


def test_the_public_page_takes_no_flood(town: Town, a_browser: Callable[..., PlainBrowser]) -> None:
    browser = a_browser(town).open("/")
    for number in range(21):
        browser.open("/").send("/line/join", phone=f"413 555 01{number + 20:02}", yes="yes")
    assert "Many have asked to join within this hour" in browser.text


def test_the_page_and_a_text_share_one_limit_and_the_page_shows_nobodys_wish(
    town: Town, a_browser: Callable[..., PlainBrowser]
) -> None:
    crowd = strangers(town, joining.WISHES.most)
    for one in crowd[:-1]:
        one.write(LINE, "JOIN")
    town.wait(5)
    browser = a_browser(town)
    said = []
    for phone in (crowd[0].number, "413 555 0153", "413 555 0154", crowd[0].number):
        browser.open("/").send("/line/join", phone=phone, yes="yes")
        said.append("your number was not noted. Please ask again" in browser.text)
    assert said == [False, False, True, True]
    town.wait(30)
    crowd[-1].write(LINE, "JOIN")
    town.wait(5)
    assert "not noted" in crowd[-1].texts[-1].body


def test_of_two_people_neither_removes_the_other_and_a_role_takes_their_own_yes(
    town: Town, at_desk: AtDesk
) -> None:
    ana = at_desk(town)
    bo = at_desk(town, "Bo", "")
    person = str(town.people["Bo"])
    ana.open("/desk/people")
    refused = ana.post("/desk/people/remove", [("person", person)])
    assert refused.status_code == 409
    assert NUMBERS["Bo"] in agreed(town)
    ana.post("/desk/people/role", [("person", person), ("role", "coordinator")])
    assert town.people["Bo"] not in roles(town)
    bo.open("/desk/mine").send("/desk/people/second", deed="yes")
    assert roles(town)[town.people["Bo"]] == "coordinator"
