"""Deciding together at the desk without scripts, and the public page that tells of it."""

from collections.abc import Callable

from sqlalchemy import insert, select, update

from tests.desk.conftest import AtDesk
from tests.desk.plain_browser import PlainBrowser
from tests.stories.test_promise_changes import A_MINUTE, COURT, WEEK
from tests.stories.town import EVENING, NUMBERS, Town
from warmline.models.people import Volunteer
from warmline.models.promise import Proposal, Vote
from warmline.models.sign_in import DeskRole
from warmline.promise import promise, proposals

HERE = "/desk/proposals"
NEW = "/desk/proposals/new"


def test_a_volunteer_writes_another_promise_and_sees_how_it_sounds(
    two_languages: Town, at_desk: AtDesk
) -> None:
    two_languages.set_rules(opened_at=EVENING)
    bo = at_desk(two_languages, "Bo", "").open(HERE).follow("Propose a change")
    assert dict(bo.page.forms[1]["fields"])["police-en"] == ""
    given: dict[str, str | list[str]] = {"police-en": "if a court orders it"}
    bo.send(NEW, deed="look", **given, languages=["en"])
    assert "About the police: if a court orders it." in bo.text
    assert "Spanish would not be offered to callers any more." in bo.text
    given["police-en"] = "word " * 60
    bo.send(NEW, deed="propose", **given)
    assert bo.answer.status_code == 422
    assert "too long to be listened to" in bo.text
    assert dict(bo.page.forms[1]["fields"])["police-en"].startswith("word word")
    bo.send(NEW, deed="propose", **{"police-en": "if a court orders it"})
    assert bo.path == f"{HERE}?done=proposed"
    assert "Bo proposes it." in bo.text
    assert "You agree. Should it come to hold" in bo.text
    assert "Spanish would not be offered to callers any more." in bo.text


def test_votes_are_told_as_counts_and_a_week_later_the_promise_is_another(
    town: Town, at_desk: AtDesk
) -> None:
    town.set_rules(opened_at=EVENING)
    ana, chi = at_desk(town), at_desk(town, "Chi", "")
    town.volunteer("Bo", on=None)
    with town.parts.database.writing() as db:
        proposals.propose(db, 1, [COURT], town.people["Bo"], town.network.now())
    ana.open(HERE)
    assert "1 agree and 0 object, of 3 on the roster. That is not enough yet." in ana.text
    assert "1 of 3 who answer have agreed to it." in ana.text
    chi.open(HERE).send(f"{HERE}/vote", deed="no")
    assert "Nobody else is told so" in chi.text
    assert "It waits for a talk" in ana.open(HERE).text
    assert "Chi" not in ana.text
    chi.send(f"{HERE}/vote", deed="yes")
    ana.open(HERE).send(f"{HERE}/vote", deed="yes")
    assert "3 agree and 0 object, of 3 on the roster. That is enough" in ana.text
    stands_for_a_week(town)
    assert "You have agreed to it." in ana.open(HERE).text
    assert "Nothing is proposed just now." in ana.text
    ana.open("/desk/line")
    assert "Version 2, since 4 Mar 2030. 3 had agreed and 0 had objected" in ana.text
    assert "Version 1: 4 Mar 2030 to 4 Mar 2030" in ana.text


def stands_for_a_week(town: Town) -> None:
    with town.parts.database.writing() as db:
        for made_at in db.scalars(select(Proposal.made_at)).all():
            db.execute(update(Proposal).values(made_at=made_at - WEEK))
    town.wait(A_MINUTE)


def test_the_public_page_shows_what_stands_and_since_when_but_nobodys_word(
    town: Town, a_browser: Callable[..., PlainBrowser]
) -> None:
    town.set_rules(opened_at=EVENING)
    town.volunteer("Ana", on=None)
    browser = (
        a_browser(town)
        .open("/")
        .follow("Check us: what this promise was before, and who may change it")
    )
    assert browser.path == "/line/check"
    assert "Version 1, since 4 Mar 2030." in browser.text
    assert "No change is proposed just now." in browser.text
    assert "One person keeps this line at present." in browser.text
    with town.parts.database.writing() as db:
        proposals.propose(db, 1, [COURT], town.people["Ana"], town.network.now())
    browser.open("/line/check")
    assert "Callers would hear: Our promise at Riverside" in browser.text
    assert "It can take effect from Thu 7 Mar, 6 PM on" in browser.text
    assert "Ana" not in browser.answer.text
    town.volunteer("Bo", on=None)
    browser.open("/line/check")
    assert "It can take effect from Mon 11 Mar, 7 PM on" in browser.text, "the clocks go on"
    assert "one coordinator and two volunteers" in browser.text
    with town.parts.database.writing() as db:
        proposals.vote(db, 1, town.people["Bo"], agrees=False)
    assert "It waits for a talk" in browser.open("/line/check").text


def test_whoever_proposed_it_takes_it_back_and_a_coordinator_what_is_nobodys(
    town: Town, at_desk: AtDesk
) -> None:
    town.set_rules(opened_at=EVENING)
    ana, bo = at_desk(town), at_desk(town, "Bo", "")
    bo.open(NEW).send(NEW, deed="propose", **{"family-en": "if a child asks us to"})
    assert "Take it back" not in ana.open(HERE).answer.text
    back = [("proposal", "1"), ("deed", "back")]
    ana.post(f"{HERE}/vote", back)
    assert "Nothing is proposed" not in ana.open(HERE).text
    bo.send(f"{HERE}/vote", deed="back")
    assert "Taken back. It is not to be." in bo.text
    assert "Nothing is proposed just now." in bo.text
    with town.parts.database.writing() as db:
        proposals.propose(db, 1, [COURT], None, town.network.now())
    assert "Take it back" not in bo.open(HERE).answer.text
    ana.open(HERE).send(f"{HERE}/vote", deed="back")
    assert "Nothing is proposed just now." in ana.text
    assert bo.open(HERE).post(f"{HERE}/vote", back).url.path == HERE


def test_the_words_that_hold_are_no_change_and_a_promise_has_a_language(
    town: Town, at_desk: AtDesk
) -> None:
    town.set_rules(opened_at=EVENING)
    ana = at_desk(town).open(NEW).send(NEW, deed="propose")
    assert "These are the words that hold already." in ana.text
    ana.send(NEW, deed="propose", languages=[])
    assert "In one language at least." in ana.text


def test_before_the_line_opens_a_coordinator_sets_it_and_others_do_not(
    town: Town, at_desk: AtDesk
) -> None:
    bo = at_desk(town, "Bo", "")
    assert bo.open(NEW).answer.status_code == 403
    assert bo.post(NEW, [("deed", "propose"), ("languages", "en")]).status_code == 403
    ana = at_desk(town).open(NEW)
    assert "what you write holds at once" in ana.text
    ana.send(NEW, deed="propose", **{"police-en": "Never.", "family-en": "if a child asks us to"})
    assert "That is the promise now." in ana.text
    with town.parts.database.reading() as db:
        held = promise.in_force(db, 1)["en"]
    assert (held.version, held.answers["police"]) == (2, promise.NEVER)
    assert "You have not agreed to these words yet" in bo.open(HERE).text
    bo.send(f"{HERE}/agree")
    assert "You have agreed to it." in bo.text
    with town.parts.database.reading() as db:
        theirs = select(Volunteer.agreed_promise).where(Volunteer.person_id == town.people["Bo"])
        assert db.scalar(theirs) == 2


def test_who_has_no_voice_is_told_so_and_their_vote_is_not_counted(
    town: Town, at_desk: AtDesk
) -> None:
    town.set_rules(opened_at=EVENING)
    bo = at_desk(town, "Bo", "")
    with town.parts.database.writing() as db:
        proposals.propose(db, 1, [COURT], None, town.network.now())
        db.execute(update(Volunteer).values(agreed=""))
    assert "Whoever has said yes to rings and texts has a voice here." in bo.open(HERE).text
    bo.post(f"{HERE}/vote", [("proposal", "1"), ("deed", "yes")])
    assert bo.open(NEW).answer.status_code == 403
    with town.parts.database.writing() as db:
        assert db.scalars(select(Vote.person_id)).all() == []
        lead = {"person_id": town.people["Bo"], "line_id": 1, "role": "coordinator"}
        db.execute(insert(DeskRole).values(lead))
    bo.open(HERE).send(f"{HERE}/vote", deed="yes")
    assert "You agree." in bo.text
    assert NUMBERS["Bo"] not in bo.answer.text
