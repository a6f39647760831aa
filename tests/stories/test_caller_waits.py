"""Waiting: the key that lets us count, a low word, honest words when nobody can be found."""

from itertools import pairwise

from tests.stories.town import LINE, NUMBERS, Town

BUSY = "Everyone here is in a talk. We couldn't put you through yet."
SILENT = "No one could pick up just now. I'm sorry."
KEEP = "To keep looking, press 1."


def waiting(town: Town, name: str = "Cal") -> None:
    """Somebody calls, skips the promise and waits."""
    phone = town.phone(name)
    phone.when_hears("Our promise", press="#")
    phone.dial(LINE)
    town.until_hears(phone, "We're looking for someone now.")


def test_5_while_waiting_says_yes_and_5_again_takes_it_back(town: Town) -> None:
    town.volunteer("Ana")
    waiting(town)
    cal = town.phone("Cal")
    town.wait(14)
    cal.press("5")
    town.until_hears(cal, "Thank you, this call is counted. 5 takes it back.")
    town.wait(7)
    cal.press("5")
    town.until_hears(cal, "All right, this call is not counted.")
    cal.hang_up()
    town.wait(5)
    assert town.notes() == []


def test_a_yes_leaves_a_note_with_the_hour_the_language_and_about_how_long(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.when_hears("Press 1", press="1")
    waiting(town)
    cal = town.phone("Cal")
    town.wait(14)
    cal.press("5")
    town.until_rings(ana)
    ana.pick_up()
    town.until_talking(cal, ana)
    town.wait(400)
    cal.hang_up()
    town.wait(5)
    assert town.notes() == [("2030-03-04", 18, "en", "5 to 15 min", True)]


def test_without_a_yes_only_the_days_counts_move(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(60)
    assert town.notes() == []
    assert town.counts() == {"offered": 1, "answered": 1}
    assert town.live_rows() == {}


def test_a_low_word_every_twenty_seconds(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 3)).never_picks_up()
    town.volunteer("Bo").picks_up(after=2).when_hears("Press 1", press="1")
    waiting(town, "Dot")
    town.until_talking(town.phone("Dot"), town.phone("Bo"))
    waiting(town)
    cal = town.phone("Cal")
    town.wait(90)
    low = ("We're still", "Everyone", "No one has", "To be called back")
    at = [instant for instant, said in cal.heard if said.startswith(low)]
    gaps = [(b - a).total_seconds() for a, b in pairwise(at)]
    assert gaps
    assert all(9 <= gap <= 24 for gap in gaps)


def test_keys_that_mean_nothing_here_change_nothing(town: Town) -> None:
    ana = town.volunteer("Ana")
    waiting(town)
    cal = town.phone("Cal")
    town.wait(14)
    for key in "1236789":
        cal.press(key)
        town.wait(3)
    assert cal.is_in_call
    town.until_rings(ana)
    ana.pick_up()
    town.until_hears(ana, "Press 1 to take it")
    ana.press("1")
    town.until_talking(cal, ana)


def test_0_offers_the_rules_and_other_places_without_losing_the_place(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    ana = town.volunteer("Ana")
    waiting(town)
    cal = town.phone("Cal")
    town.wait(14)
    cal.press("0")
    town.until_hears(cal, "For what we promise, press 1.")
    cal.press("2")
    town.until_hears(cal, "Hilltop Peers")
    town.wait(9)
    cal.press("0")
    town.until_hears(cal, "For what we promise, press 1.")
    cal.press("1")
    town.until_hears(cal, "Our promise at Riverside")
    town.until_rings(ana)
    ana.when_hears("Press 1", press="1")
    ana.pick_up()
    town.until_talking(cal, ana)


def test_when_nobody_picks_up_the_line_says_so_and_asks(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    town.volunteer("Bo").is_busy()
    waiting(town)
    town.until_hears(town.phone("Cal"), SILENT)
    town.until_hears(town.phone("Cal"), KEEP)


def test_everyone_in_a_talk_is_another_word_than_nobody_picking_up(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    waiting(town, "Dot")
    town.until_talking(town.phone("Dot"), ana)
    waiting(town)
    cal = town.phone("Cal")
    town.until_hears(cal, BUSY, within=240)
    assert not cal.has_heard(SILENT)


def test_patience_is_the_lines_own(town: Town) -> None:
    town.set_rules(patience_seconds=60)
    ana = town.volunteer("Ana")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    waiting(town, "Dot")
    town.until_talking(town.phone("Dot"), ana)
    waiting(town)
    cal = town.phone("Cal")
    town.until_hears(cal, BUSY, within=75)


def test_1_keeps_looking_as_often_as_wanted(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.never_picks_up()
    waiting(town)
    cal = town.phone("Cal")
    for _ in range(3):
        town.until_hears(cal, KEEP)
        rings = len(ana.rings)
        cal.press("1")
        town.until_hears(cal, "We'll keep looking.")
        town.wait(40)
        assert len(ana.rings) == rings + 2
    town.until_hears(cal, KEEP)
    cal.press("1")
    ana.when_hears("Press 1", press="1")
    town.until_rings(ana)
    ana.pick_up()
    town.until_talking(cal, ana)


def test_no_key_is_one_more_round_then_how_long_somebody_is_on_and_goodbye(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.never_picks_up()
    town.shift("Ana", 24, 26)
    waiting(town)
    cal = town.phone("Cal")
    town.until_hears(cal, KEEP)
    rings = len(ana.rings)
    town.until_hears(cal, "We're trying everyone once more. Stay on the line.")
    town.wait(30)
    assert len(ana.rings) == rings + 1
    town.until_hears(cal, "Someone is on until 9 PM.", within=240)
    town.until_hears(cal, "I'm sorry no one could be there this time.")
    town.until_over(cal)
    assert town.counts() == {"offered": 1, "not reached": 1}


def test_2_names_other_places_and_asks_again(town: Town) -> None:
    town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    town.volunteer("Ana").is_busy()
    waiting(town)
    cal = town.phone("Cal")
    town.until_hears(cal, KEEP)
    cal.press("2")
    town.until_hears(cal, "Hilltop Peers")
    town.until_hears(cal, KEEP)
    cal.press("1")
    town.until_hears(cal, "We'll keep looking.")


def test_a_caller_who_hangs_up_while_phones_ring_stops_them_within_two_seconds(town: Town) -> None:
    phones = [town.volunteer(name) for name in ("Ana", "Bo", "Chi")]
    waiting(town)
    town.wait(8)
    assert all(phone.is_ringing for phone in phones)
    town.phone("Cal").hang_up()
    town.wait(2)
    assert not any(phone.is_ringing for phone in phones)
    town.wait(30)
    assert town.live_rows() == {}


def test_the_number_of_a_caller_is_nowhere_while_they_wait(town: Town) -> None:
    town.volunteer("Ana")
    waiting(town)
    assert NUMBERS["Cal"] not in town.everything_written()
    assert NUMBERS["Cal"][2:] not in town.everything_written()
