"""Calls that come in and calls that go out, as the provider reports them."""

import re
from collections.abc import Iterator

import pytest

from tests.simulator.exchange_service import ANA, BO, CHI, LINE, Network, network

GATHER_ONE = (
    "<Gather numDigits='1' action='/room'><Say>Someone would like to talk. "
    "Press 1 to take it.</Say></Gather><Hangup/>"
)
CAPTURED = """
    AccountSid ApiVersion CallSid CallStatus CallToken Called CalledCity CalledCountry CalledState
    CalledZip Caller CallerCity CallerCountry CallerState CallerZip Direction From FromCity
    FromCountry FromState FromZip StirVerstat To ToCity ToCountry ToState ToZip
"""
ROOM = "<Dial><Conference beep='false'>quiet-room</Conference></Dial>"


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        yield net


def statuses(net: Network) -> list[str]:
    return net.service.values("/ring/status", "CallStatus")


def test_a_call_is_answered_gathered_and_joined_in_a_room(net: Network) -> None:
    net.service.pages |= {"/room": ROOM, "/offer": GATHER_ONE}
    net.service.pages["/voice"] = "<Say>Hello.</Say><Redirect>/room</Redirect>"
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


def test_the_first_request_carries_the_captured_fields_and_says_ringing(net: Network) -> None:
    net.service.pages["/voice"] = "<Say>Hello.</Say><Redirect>/later</Redirect>"
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(5)
    first = net.service.fields("/voice")[0]
    assert set(first) == set(CAPTURED.split())
    assert re.fullmatch("CA[0-9a-f]{32}", first["CallSid"])
    assert (first["From"], first["To"], first["Direction"]) == (ANA, LINE, "inbound")
    assert (first["CallStatus"], first["FromCity"]) == ("ringing", "")
    assert net.service.values("/later", "CallStatus") == ["in-progress"]


def test_a_withheld_caller_shows_a_pseudo_number(net: Network) -> None:
    net.service.pages["/voice"] = "<Say>Hello.</Say>"
    net.phone(ANA, "Ana").dial(LINE, withheld=True)
    net.exchange.run_for(5)
    assert net.service.values("/voice", "From") == ["+266696687"]  # number: the provider's own
    assert ANA not in str(net.service.asked)


def test_a_document_that_runs_out_hangs_up(net: Network) -> None:
    net.service.pages["/voice"] = "<Say>Goodbye.</Say>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(5)
    assert not ana.is_in_call
    assert ana.words == "Goodbye."


def test_the_number_hears_of_the_end_only(net: Network) -> None:
    net.service.pages["/voice"] = "<Pause length='5'/><Say>Hello.</Say><Pause length='60'/>"
    net.phone(ANA, "Ana").hangs_up(after=10).dial(LINE)
    net.exchange.run_for(30)
    [ended] = net.service.fields("/voice/status")
    assert (ended["CallStatus"], ended["CallDuration"]) == ("completed", "10")
    assert ended["CallbackSource"] == "call-progress-events"


def test_a_caller_who_leaves_before_the_answer_was_not_answered(net: Network) -> None:
    net.service.pages["/voice"] = "<Pause length='5'/><Say>Hello.</Say>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(2)
    ana.hang_up()
    net.exchange.run_for(1)
    assert net.service.values("/voice/status", "CallStatus") == ["no-answer"]


def test_a_rejected_caller_hears_the_busy_tone(net: Network) -> None:
    net.service.pages["/voice"] = "<Reject reason='busy'/>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(1)
    assert not ana.heard
    assert net.service.values("/voice/status", "CallStatus") == ["busy"]


def test_a_call_out_reports_each_step_with_growing_sequence_numbers(net: Network) -> None:
    net.service.pages["/offer"] = "<Say>Hello.</Say>"
    net.phone(BO, "Bo").picks_up(after=4)
    net.ring(BO, "/offer")
    net.exchange.run_for(20)
    assert statuses(net) == ["initiated", "ringing", "in-progress", "completed"]
    assert net.service.values("/ring/status", "SequenceNumber") == ["0", "1", "2", "3"]
    assert net.service.values("/offer", "CallStatus") == ["in-progress"]
    assert net.service.values("/offer", "Direction") == ["outbound-api"]
    started = {asked.fields["CallStatus"]: asked.at for asked in net.service.asked}
    assert (started["in-progress"] - started["ringing"]).total_seconds() == 4


def test_only_the_events_asked_for_are_reported(net: Network) -> None:
    net.service.pages["/offer"] = "<Say>Hello.</Say>"
    net.phone(BO, "Bo").picks_up(after=1)
    net.provider.calls.create(
        to=BO,
        from_=LINE,
        url=net.service.url("/offer"),
        status_callback=net.service.url("/ring/status"),
    )
    net.exchange.run_for(20)
    assert statuses(net) == ["completed"]


def test_nobody_picking_up_is_a_completed_event_with_no_answer(net: Network) -> None:
    bo = net.phone(BO, "Bo").never_picks_up()
    net.ring(BO, "/offer", timeout=15)
    net.exchange.run_for(16)
    assert statuses(net) == ["initiated", "ringing", "no-answer"]
    [ring] = bo.rings
    assert ring.how == "no-answer"
    assert ring.ended is not None
    assert (ring.ended - ring.started).total_seconds() == 15


def test_a_busy_phone_does_not_ring(net: Network) -> None:
    bo = net.phone(BO, "Bo").is_busy()
    net.ring(BO, "/offer")
    net.exchange.run_for(3)
    assert statuses(net) == ["initiated", "busy"]
    assert not bo.rings


def test_a_phone_in_a_call_is_busy(net: Network) -> None:
    net.service.pages["/voice"] = "<Say>Hello.</Say><Pause length='60'/>"
    net.phone(BO, "Bo").dial(LINE)
    net.ring(BO, "/offer")
    net.exchange.run_for(3)
    assert statuses(net) == ["initiated", "busy"]


def test_a_number_without_a_phone_fails(net: Network) -> None:
    net.ring(CHI, "/offer")
    net.exchange.run_for(3)
    assert statuses(net) == ["initiated", "failed"]


def test_a_ring_turned_away_is_busy(net: Network) -> None:
    bo = net.phone(BO, "Bo")
    net.ring(BO, "/offer")
    assert net.exchange.run_until(lambda: bo.is_ringing, 5)
    bo.hang_up()
    net.exchange.run_for(1)
    assert statuses(net)[-1] == "busy"


def test_calls_leave_the_providers_queue_at_one_a_second(net: Network) -> None:
    net.service.pages["/offer"] = "<Say>Hello.</Say>"
    for number in (ANA, BO, CHI):
        net.phone(number, number)
        net.ring(number, "/offer")
    net.exchange.run_for(5)
    rung = [net.phone(number, number).rings[0].started for number in (ANA, BO, CHI)]
    assert [(later - rung[0]).total_seconds() for later in rung] == [0, 1, 2]


def test_a_queued_call_can_be_cancelled_and_gives_its_turn_away(net: Network) -> None:
    sids = []
    for number in (ANA, BO, CHI):
        net.phone(number, number)
        sids.append(net.ring(number, "/offer"))
    net.provider.calls(sids[1]).update(status="canceled")
    net.exchange.run_for(1.6)
    assert not net.phone(BO, "Bo").rings
    assert net.phone(CHI, "Chi").is_ringing
    assert net.provider.calls(sids[1]).fetch().status == "canceled"


def test_a_ringing_call_ended_by_the_service_stops_ringing(net: Network) -> None:
    bo = net.phone(BO, "Bo")
    sid = net.ring(BO, "/offer")
    assert net.exchange.run_until(lambda: bo.is_ringing, 5)
    net.provider.calls(sid).update(status="completed")
    assert not bo.is_ringing
    net.exchange.run_for(1)
    assert bo.rings[0].how == statuses(net)[-1] == "canceled"


def test_a_call_ends_at_its_time_limit(net: Network) -> None:
    net.service.pages["/offer"] = "<Pause length='3000'/>"
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/offer", time_limit=100)
    net.exchange.run_for(100)
    assert bo.is_in_call
    net.exchange.run_for(3)
    assert not bo.is_in_call
    assert net.service.values("/ring/status", "CallDuration")[-1] == "100"


def test_unless_told_otherwise_a_call_lasts_four_hours_at_most(net: Network) -> None:
    net.service.pages["/voice"] = ROOM
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(4 * 3600 - 1)
    assert ana.is_in_call
    net.exchange.run_for(2)
    assert not ana.is_in_call


def test_a_mailbox_answers_and_presses_nothing(net: Network) -> None:
    net.service.pages["/offer"] = GATHER_ONE
    bo = net.phone(BO, "Bo").has_voicemail(after=4).when_hears("Press 1", press="1")
    net.ring(BO, "/offer")
    net.exchange.run_for(30)
    assert statuses(net) == ["initiated", "ringing", "in-progress", "completed"]
    assert bo.rings[0].how == "voicemail"
    assert not bo.heard
    assert "Press 1 to take it" in bo.mailbox_heard[0][1]
    assert "/room" not in net.service.paths()


def test_a_moved_call_performs_the_new_document(net: Network) -> None:
    net.service.pages["/voice"] = "<Say>One moment.</Say><Pause length='600'/>"
    net.service.pages["/thanks"] = "<Say>Thank you.</Say>"
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(5)
    net.move(net.inbound_sid(), "/thanks")
    net.exchange.run_for(5)
    assert ana.words == "One moment.\nThank you."
    assert not ana.is_in_call
