"""Saying how it went: by key or text, unnamed; to two, never to the one it is about."""

import re

import pytest
from sqlalchemy import select

from tests.stories.test_receipts import number_heard
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, NUMBERS, Town
from tests.stories.writing import in_a_talk, texts_after
from warmline.models.privacy import ExpectedFeedback, Feedback, FeedbackLink
from warmline.privacy import feedback, feedback_readers
from warmline.privacy.feedback import FeedbackSeen
from warmline.simulator import Phone

KEYS = "4: a promise of this line was not kept."
KNOWN = "May the two know which peer it was?"


@pytest.fixture
def two(town: Town) -> tuple[Phone, Phone]:
    """Bo and Chi read how it went; Bo leads the desk, and neither is on shift."""
    phones = town.volunteer("Bo", on=None), town.volunteer("Chi", on=None)
    names_two(town, "Bo", "Chi")
    return phones


def names_two(town: Town, *names: str) -> None:
    with town.parts.database.writing() as db:
        for name in names:
            feedback_readers.offer(db, 1, town.people[name])
        feedback_readers.name(db, 1, [town.people[name] for name in names])


def reads(town: Town, name: str) -> list[FeedbackSeen]:
    with town.parts.database.reading() as db:
        return feedback.for_reader(db, town.parts.seal, 1, town.people[name])


def answers(town: Town, name: str, words: str) -> None:
    with town.parts.database.writing() as db:
        [one] = feedback.for_reader(db, town.parts.seal, 1, town.people[name])
        assert feedback.answer(db, town.parts.seal, one.id, town.people[name], words)


def talks(town: Town) -> tuple[Phone, Phone]:
    """Cal talks with Ana, who has just said goodbye kindly."""
    ana, cal = town.volunteer("Ana", breather=0), town.phone("Cal")
    ana.picks_up(after=2).when_hears("Press 1 to take it", press="1")
    ana.when_hears("9: end kindly", press="9", once=True)
    cal.dial(LINE)
    town.until_talking(cal, ana)
    ana.press("*")
    town.until_hears(cal, "To say how it went, press 5.")
    return cal, ana


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_after_the_talk_a_key_says_it_and_another_lets_the_peer_be_known(
    town: Town, every_request_comes_twice: bool
) -> None:
    cal, _ = talks(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    cal.when_hears(KEYS, press="2", once=True)
    cal.when_hears(KNOWN, press="1", once=True)
    cal.press("5")
    town.until_hears(cal, "The two have it.")
    town.until_over(cal)
    assert cal.has_heard("Thank you for calling.")
    [said] = reads(town, "Bo")
    assert (said.kind, said.about, said.words) == ("not_heard", town.people["Ana"], "")
    assert NUMBERS["Cal"] not in town.everything_written()


@pytest.mark.usefixtures("two")
def test_without_that_key_nobody_learns_which_peer_it_was(town: Town) -> None:
    cal, _ = talks(town)
    cal.when_hears(KEYS, press="1", once=True)
    cal.press("5")
    town.until_hears(cal, "The two have it.")
    [said] = reads(town, "Bo")
    assert (said.kind, said.about) == ("heard", None)
    with town.parts.database.reading() as db:
        assert db.scalar(select(Feedback.about)) == ""


def test_the_two_are_told_but_never_the_one_it_is_about(town: Town) -> None:
    town.volunteer("Chi", on=None)
    cal, ana = talks(town)
    names_two(town, "Ana", "Chi")
    cal.when_hears(KEYS, press="3", once=True)
    cal.when_hears(KNOWN, press="1", once=True)
    cal.press("5")
    town.until_hears(cal, "The two have it.")
    town.wait(10)
    assert reads(town, "Ana") == []
    assert len(reads(town, "Chi")) == 1
    assert not any("how it went" in text.body for text in ana.texts)
    town.wait(60)
    assert any("somebody has said how it went" in text.body for text in town.phone("Chi").texts)
    with town.parts.database.writing() as db:
        [one] = feedback.for_reader(db, town.parts.seal, 1, town.people["Chi"])
        assert not feedback.answer(db, town.parts.seal, one.id, town.people["Ana"], "I did not.")


@pytest.mark.usefixtures("two")
def test_the_answer_is_heard_with_the_number_and_everything_goes_after_ninety_days(
    town: Town,
) -> None:
    cal, ana = talks(town)
    cal.when_hears(KEYS, press="4", once=True)
    cal.press("5")
    town.until_hears(cal, "The two have it.")
    town.until_hears(cal, "and key in:")
    number = key_number(cal)
    town.until_over(cal)
    dot = town.phone("Dot")
    assert "there is no answer yet" in writes(town, dot, f"SAY {number}")[-1]
    answers(town, "Chi", "We are sorry. We have talked about it together.")
    assert "We are sorry." in writes(town, dot, f"say {number}")[-1]
    assert "is not known here" in writes(town, dot, "SAY 00000000")[-1]
    ana.never_picks_up()
    hears_answer(town, number)
    with town.parts.database.writing() as db:
        later = town.network.now() + feedback.KEPT_FOR * 2
        assert feedback.forget(db, later) == 1


def key_number(phone: Phone) -> str:
    said = next(words for _, words in reversed(phone.heard) if "key in:" in words)
    digits = "".join(re.findall(r"\d", said.partition("key in:")[2].partition("Once more")[0]))
    assert len(digits) == 8
    return digits


def hears_answer(town: Town, number: str) -> None:
    """Anybody with the number, from any phone: 0, then 9, then 5."""
    gus = town.phone("Gus")
    gus.when_hears("For other choices, press 0.", press="0", once=True)
    gus.when_hears("We're looking for someone now.", press="0", once=True)
    gus.when_hears("To say how it went, press 9.", press="9", once=True)
    gus.when_hears("5: to hear an answer.", press="5", once=True)
    gus.when_hears("Please key in the eight digits", press=number, once=True)
    town.set_rules(patience_seconds=1800)
    gus.dial(LINE)
    town.until_hears(gus, "We are sorry. We have talked about it together.")
    gus.hang_up()
    town.wait(5)


@pytest.mark.usefixtures("two")
def test_a_number_from_the_talk_works_for_an_hour_and_holds_nothing_of_the_caller(
    town: Town,
) -> None:
    cal, ana = talks(town)
    cal.when_hears("6: a number with which to say it", press="6", once=True)
    cal.press("5")
    town.until_hears(cal, "Your number is:")
    number = number_heard(cal)
    town.until_over(cal)
    with town.parts.database.reading() as db:
        [row] = db.execute(select(FeedbackLink.about, FeedbackLink.number)).all()
    assert number not in f"{row}"
    ana.never_picks_up()
    cal.when_hears("We're looking for someone now.", press="0", once=True)
    cal.when_hears("To say how it went, press 9.", press="9", once=True)
    cal.when_hears(KEYS, press="1", once=True)
    cal.when_hears("If you got a number in your talk", press=number, once=True)
    cal.dial(LINE)
    town.until_hears(cal, "The two have it.")
    [said] = reads(town, "Bo")
    assert said.about == town.people["Ana"]
    with town.parts.database.reading() as db:
        assert db.execute(select(FeedbackLink)).first() is None, "used, it is gone"


@pytest.mark.usefixtures("two")
def test_unused_the_number_is_gone_after_the_hour(town: Town) -> None:
    cal, _ = talks(town)
    cal.when_hears("6: a number with which to say it", press="6", once=True)
    cal.press("5")
    town.until_hears(cal, "Your number is:")
    cal.hang_up()
    town.hours_pass(1.1)
    with town.parts.database.reading() as db:
        assert db.execute(select(FeedbackLink)).first() is None


@pytest.mark.usefixtures("two")
def test_say_by_text_just_after_a_talk_asks_for_the_words_and_whether_the_peer_may_be_known(
    town: Town,
) -> None:
    town.volunteer("Ana", breather=0)
    dot, _, _ = in_a_talk(town)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    assert "Begin with PEER:" in writes(town, dot, "SAY")[-1]
    [thanks] = writes(town, dot, "peer: I was listened to. Thank you!")
    assert "the two have it. SAY" in thanks
    [said] = reads(town, "Bo")
    assert (said.kind, said.words) == ("words", "I was listened to. Thank you!")
    assert said.about == town.people["Ana"]
    assert "listened" not in town.everything_written()
    assert NUMBERS["Dot"] not in town.everything_written()


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("words", ["15 minutes I waited", "1 hour!", "Peer was kind", "1: no"])
def test_nobody_names_their_peer_by_chance(town: Town, words: str) -> None:
    town.volunteer("Ana", breather=0)
    dot, _, _ = in_a_talk(town)
    texts_after(town, dot, "BYE")
    texts_after(town, dot, "BYE")
    writes(town, dot, "SAY")
    writes(town, dot, words)
    [said] = reads(town, "Bo")
    assert (said.words, said.about) == (words, None)


@pytest.mark.usefixtures("two")
def test_say_at_any_time_and_a_word_of_ours_is_not_taken_for_it(town: Town) -> None:
    ana, dot = town.volunteer("Ana", breather=0), town.phone("Dot")
    assert "next text" in writes(town, dot, "SAY")[-1]
    with town.parts.database.reading() as db:
        assert db.execute(select(ExpectedFeedback)).first() is not None
    writes(town, dot, "STOP")
    assert reads(town, "Bo") == []
    with town.parts.database.reading() as db:
        assert db.execute(select(ExpectedFeedback)).first() is None
    gus = town.phone("Gus")
    assert "next text" in writes(town, gus, "DECIR")[-1]
    town.wait(1900)
    writes(town, gus, "I would like to talk")
    town.wait(10)
    assert any("someone would like to talk by text" in text.body for text in ana.texts)
    assert reads(town, "Bo") == []


def test_with_nobody_named_duty_hears_that_two_are_to_be_named(town: Town) -> None:
    bo = town.volunteer("Bo", on=None)
    town.duty("Bo", -1, 3)
    dot = town.phone("Dot")
    writes(town, dot, "SAY")
    [thanks] = writes(town, dot, "Nobody picked up, three times.")
    assert "Nobody is named yet to read it" in thanks
    assert "the two" not in thanks
    town.wait(10)
    assert any("nobody is named to read it" in text.body for text in bo.texts)


def test_who_leaves_is_known_nowhere_any_more(town: Town, two: tuple[Phone, Phone]) -> None:
    cal, ana = talks(town)
    cal.when_hears(KEYS, press="2", once=True)
    cal.when_hears(KNOWN, press="1", once=True)
    cal.press("5")
    town.until_hears(cal, "The two have it.")
    town.until_over(cal)
    town.wait(30)
    writes(town, ana, "LEAVE")
    writes(town, ana, "LEAVE")
    town.wait(5)
    [said] = reads(town, "Bo")
    assert said.about is None
    assert two


def test_volunteers_have_the_same_door_and_a_shift_word_is_a_shift_word(town: Town) -> None:
    town.volunteer("Chi", on=None)
    bo = town.volunteer("Bo", on=None)
    names_two(town, "Bo", "Chi")
    ana = town.volunteer("Ana", on=None)
    assert "next text" in writes(town, ana, "SAY")[-1]
    assert "on until" in writes(town, ana, "IN 2H")[-1].lower()
    assert reads(town, "Bo") == []
    writes(town, ana, "SAY")
    number = writes(town, ana, "Nobody asks the new ones how they are.")[-1].split("SAY ")[1][:8]
    [said] = reads(town, "Bo")
    assert (said.words, said.about) == ("Nobody asks the new ones how they are.", None)
    answers(town, "Bo", "You are right.")
    assert "You are right." in writes(town, ana, f"SAY {number}")[-1]
    assert bo.texts
