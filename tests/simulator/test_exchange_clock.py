"""Virtual time, how long words take, and phones in the hand."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # no types

from tests.simulator.exchange_service import ANA, BO, LINE, START, Network, network
from tests.waiting import LONG, until
from warmline.simulator import Exchange
from warmline.simulator.legs.speech import spoken_seconds, words_within
from warmline.simulator.webhooks.courier import sign


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        net.service.pages["/voice"] = "<Say>Hello.</Say><Pause length='60'/>"
        yield net


def test_time_passes_only_when_it_is_let_pass(net: Network) -> None:
    assert net.exchange.now() == START
    net.exchange.run_for(90)
    assert net.exchange.now() == START + timedelta(seconds=90)


def test_an_hour_of_the_night_when_clocks_go_back_is_an_hour() -> None:
    zone = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 1, 1, 59, 30, tzinfo=zone)
    with Exchange("AC", "token", start=start) as exchange:
        exchange.run_for(60)
        now = exchange.now()
    assert now.astimezone(UTC) == datetime(2026, 11, 1, 6, 0, 30, tzinfo=UTC)
    assert now.tzinfo is zone
    assert (now.hour, now.minute, now.fold) == (1, 0, 1)


def test_a_start_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Exchange("AC", "token", start=datetime(2030, 1, 1))  # noqa: DTZ001  # that is the point


def test_time_stands_still_as_soon_as_the_condition_holds(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=7)
    net.ring(BO, "/voice")
    assert net.exchange.run_until(lambda: bo.is_in_call, 60)
    assert net.exchange.now() == START + timedelta(seconds=7.5)
    assert not net.exchange.run_until(lambda: False, 10)
    assert net.exchange.now() == START + timedelta(seconds=17.5)


def test_work_hung_on_the_clock_is_done_at_its_seconds(net: Network) -> None:
    done: list[datetime] = []
    net.exchange.every(15, done.append)
    net.exchange.run_for(50)
    assert [(at - START).total_seconds() for at in done] == [15, 30, 45]


def test_work_for_a_later_second_is_done_once(net: Network) -> None:
    done: list[datetime] = []
    net.exchange.after(15, done.append)
    net.exchange.run_for(50)
    assert [(at - START).total_seconds() for at in done] == [15]


def test_work_hung_on_the_clock_may_speak_to_the_network(net: Network) -> None:
    net.phone(BO, "Bo")
    net.exchange.every(10, lambda _: net.ring(BO, "/voice"))
    net.exchange.run_for(12)
    assert net.phone(BO, "Bo").is_ringing


def test_time_does_not_move_before_the_service_has_settled(net: Network) -> None:
    seen: list[tuple[datetime, int]] = []
    net.exchange.settled = lambda: seen.append((net.exchange.now(), len(net.service.asked)))
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(5)
    assert seen == [(START, 1)]


def test_what_is_due_at_one_instant_is_sent_at_the_same_time(net: Network) -> None:
    together = threading.Barrier(2, timeout=LONG)

    def meet(_: dict[str, str]) -> str:
        together.wait()
        return "<Say>Both are here.</Say>"

    net.service.pages["/voice"] = meet
    ana, bo = net.phone(ANA, "Ana"), net.phone(BO, "Bo")
    ana.dial(LINE)
    bo.dial(LINE)
    net.exchange.run_for(0.5)
    assert ana.words == bo.words == "Both are here."


def test_a_public_address_is_signed_and_reached_where_the_service_is(net: Network) -> None:
    net.exchange.reach("https://line.example", at=net.service.base)
    net.service.base, loopback = "https://line.example", net.service.base
    net.exchange.add_number(LINE, voice_url="https://line.example/v/%2B1#rc=2")
    net.service.pages["/v/+1"] = "<Redirect>/next</Redirect>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(1)
    assert [(asked.path, asked.genuine) for asked in net.service.asked] == [
        ("/v/+1", True),
        ("/next", True),
    ]
    assert loopback not in str(net.service.asked[0].fields)


def test_time_can_run_with_the_walls_and_faster(net: Network) -> None:
    speeds, asked = [0.0], [0]

    def speed() -> float:
        asked[0] += 1
        return speeds[0]

    net.exchange.run_at_speed(speed)
    until(lambda: asked[0] > 3)
    assert net.exchange.now() == START
    speeds[0] = 100.0
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    until(lambda: ana.has_heard("hello"))
    until(lambda: net.exchange.now() >= START + timedelta(seconds=10))


def test_listeners_get_plain_events_without_our_urls(net: Network) -> None:
    events: list[dict[str, object]] = []
    net.exchange.on_event(events.append)
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(3)
    assert [(event["who"], event["what"]) for event in events] == [
        ("Ana", "dials"),
        ("service", "is asked"),
        ("Ana", "hears"),
    ]
    assert "http" not in str(events)
    assert "Hello." in net.exchange.story()


def test_hands_cannot_do_what_a_phone_cannot(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    for act in (ana.pick_up, ana.hang_up, lambda: ana.press("1")):
        with pytest.raises(RuntimeError, match="Ana"):
            act()
    with pytest.raises(ValueError, match="not a number of this account"):
        ana.dial(BO)
    ana.dial(LINE)
    with pytest.raises(RuntimeError, match="in a call already"):
        ana.dial(LINE)


def test_a_script_holds_for_every_call_and_a_cue_may_hold_once(net: Network) -> None:
    net.service.pages["/voice"] = "<Gather timeout='2'><Say>Press 1.</Say></Gather>"
    ana = net.phone(ANA, "Ana").when_hears("press 1", press="1", once=True)
    ana.dial(LINE)
    net.exchange.run_for(20)
    assert net.service.values("/voice", "Digits") == ["(absent)", "1"]
    net.phone(BO, "Bo").when_hears("press 1", hang_up=True).dial(LINE)
    net.exchange.run_for(20)
    assert not net.phone(BO, "Bo").is_in_call


def test_a_second_ring_is_its_own_line_in_the_history(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=1).hangs_up(after=2)
    net.ring(BO, "/voice")
    net.exchange.run_for(10)
    bo.never_picks_up()
    net.ring(BO, "/voice", timeout=5)
    net.exchange.run_for(10)
    assert [ring.how for ring in bo.rings] == ["answered", "no-answer"]
    assert {ring.shown_number for ring in bo.rings} == {LINE}


def test_words_are_spoken_at_165_a_minute_with_a_breath_at_stops() -> None:
    assert spoken_seconds("word " * 165) == pytest.approx(60)
    assert spoken_seconds("One, two.") == pytest.approx(2 * 60 / 165 + 0.15 + 0.35)
    assert spoken_seconds("") == 0


def test_long_numbers_are_read_digit_by_digit() -> None:
    assert spoken_seconds("12345678") == pytest.approx(8 * 60 / 165)
    assert spoken_seconds("24") == pytest.approx(60 / 165)


@given(st.text("ab ,.!1", max_size=60), st.floats(0, 30))
def test_what_was_heard_of_words_fits_the_time(text: str, seconds: float) -> None:
    heard = words_within(text, seconds)
    assert text.startswith(heard)
    assert spoken_seconds(heard) <= seconds + 1e-5


def test_the_signature_is_the_published_one() -> None:
    fields = [
        ("To", "+18005551212"),
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
    ]
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, fields) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=5))
def test_the_signature_is_the_librarys(fields: dict[str, str]) -> None:
    url = "https://line.example/voice"
    signature = sign("token", url, fields.items())
    assert RequestValidator("token").validate(url, fields, signature)
