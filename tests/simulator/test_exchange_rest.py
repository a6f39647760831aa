"""The REST face, spoken to by the provider's own library."""

import base64
import http.client
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]  # no types
from twilio.rest import Client  # type: ignore[import-untyped]  # no types

from tests.simulator.exchange_service import (
    ACCOUNT,
    ANA,
    BO,
    CHI,
    LINE,
    START,
    TOKEN,
    Network,
    Rebased,
    network,
    refused_with,
)
from warmline.simulator.network import texts


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        net.service.pages |= {
            "/voice": "<Say>Hello.</Say><Pause length='60'/>",
            "/offer": "<Say>Hello.</Say><Pause length='60'/>",
        }
        yield net


def refusal(act: Callable[[], object]) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as refused:
        act()
    return refused_with(refused.value)


def test_a_call_can_be_followed_from_queue_to_end(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=2)
    call = net.provider.calls(net.ring(BO, "/offer"))
    first = call.fetch()
    assert (first.status, first.to, first._from, first.start_time) == ("queued", BO, LINE, None)
    net.exchange.run_for(1)
    assert call.fetch().status == "ringing"
    net.exchange.run_for(5)
    assert call.fetch().status == "in-progress"
    bo.hang_up()
    ended = call.fetch()
    assert (ended.status, ended.duration) == ("completed", "3")
    assert ended.start_time == START
    assert ended.end_time == START + timedelta(seconds=6)


def test_the_queue_time_says_how_long_a_call_will_wait(net: Network) -> None:
    made = [
        net.provider.calls.create(to=number, from_=LINE, url=net.service.url("/offer"))
        for number in (ANA, BO, CHI)
    ]
    assert [call.queue_time for call in made] == ["0", "1000", "2000"]


def test_a_document_may_come_with_the_call(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=1)
    twiml = "<Response><Say>From the call itself.</Say></Response>"
    net.provider.calls.create(to=BO, from_=LINE, twiml=twiml)
    net.exchange.run_for(10)
    assert bo.words == "From the call itself."


def test_a_call_can_be_moved_to_a_document_that_comes_with_the_move(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(3)
    net.provider.calls(net.inbound_sid()).update(twiml="<Response><Say>Moved.</Say></Response>")
    net.exchange.run_for(3)
    assert ana.words == "Hello.\nMoved."


def test_calls_are_listed_newest_first_by_number_state_and_start(net: Network) -> None:
    net.phone(ANA, "Ana").picks_up(after=1)
    net.phone(BO, "Bo")
    first, second = net.ring(ANA, "/offer"), net.ring(BO, "/offer")
    net.exchange.run_for(5)
    calls = net.provider.calls
    assert [call.sid for call in calls.list()] == [second, first]
    assert [call.sid for call in calls.list(to=BO)] == [second]
    assert [call.sid for call in calls.list(from_=LINE, status="in-progress")] == [first]
    later = net.exchange.now() + timedelta(seconds=1)
    assert calls.list(start_time_after=later) == []
    assert [call.sid for call in calls.list(start_time_after=START)] == [second, first]
    assert [call.sid for call in calls.list(start_time_before=START)] == [first]


def test_a_call_that_was_not_dialled_yet_has_no_start_to_be_found_by(net: Network) -> None:
    net.ring(BO, "/offer")
    assert net.provider.calls.list(start_time_after=START - timedelta(days=1)) == []
    assert len(net.provider.calls.list(to=BO)) == 1


def test_long_lists_come_in_pages(net: Network) -> None:
    sids = [net.ring(BO, "/offer") for _ in range(5)]
    listed = [call.sid for call in net.provider.calls.list(page_size=2)]
    assert listed == sids[::-1]


def test_only_an_ended_call_can_be_deleted(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(3)
    call = net.provider.calls(net.inbound_sid())
    assert refusal(call.delete) == (409, 20009)
    ana.hang_up()
    assert call.delete()
    assert net.exchange.records() == []
    assert refusal(call.fetch) == refusal(call.delete) == (404, 20404)


def test_an_ended_call_can_be_neither_moved_nor_ended(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(3)
    ana.hang_up()
    call = net.provider.calls(net.inbound_sid())
    assert refusal(lambda: call.update(status="completed")) == (400, 21220)
    assert refusal(lambda: call.update(url=net.service.url("/offer"))) == (400, 21220)


def test_a_ringing_call_cannot_be_moved(net: Network) -> None:
    net.phone(BO, "Bo")
    sid = net.ring(BO, "/offer")
    net.exchange.run_for(2)
    assert refusal(lambda: net.move(sid, "/voice")) == (400, 21220)


def test_cancelling_does_not_touch_a_call_in_progress(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(3)
    net.provider.calls(net.inbound_sid()).update(status="canceled")
    assert ana.is_in_call
    net.provider.calls(net.inbound_sid()).update(status="completed")
    assert not ana.is_in_call


def test_wrong_fields_are_refused_with_the_providers_codes(net: Network) -> None:
    url = net.service.url("/offer")
    create = net.provider.calls.create
    too_short = ANA[:-1]
    assert refusal(lambda: create(to="nobody", from_=LINE, url=url)) == (400, 21211)
    assert refusal(lambda: create(to=too_short, from_=LINE, url=url)) == (400, 21217)
    assert refusal(lambda: create(to=BO, from_=ANA, url=url)) == (400, 21210)
    assert refusal(lambda: create(to=BO, from_=LINE)) == (400, 21205)
    assert refusal(lambda: create(to=BO, from_=LINE, url="offer")) == (400, 21205)
    assert refusal(lambda: create(to=BO, from_=LINE, url=url, timeout=-1)) == (400, 20001)
    assert net.provider.calls.list() == []


def test_a_wrong_token_is_refused(net: Network) -> None:
    stranger = Client(ACCOUNT, "another-token", http_client=net.provider.http_client)
    assert refusal(stranger.api.accounts(ACCOUNT).fetch) == (401, 20003)


def test_errors_look_like_the_providers(net: Network) -> None:
    rebased: Rebased = net.provider.http_client
    connection = http.client.HTTPConnection(urlsplit(rebased.base).netloc)
    password = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Nothing.json"
    connection.request("GET", path, headers={"Authorization": f"Basic {password}"})
    response = connection.getresponse()
    error = json.loads(response.read())
    connection.close()
    assert response.status == 404
    assert error == {
        "code": 20404,
        "message": f"The requested resource {path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_numbers_can_be_looked_up_and_pointed_elsewhere(net: Network) -> None:
    [number] = net.provider.incoming_phone_numbers.list(phone_number=LINE)
    assert number.voice_url == net.service.url("/voice")
    number.update(voice_url=net.service.url("/other"), status_callback="")
    net.service.pages["/other"] = "<Say>Elsewhere.</Say>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(5)
    assert ana.words == "Elsewhere."
    assert net.service.fields("/voice/status") == []
    assert net.provider.incoming_phone_numbers(number.sid).fetch().status_callback == ""


def test_the_account_is_active(net: Network) -> None:
    assert net.provider.api.accounts(ACCOUNT).fetch().status == "active"


def test_a_text_is_delivered_reported_redacted_and_deleted(net: Network) -> None:
    bo = net.phone(BO, "Bo")
    callback = net.service.url("/text/status")
    text = net.provider.messages.create(
        to=BO, from_=LINE, body="A shift is open.", status_callback=callback
    )
    assert text.status == "queued"
    message = net.provider.messages(text.sid)
    assert refusal(message.delete) == (409, 20009)
    net.exchange.run_for(5)
    assert [text.body for text in bo.texts] == ["A shift is open."]
    assert net.service.values("/text/status", "MessageStatus") == ["sent", "delivered"]
    message.update(body="")
    assert message.fetch().body == ""
    assert message.delete()
    assert net.exchange.records() == []


def test_a_text_to_a_number_without_a_phone_is_undelivered(net: Network) -> None:
    text = net.provider.messages.create(to=CHI, from_=LINE, body="Hello.")
    net.exchange.run_for(5)
    found = net.provider.messages(text.sid).fetch()
    assert (found.status, found.error_code) == ("undelivered", 30003)


def test_wrong_texts_are_refused_with_the_providers_codes(net: Network) -> None:
    create = net.provider.messages.create
    assert refusal(lambda: create(to="nobody", from_=LINE, body="Hi")) == (400, 21211)
    assert refusal(lambda: create(to=BO, from_=ANA, body="Hi")) == (400, 21606)
    assert refusal(lambda: create(to=BO, from_=LINE, body="")) == (400, 21602)
    assert refusal(lambda: create(to=BO, from_=LINE, body="x" * 1601)) == (400, 21617)


def test_a_text_from_a_phone_reaches_the_service_signed(net: Network) -> None:
    net.exchange.add_number(LINE, text_url=net.service.url("/text"))
    net.phone(BO, "Bo").write(LINE, "IN 4H")
    net.exchange.run_for(1)
    [asked] = [asked for asked in net.service.asked if asked.path == "/text"]
    assert asked.genuine
    assert (asked.fields["From"], asked.fields["Body"]) == (BO, "IN 4H")
    assert asked.fields["MessageSid"] == asked.fields["SmsSid"]


def test_stop_closes_the_way_and_start_opens_it_again(net: Network) -> None:
    net.exchange.add_number(LINE, text_url=net.service.url("/text"))
    bo, create = net.phone(BO, "Bo"), net.provider.messages.create
    for word, own in ((" Stop", texts.SAID_OUT), ("HELP", texts.SAID_HELP)):
        bo.write(LINE, word)
        net.exchange.run_for(3)
        assert bo.texts[-1].body == own
        assert refusal(lambda: create(to=BO, from_=LINE, body="Hi")) == (400, 21610)
    bo.write(LINE, "unstop")
    net.exchange.run_for(3)
    assert bo.texts[-1].body == texts.SAID_BACK_IN
    create(to=BO, from_=LINE, body="Hi")
    bo.write(LINE, "yes")
    net.exchange.run_for(3)
    assert bo.texts[-1].body == "Hi"
    heard = [asked.fields["Body"] for asked in net.service.asked if asked.path == "/text"]
    assert heard == [" Stop", "HELP", "unstop", "yes"]
