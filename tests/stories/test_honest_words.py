"""What is said while nobody can be found is so; silence is waited with, who rests is asked."""

import pytest

from tests.stories.test_volunteer_texts import writes
from tests.stories.town import LINE, Town
from warmline.simulator import Phone

WAITED = "Riverside: Somebody is waiting. BACK if you are ready, no is fine."
ON_UNTIL = {"en": "Someone is on until 9 PM.", "es": "Hay alguien hasta las 9 p. m."}
SORRY = {"en": "You did nothing wrong.", "es": "Usted no hizo nada malo."}
PROMISE = {"en": "Our promise", "es": "Nuestra promesa"}
ONCE_MORE = {"en": "once more", "es": "una vez más"}
BACK_KEY = {"en": "To be called back, press 4.", "es": "oprima 4"}
RESTS = {"en": "Someone is resting until 6:10 PM.", "es": "Alguien descansa hasta las 6:10 p. m."}


def calls(town: Town, name: str = "Cal") -> Phone:
    """Somebody calls and skips the promise."""
    phone = town.phone(name)
    for words in PROMISE.values():
        phone.when_hears(words, press="#")
    phone.dial(LINE)
    return phone


def talked(town: Town, language: str = "en") -> Phone:
    """Ana has talked with Gus, and rests from it until ten past six."""
    ana = town.volunteer("Ana", languages=language, breather=10).picks_up(after=2)
    ana.when_hears("Press 1", press="1").when_hears("Oprima 1", press="1")
    gus = calls(town, "Gus")
    town.until_talking(gus, ana)
    gus.hang_up()
    town.wait(5)
    return ana


def lasts(town: Town, phone: Phone, within: float = 900) -> float:
    """Seconds until their call is over by itself."""
    began = town.network.now()
    town.until_over(phone, within)
    return (town.network.now() - began).total_seconds()


@pytest.mark.both_databases
def test_silence_is_waited_with_until_the_patience_has_run_out_anew(
    line: Town, language: str
) -> None:
    for name in ("Ana", "Bo", "Chi"):
        line.volunteer(name, languages=language).never_picks_up()
    line.set_rules(patience_seconds=180)
    cal = calls(line)
    line.until_hears(cal, BACK_KEY[language])
    assert lasts(line, cal) > 180
    line_heard = cal.words
    assert ON_UNTIL[language] in line_heard
    assert SORRY[language] in line_heard
    assert line_heard.rindex(BACK_KEY[language]) > line_heard.rindex(ON_UNTIL[language])


def test_while_the_only_peer_rests_nobody_is_said_to_be_in_a_talk_and_nobody_to_be_tried(
    line: Town, language: str
) -> None:
    talked(line, language)
    cal = calls(line)
    line.until_hears(cal, RESTS[language])
    line.until_over(cal, 900)
    assert ON_UNTIL[language] in cal.words
    for untrue in ("is in a talk", "tienen una conversación", ONCE_MORE[language]):
        assert untrue not in cal.words


@pytest.mark.parametrize("every_request_comes_twice", [False, True])
def test_whoever_rests_is_asked_once_and_back_makes_their_phone_ring(
    town: Town, every_request_comes_twice: bool
) -> None:
    ana = talked(town)
    town.network.faults.webhooks_twice = every_request_comes_twice
    cal = calls(town)
    town.until_hears(cal, "Someone is resting")
    town.wait(100)
    assert [one.body for one in ana.texts].count(WAITED) == 1
    town.network.faults.webhooks_twice = False
    writes(town, ana, "BACK")
    town.until_talking(cal, ana, within=30)


def test_whoever_pauses_is_asked_too_and_whoever_talks_is_not(town: Town) -> None:
    bo = town.volunteer("Bo").picks_up(after=2).when_hears("Press 1", press="1")
    ana = town.volunteer("Ana", on=None)
    town.until_talking(calls(town, "Gus"), bo)
    town.shift("Ana", -1, 3)
    writes(town, ana, "PAUSE 60")
    cal = calls(town)
    town.until_hears(cal, "Everyone here is in a talk, or resting from one.", within=300)
    town.wait(5)
    assert WAITED in [one.body for one in ana.texts]
    assert WAITED not in [one.body for one in bo.texts]


def test_a_second_silence_is_told_before_that_it_is_goodbye(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "If you press nothing, we'll try everyone once more.")
    town.until_hears(cal, "We're trying everyone once more.")
    town.until_hears(cal, "If you press nothing, it's goodbye for now.", within=300)
    assert cal.words.count("If you press nothing, we'll try") == 1


def test_4_in_the_last_words_asks_to_be_called_back(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "Someone is on until 9 PM.", within=400)
    town.until_hears(cal, "To be called back, press 4.")
    cal.press("4")
    town.until_hears(cal, "As soon as someone is free")


def test_whoever_waited_is_waited_with_when_the_last_peer_goes_off(town: Town) -> None:
    ana = town.volunteer("Ana")
    cal = calls(town)
    town.until_rings(ana)
    writes(town, ana, "OUT")
    town.until_hears(cal, "Nobody is here to talk right now.", within=60)
    town.until_hears(cal, "We'll wait with you.", within=60)
    assert lasts(town, cal) > 170


def test_somebody_on_past_midnight_is_said_to_be_on_until_midnight(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 6)).never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "Someone is on until midnight.", within=400)


def test_the_waiting_menu_holds_what_is_needed_in_distress_and_the_rest_a_level_deeper(
    town: Town,
) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    town.volunteer("Ana").never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "We're looking for someone now.")
    town.wait(20)
    before = len(cal.heard)
    cal.press("0")
    town.until_hears(cal, "Your place is kept.")
    first = " ".join(said for _, said in cal.heard[before:])
    for key in ("press 2", "press 1", "press 4", "press 9", "press 0"):
        assert key in first
    for later in ("practice", "volunteer", "erase"):
        assert later not in first
    cal.press("0")
    town.until_hears(cal, "For practice, press 4.")
    town.until_hears(cal, "To join us as a volunteer, press 6.")


def test_4_in_the_waiting_menu_asks_to_be_called_back(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    cal = calls(town)
    town.until_hears(cal, "We're looking for someone now.")
    town.wait(20)
    cal.press("0")
    town.until_hears(cal, "To be called back, press 4.")
    cal.press("4")
    town.until_hears(cal, "As soon as someone is free")


def test_the_volunteers_menu_tells_four_and_the_others_work_all_the_same(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.when_hears("For your shifts, press 1", press="1", once=True)
    ana.dial(LINE)
    town.until_hears(ana, "4: my next shifts. 0: more.")
    ana.press("0")
    town.until_hears(ana, "8: away.")
    town.until_hears(ana, "4: my next shifts. 0: more.")
    ana.press("5")
    town.until_hears(ana, "Nothing is asked of you just now.")
