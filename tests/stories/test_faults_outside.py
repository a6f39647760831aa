"""The database is away for a while: nobody is hung up on, no key and no text is lost in silence."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from tests.databases import Databases
from tests.locks import every_connection_dies, held_by_another
from tests.stories.test_faults import calls, ends, takes
from tests.stories.town import LINE, Town, town_on
from tests.telephony.test_webhook import Visitor, waiting_call
from tests.test_every_route import LEGS
from warmline.database import engine, postgres
from warmline.models.calls import Ring
from warmline.simulator import Phone
from warmline.telephony.failed_steps import WHILE_AWAY
from warmline.telephony.provision import provision

pytestmark = pytest.mark.both_databases

A_MOMENT = "A moment, please."
SORRY = "Something is wrong on our side"
NOT_ARRIVED = "your text did not reach us"
STOCK = "application error"
SOON = 0.05
"""Seconds for which a lock is waited for here: how long that is decides nothing."""


@pytest.fixture(autouse=True)
def locks_are_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", SOON)
    soon = {**postgres.HURRIED, "lock_timeout": f"{int(SOON * 1000)}ms"}
    monkeypatch.setattr(postgres, "HURRIED", soon)


@contextmanager
def provisioned(url: str, **rules: str | int) -> Iterator[Town]:
    """A town whose numbers point here as `warmline provision` has them point."""
    with town_on(url, **rules) as town:  # type: ignore[arg-type]  # rules are given
        base = town.parts.settings.public_url
        told = provision(town.parts.provider, [LINE], base, dry_run=False)  # type: ignore[arg-type]  # it is the provider's own library here
        assert not any(one.is_error for one in told)
        yield town


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with provisioned(database_url) as town:
        yield town


@pytest.fixture
def sqlite_town(sqlite_url: str) -> Iterator[Town]:
    with provisioned(sqlite_url) as town:
        yield town


@contextmanager
def away(town: Town) -> Iterator[None]:
    """Nothing can be written for a while; the clock and the sender, which try again, rest."""
    with town.clock.resting(), held_by_another(town.parts.settings.database_url):
        yield


def was_told_the_truth(phone: Phone) -> bool:
    """Whether nothing but a moment was asked of this phone: no regret and no stock words."""
    return not phone.has_heard(SORRY) and not phone.has_heard(STOCK)


def test_a_call_that_comes_while_the_database_is_away_begins_a_moment_later(town: Town) -> None:
    ana, cal = takes(town, "Ana"), town.phone("Cal").when_hears("Our promise", press="#")
    with away(town):
        cal.dial(LINE)
        town.wait(2)
        assert cal.has_heard(A_MOMENT)
    town.until_talking(cal, ana)
    assert cal.words.count(A_MOMENT) == 1
    assert was_told_the_truth(cal)
    cal.hang_up()
    ends(town)


def test_a_claim_that_cannot_be_written_is_offered_again(town: Town) -> None:
    ana, cal = town.volunteer("Ana").picks_up(after=3), calls(town)
    town.until_hears(ana, "Press 1 to take it")
    with away(town):
        ana.press("1")
        town.wait(2)
        assert ana.is_in_call
        assert ana.has_heard(A_MOMENT)
    town.until_hears(ana, "Press 1 to take it")
    ana.press("1")
    town.until_talking(cal, ana)
    assert was_told_the_truth(ana)
    assert not cal.has_heard(A_MOMENT)
    cal.hang_up()
    ends(town)


def test_a_claim_whose_connection_dies_is_taken_with_the_key_that_was_pressed(
    postgresql_url: str,
) -> None:
    with provisioned(postgresql_url) as town:
        ana, cal = town.volunteer("Ana").picks_up(after=3), calls(town)
        town.until_hears(ana, "Press 1 to take it")
        every_connection_dies(postgresql_url)
        ana.press("1")
        town.until_talking(cal, ana)
        assert not ana.has_heard(A_MOMENT)


OUTAGES = [(second, second + 5) for second in range(1, 46, 5)]


def test_whenever_the_database_goes_away_for_five_seconds_nobody_is_hung_up_on(
    sqlite_databases: Databases,
) -> None:
    for n, (begins, until) in enumerate(OUTAGES):
        with sqlite_databases.migrated() as url, provisioned(url) as town:
            town.network.faults.fallback_once = bool(n % 2)
            ana = takes(town, "Ana", after=4).when_hears("9: end kindly", press="1", once=True)
            cal = town.phone("Cal").when_hears("9: goodbye", press="1", once=True)
            cal.dial(LINE)
            stars(town, begins)
            with away(town):
                stars(town, until - begins, begins)
            town.until_talking(cal, ana, within=180)
            for phone in (cal, ana):
                assert was_told_the_truth(phone), (begins, phone.words, town.network.story())
            cal.hang_up()
            ends(town)


def stars(town: Town, seconds: float, since: float = 0) -> None:
    """Time passes; after half a minute the caller steps out of the talk, soon after the peer."""
    for second in range(int(since), int(since + seconds)):
        for name, at in (("Cal", 30), ("Ana", 38)):
            if second == at and town.phone(name).talking_with:
                town.phone(name).press("*")
        town.wait(1)


@pytest.mark.parametrize("once", [False, True], ids=["fallback each time", "fallback once"])
def test_a_database_that_stays_away_is_a_moment_for_a_while_then_kind_words_and_other_places(
    once: bool, sqlite_url: str
) -> None:
    with provisioned(sqlite_url, languages="en,es") as town:
        town.network.faults.fallback_once = once
        town.other_place("Hilltop Peers", "413 555 0190", "Never.")
        town.parts.door.learn_languages()
        cal = town.phone("Cal")
        with away(town):
            cal.dial(LINE)
            town.until_over(cal, within=90)
        said = cal.words.count(A_MOMENT)
        assert said == cal.words.count("Un momento, por favor.") == len(WHILE_AWAY)
        assert cal.words.count(SORRY) == 1
        after = cal.words[cal.words.index(SORRY) :]
        assert "Hilltop Peers." in after
        assert "About police: Never." in after
        assert not cal.has_heard(STOCK)


def test_places_that_were_learned_while_a_call_was_led_back_are_said(sqlite_town: Town) -> None:
    """A service that has just been started knows them by the time it gives up."""
    cal = sqlite_town.phone("Cal")
    sqlite_town.other_place("Hilltop Peers", "413 555 0190", "Never.")
    with away(sqlite_town):
        cal.dial(LINE)
        sqlite_town.until_over(cal, within=90)
    assert cal.has_heard("Or you can call:")
    assert cal.has_heard("Hilltop Peers")


def test_the_end_of_a_ring_that_meets_a_fault_is_told_again_and_somebody_else_is_rung(
    postgresql_url: str,
) -> None:
    with provisioned(postgresql_url) as town:
        ana, cal = town.volunteer("Ana").never_picks_up(), calls(town)
        town.until_rings(ana)
        bo = takes(town, "Bo")
        every_connection_dies(postgresql_url)
        ana.hang_up()
        town.wait(0.1)
        with town.parts.database.reading() as read:
            rung = read.scalars(select(Ring.person_id)).all()
        assert town.people["Ana"] not in rung, town.network.story()
        town.until_talking(cal, bo, within=30)


# Texts.


def test_a_text_that_meets_a_fault_is_asked_for_again_and_read_once(postgresql_url: str) -> None:
    with provisioned(postgresql_url) as town:
        dot = town.phone("Dot")
        town.volunteer("Ana", breather=0)
        every_connection_dies(postgresql_url)
        dot.write(LINE, "Hello?")
        town.wait(10)
        assert any("Our promise" in text.body for text in dot.texts)
        assert not any(NOT_ARRIVED in text.body for text in dot.texts)


def test_a_text_that_cannot_be_read_at_all_is_answered_that_it_did_not_arrive(town: Town) -> None:
    dot, bo = town.phone("Dot"), town.volunteer("Bo")
    with away(town):
        dot.write(LINE, "Hello?")
        bo.write(LINE, "OUT")
        town.wait(5)
    for phone in (dot, bo):
        assert [text.body.count(NOT_ARRIVED) for text in phone.texts] == [1], phone.texts
    dot.write(LINE, "Hello?")
    town.wait(10)
    assert any("Our promise" in text.body for text in dot.texts)


def test_the_last_try_is_told_by_the_count_or_by_the_fallback(bilingual: Town) -> None:
    visitor = Visitor(bilingual)
    bilingual.parts.door.learn_languages()

    def text(message_id: str, *more: tuple[str, str]) -> tuple[int, str]:
        sent = [("MessageSid", message_id), ("To", LINE), ("From", "+14135550152"), ("Body", "Hi")]
        answer = visitor.post("/text", [*sent, *more])
        return answer.status, answer.body

    with away(bilingual):
        assert [text("SM1")[0] for _ in range(2)] == [503, 503]
        assert text("SM2")[0] == 503, "each text is counted by itself"
        status, body = text("SM1")
        assert (status, "<Message>" in body) == (200, True)
        assert NOT_ARRIVED in body
        assert "no nos ha llegado" in body
        status, body = text("SM3", ("ErrorCode", "11200"), ("ErrorUrl", f"{visitor.base}/text"))
        assert (status, NOT_ARRIVED in body) == (200, True)


@pytest.fixture
def bilingual(sqlite_url: str) -> Iterator[Town]:
    with provisioned(sqlite_url, languages="en,es") as town:
        yield town


# What is answered to what.


def test_whatever_is_told_is_asked_for_again(town: Town) -> None:
    _, provider_id = waiting_call(town)
    visitor = Visitor(town)
    ended = [("CallSid", provider_id), ("CallStatus", "completed"), ("MessageStatus", "sent")]
    with away(town):
        assert visitor.post("/voice/status", ended).status == 503
        for conversation in LEGS.values():
            for name in conversation.callbacks:
                path = f"/{conversation.letter}/{'7' * 32}/{name}"
                assert visitor.post(path, ended).status == 503, path


def test_a_step_that_hangs_is_answered_before_the_provider_gives_up(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 60)
    with provisioned(sqlite_url) as town:
        visitor, sent = Visitor(town), [("CallSid", "CA7"), ("To", LINE)]
        town.volunteer("Ana")
        town.parts.door.learn_languages()
        town.parts.door.in_time.seconds = 0.2
        with away(town):
            assert visitor.post("/voice", sent).status == 503
            assert visitor.post("/voice/fallback", sent).tags == ["Say", "Pause", "Redirect"]
        town.parts.door.in_time.seconds = 60
        assert visitor.post("/voice", sent).tags[-1] == "Redirect"
        town.wait(1)
        assert town.live_rows()["call"] == 1


def test_the_fallback_leads_a_leg_to_itself_and_anything_else_by_the_id_of_its_call(
    sqlite_town: Town,
) -> None:
    token, provider_id = waiting_call(sqlite_town)
    visitor, call = Visitor(sqlite_town), [("CallSid", provider_id), ("To", LINE)]
    base = visitor.base

    def led_to(error_url: str, sid: str) -> str:
        sent = [("CallSid", sid), ("To", LINE), ("ErrorCode", "11200"), ("ErrorUrl", error_url)]
        body = visitor.post("/voice/fallback", sent).body
        return body.partition("<Redirect>")[2].partition("#")[0].removeprefix(base)

    assert led_to(f"{base}/c/{token}/wait_key", "CA1") == f"/c/{token}/again?tries=1"
    assert led_to(f"{base}/r/{token}/offer_key", "CA2") == f"/r/{token}/again?tries=1"
    assert led_to(f"{base}/c/{token}/again?tries=1", "CA3") == f"/c/{token}/again?tries=2"
    assert led_to(f"{base}/c/{token}/again?tries=2", "CA4") == "", "kind words"
    elsewhere = ("https://x.example/c/" + token + "/wait", f"{base}/t/{token}/status", "", "/voice")
    for n, error_url in enumerate(elsewhere):
        assert led_to(error_url, f"CB{n}") == "/voice?tries=1", error_url
    assert visitor.post("/voice?tries=1", call).tags == ["Enqueue"]


def test_a_provider_that_does_not_say_what_failed_is_counted_by_the_call(sqlite_town: Town) -> None:
    visitor, call = Visitor(sqlite_town), [("CallSid", "CA9"), ("To", LINE)]
    ends_with = [visitor.post("/voice/fallback", call).tags[-1] for _ in range(3)]
    assert ends_with == ["Redirect", "Redirect", "Hangup"]
    sqlite_town.wait(150)
    assert visitor.post("/voice/fallback", call).tags[-1] == "Redirect", "long ago"


def test_a_phone_that_we_ring_is_led_back_by_its_id_and_never_taken_for_a_caller(
    sqlite_town: Town,
) -> None:
    ana = takes(sqlite_town, "Ana")
    cal = calls(sqlite_town)
    sqlite_town.until_talking(cal, ana)
    visitor = Visitor(sqlite_town)
    ring = next(
        str(one["sid"]) for one in sqlite_town.network.records() if one.get("to") == ana.number
    )
    before = sqlite_town.live_rows()
    for sid, leads in ((ring, "/again"), ("CA" + "8" * 32, "ended")):
        sent = [("CallSid", sid), ("Direction", "outbound-api"), ("To", ana.number)]
        assert leads in visitor.post("/voice", sent).body
    assert sqlite_town.live_rows() == before


def test_a_key_that_is_lost_in_the_queue_is_asked_for_there_again(sqlite_town: Town) -> None:
    token, _ = waiting_call(sqlite_town)
    visitor, sent = Visitor(sqlite_town), [("Digits", "5"), ("QueueTime", "9")]
    with away(sqlite_town):
        answer = visitor.post(f"/c/{token}/wait_key", sent)
        assert answer.tags == ["Pause", "Redirect"]
        assert f"/c/{token}/wait#" in answer.body
        heard = [visitor.post(f"/c/{token}/wait", [("CallSid", "CA5")]).tags for _ in range(5)]
    assert heard == [["Pause", "Redirect"]] * 4 + [["Say", "Pause", "Redirect"]]


def test_whoever_waits_and_is_not_known_any_more_is_led_to_the_door_and_begins_anew(
    sqlite_town: Town,
) -> None:
    """A crash of PostgreSQL forgets who was live; whoever waited has done nothing."""
    visitor, token = Visitor(sqlite_town), "7" * 32
    waits, leaves = [("QueueTime", "9")], [("QueueResult", "leave"), ("QueueTime", "9")]
    assert visitor.post(f"/c/{token}/wait", waits).tags == ["Leave"]
    led = visitor.post(f"/c/{token}/left_queue", leaves)
    assert led.tags == ["Redirect"]
    assert f"{visitor.base}/voice#" in led.body
    assert visitor.post(f"/c/{token}/wait", []).tags == ["Say", "Hangup"]
