"""Nobody pauses another alone but for a day: who is paused hears why and is heard."""

from tests.desk.conftest import AtDesk
from tests.stories.town import LINE, Town
from warmline.simulator import Phone


def bodies(phone: Phone, number: int = 0) -> list[str]:
    return [text.body for text in phone.texts[number:]]


def pauses(town: Town, at_desk: AtDesk, by: str, whom: str, days: str = "alone") -> str:
    """What the page says to somebody without a role who asks for a pause."""
    browser = at_desk(town, by, "").open("/desk/pause")
    person = str(town.people[whom])
    browser.send("/desk/pause", person=person, days=days, why="Shouts at callers")
    town.wait(5)
    return browser.text


def test_one_alone_pauses_for_a_day_and_its_person_hears_at_once_why_and_how_to_be_heard(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo")
    town.volunteer("Chi", on=None)
    town.duty("Chi", -1, 30)
    before = len(bo.texts)
    assert "paused for 24 hours" in pauses(town, at_desk, "Ana", "Bo")
    told = bodies(bo, before)
    assert told[0] == (
        "Riverside: Ana asks for a pause: somebody is harmed. "
        "You are not rung or texted until Tue 5 Mar 6 PM."
    )
    assert told[1] == "The reason given: Shouts at callers"
    assert told[2] == (
        "You see it otherwise? Write NO and your words; fellows read them. "
        "A talk you are in goes on. TALK = a peer for you."
    )
    assert "Bo is paused by fellows until Tue 5 Mar 6 PM" in bodies(town.phone("Chi"))[-1]
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(40)
    assert bo.rings == []


def test_who_is_paused_and_sees_it_otherwise_is_heard_by_duty_and_whoever_leads(
    town: Town, at_desk: AtDesk
) -> None:
    bo, chi = town.volunteer("Bo"), town.volunteer("Chi", on=None)
    town.duty("Chi", -1, 30)
    at_desk(town, "Dee")
    pauses(town, at_desk, "Ana", "Bo")
    bo.write(LINE, "NO, that was not me")
    town.wait(5)
    for fellow in (chi, town.phone("Dee")):
        about, theirs = bodies(fellow)[-2:]
        assert about.startswith("Riverside: Bo is paused and sees it otherwise.")
        assert theirs == "that was not me"
    assert bodies(bo)[-1] == "Riverside: 2 of your fellows read it."
    for word, said in (("IN", "are paused until Tue 5 Mar 6 PM"), ("HELP", "STOP = end")):
        bo.write(LINE, word)
        town.wait(5)
        assert said in bodies(bo)[-1]


def test_with_nobody_to_read_it_that_is_said(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo")
    pauses(town, at_desk, "Ana", "Bo")
    bo.write(LINE, "NO")
    town.wait(5)
    assert "nobody can be texted just now" in bodies(bo)[-1]


def test_a_pause_ends_by_itself_and_start_does_not_end_it_sooner(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo")
    pauses(town, at_desk, "Ana", "Bo")
    bo.write(LINE, "STOP")
    town.wait(5)
    bo.write(LINE, "START")
    town.wait(5)
    assert "your rings and texts are paused" in bodies(bo)[-1]
    town.hours_pass(24)
    town.wait(70)
    assert bodies(bo)[-1] == "Riverside: the pause is over. You are rung and texted as before."
    bo.write(LINE, "IN")
    town.wait(5)
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)


def test_a_talk_by_text_goes_on_through_a_pause(town: Town, at_desk: AtDesk) -> None:
    bo, dot = town.volunteer("Bo"), town.phone("Dot")
    dot.write(LINE, "Hello?")
    town.wait(5)
    bo.write(LINE, "OK")
    town.wait(5)
    pauses(town, at_desk, "Ana", "Bo")
    dot.write(LINE, "Are you there?")
    town.wait(5)
    assert bodies(bo)[-1].endswith(": Are you there?")
    bo.write(LINE, "I am here")
    town.wait(5)
    assert bodies(dot)[-1] == "I am here"


def test_a_call_goes_on_through_a_pause(town: Town, at_desk: AtDesk) -> None:
    bo, cal = town.volunteer("Bo").picks_up(after=2), town.phone("Cal")
    bo.when_hears("Press 1", press="1")
    cal.dial(LINE)
    town.until_talking(cal, bo)
    pauses(town, at_desk, "Ana", "Bo")
    assert bo.name in cal.talking_with


def test_alone_it_goes_once_a_week_for_whom_and_by_whom(town: Town, at_desk: AtDesk) -> None:
    for name in ("Bo", "Chi", "Dee"):
        town.volunteer(name, on=None)
    assert "paused for 24 hours" in pauses(town, at_desk, "Ana", "Bo")
    assert "Alone this goes once a week" in pauses(town, at_desk, "Ana", "Chi")
    assert "in a pause already" in pauses(town, at_desk, "Dee", "Bo")
    town.hours_pass(25)
    assert "Alone this goes once a week" in pauses(town, at_desk, "Dee", "Bo")
    assert "paused for 24 hours" in pauses(town, at_desk, "Dee", "Chi")


def test_longer_takes_two_of_whom_it_is_not_about_and_two_end_it(
    town: Town, at_desk: AtDesk
) -> None:
    bo = town.volunteer("Bo")
    town.volunteer("Chi", on=None)
    assert "A second person must say yes" in pauses(town, at_desk, "Ana", "Bo", "7")
    bos = at_desk(town, "Bo", "").open("/desk/mine")
    assert "Ana proposes that Bo be paused for 7 days: Shouts at callers." in bos.text
    assert "Yes, I say so too" not in bos.text
    assert not any("pause" in body for body in bodies(bo))
    chis = at_desk(town, "Chi", "").open("/desk/mine")
    chis.send("/desk/people/second", deed="yes")
    town.wait(5)
    assert "Chi and a second person ask for a pause" in bodies(bo)[-3]
    assert "until Mon 11 Mar" in bodies(bo)[-3]
    chis.open("/desk/pause").send("/desk/pause/end")
    at_desk(town, "Ana", "").open("/desk/mine").send("/desk/people/second", deed="yes")
    town.wait(5)
    assert "the pause is over" in bodies(bo)[-1]


def test_who_asked_alone_ends_it_alone_and_no_other_does(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo")
    town.volunteer("Chi", on=None)
    pauses(town, at_desk, "Ana", "Bo")
    at_desk(town, "Chi", "").open("/desk/pause").send("/desk/pause/end")
    town.wait(5)
    assert "over" not in bodies(bo)[-1]
    at_desk(town, "Ana", "").open("/desk/pause").send("/desk/pause/end")
    town.wait(5)
    assert "the pause is over" in bodies(bo)[-1]


def test_a_reason_is_needed_and_nothing_typed_is_lost(town: Town, at_desk: AtDesk) -> None:
    town.volunteer("Bo", on=None)
    browser = at_desk(town, "Ana", "").open("/desk/pause")
    person = str(town.people["Bo"])
    answer = browser.post("/desk/pause", [("person", person), ("days", "14"), ("why", "x" * 101)])
    assert answer.status_code == 422
    assert "A reason of at most 100 letters" in answer.text
    assert "x" * 101 in answer.text
    nobody = browser.post("/desk/pause", [("person", "999"), ("days", "alone"), ("why", "x")])
    assert nobody.status_code == 422


def test_who_is_paused_can_leave_and_nothing_of_it_stays(town: Town, at_desk: AtDesk) -> None:
    bo = town.volunteer("Bo", on=None)
    pauses(town, at_desk, "Ana", "Bo")
    for _ in range(2):
        bo.write(LINE, "LEAVE")
        town.wait(5)
    assert "Shouts" not in town.everything_written()
    assert "held:" not in town.everything_written()
