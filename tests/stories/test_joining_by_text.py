"""Coming in by one's own yes and leaving for good, by text."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from shifts.planning_models import HoursGiven
from tests.stories.test_asked_by_text import a_pattern
from tests.stories.test_volunteer_texts import open_place, writes
from tests.stories.test_volunteer_texts_claims import ask
from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.conversations.membership.joining import WORDING
from warmline.models.people import Volunteer
from warmline.models.texts import OneTimeMark
from warmline.people.volunteer_files import import_volunteers
from warmline.people.volunteer_rows import VolunteerRow
from warmline.simulator.network import texts


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, languages="en,es") as town:
        yield town


def bodies(town: Town, name: str) -> list[str]:
    return [text.body for text in town.phone(name).texts]


def set_agreed(town: Town, name: str, agreed: str) -> None:
    with town.parts.database.writing() as db:
        mine = update(Volunteer).where(Volunteer.person_id == town.people[name])
        fresh = {"agreed_at": None, "agreed_promise": None}
        db.execute(mine.values(agreed=agreed, **fresh))


def row(town: Town, name: str) -> dict[str, object]:
    with town.parts.database.reading() as db:
        mine = select(Volunteer.__table__).where(Volunteer.person_id == town.people[name])
        return dict(db.execute(mine).mappings().one())


def test_who_expects_it_is_asked_once_and_agrees_to_the_promise_too(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    set_agreed(town, "Ana", "ask")
    town.wait(200)
    [asked] = bodies(town, "Ana")
    assert "about 2-6 texts a week? Msg & data rates may apply. OK = yes" in asked
    welcome, promise = writes(town, ana, "ok")
    assert "welcome, and thank you" in welcome + promise
    assert "never contact the police" in welcome + promise
    mine = row(town, "Ana")
    assert (mine["agreed"], mine["agreed_promise"], mine["agreed_wording"]) == ("yes", 1, WORDING)


def test_yes_is_a_yes_and_no_thanks_a_no_to_the_invitation_and_help_says_what_it_is(
    town: Town,
) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo", on=None)
    chi = town.volunteer("Chi")
    for name in ("Ana", "Bo"):
        set_agreed(town, name, "ask")
    town.wait(70)
    assert any("shift texts, if you agree" in said for said in writes(town, ana, "Help"))
    assert any("welcome, and thank you" in said for said in writes(town, ana, "Yes!"))
    assert "no is fine" in writes(town, bo, "No, thanks.")[0]
    assert (row(town, "Ana")["agreed"], row(town, "Bo")["agreed"]) == ("yes", "")
    assert chi.texts == []


def test_who_said_stop_to_the_invitation_is_no_more_asked_by_any_file(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    set_agreed(town, "Ana", "ask")
    assert "write no more" in writes(town, ana, "Please stop texting me")[0]
    yes = VolunteerRow(2, "Ana", NUMBERS["Ana"], ("en",), (), True, True, "yes", None)
    with town.parts.database.writing() as db:
        done = import_volunteers(db, 1, [yes], town.network.now())
    assert done.stands == ("line 2, column agreed: Ana has said no, and that stands",)
    town.wait(130)
    assert len(bodies(town, "Ana")) == 1
    assert any("about 2-6 texts a week" in said for said in writes(town, ana, "START"))
    writes(town, ana, "OK")
    assert row(town, "Ana")["agreed_promise"] == 1


def test_who_has_not_agreed_is_erased_by_leave_as_well(town: Town) -> None:
    town.volunteer("Bo")
    ana = town.volunteer("Anastasia", on=None, number="+14135550177")
    set_agreed(town, "Anastasia", "ask")
    town.wait(70)
    assert "erases you here" in writes(town, ana, "Leave")[0]
    assert "you are erased here" in writes(town, ana, "LEAVE")[0]
    town.wait(60)
    everything = town.everything_written()
    assert not any(left in everything for left in ("Anastasia", "4135550177", "invite:"))


def test_a_stop_ends_a_ring_that_is_under_way(town: Town) -> None:
    ana = town.volunteer("Ana")
    town.phone("Cal").dial(LINE)
    town.until_rings(ana)
    ana.write(LINE, "STOP")
    town.wait(3)
    assert not ana.is_ringing


def test_a_no_to_the_invitation_ends_it(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    set_agreed(town, "Ana", "ask")
    town.wait(70)
    assert "no is fine" in writes(town, ana, "No")[0]
    town.wait(130)
    assert len(bodies(town, "Ana")) == 2
    assert row(town, "Ana")["agreed"] == ""


def test_who_was_never_asked_comes_in_by_join_and_finds_a_peer_like_anybody(town: Town) -> None:
    ana, bo = town.volunteer("Ana", on=None), town.volunteer("Bo")
    set_agreed(town, "Ana", "")
    town.wait(130)
    assert bodies(town, "Ana") == []
    assert len(writes(town, ana, "Is somebody there?")) == 2
    assert "someone would like to talk by text" in bodies(town, "Bo")[-1]
    writes(town, ana, "BYE")
    assert "about 2-6 texts a week" in writes(town, ana, "join")[-1]
    assert any("welcome" in said for said in writes(town, ana, "OK"))
    assert "one of us already" in writes(town, ana, "JOIN")[0]
    assert bo.texts


def test_start_brings_back_who_had_said_stop(town: Town) -> None:
    ana = town.volunteer("Ana", on=(20, 23))
    assert writes(town, ana, "stop") == [texts.SAID_OUT]
    assert writes(town, ana, "SHIFTS") == []
    own, ours = sorted(writes(town, ana, "START"), key=lambda said: said.startswith("Riverside"))
    assert own == texts.SAID_BACK_IN
    assert "you are back, thank you. Your shifts of before are open" in ours
    assert "1 Tue 5 Mar" in writes(town, ana, "OPEN")[0]


def test_a_stop_in_plain_words_is_obeyed_and_answered_once(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    assert "ring and text you no more" in writes(town, ana, "Please stop texting me.")[0]
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    assert not ana.rings


def test_start_is_no_answer_and_help_says_what_it_must(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    ask(town, "Ana", (20, 23))
    assert "OK or NO and the number" in writes(town, ana, "START")[-1]
    assert "(asked)" in writes(town, ana, "SHIFTS")[0]
    said = writes(town, ana, "HELP")
    assert texts.SAID_HELP in said
    assert any("Msg & data rates may apply" in one and "STOP" in one for one in said)


def test_agree_is_to_the_promise_as_it_stands(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    assert "our promise, version 1" in writes(town, ana, "AGREE")[0]
    assert "nothing is put to a vote" in writes(town, ana, "AGREE 2")[0]
    assert "nothing is put to a vote" in writes(town, ana, "OBJECT 2")[0]


def test_a_stranger_who_would_like_to_join_hears_at_once_what_it_is(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    writes(town, ana, "DUTY")
    first, second = sorted(writes(town, dot, "Join"))
    assert "Someone will call you within a week" in first
    assert "at most 30 days" in second
    told = bodies(town, "Ana")[-1]
    assert "somebody would like to JOIN" in told
    assert NUMBERS["Dot"] not in town.everything_written()
    before = len(bodies(town, "Ana"))
    writes(town, dot, "join")
    assert len(bodies(town, "Ana")) == before
    assert "your number is erased here" in writes(town, dot, "LEAVE")[0]
    writes(town, dot, "JOIN")
    assert "your number is erased here" in writes(town, dot, "No.")[0]
    assert "your number is not kept here" in writes(town, dot, "LEAVE")[0]


def test_joining_in_spanish(town: Town) -> None:
    said = writes(town, town.phone("Dot"), "Unirme")
    assert any("somos pares" in one for one in said)


def test_leave_asks_first_and_then_nothing_is_left_but_hours(town: Town) -> None:
    ana = town.volunteer("Anastasia", on=(-4, -1), number="+14135550177")
    bo, chi = town.volunteer("Bo", on=(44, 47)), town.volunteer("Chi", on=None)
    town.people["Ana"] = town.people["Anastasia"]
    town.shift("Ana", -0.5, 2)
    town.shift("Ana", 20, 23)
    a_pattern(town, "Ana")
    ask(town, "Ana", (70, 73))
    open_place(town, 90, 93)
    for body in ("SHIFTS", "DROP 1", "AWAY 20 MAR", "SHARE parent", "OPEN", "OK ALL"):
        writes(town, ana, body)
    writes(town, bo, "SHIFTS")
    writes(town, chi, "DUTY")
    [sure] = writes(town, ana, "LEAVE")
    assert "LEAVE again within ten minutes erases you here" in sure
    assert "You gave 3.5 hours" in sure
    goodbye = writes(town, ana, "leave")
    assert goodbye[-1].startswith("Riverside: you are erased here")
    assert any("a place opened" in said for said in bodies(town, "Chi"))
    town.wait(60)
    everything = town.everything_written()
    assert "Anastasia" not in everything
    assert "4135550177" not in everything
    with town.parts.database.reading() as db:
        assert db.scalars(select(HoursGiven.minutes)).all() == [210]
        said = [what.split(":") for what in db.scalars(select(OneTimeMark.what))]
        whom = {"remind": 3, "asked": 2, "gave": 2, "gift": 2, "word": 1, "invite": 1, "leave": 1}
        hers = [one for one in said if one[whom.get(one[0], 0)] == str(town.people["Ana"])]
        assert not hers
    before = len(bodies(town, "Bo"))
    assert len(writes(town, ana, "Hello, it is me.")) == 3
    assert len(bodies(town, "Bo")) == before


def test_leave_is_forgotten_after_ten_minutes_and_waits_for_a_call_to_end(town: Town) -> None:
    ana = town.volunteer("Ana").picks_up(after=2)
    ana.when_hears("Press 1", press="1")
    writes(town, ana, "LEAVE")
    town.wait(11 * 60)
    assert "erases you here" in writes(town, ana, "LEAVE")[0]
    town.phone("Cal").dial(LINE)
    town.until_talking(town.phone("Cal"), ana)
    assert "in a call of the line" in writes(town, ana, "LEAVE")[0]
    assert row(town, "Ana")["agreed"] == "yes"


def test_who_leaves_in_a_talk_by_text_hands_it_on(town: Town) -> None:
    ana, bo, dot = town.volunteer("Ana"), town.volunteer("Bo"), town.phone("Dot")
    writes(town, dot, "Hello?")
    writes(town, ana, "OK")
    writes(town, ana, "#LEAVE")
    writes(town, ana, "#LEAVE")
    assert "your peer had to go" in bodies(town, "Dot")[-1]
    assert any("you are with" in said for said in writes(town, bo, "OK"))
