"""Calls that come in, calls that go out, and two people in one room."""

from collections.abc import Iterator

import pytest

from tests.phone.exchange_service import ANA, BO, LINE, Network, network


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        yield net


def test_a_call_is_answered_gathered_and_joined_in_a_room(net: Network) -> None:
    pages = net.service.pages
    pages["/voice"] = f"<Say>Hello.</Say><Redirect>{net.service.url('/room')}</Redirect>"
    pages["/room"] = "<Dial><Conference beep='false'>quiet-room</Conference></Dial>"
    pages["/offer"] = (
        f"<Gather numDigits='1' action='{net.service.url('/room')}'>"
        "<Say>Someone would like to talk. Press 1 to take it.</Say></Gather><Hangup/>"
    )
    ana = net.phone(ANA, "Ana")
    bo = net.phone(BO, "Bo").picks_up(after=6).when_hears("Press 1", press="1")
    ana.dial(LINE)
    net.ring(BO, "/offer")
    assert net.exchange.run_until(lambda: "Bo" in ana.talking_with, 30), net.exchange.story()
    assert bo.talking_with == {"Ana"}
    assert bo.shown_number == LINE
    assert all(asked.genuine for asked in net.service.asked)
    ana.hang_up()
    net.exchange.run_for(1)
    assert not ana.is_in_call
    assert net.service.values("/voice/status", "CallStatus") == ["completed"]
