"""From a peer's 1 to the caller's voice: seconds, whatever is still to be said of the promise."""

from datetime import datetime
from statistics import median

import pytest

from tests.stories.test_called_back import asks
from tests.stories.town import EVENING, LINE, Town, town_on
from warmline.promise import promise
from warmline.simulator import Phone

HEARING = "They are hearing our promise. A few seconds."
GREETING = {"en": "Hello.", "es": "Hola."}
FIRST = {"en": "Our promise:", "es": "Nuestra promesa:"}
IN_FULL = {"en": "Our promise at", "es": "Nuestra promesa en"}
BILL = {"en": "phone company", "es": "compañía de teléfono"}
TAKE_IT = {"en": "Press 1 to take it", "es": "Oprima 1"}


def when(phone: Phone, words: str) -> datetime:
    return next(at for at, said in phone.heard if words in said)


def seconds_from_1(town: Town, language: str, picks_up_after: float) -> float | None:
    """From the peer's 1 to the talk, of a caller who presses nothing; None: no 1 in the promise."""
    ana, cal = town.phone("Ana"), town.phone("Cal")
    ana.picks_up(after=picks_up_after)
    before = len(cal.heard)
    cal.dial(LINE)
    assert town.network.run_until(lambda: TAKE_IT[language] in ana.hears_now, 60)
    town.wait(1)
    ana.press("1")
    pressed = town.network.now()
    in_promise = not any(IN_FULL[language] in said for _, said in cal.heard[before:])
    town.until_talking(cal, ana, 60)
    took = (town.network.now() - pressed).total_seconds()
    cal.hang_up()
    town.wait(5)
    return took if in_promise else None


@pytest.mark.both_databases
def test_from_the_peers_1_to_the_callers_voice_are_six_seconds_in_the_middle_and_ten_at_most(
    line: Town, language: str
) -> None:
    line.volunteer("Ana", languages=language, breather=0)
    moments = (0.5, 1, 2, 3, 4, 5, 6, 7, 8)
    took = [seconds_from_1(line, language, after) for after in moments]
    waits = [one for one in took if one is not None]
    assert len(waits) > 5
    assert median(waits) <= 6
    assert max(waits) <= 10


def test_the_first_part_takes_nine_seconds_and_the_whole_waits_until_nobody_is_ready(
    line: Town, language: str
) -> None:
    ana = line.volunteer("Ana", languages=language).picks_up(after=2)
    ana.when_hears(TAKE_IT[language], press="1")
    cal = line.phone("Cal")
    cal.dial(LINE)
    line.until_talking(cal, ana)
    [words] = [said for _, said in cal.heard if FIRST[language] in said]
    talked = line.network.now()
    # With the second of silence in which a key still counts.
    assert (talked - when(cal, FIRST[language])).total_seconds() <= 10.5
    assert not cal.has_heard(BILL[language])
    assert not cal.has_heard(IN_FULL[language])
    assert len(words.split(".")[0].split()) <= 15


def test_whoever_waits_hears_the_whole_and_a_peer_who_comes_breaks_it_off(
    line: Town, language: str
) -> None:
    ana = line.volunteer("Ana", languages=language)
    cal = line.phone("Cal")
    cal.dial(LINE)
    line.until_hears(cal, IN_FULL[language])
    line.wait(0.5)
    ana.when_hears(TAKE_IT[language], press="1").pick_up()
    line.until_talking(cal, ana, within=8)
    assert not cal.has_heard(BILL[language])


def test_the_whole_is_said_once_to_whoever_waits_on(line: Town, language: str) -> None:
    line.volunteer("Ana", languages=language).never_picks_up()
    cal = line.phone("Cal")
    cal.dial(LINE)
    line.until_hears(cal, BILL[language])
    line.wait(60)
    assert cal.words.count(IN_FULL[language]) == 1
    assert cal.words.count(FIRST[language]) == 1


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_a_key_skips_the_whole_too_and_it_does_not_begin_again(
    line: Town, language: str, every_request_comes_twice: bool
) -> None:
    line.volunteer("Ana", languages=language)
    cal = line.phone("Cal")
    cal.dial(LINE)
    line.until_hears(cal, IN_FULL[language])
    begun = len(cal.heard)
    line.network.faults.webhooks_twice = every_request_comes_twice
    cal.press("1")
    line.wait(20)
    after = " ".join(said for _, said in cal.heard[begun:])
    assert IN_FULL[language].split()[0] not in after
    assert not cal.has_heard(BILL[language])


def test_the_peer_hears_once_where_the_caller_is(town: Town) -> None:
    ana = town.volunteer("Ana").picks_up(after=1).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert ana.words.count(HEARING) == 1
    assert "One moment." not in ana.words


def test_star_4_says_the_whole_with_what_a_phone_company_keeps(town: Town) -> None:
    ana = town.volunteer("Ana").picks_up(after=2).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.when_hears("1: back to your peer", press="4", once=True)
    cal.press("*")
    town.until_hears(cal, "phone company")
    assert cal.has_heard("Not immigration. Not your family, school or employer")


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_a_call_back_says_none_of_the_promise_again(
    town: Town, every_request_comes_twice: bool
) -> None:
    ana = town.volunteer("Ana", breather=0).picks_up(after=2).when_hears("Press 1", press="1")
    gus = town.phone("Gus")
    gus.dial(LINE)
    town.until_talking(gus, ana)
    cal = asks(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    gus.hang_up()
    town.until_rings(cal)
    before = len(cal.heard)
    cal.pick_up()
    town.until_hears(cal, "Press your key.")
    cal.press("6")
    town.until_talking(cal, ana, within=20)
    assert "promise" not in " ".join(said for _, said in cal.heard[before:])


def test_whoever_asked_to_be_called_back_before_they_heard_it_hears_the_promise_then(
    town: Town,
) -> None:
    ana = town.volunteer("Ana", on=(15, 18)).picks_up(after=2)
    ana.when_hears("Press 1", press="1")
    cal = asks(town, offered="Tomorrow between 9 AM and 12 PM: press 1.")
    assert not cal.has_heard("Our promise")
    town.hours_pass(14.9)
    town.until_rings(cal, 900)
    cal.pick_up()
    town.until_hears(cal, "Press your key.")
    cal.press("6")
    town.until_hears(cal, "Our promise: no police")


def test_whoever_was_cut_off_hears_none_of_it_again(town: Town) -> None:
    ana = town.volunteer("Ana").picks_up(after=2).when_hears("Press 1", press="1")
    ana.when_hears("go back to it", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    before = len(cal.heard)
    ana.hang_up()
    town.until_hears(cal, "calling your peer again")
    town.until_talking(cal, ana)
    assert "promise" not in " ".join(said for _, said in cal.heard[before:])


@pytest.mark.parametrize(
    "exception",
    [
        "We call an ambulance if a child has stopped breathing.",
        "If a child is being hurt now, we tell whoever we must by law, and we say so before it.",
    ],
)
def test_an_exception_is_in_the_first_part_and_a_long_one_is_in_full_in_the_whole(
    database_url: str, exception: str
) -> None:
    with town_on(database_url, promised=False) as town:
        never = dict.fromkeys(promise.QUESTIONS, promise.NEVER)
        with town.parts.database.writing() as db:
            promise.save(db, 1, [promise.Promise("en", never, exception)], EVENING)
        town.volunteer("Ana")
        cal = town.phone("Cal")
        cal.dial(LINE)
        town.until_hears(cal, "Our promise: no one is told unless you ask, except this.")
        first = cal.hears_now
        town.until_hears(cal, "Our promise at")
        assert exception in cal.hears_now
        whole = exception in first
        assert whole != ("There's more." in first)
        assert whole or "If a child is being hurt now." in first
        seconds = (when(cal, "We're looking") - when(cal, "Our promise:")).total_seconds()
        assert seconds <= 15
