"""The promise changes by everyone's word: proposed, texted, voted on, in force."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from tests.stories.test_joining_by_text import bodies, row, set_agreed
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import EVENING, HOUR, LINE, NUMBERS, Town, town_on
from warmline.conversations.notices import new_promise
from warmline.models.promise import Proposal, Vote
from warmline.models.sign_in import DeskRole
from warmline.promise import promise, proposals
from warmline.promise.promise import NEVER, QUESTIONS, Promise
from warmline.simulator import Phone

COURT = Promise("en", dict.fromkeys(QUESTIONS, NEVER) | {"police": "if a court orders it"})
A_MINUTE = 70
WEEK = timedelta(days=7)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        town.set_rules(opened_at=EVENING)
        yield town


def four(town: Town, on: Sequence[str] = ()) -> list[Phone]:
    """Ana, who coordinates, Bo, Chi and Dee; `on` names who is on shift."""
    names = ("Ana", "Bo", "Chi", "Dee")
    found = [town.volunteer(name, on=(-1, 3) if name in on else None) for name in names]
    with town.parts.database.writing() as db:
        lead = {"person_id": town.people["Ana"], "line_id": 1, "role": "coordinator"}
        db.execute(insert(DeskRole).values(lead))
    return found


def proposes(town: Town, name: str = "Ana", promised: Promise = COURT) -> None:
    with town.parts.database.writing() as db:
        who = town.people[name] if name else None
        proposals.propose(db, 1, [promised], who, town.network.now())
    town.wait(A_MINUTE)


def a_week_passes(town: Town) -> None:
    """What stands has stood for a week; the time of day is the same."""
    with town.parts.database.writing() as db:
        for made_at in db.scalars(select(Proposal.made_at)).all():
            db.execute(update(Proposal).values(made_at=made_at - WEEK))
    town.wait(A_MINUTE)


def held(town: Town) -> Promise:
    with town.parts.database.reading() as db:
        return promise.in_force(db, 1)["en"]


def test_everyone_is_texted_the_words_once_and_a_week_later_they_hold(town: Town) -> None:
    ana, bo, chi, dee = four(town)
    proposes(town)
    asked, words = bodies(town, "Bo")
    assert asked == (
        "Riverside: a new promise is proposed, its words follow. AGREE 2 = yes, I answer under it."
        " OBJECT 2 = no. It may hold from Mon 11 Mar on."
    )
    assert words.startswith("Proposed: Our promise at Riverside")
    assert "About the police: if a court orders it." in words
    assert len(bodies(town, "Ana")) == len(bodies(town, "Dee")) == 2
    assert "your yes to 2 is counted" in writes(town, bo, "AGREE 2")[0]
    assert "your objection to 2 is counted" in writes(town, chi, "Object #2")[0]
    assert "your yes to 2 is counted" in writes(town, chi, "agree 2.")[0]
    a_week_passes(town)
    assert held(town) == COURT
    assert [len(bodies(town, name)) for name in ("Ana", "Bo", "Chi", "Dee")] == [2, 3, 4, 4]
    told, its_words = bodies(town, "Dee")[-2:]
    assert "version 2 of our promise holds" in told
    assert "About the police: if a court orders it." in its_words
    assert "our promise, version 2" in writes(town, dee, "AGREE")[0]
    assert "nothing is put to a vote" in writes(town, ana, "AGREE 2")[0]
    with town.parts.database.reading() as db:
        assert db.scalars(select(Vote.person_id)).all() == []


def test_nobody_is_rung_under_a_promise_they_have_not_agreed_to(town: Town) -> None:
    _, bo, chi, dee = four(town, on=("Chi", "Dee"))
    proposes(town)
    for phone in (bo, chi):
        writes(town, phone, "AGREE 2")
    a_week_passes(town)
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "About the police: if a court orders it")
    town.until_rings(chi)
    town.wait(20)
    assert not dee.rings
    assert "Until then we do not ring you" in writes(town, dee, "BACK")[1]
    writes(town, dee, "AGREE")
    town.until_rings(dee)


def test_a_call_under_the_words_of_before_is_let_end_first(town: Town) -> None:
    _, bo, chi, _ = four(town, on=("Chi",))
    proposes(town)
    for phone in (bo, chi):
        writes(town, phone, "AGREE 2")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_rings(chi)
    a_week_passes(town)
    assert held(town) != COURT
    cal.hang_up()
    town.wait(A_MINUTE)
    assert held(town) == COURT


def test_objections_hold_it_and_the_coordinators_hear_of_it_once(town: Town) -> None:
    _, bo, chi, dee = four(town)
    proposes(town, "Bo")
    writes(town, chi, "OBJECT 2")
    assert not any("waits for a talk" in one for one in bodies(town, "Ana"))
    writes(town, dee, "OBJECT 2")
    town.wait(5)
    assert sum("waits for a talk" in one for one in bodies(town, "Ana")) == 1
    writes(town, dee, "AGREE 2")
    writes(town, dee, "OBJECT 2")
    town.wait(5)
    assert sum("waits for a talk" in one for one in bodies(town, "Ana")) == 1
    writes(town, bo, "AGREE 2")
    a_week_passes(town)
    assert held(town) != COURT


def test_a_number_that_means_something_else_is_no_vote(town: Town) -> None:
    _, bo, *_ = four(town)
    town.shift("Bo", 20, 23)
    writes(town, bo, "SHIFTS")
    proposes(town)
    assert "AGREE 2 = yes" in bodies(town, "Bo")[-2]
    for said in ("AGREE 3", "OBJECT 7", "AGREE with you"):
        assert writes(town, bo, said) == [
            "Riverside, proposed: 2 (Mon 4 Mar). AGREE or OBJECT and the number."
        ]
    assert "your yes to 2 is counted" in writes(town, bo, "AGREE")[0]
    assert "our promise, version 1" in writes(town, bo, "AGREE")[0]
    # OK alone is to the one thing that is asked, by the same number for everybody.
    assert "AGREE 2 = yes" in bodies(town, "Chi")[-2]
    assert "your yes to 2 is counted" in writes(town, town.phone("Chi"), "ok")[0]
    assert "your objection to 2 is counted" in writes(town, town.phone("Dee"), "No, sorry")[0]


def test_what_is_proposed_in_quiet_hours_is_texted_after_them(town: Town) -> None:
    four(town)
    with town.parts.database.writing() as db:
        made = {"line_id": 1, "kind": "promise", "version": 2, "made_at": EVENING}
        promise.save(db, 1, [COURT], EVENING)
        db.execute(insert(Proposal).values(made))
    writes(town, town.phone("Bo"), "QUIET 5PM-6:30PM")
    town.wait(A_MINUTE)
    assert len(bodies(town, "Chi")) == 2
    assert len(bodies(town, "Bo")) == 1
    town.wait(HOUR.total_seconds() / 2)
    assert len(bodies(town, "Bo")) == 3


def test_a_vote_in_spanish_and_a_language_that_would_be_left_out(sqlite_url: str) -> None:
    with town_on(sqlite_url, languages="en,es") as town:
        town.set_rules(opened_at=EVENING)
        four(town)
        eli = town.volunteer("Eli", languages="es", on=None)
        proposes(town)
        asked, words = bodies(town, "Eli")
        assert "ACUERDO 2 = sí" in asked
        assert words.startswith("Propuesta: Our promise at")
        assert words.endswith("Ya no se ofrecería español.")
        assert "tu sí a 2 cuenta" in writes(town, eli, "Acuerdo 2")[0]
        assert "tu objeción a 2 cuenta" in writes(town, eli, "OBJETO 2")[0]


def test_who_leaves_takes_their_vote_and_all_they_were_told_along(town: Town) -> None:
    _, bo, *_ = four(town)
    proposes(town, "Bo")
    set_agreed(town, "Dee", "")
    writes(town, bo, "LEAVE")
    writes(town, bo, "LEAVE")
    town.wait(5)
    everything = town.everything_written()
    assert NUMBERS["Bo"] not in everything
    assert f"vote:{town.people['Bo']}:" not in everything
    with town.parts.database.reading() as db:
        assert db.scalars(select(Vote.person_id)).all() == []
        assert db.scalars(select(Proposal.by_id)).all() == [None]
    assert row(town, "Chi")["agreed_promise"] == 1


def in_force_at_once(town: Town) -> None:
    """The change that stands takes effect now, at a bad moment."""
    with town.parts.turn() as turn:
        [one] = proposals.standing(turn.db, 1)
        proposals.put_in_force(turn.db, one, turn.now)
        new_promise.end_rings(turn, 1)


def test_a_phone_stops_ringing_whose_owner_has_not_agreed_to_what_holds_now(town: Town) -> None:
    ana, bo, chi, _ = four(town, on=("Ana", "Bo", "Chi"))
    proposes(town)
    assert "is counted" in writes(town, bo, "AGREE 2")[0]
    town.phone("Cal").dial(LINE)
    town.network.run_until(lambda: ana.is_ringing and bo.is_ringing and chi.is_ringing, 30)
    in_force_at_once(town)
    town.wait(5)
    assert (bo.is_ringing, chi.is_ringing) == (True, False)


def test_a_talk_is_taken_only_under_the_promise_that_holds_now(town: Town) -> None:
    _, _, chi, _ = four(town, on=("Chi",))
    proposes(town)
    cal = town.phone("Cal")
    cal.write(LINE, "Are you there?")
    town.network.run_until(lambda: any("talk by text" in one.body for one in chi.texts), 30)
    in_force_at_once(town)
    told = writes(town, chi, "OK")
    assert "version 2 of our promise holds" in told[0]
    assert not any("a peer is here" in one.body for one in cal.texts)
    assert "our promise, version 2" in writes(town, chi, "AGREE")[0]
    chi.write(LINE, "OK")
    town.wait(5)
    assert any("a peer is here" in one.body for one in cal.texts)
