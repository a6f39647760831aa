"""Call me back: a window and a key of one's own; nothing names the line before that key."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete

from tests.stories.test_joining_by_key import joining
from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, Town
from warmline.conversations.arrivals import called_back
from warmline.models.calls import Call, Ring
from warmline.simulator import Phone

SOON = "As soon as someone is free, within two hours: press 1."
WHICH_KEY = "Press it now."
NAMELESS = ["Hello. You asked for this call. Press your key.", "Sorry to have troubled you."]


def asks(town: Town, name: str = "Cal", *, offered: str = SOON, at: str = "1") -> Phone:
    """They call, nobody can be reached, and they ask to be called back; their key is 6."""
    phone = town.phone(name)
    phone.when_hears("To be called back, press 4.", press="4", once=True)
    phone.when_hears(offered, press=at, once=True)
    phone.when_hears(WHICH_KEY, press="6", once=True)
    phone.dial(LINE)
    town.until_hears(phone, "Noted.")
    phone.hang_up()
    town.wait(5)
    return phone


@pytest.fixture
def ana(town: Town) -> Phone:
    """She is on, and talks with Gus: nobody is free."""
    ana = town.volunteer("Ana", breather=0).picks_up(after=2)
    ana.when_hears("Press 1", press="1")
    town.phone("Gus").dial(LINE)
    town.until_talking(town.phone("Gus"), ana)
    return ana


def rings(town: Town, phone: Phone) -> list[str]:
    """Their phone rings once somebody is free, and they pick up: what they hear from then on."""
    town.phone("Gus").hang_up()
    town.until_rings(phone)
    assert phone.shown_number == LINE
    before = len(phone.heard)
    phone.pick_up()
    town.until_hears(phone, "Press your key.")
    return [words for _, words in phone.heard[before:]]


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_once_a_peer_is_free_the_phone_rings_and_the_own_key_leads_to_the_talk(
    town: Town, ana: Phone, every_request_comes_twice: bool
) -> None:
    cal = asks(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    assert rings(town, cal) == NAMELESS[:1]
    cal.press("6")
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(600)
    assert len(cal.rings) == 1
    assert town.call_backs() == 0
    assert town.live_rows() == {}
    assert town.network.records() == []


def test_whoever_is_called_back_and_asks_to_join_leaves_their_own_number(
    town: Town, ana: Phone
) -> None:
    cal = asks(town)
    ana.picks_up(after=600)
    rings(town, cal)
    cal.press("6")
    town.until_hears(cal, "We're looking for someone now.")
    town.wait(14)
    cal.press("0")
    town.until_hears(cal, "For other choices, press 0.")
    cal.press("0")
    town.until_hears(cal, "as a volunteer, press 6")
    cal.press("6")
    town.until_hears(cal, "To be rung, press 1")
    cal.press("1")
    town.until_hears(cal, "Someone will call you within a week.")
    assert joining(town) == 1
    cal.hang_up()
    cal.write(LINE, "LEAVE")
    town.wait(5)
    assert joining(town) == 0


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("key", ["5", None])
def test_another_key_or_none_hears_that_we_are_sorry_and_is_not_tried_again(
    town: Town, key: str | None
) -> None:
    cal = asks(town)
    before = len(cal.heard)
    said = rings(town, cal)
    if key:
        cal.press(key)
    town.until_over(cal)
    said += [words for _, words in cal.heard[before:]]
    assert set(said) == set(NAMELESS)
    assert said[-1] == "Sorry to have troubled you."
    town.wait(3600)
    assert len(cal.rings) == 1
    assert town.call_backs() == 0
    assert town.network.records() == []


@pytest.mark.usefixtures("ana")
def test_a_phone_that_is_not_picked_up_is_tried_twice_at_most_a_quarter_of_an_hour_apart(
    town: Town,
) -> None:
    cal = asks(town)
    town.phone("Gus").hang_up()
    town.wait(7200)
    assert len(cal.rings) == 2
    first, second = cal.rings
    assert 900 <= (second.started - first.started).total_seconds() <= 1000
    assert town.call_backs() == 0
    assert town.network.records() == []


def test_it_is_asked_for_too_when_nobody_is_on_in_a_part_of_the_day_in_which_somebody_is(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=(15, 18)).picks_up(after=2)
    ana.when_hears("Press 1", press="1")
    cal = asks(town, offered="Tomorrow between 9 AM and 12 PM: press 1.")
    assert not any("two hours" in words for _, words in cal.heard)
    town.hours_pass(14.9)
    assert cal.rings == []
    town.until_rings(cal, 900)
    cal.pick_up()
    town.until_hears(cal, "Press your key.")
    cal.press("6")
    town.until_talking(cal, ana)


def test_when_nobody_is_down_we_do_not_promise_to_call(town: Town) -> None:
    town.volunteer("Ana", on=None)
    cal = town.phone("Cal")
    cal.when_hears("To be called back, press 4.", press="4", once=True)
    cal.dial(LINE)
    town.until_hears(cal, "So we can't promise to call.")
    assert town.call_backs() == 0


@pytest.mark.usefixtures("ana")
def test_whoever_hides_their_number_is_not_offered_it(town: Town) -> None:
    cal = town.phone("Cal")
    cal.when_hears("We're looking for someone now.", press="4", once=True)
    cal.dial(LINE, withheld=True)
    town.until_hears(cal, "We can't see a number to call.")
    assert not any("To be called back" in words for _, words in cal.heard)


def test_whoever_stays_and_is_put_through_is_not_called(town: Town, ana: Phone) -> None:
    cal = town.phone("Cal")
    cal.when_hears("To be called back, press 4.", press="4", once=True)
    cal.when_hears(SOON, press="1", once=True)
    cal.when_hears(WHICH_KEY, press="6", once=True)
    cal.dial(LINE)
    town.until_hears(cal, "Noted.")
    assert town.call_backs() == 1
    town.phone("Gus").hang_up()
    town.until_talking(cal, ana)
    assert town.call_backs() == 0


@pytest.mark.usefixtures("ana")
def test_it_is_taken_back_by_calling_again_and_by_stop(town: Town) -> None:
    cal = asks(town)
    cal.when_hears("To be called back, press 4.", press="4", once=True)
    cal.when_hears("To take that back, press 1.", press="1", once=True)
    cal.dial(LINE)
    town.until_hears(cal, "your number is erased.")
    assert town.call_backs() == 0
    cal.hang_up()
    asks(town, "Dot")
    assert town.call_backs() == 1
    writes(town, town.phone("Dot"), "STOP")
    assert town.call_backs() == 0


@pytest.mark.usefixtures("ana")
def test_of_the_number_nothing_is_legible_while_it_waits(town: Town) -> None:
    cal = asks(town)
    assert cal.number not in town.everything_written()
    assert cal.number.removeprefix("+1") not in town.everything_written()


@pytest.mark.usefixtures("ana")
def test_when_nobody_becomes_free_in_the_window_the_number_is_erased_unrung(town: Town) -> None:
    cal = asks(town)
    town.hours_pass(2.1)
    assert cal.rings == []
    assert town.call_backs() == 0


@pytest.mark.usefixtures("ana")
def test_a_mailbox_is_told_nothing_of_the_line_and_is_not_called_again(town: Town) -> None:
    cal = asks(town).has_voicemail(after=10)
    town.phone("Gus").hang_up()
    town.wait(3600)
    assert [words for _, words in cal.mailbox_heard] == NAMELESS
    assert len(cal.rings) == 1
    assert town.call_backs() == 0


def test_a_line_crossed_in_such_a_talk_slows_that_phone_and_not_our_own_number(
    town: Town, ana: Phone
) -> None:
    cal = asks(town)
    rings(town, cal)
    cal.press("6")
    town.until_talking(cal, ana)
    ana.when_hears("7: a line was crossed", press="7", once=True)
    ana.press("*")
    town.until_over(cal)
    cal.dial(LINE)
    town.until_hears(cal, "the wait is longer.")
    dot = town.phone("Dot")
    dot.dial(LINE)
    town.until_hears(dot, "Nobody is free just now.")
    assert not any("the wait is longer" in words for _, words in dot.heard)


@pytest.mark.both_databases
@pytest.mark.usefixtures("ana")
def test_of_many_clocks_at_once_one_rings(town: Town) -> None:
    asks(town)
    with town.parts.database.writing() as db:
        db.execute(delete(Call))
        db.execute(delete(Ring))
    together = Barrier(8)

    def rings_due(_number: int) -> int:
        together.wait()
        with town.parts.turn() as turn:
            return called_back.ring_due(turn)

    with ThreadPoolExecutor(8) as clocks:
        assert sorted(clocks.map(rings_due, range(8))) == [0] * 7 + [1]


def test_nobody_is_rung_who_is_still_on_the_line(town: Town, ana: Phone) -> None:
    ana.never_picks_up()
    cal = town.phone("Cal")
    cal.when_hears("To be called back, press 4.", press="4", once=True)
    cal.when_hears(SOON, press="1", once=True)
    cal.when_hears(WHICH_KEY, press="6", once=True)
    cal.dial(LINE)
    town.until_hears(cal, "Noted.")
    for name in ("Bo", "Chi", "Dee", "Eli", "Fay"):
        town.volunteer(name, breather=0).never_picks_up()
    town.wait(60)
    assert cal.rings == []
    cal.hang_up()
    # Whoever missed a ring rests ten minutes.
    town.until_rings(cal, 900)
