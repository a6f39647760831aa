"""What can go wrong on the way, each fault as the provider's network shows it."""

import contextlib
import socket
from collections.abc import Iterator

import pytest
from requests import exceptions as lost
from starlette.responses import Response
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]  # no types

from tests.simulator.exchange_service import ANA, BO, LINE, Network, network, refused_with
from tests.waiting import LONG
from warmline.simulator.webhooks.courier import Courier, Webhook, patience_of


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
    net.provider.http_client.timeout = LONG
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
        answer = courier.send(Webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/#rt=100"))
        assert answer.trouble == "rt"
        courier.close()
    assert patience_of("rt=100").read == 0.1


def test_the_provider_waits_five_and_fifteen_seconds_unless_told_otherwise() -> None:
    patience = patience_of("")
    assert (patience.connect, patience.read, patience.retries) == (5.0, 15.0, 1)
    assert patience.retried == ("ct",)
    told = patience_of("ct=2000&rt=4000&rc=9&rp=all")
    assert (told.connect, told.read, told.retries, told.retried) == (2.0, 4.0, 5, ("all",))
    assert (patience.total, patience_of("tt=400").total, patience_of("tt=60000").total) == (
        15,
        0.4,
        15,
    )


def test_all_tries_together_take_no_longer_than_the_ceiling() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        courier = Courier("token")
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/#rt=200&tt=300&rc=5&rp=rt"
        assert courier.send(Webhook(url)).trouble == "rt"
        courier.close()
        silent.settimeout(0.1)
        tries = 0
        with contextlib.suppress(TimeoutError):
            while True:
                silent.accept()[0].close()
                tries += 1
    assert tries <= 2, "two read time-outs are more than the ceiling"


# A text, its page and the fallback.


def texted(net: Network, **pages: Response) -> list[str]:
    """What a phone hears back whose text these pages answer."""
    net.service.pages |= {f"/{name}": page for name, page in pages.items()}
    url = net.service.url
    net.exchange.add_number(
        LINE, text_url=url("/text#rc=2&rp=5xx"), text_fallback_url=url("/other")
    )
    phone = net.phone(ANA, "Ana")
    phone.write(LINE, "Hello?")
    net.exchange.run_for(5)
    return [text.body for text in phone.texts]


def answered(body: str) -> Response:
    return Response(body, media_type="text/xml")


SAID = "<Response><Message>We have it.</Message></Response>"


def test_a_text_may_be_answered_at_once(net: Network) -> None:
    assert texted(net, text=answered(SAID)) == ["We have it."]
    assert net.service.fields("/other") == []


@pytest.mark.parametrize(
    ("page", "code", "tries"),
    [
        (Response("no", 503), "11200", 3),
        (Response("no", 404), "11200", 1),
        (Response("words"), "12300", 1),
        (answered("<Response>"), "12100", 1),
        (answered("<Response><Say>Hello</Say></Response>"), "12200", 1),
    ],
)
def test_a_text_whose_page_fails_goes_to_the_fallback_once(
    net: Network, page: Response, code: str, tries: int
) -> None:
    assert texted(net, text=page, other=answered(SAID)) == ["We have it."]
    assert len(net.service.fields("/text")) == tries
    [last] = net.service.fields("/other")
    assert (last["ErrorCode"], last["ErrorUrl"]) == (code, net.service.url("/text"))
    assert last["Body"] == "Hello?"


def test_a_text_that_no_page_takes_is_lost(net: Network) -> None:
    assert texted(net, text=Response("no", 503), other=Response("no", 503)) == []
    assert "text is lost" in net.exchange.story()


# A call and its fallback.


@pytest.mark.parametrize("once", [False, True])
def test_the_fallback_is_turned_to_for_each_document_that_fails_or_for_the_first(
    net: Network, once: bool
) -> None:
    net.exchange.faults.fallback_once = once
    url = net.service.url
    net.exchange.add_number(LINE, voice_url=url("/gone"), fallback_url=url("/fallback"))
    net.service.pages |= {
        "/gone": Response("no", 503),
        "/fallback": "<Say>A moment.</Say><Pause length='5'/><Redirect>/gone</Redirect>",
    }
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(20)
    assert ("application error" in ana.words) is once
    assert ana.words.count("A moment.") == (1 if once else 4)
