"""A volunteer rings the line: a caller like any other, or 1 for their shifts."""

from tests.stories.town import LINE, Town, town_on


def test_staying_makes_them_a_caller_never_rung_for_it_themselves(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    ana.dial(LINE)
    town.until_hears(ana, "To talk with a peer, stay on the line. For your shifts, press 1.")
    town.until_hears(ana, "Hello. This is Riverside")
    town.until_talking(ana, bo)
    assert ana.rings == []


def test_a_volunteer_who_calls_and_is_alone_on_shift_hears_that_nobody_is_here(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.dial(LINE)
    town.until_hears(ana, "Nobody is here to talk right now.", within=60)
    assert ana.rings == []


def in_menu(town: Town) -> None:
    ana = town.phone("Ana")
    ana.dial(LINE)
    town.until_hears(ana, "press 1")
    ana.press("1")
    town.until_hears(ana, "1: on now. 2: off. 3: pause, or back. 4: my next shifts.")


def test_1_on_now_for_two_hours(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    in_menu(town)
    ana.press("1")
    town.until_hears(ana, "You're on until 8 PM.")
    ana.hang_up()
    town.wait(5)
    town.phone("Cal").dial(LINE)
    town.until_rings(ana)


def test_1_when_on_already_changes_nothing(town: Town) -> None:
    ana = town.volunteer("Ana")
    in_menu(town)
    ana.press("1")
    town.until_hears(ana, "You're on already, until 9 PM.")


def test_2_off_frees_them_at_once(town: Town) -> None:
    ana = town.volunteer("Ana")
    in_menu(town)
    ana.press("2")
    town.until_hears(ana, "You're off. Rest well.")
    ana.hang_up()
    town.phone("Cal").dial(LINE)
    town.until_hears(town.phone("Cal"), "Nobody is here")
    assert ana.rings == []


def test_2_when_off_already(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    in_menu(town)
    ana.press("2")
    town.until_hears(ana, "You're not on right now.")


def test_3_pauses_and_3_again_is_back(town: Town) -> None:
    ana = town.volunteer("Ana")
    in_menu(town)
    ana.press("3")
    town.until_hears(ana, "Your phone won't ring until 6:20 PM.")
    town.until_hears(ana, "1: on now.")
    ana.press("3")
    town.until_hears(ana, "You're back.")


def test_who_is_in_a_pause_is_not_rung(town: Town) -> None:
    ana = town.volunteer("Ana")
    in_menu(town)
    ana.press("3")
    town.until_hears(ana, "Your phone won't ring until")
    ana.hang_up()
    town.phone("Cal").dial(LINE)
    town.wait(120)
    assert ana.rings == []


def test_4_says_the_next_shifts(town: Town) -> None:
    ana = town.volunteer("Ana", on=None)
    town.shift("Ana", 24, 27)
    town.shift("Ana", 48, 50)
    in_menu(town)
    ana.press("4")
    town.until_hears(ana, "Tuesday from 6 PM to 9 PM.")
    town.until_hears(ana, "Wednesday from 6 PM to 8 PM.")


def test_silence_in_the_menu_is_a_kind_goodbye_and_nothing_is_counted(town: Town) -> None:
    ana = town.volunteer("Ana")
    in_menu(town)
    town.until_hears(ana, "Goodbye, and thank you.")
    town.until_over(ana)
    town.wait(30)
    assert town.live_rows() == {}
    assert town.counts() == {}


def test_a_volunteer_hears_the_menu_in_their_own_language(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana = town.volunteer("Ana", languages="es,en")
        ana.dial(LINE)
        town.until_hears(ana, "Para hablar con alguien, no cuelgue.")
        ana.press("1")
        town.until_hears(ana, "1: entro ahora.")
