"""A volunteer is offered a call: accept, pass, too late; never connected by silence."""

from datetime import timedelta

from tests.stories.town import LINE, Town


def calls_in(town: Town, name: str = "Cal") -> None:
    phone = town.phone(name)
    phone.when_hears("Our promise", press="#")
    phone.dial(LINE)


def test_before_a_key_only_the_lines_name_and_the_two_keys_are_said(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6)
    calls_in(town)
    town.until_over(town.phone("Cal"), within=400)
    said = {words for _, words in ana.heard}
    assert said == {"Riverside: someone would like to talk. Press 1 to take it, 2 to pass."}


def test_the_key_works_from_the_first_word(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6).when_hears("Riverside", press="1", after=0.1)
    calls_in(town)
    town.until_talking(town.phone("Cal"), ana)


def test_silence_is_never_connected(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=6)
    calls_in(town)
    town.wait(150)
    assert not ana.has_talked_with


def test_a_voicemail_is_never_connected(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.has_voicemail(after=6)
    calls_in(town)
    town.wait(150)
    assert not ana.has_talked_with
    assert "Cal" not in str(ana.mailbox_heard)


def test_the_second_to_accept_is_thanked(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    calls_in(town)
    town.until_rings(ana)
    town.until_rings(bo)
    town.wait(5)
    ana.pick_up()
    bo.pick_up()
    town.wait(0.5)
    ana.press("1")
    bo.press("1")
    town.wait(8)
    talks = [phone for phone in (ana, bo) if phone.talking_with == {"Cal"}]
    thanked = [phone for phone in (ana, bo) if phone.has_heard("Thank you.")]
    assert len(talks) == len(thanked) == 1
    assert talks != thanked


def test_who_has_picked_up_and_not_pressed_is_thanked_when_another_takes_it(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    calls_in(town)
    town.until_rings(ana)
    town.until_rings(bo)
    town.wait(5)
    ana.pick_up()
    bo.pick_up()
    town.wait(1)
    ana.press("1")
    town.until_hears(bo, "Not needed any more. Thank you.", within=3)
    town.until_over(bo)


def test_a_phone_that_only_rings_stops_when_another_takes_it(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    calls_in(town)
    town.until_rings(ana)
    town.until_rings(bo)
    town.wait(5)
    ana.pick_up()
    town.wait(1)
    ana.press("1")
    town.wait(2)
    assert not bo.is_ringing


def test_who_accepts_during_the_promise_hears_where_the_caller_is(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(ana, "They are hearing our promise. A few seconds.")
    town.until_talking(cal, ana, within=40)
    assert not cal.has_heard("We're looking")


def test_a_key_in_the_promise_leads_straight_to_the_peer_who_waits(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(ana, "They are hearing our promise.")
    cal.press("1")
    town.until_talking(cal, ana, within=2)


def test_a_caller_gone_before_the_peer_presses_1_is_told(town: Town) -> None:
    ana = town.volunteer("Ana")
    calls_in(town)
    town.until_rings(ana)
    town.wait(5)
    ana.pick_up()
    town.wait(1)
    town.phone("Cal").hang_up()
    town.until_hears(ana, "Thank you.", within=3)
    town.until_over(ana)


def test_a_caller_gone_while_the_peer_waits_in_the_room(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=2).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_hears(ana, "They are hearing our promise.")
    cal.hang_up()
    town.until_hears(ana, "They have hung up. Thank you.", within=3)
    town.until_over(ana)


def test_the_language_is_told_after_1_and_staying_goes_on(two_languages: Town) -> None:
    town = two_languages
    ana = town.volunteer("Ana", languages="en,es")
    ana.picks_up(after=6).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.when_hears("Para español", press="2")
    cal.dial(LINE)
    town.until_hears(ana, "They chose Spanish. Stay to go on, press 2 to pass.")
    town.until_talking(cal, ana, within=60)


def test_2_after_the_language_passes_and_the_search_goes_on(two_languages: Town) -> None:
    town = two_languages
    ana = town.volunteer("Ana", languages="en,es")
    ana.picks_up(after=6).when_hears("Press 1", press="1").when_hears("They chose", press="2")
    bo = town.volunteer("Bo", languages="en,es")
    cal = town.phone("Cal")
    cal.when_hears("Para español", press="2")
    cal.dial(LINE)
    town.until_hears(ana, "All right. Thank you.")
    town.until_rings(bo)
    bo.when_hears("Press 1", press="1")
    bo.pick_up()
    town.until_talking(cal, bo, within=60)


def test_a_volunteers_own_language_comes_first(two_languages: Town) -> None:
    town = two_languages
    ana = town.volunteer("Ana", languages="es,en")
    ana.picks_up(after=6).when_hears("Oprima 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    assert ana.has_heard("Riverside: alguien quiere hablar.")
    assert ana.has_heard("Eligió inglés.")


def test_a_breather_after_each_talk(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    ended = town.network.now()
    cal.hang_up()
    town.until_over(ana)
    dot = town.phone("Dot")
    dot.when_hears("To keep looking", press="1")
    dot.dial(LINE)
    town.until_talking(dot, ana, within=900)
    assert timedelta(minutes=10) <= ana.rings[-1].started - ended <= timedelta(minutes=12)


def test_the_breather_is_the_volunteers_own(town: Town) -> None:
    ana = town.volunteer("Ana", breather=0)
    ana.picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    cal.hang_up()
    town.until_over(ana)
    town.phone("Dot").dial(LINE)
    town.until_talking(town.phone("Dot"), ana)


def test_the_breather_of_a_peer_who_dropped_begins_when_another_has_taken_it(town: Town) -> None:
    ana = town.volunteer("Ana")
    ana.picks_up(after=3).when_hears("someone would like", press="1", once=True)
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.until_talking(cal, ana)
    ana.when_hears("go back to it", press="2")
    ana.hang_up()
    town.until_hears(ana, "All right. Thank you.")
    assert not town.is_in_breather("Ana")
    bo = town.volunteer("Bo")
    bo.picks_up(after=3).when_hears("Press 1", press="1")
    town.until_talking(cal, bo)
    assert town.is_in_breather("Ana")
