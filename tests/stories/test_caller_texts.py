"""Somebody texts the line, as both read it on the phones in their hands."""

from sqlalchemy import select, update

from tests.logs import logged
from tests.stories.town import LINE, NUMBERS, Town, town_on
from tests.stories.writing import (
    ASKED,
    in_a_talk,
    name_of,
    no_talk_is_left,
    read_since,
    texts_after,
)
from warmline.models.people import Volunteer
from warmline.models.talks import TalkText
from warmline.simulator import Phone
from warmline.simulator.network import texts


def test_from_the_first_text_to_goodbye(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    promise = texts_after(town, dot, "Is anybody there?")
    assert len(promise) == 2
    assert "we never contact the police" in promise[0]
    assert "pass through a peer's own phone" in promise[1]
    waits = town.everything_written()
    assert not [one for one in ("Is anybody there?", NUMBERS["Dot"]) if one in waits]
    assert [text.body for text in ana.texts] == [ASKED]

    name = name_of(town)
    yours, first = texts_after(town, ana, "ok")
    assert f"you are with {name}" in yours
    assert first == f"{name}: Is anybody there?"
    assert dot.texts[-1].body == "Riverside: a peer is here and reads what you wrote."

    assert texts_after(town, ana, "I am. How is tonight?", dot) == ["I am. How is tonight?"]
    assert texts_after(town, dot, "Long.", ana) == [f"{name}: Long."]

    closing = texts_after(town, dot, "bye")
    [said] = closing
    assert said.startswith("Riverside: Ending in 2 minutes and erasing your number here. Write any")
    assert read_since(ana, -2)[0] == f"{name}: bye"
    town.wait(125)
    assert "You can delete this thread" in dot.texts[-2].body
    assert "may we count this talk" in dot.texts[-1].body
    assert ana.texts[-1].body == ("Riverside: Talk over, thank you. Please delete this thread now.")
    assert town.is_in_breather("Ana")
    assert town.counts() == {"offered": 1, "answered": 1}
    no_talk_is_left(town)


def test_the_first_ok_has_the_talk_and_the_second_is_thanked(town: Town) -> None:
    ana, bo, dot = town.volunteer("Ana"), town.volunteer("Bo"), town.phone("Dot")
    texts_after(town, dot, "hello")
    assert [text.body for text in (*ana.texts, *bo.texts)] == [ASKED, ASKED]
    ana.write(LINE, "OK")
    bo.write(LINE, "OK")
    town.wait(6)
    told = sorted(phone.texts[1].body[:34] for phone in (ana, bo))
    assert told[0] == "Riverside: somebody is with them n"
    assert told[1].startswith("Riverside: you are with ")


def test_the_next_is_asked_when_somebody_passes_or_after_two_minutes(town: Town) -> None:
    phones = [town.volunteer(name) for name in ("Ana", "Bo", "Chi", "Dee", "Eli")]
    dot = town.phone("Dot")
    texts_after(town, dot, "hello")
    asked = [phone for phone in phones if phone.texts]
    assert len(asked) == 3
    assert texts_after(town, asked[0], "No") == ["Riverside: thank you. We ask somebody else."]
    assert sum(bool(phone.texts) for phone in phones) == 4
    town.wait(130)
    assert all(phone.texts for phone in phones)
    assert len(asked[0].texts) == 2


def test_nobody_is_told_anything_of_who_texts(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    said = " ".join(text.body for text in ana.texts)
    assert NUMBERS["Dot"] not in said
    assert NUMBERS["Ana"] not in " ".join(text.body for text in dot.texts)
    assert all(text.from_number == LINE for text in (*ana.texts, *dot.texts))
    assert NUMBERS["Dot"] not in town.everything_written()


def test_nothing_of_a_talk_is_logged(town: Town) -> None:
    town.volunteer("Ana")
    with logged("debug") as lines:
        dot, _, _ = in_a_talk(town)
        town.network.faults.opted_out.add(NUMBERS["Dot"])
        texts_after(town, dot, "a word of mine")
        texts_after(town, dot, "bye")
    said = lines.getvalue()
    assert "the provider refused" in said
    assert not [one for one in (NUMBERS["Dot"], NUMBERS["Ana"], "a word of mine") if one in said]


NOBODY_ON = (
    "Riverside: no one is here right now, sorry."
    " Someone is here again tomorrow, Tuesday, at 2 PM."
    " Wait here, or write then. LIST = other places."
)


def test_when_nobody_comes_they_are_told_what_they_can_do_and_then_that_we_stop(
    town: Town,
) -> None:
    dot = town.phone("Dot")
    town.volunteer("Ana", on=(20, 23))
    first, promise, rest = texts_after(town, dot, "hello?")
    assert first == NOBODY_ON
    assert "we never contact the police" in promise
    assert "Whoever comes on is asked. BYE = end" in rest
    town.wait(590)
    assert len(dot.texts) == 3, "nobody is told that we look where nobody is"
    town.wait(10)
    assert dot.texts[-1].body == (
        "Riverside: Nobody could be found yet. WAIT = keep looking, LIST = other places,"
        " BYE = end. If you write nothing we look 10 minutes more, then stop."
    )
    town.wait(605)
    assert dot.texts[-2].body == (
        "Riverside: nobody could be found, we are sorry."
        " Someone is here again tomorrow, Tuesday, at 2 PM."
    )
    assert "goodbye. Your number is erased here. You can delete" in dot.texts[-1].body
    assert len(dot.texts) == 6
    assert town.counts() == {"offered": 1, "not reached": 1}
    no_talk_is_left(town)


def test_whoever_writes_when_nobody_was_found_is_looked_for_on(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    assert texts_after(town, dot, "hello?") == [], "they know how it is"
    town.wait(600)
    assert "Nobody could be found yet" in dot.texts[-1].body
    [said] = texts_after(town, dot, "please")
    assert said.startswith("Riverside: no one is here right now, sorry. We can't say yet when")
    town.wait(600)
    assert "Nobody could be found yet" in dot.texts[-1].body
    ana = town.volunteer("Ana")
    town.wait(10)
    assert "somebody else" in texts_after(town, dot, "ELSE")[0]
    texts_after(town, ana, "OK")
    assert [one.split(": ")[1] for one in read_since(ana, -3)] == ["hello?", "hello?", "please"]


def test_wait_asks_everybody_anew(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    texts_after(town, dot, "hello?")
    town.wait(600)
    asked = len(ana.texts)
    assert asked == 2
    assert texts_after(town, dot, "wait") == ["Riverside: still looking for a peer. BYE = end."]
    assert len(ana.texts) == asked + 1
    texts_after(town, ana, "OK")
    assert ana.texts[-1].body.endswith(": hello?")


def test_list_names_other_places_with_their_word_on_police(town: Town) -> None:
    town.other_place("Northside", "+1 413 555 0160", "never calls the police")
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    [listed] = texts_after(town, dot, "List")
    assert "Northside +1 413 555 0160: never calls the police" in listed


def test_order_is_kept_and_long_texts_arrive_whole(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(ana.texts)
    long = "a long night 🌙 " * 60
    town.network.faults.requests_refused = 2
    dot.write(LINE, long)
    town.wait(0.1)
    dot.write(LINE, "that is all")
    town.wait(60)
    got = [one.removeprefix(f"{name}: ") for one in read_since(ana, before)]
    assert len(got) > 3
    assert got[-1] == "that is all"
    assert "".join(got[:-1]) == long


def test_the_longest_text_arrives_whole_both_ways_and_no_emoji_is_cut(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    long = ("\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44b\U0001f3fd" * 200)[:1600]
    before = len(ana.texts), len(dot.texts)
    dot.write(LINE, long)
    ana.write(LINE, long)
    town.wait(90)
    to_peer = [one.removeprefix(f"{name}: ") for one in read_since(ana, before[0])]
    to_caller = read_since(dot, before[1])
    assert "".join(to_peer) == "".join(to_caller) == long
    assert not [one for one in (*to_peer, *to_caller) if one[0] in "\u200d\U0001f3fd"]


def test_a_redelivered_text_is_passed_on_once(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(ana.texts)
    town.network.faults.answers_lost = 1
    dot.write(LINE, "once")
    town.wait(20)
    assert read_since(ana, before) == [f"{name}: once"]
    before = len(dot.texts)
    town.network.faults.answers_lost = 1
    ana.write(LINE, "once too")
    town.wait(20)
    assert read_since(dot, before) == ["once too"]


def test_a_text_whose_creation_was_not_confirmed_is_found_and_not_repeated(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(ana.texts)
    town.network.faults.creates_lost = 1
    dot.write(LINE, "one")
    town.wait(0.1)
    dot.write(LINE, "two")
    town.wait(90)
    assert read_since(ana, before) == [f"{name}: one", f"{name}: two"]


def test_what_is_passed_on_lies_sealed_until_the_network_has_it(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    town.network.faults.requests_refused = 3
    dot.write(LINE, "a secret of mine")
    town.wait(2)
    assert "a secret" not in town.everything_written()
    town.wait(60)
    assert ana.texts[-1].body == f"{name}: a secret of mine"
    with town.parts.database.reading() as db:
        assert not db.scalars(select(TalkText.body).where(TalkText.body.is_not(None))).all()


def test_anything_written_stays_and_a_second_bye_ends_at_once(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    texts_after(town, dot, "BYE")
    assert f"Riverside: {name} stays." in texts_after(town, dot, "wait, one thing", ana)
    town.wait(300)
    assert texts_after(town, ana, "still here", dot) == ["still here"]
    texts_after(town, dot, "BYE")
    [last, _asked] = texts_after(town, dot, "bye")
    assert "You can delete this thread" in last
    no_talk_is_left(town)


def test_the_peer_ends_it_with_hash_bye(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    [told] = texts_after(town, ana, "#bye", dot)
    assert "your peer says goodbye" in told
    town.wait(125)
    assert "goodbye. Your number is erased" in dot.texts[-2].body
    assert "Talk over, thank you" in ana.texts[-1].body


def test_sixty_quiet_minutes_end_a_talk_and_only_the_peer_is_told(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    before = len(dot.texts)
    town.hours_pass(1)
    town.wait(100)
    assert "an hour without a text. Talk over" in ana.texts[-1].body
    assert len(dot.texts) == before
    no_talk_is_left(town)


def test_else_finds_somebody_else(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo", on=(0.5, 3))
    dot, ana, name = in_a_talk(town)
    town.wait(1800)
    [told] = texts_after(town, dot, "ELSE")
    assert "we look for somebody else" in told
    assert read_since(ana, -2)[0] == f"{name}: ELSE"
    assert "asked for somebody else. Thank you for being there" in ana.texts[-1].body
    assert town.is_in_breather("Ana")
    texts_after(town, bo, "OK")
    assert texts_after(town, dot, "hi again", bo) == [f"{name}: hi again"]


def test_hash_pass_offers_somebody_else_and_never_ends_the_talk(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    [offered] = texts_after(town, ana, "#PASS", dot)
    assert "ELSE = somebody else takes over" in offered
    assert texts_after(town, dot, "please stay", ana) == [f"{name}: please stay"]


def test_a_word_of_ours_alone_is_held_and_asked_about(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(dot.texts)
    assert texts_after(town, ana, "Out") == [
        f"You wrote OUT. For us or for {name}? 1 = off for now, 2 = send it. Nothing sent yet."
    ]
    assert len(dot.texts) == before
    assert texts_after(town, ana, "2", dot) == ["Out"]
    texts_after(town, ana, "OUT")
    [off] = texts_after(town, ana, "1")
    assert "you are off" in off
    town.wait(4)
    assert ana.texts[-1].body == (
        f"Riverside: your shift is over. You may stay with {name} as long as you both wish."
        " #PASS = offer somebody else."
    )
    town.wait(30)
    assert texts_after(town, dot, "you there?", ana) == [f"{name}: you there?"]


def test_a_hash_reaches_the_shift_words(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, _ = in_a_talk(town)
    before = len(dot.texts)
    assert "on now: Ana" in texts_after(town, ana, "#WHO")[0]
    assert len(dot.texts) == before


def test_stop_is_obeyed_in_our_words_and_in_plain_ones(town: Town) -> None:
    town.volunteer("Ana", breather=0)
    dot, ana, _ = in_a_talk(town)
    answer = ["Riverside: we write no more. START = come back."]
    assert texts_after(town, dot, "Please stop texting me.") == answer
    assert "wants no more texts. Talk over" in ana.texts[-1].body
    no_talk_is_left(town)
    dot, ana, _ = in_a_talk(town)
    assert texts_after(town, dot, "STOP") == [texts.SAID_OUT]
    assert "wants no more texts. Talk over" in ana.texts[-1].body
    no_talk_is_left(town)


def test_help_is_a_text_like_any_other_and_says_once_who_we_are(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    networks, ours, *promise = texts_after(town, dot, "HELP")
    assert networks == texts.SAID_HELP
    assert ours == (
        "Riverside: peers who have been there, by text. Just write to talk with one."
        " STOP = no more texts. Msg & data rates may apply."
    )
    assert len(promise) == 2
    assert texts_after(town, ana, "OK")[-1].endswith(": HELP")
    before = len(dot.texts)
    for word in ("YES", "START", "Ayuda", "INFO"):
        assert texts_after(town, dot, word, ana)[-1].endswith(f": {word}")
    assert read_since(dot, before) == [texts.SAID_HELP]


def test_start_after_a_stop_says_who_we_are_and_a_peer_is_looked_for(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    texts_after(town, dot, "STOP")
    assert ana.texts == []
    networks, ours, *promise = texts_after(town, dot, "Start")
    assert networks == texts.SAID_BACK_IN
    assert "STOP = no more texts" in ours
    assert len(promise) == 2
    assert texts_after(town, ana, "OK")[-1].endswith(": Start")


def test_in_a_talk_who_asks_who_we_are_is_told_once(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    assert "Msg & data rates" in texts_after(town, dot, "ayuda")[0]
    assert ana.texts[-1].body == f"{name}: ayuda"
    assert texts_after(town, dot, "ayuda") == []


def test_quiet_holds_everything_back_until_they_write(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    assert texts_after(town, dot, "QUIET") == []
    assert f"{name} asked for quiet" in ana.texts[-1].body
    assert texts_after(town, ana, "I wait", dot) == []
    assert texts_after(town, dot, "back") == ["I wait"]
    texts_after(town, dot, "QUIET")
    town.hours_pass(1)
    town.wait(100)
    assert dot.texts[-1].body == "I wait"
    no_talk_is_left(town)


def test_quiet_holds_back_whatever_the_line_itself_would_say(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    before = len(dot.texts)
    texts_after(town, dot, "quiet")
    town.wait(1500)
    assert texts_after(town, dot, "Silencio") == []
    assert len(dot.texts) == before
    no_talk_is_left(town)


def test_nobody_who_called_is_ever_texted(town: Town) -> None:
    ana, cal = town.volunteer("Ana"), town.phone("Cal")
    cal.dial(LINE)
    town.until_rings(ana)
    ana.pick_up()
    town.until_hears(ana, "Press 1")
    ana.press("1")
    town.until_talking(cal, ana)
    cal.hang_up()
    town.wait(1300)
    assert cal.texts == []


def test_when_the_way_is_closed_before_a_peer_came_the_talk_ends_quietly(town: Town) -> None:
    ana, dot = town.volunteer("Ana"), town.phone("Dot")
    town.network.faults.opted_out.add(NUMBERS["Dot"])
    texts_after(town, dot, "hello?")
    no_talk_is_left(town)
    texts_after(town, dot, "FORGET 12345678")
    no_talk_is_left(town)
    assert dot.texts == []
    assert [text.body for text in ana.texts] in ([], [ASKED])


def test_a_peer_whose_shift_ends_in_a_talk_stays_or_offers_it(town: Town) -> None:
    town.volunteer("Ana", on=(-1, 0.25))
    bo = town.volunteer("Bo", on=(0.3, 3))
    dot, ana, name = in_a_talk(town)
    town.wait(1000)
    over = f"Riverside: your shift is over. You may stay with {name} as long as you both wish."
    assert [text.body for text in ana.texts if over in text.body] == [ana.texts[-1].body]
    assert texts_after(town, ana, "I stay a while", dot) == ["I stay a while"]
    town.wait(300)
    texts_after(town, ana, "#pass")
    assert "someone would like" not in str(bo.texts)
    texts_after(town, dot, "else")
    texts_after(town, bo, "OK")
    assert texts_after(town, dot, "hi", bo) == [f"{name}: hi"]


def test_who_takes_a_talk_after_their_shift_is_not_told_that_it_is_over(town: Town) -> None:
    ana, dot = town.volunteer("Ana", on=(-1, 0.02)), town.phone("Dot")
    texts_after(town, dot, "hello?")
    town.wait(90)
    assert len(texts_after(town, ana, "OK")) == 2
    before = len(ana.texts)
    town.wait(30)
    assert read_since(ana, before) == []


def test_a_line_was_crossed_ends_the_talk_at_once_with_kind_words_to_both(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(dot.texts)
    to_peer, until, hard = texts_after(town, ana, "#block")
    said = f"Riverside: the talk is over, {name} was told why. Please delete this thread."
    assert to_peer == said
    assert until.startswith("Riverside: until 8 PM that phone waits longer")
    assert hard == "Hard one? TALK and a fellow peer is looked for."
    [to_caller] = read_since(dot, before)
    assert to_caller == (
        "Riverside: your peer has ended this talk, because a line was crossed for them."
        " You may write again. Your number is erased here."
    )
    assert town.is_in_breather("Ana")
    no_talk_is_left(town)


def test_bye_after_quiet_is_answered(town: Town) -> None:
    dot = town.phone("Dot")
    texts_after(town, dot, "hello?")
    assert texts_after(town, dot, "QUIET") == []
    assert "goodbye. Your number is erased here." in texts_after(town, dot, "BYE")[0]
    no_talk_is_left(town)


def test_a_volunteers_stop_hands_their_talk_on(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo")
    dot, ana, _ = in_a_talk(town)
    before = len(ana.texts)
    ana.write(LINE, "STOP")
    town.wait(6)
    assert "your peer had to go" in dot.texts[-1].body
    assert [text.body for text in ana.texts[before:]] == [texts.SAID_OUT]
    assert texts_after(town, bo, "OK")[0].startswith("Riverside: you are with ")


def test_where_all_texters_are_in_talks_who_takes_calls_is_asked(town: Town) -> None:
    town.volunteer("Ana")
    bo = town.volunteer("Bo")
    with town.parts.database.writing() as db:
        takes_calls = update(Volunteer).where(Volunteer.person_id == town.people["Bo"])
        db.execute(takes_calls.values(text=False))
    in_a_talk(town)
    assert bo.texts == []
    texts_after(town, town.phone("Gus"), "hello")
    assert [text.body for text in bo.texts] == [ASKED]


def test_a_spanish_texter_and_peer_read_spanish(database_url: str) -> None:
    with town_on(database_url, languages="en,es") as town:
        ana, dot = town.volunteer("Ana", languages="es"), town.phone("Dot")
        promise = texts_after(town, dot, "Español")
        assert "nunca avisamos a la policía" in promise[0]
        texts_after(town, dot, "hola")
        assert "alguien quiere conversar por texto" in ana.texts[0].body
        assert "estás con" in texts_after(town, ana, "ok")[0]
        texts_after(town, dot, "adiós")
        assert "borramos su número aquí" in dot.texts[-1].body


def test_pictures_are_not_passed_on_and_both_are_told(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before, answered = len(ana.texts), len(dot.texts)
    dot.write(LINE, "see this", pictures=1)
    town.wait(6)
    told = f"Riverside: {name} sent a picture. Pictures are not passed on."
    assert read_since(ana, before) == [f"{name}: see this", told]
    said = "Riverside: pictures are not passed on. Your words are."
    assert read_since(dot, answered) == [said]
    ana.write(LINE, "", pictures=1)
    town.wait(6)
    assert "your peer sent a picture" in dot.texts[-1].body
    assert "pictures are not passed on" in ana.texts[-1].body


def test_a_number_that_the_phone_company_has_closed_ends_the_talk(town: Town) -> None:
    town.volunteer("Ana")
    _, ana, _ = in_a_talk(town)
    town.network.faults.opted_out.add(NUMBERS["Dot"])
    [told] = texts_after(town, ana, "are you there?")
    assert "their phone company has closed this; they can text START" in told
    no_talk_is_left(town)


def test_what_a_peer_did_not_get_any_more_reaches_the_next_one(town: Town) -> None:
    town.volunteer("Ana")
    dot, _, name = in_a_talk(town)
    bo = town.volunteer("Bo")
    town.network.faults.opted_out.add(NUMBERS["Ana"])
    dot.write(LINE, "are you")
    town.wait(0.1)
    dot.write(LINE, "there?")
    town.wait(8)
    assert "your peer had to go. We look for somebody else" in dot.texts[-1].body
    texts_after(town, bo, "OK")
    assert read_since(bo, -2) == [f"{name}: are you", f"{name}: there?"]


def test_a_peer_in_a_talk_is_rung_last_and_not_soon_after_a_text(town: Town) -> None:
    ana, bo = town.volunteer("Ana"), town.volunteer("Bo", on=(-0.5, 3))
    in_a_talk(town)
    town.phone("Cal").dial(LINE)
    town.until_rings(bo)
    town.wait(5)
    assert ana.rings == []
    town.until_rings(ana, within=180)


def test_a_text_that_was_never_found_is_sent_once_more_and_never_again(town: Town) -> None:
    town.volunteer("Ana")
    dot, ana, name = in_a_talk(town)
    before = len(ana.texts)
    town.network.faults.callbacks_never = True
    town.network.faults.creates_lost = 2
    dot.write(LINE, "one")
    for number in (1, 2):
        until_read(town, ana, before + number)
        # The network's list has lost it before anybody looks there.
        town.parts.provider.erase(ana.texts[-1].sid)
    town.wait(150)
    assert read_since(ana, before) == [f"{name}: one"] * 2


def until_read(town: Town, phone: Phone, number: int) -> None:
    """Let time pass until so many texts have come to a phone, and the network knows it."""
    assert town.network.run_until(lambda: len(phone.texts) == number, 90)
    town.wait(2)
