"""The first words: who is here, the language, the promise."""

import pytest

from tests.stories.town import LINE, Town, town_on


def test_the_promise_comes_after_a_short_greeting_and_tells_of_the_star_and_of_skipping(
    town: Town,
) -> None:
    town.volunteer("Ana")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "others skip.")
    greeting, words = (said for _, said in cal.heard)
    assert greeting == "Hello. This is Riverside: peers who have been there."
    assert words.endswith("Star gives choices, 5 counts this call, others skip.")
    first, second = (instant for instant, _ in cal.heard)
    assert 2 < (second - first).total_seconds() < 5.5


def test_no_phone_rings_during_the_greeting_and_phones_ring_while_the_promise_is_said(
    town: Town,
) -> None:
    ana = town.volunteer("Ana")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(3)
    assert not ana.is_ringing
    town.until_rings(ana, within=4)
    assert "Our promise" in cal.hears_now


@pytest.mark.parametrize("key", ["1", "0", "9", "#", "*"])
def test_any_key_skips_the_promise(town: Town, key: str) -> None:
    town.volunteer("Ana")
    cal = town.phone("Cal")
    cal.when_hears("Our promise", press=key)
    cal.dial(LINE)
    town.until_hears(cal, "We're looking for someone now.", within=8)


def test_with_several_languages_silence_takes_the_first(two_languages: Town) -> None:
    two_languages.volunteer("Ana")
    cal = two_languages.phone("Cal")
    cal.dial(LINE)
    two_languages.until_hears(cal, "For English, press 1, or just wait.")
    two_languages.until_hears(cal, "Para español, oprima 2.")
    two_languages.until_hears(cal, "Hello. This is Riverside", within=10)


def test_a_key_chooses_the_language_of_all_that_follows(two_languages: Town) -> None:
    two_languages.volunteer("Ana", languages="en,es")
    cal = two_languages.phone("Cal")
    cal.when_hears("Para español", press="2")
    cal.dial(LINE)
    two_languages.until_hears(cal, "Hola. Esta es Riverside")
    two_languages.until_hears(cal, "Estamos buscando a alguien.", within=90)


def test_a_language_without_the_promise_in_force_is_not_offered(database_url: str) -> None:
    with town_on(database_url) as town:
        town.add_language_without_promise("es")
        town.volunteer("Ana")
        cal = town.phone("Cal")
        cal.dial(LINE)
        town.until_hears(cal, "Hello. This is Riverside")
        assert not cal.has_heard("español")


def test_without_a_promise_the_line_does_not_open(database_url: str) -> None:
    with town_on(database_url, promised=False) as town:
        ana = town.volunteer("Ana")
        cal = town.phone("Cal")
        cal.dial(LINE)
        town.until_hears(cal, "This line is not open yet")
        town.until_over(cal)
        assert ana.rings == []


def test_nobody_on_shift_is_said_first_with_when_somebody_is_next_on(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    town.volunteer("Ana", on=(24, 27))
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "Hello. This is Riverside. Nobody is here to talk right now.")
    town.until_hears(cal, "Someone is here again tomorrow, Tuesday, at 6 PM.")
    town.until_hears(cal, "For other places to call, press 2.")
    town.until_hears(cal, "Goodbye", within=30)
    town.until_over(cal)
    assert not cal.has_heard("press 1")


def test_when_nobody_is_on_within_a_week_the_line_does_not_guess(town: Town) -> None:
    town.volunteer("Ana", on=(24 * 8, 24 * 8 + 2))
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "We can't say yet when someone will be here.")


def test_a_line_without_other_places_does_not_offer_any(town: Town) -> None:
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_over(cal)
    assert not cal.has_heard("press 2")


def test_when_nobody_is_on_2_names_other_places_twice_each_with_its_word_on_police(
    town: Town,
) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "They never call the police.")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "press 2")
    cal.press("2")
    named = "Hilltop Peers. 413, 555, 0190. About police: They never call the police."
    town.until_hears(cal, "Once more.")
    town.until_hears(cal, "Nobody is here to talk right now")
    assert [said for _, said in cal.heard].count(named) == 2


def test_somebody_who_comes_on_during_these_words_is_rung(town: Town) -> None:
    ana = town.volunteer("Ana", on=(0.003, 3))
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(cal, "Nobody is here")
    town.until_talking(cal, ana, within=90)


def test_a_withheld_number_is_welcome(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE, withheld=True)
    town.until_talking(cal, ana)
