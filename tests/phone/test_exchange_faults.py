"""What can go wrong on the way, each fault as the provider's network shows it."""

import socket
import time
from collections.abc import Iterator

import pytest
from requests import exceptions as lost
from starlette.responses import Response
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]  # no types

from tests.phone.exchange_service import ANA, BO, LINE, Network, network, refused_with
from warmline.simulator.courier import Courier, Webhook, patience_of


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        net.service.pages |= {"/voice": "<Say>Hello.</Say>", "/offer": "<Say>Hello.</Say>"}
        yield net


def statuses(net: Network) -> list[str]:
    return net.service.values("/ring/status", "CallStatus")


def rung(net: Network, seconds: float = 20) -> None:
    net.phone(BO, "Bo").picks_up(after=2)
    net.ring(BO, "/offer")
    net.exchange.run_for(seconds)


def test_callbacks_may_come_twice(net: Network) -> None:
    net.exchange.faults.callbacks_twice = True
    rung(net)
    assert sorted(statuses(net)) == sorted(["initiated", "ringing", "in-progress", "completed"] * 2)


def test_callbacks_may_never_come(net: Network) -> None:
    net.exchange.faults.callbacks_never = True
    rung(net)
    assert statuses(net) == []
    assert "/offer" in net.service.paths()


def test_callbacks_may_come_late_and_say_what_was_true_then(net: Network) -> None:
    net.exchange.faults.callbacks_late = 30
    rung(net)
    assert statuses(net) == []
    net.exchange.run_for(20)
    assert statuses(net) == ["initiated", "ringing", "in-progress", "completed"]


def test_callbacks_may_come_out_of_order(net: Network) -> None:
    net.exchange.faults.callbacks_out_of_order = 10
    rung(net)
    assert statuses(net) == ["ringing", "completed", "initiated", "in-progress"]
    assert net.service.values("/ring/status", "SequenceNumber") == ["1", "3", "0", "2"]


def test_a_fault_may_touch_some_callbacks_only(net: Network) -> None:
    faults = net.exchange.faults
    faults.callbacks_never = True
    faults.callbacks_affected = lambda fields: fields["CallStatus"] == "completed"
    rung(net)
    assert statuses(net) == ["initiated", "ringing", "in-progress"]


def test_a_create_may_be_done_and_its_answer_lost(net: Network) -> None:
    net.exchange.faults.creates_lost = 1
    with pytest.raises(lost.ConnectionError):
        rung(net)
    net.exchange.run_for(5)
    assert statuses(net) == ["initiated", "ringing", "in-progress", "completed"]


def test_a_create_may_be_slower_than_the_service_waits(net: Network) -> None:
    net.exchange.faults.create_slow = 0.5
    net.provider.http_client.timeout = 0.1
    with pytest.raises(lost.ReadTimeout):
        rung(net)
    net.provider.http_client.timeout = 5
    net.exchange.faults.create_slow = 0
    assert len(net.provider.calls.list(to=BO)) == 1


def test_requests_may_be_too_many(net: Network) -> None:
    net.exchange.faults.requests_refused = 1
    with pytest.raises(TwilioRestException) as refused:
        rung(net)
    assert refused_with(refused.value) == (429, 20429)
    assert net.provider.calls.list() == []


def test_a_record_may_refuse_to_be_deleted_so_early(net: Network) -> None:
    net.exchange.faults.erasure_too_early = 60
    rung(net)
    [call] = net.provider.calls.list()
    with pytest.raises(TwilioRestException) as refused:
        call.delete()
    assert refused_with(refused.value) == (409, 20009)
    net.exchange.run_for(60)
    assert call.delete()


def test_a_lost_answer_is_asked_for_again_with_the_same_token(net: Network) -> None:
    net.exchange.faults.webhooks_twice = True
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(0.5)
    first, second = [asked for asked in net.service.asked if asked.path == "/voice"]
    assert first.fields == second.fields
    token = "i-twilio-idempotency-token"
    assert first.headers[token] == second.headers[token]
    assert net.phone(ANA, "Ana").words == "Hello."


def test_a_lost_answer_is_fatal_when_read_time_outs_are_not_retried(net: Network) -> None:
    net.exchange.faults.answers_lost = 1
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(10)
    assert len(net.service.fields("/voice")) == 1
    assert "application error" in ana.words


def test_overrides_in_the_fragment_are_obeyed_and_neither_sent_nor_signed(net: Network) -> None:
    net.exchange.add_number(LINE, voice_url=net.service.url("/voice#rc=2&rp=rt,5xx"))
    net.exchange.faults.answers_lost = 1
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(10)
    assert ana.words == "Hello."
    assert [asked.genuine for asked in net.service.asked] == [True, True]


def test_a_failing_page_is_asked_for_as_often_as_the_overrides_say(net: Network) -> None:
    net.exchange.add_number(LINE, voice_url=net.service.url("/gone#rc=3&rp=4xx"))
    net.service.pages["/gone"] = Response("no", 404)
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(1)
    assert len(net.service.fields("/gone")) == 4


def test_an_unreachable_service_is_an_application_error(net: Network) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        net.exchange.add_number(LINE, voice_url=f"http://127.0.0.1:{nobody.getsockname()[1]}/voice")
        ana = net.phone(ANA, "Ana")
        ana.dial(LINE)
        net.exchange.run_for(10)
    assert "application error" in ana.words


def test_a_service_that_hangs_is_given_up_after_the_read_time_out(net: Network) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        courier = Courier("token")
        began = time.monotonic()
        answer = courier.send(Webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/#rt=100"))
        assert answer.trouble == "rt"
        assert time.monotonic() - began < 2
        courier.close()


def test_the_provider_waits_five_and_fifteen_seconds_unless_told_otherwise() -> None:
    patience = patience_of("")
    assert (patience.connect, patience.read, patience.retries) == (5.0, 15.0, 1)
    assert patience.retried == ("ct",)
    told = patience_of("ct=2000&rt=4000&rc=9&rp=all")
    assert (told.connect, told.read, told.retries, told.retried) == (2.0, 4.0, 5, ("all",))
