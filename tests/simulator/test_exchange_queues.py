"""Queues: what is heard while waiting, the ways out, and the bridge to whoever dials the queue."""

from collections.abc import Iterator

import pytest

from tests.simulator.exchange_service import ANA, BO, CHI, LINE, Network, network
from warmline.simulator import Phone


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        net.service.pages |= {
            "/voice": "<Enqueue action='/out' waitUrl='/wait'>waiting</Enqueue>",
            "/wait": "<Say>We are looking.</Say><Pause length='10'/>",
            "/out": "<Say>You are out.</Say>",
            "/menu": "<Say>What next?</Say><Pause length='60'/>",
            "/take": "<Dial action='/taken'><Queue>waiting</Queue></Dial>",
            "/taken": "<Say>That was it.</Say>",
        }
        yield net


def waiting(net: Network, seconds: float = 3) -> Phone:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(seconds)
    return ana


def results(net: Network) -> list[str]:
    return net.service.values("/out", "QueueResult")


def test_the_wait_document_is_asked_for_again_whenever_it_ends(net: Network) -> None:
    ana = waiting(net, 30)
    assert len(net.service.fields("/wait")) == 3
    assert net.service.values("/wait", "QueueTime") == ["0", "11", "22"]
    assert net.service.values("/wait", "CallStatus") == ["in-progress"] * 3
    assert ana.words == "\n".join(["We are looking."] * 3)


def test_the_wait_document_learns_the_place_in_the_queue(net: Network) -> None:
    waiting(net)
    net.phone(BO, "Bo").dial(LINE)
    net.exchange.run_for(1)
    assert net.service.values("/wait", "QueuePosition") == ["1", "2"]
    assert net.service.values("/wait", "CurrentQueueSize") == ["1", "2"]
    assert {sid[:2] for sid in net.service.values("/wait", "QueueSid")} == {"QU"}


def test_keys_work_while_waiting(net: Network) -> None:
    net.service.pages["/wait"] = (
        "<Gather numDigits='1' action='/key'><Say>Or press 5.</Say></Gather>"
    )
    net.service.pages["/key"] = "<Say>Noted.</Say><Pause length='9'/>"
    ana = waiting(net, 1)
    ana.press("5")
    net.exchange.run_for(2)
    assert net.service.values("/key", "Digits") == ["5"]
    assert net.service.values("/key", "QueuePosition") == ["1"]
    assert ana.words.endswith("Noted.")
    net.exchange.run_for(10)
    assert len(net.service.fields("/wait")) == 2
    assert results(net) == []


def test_leave_goes_to_the_action(net: Network) -> None:
    net.service.pages["/wait"] = "<Say>Nobody.</Say><Leave/>"
    ana = waiting(net, 10)
    assert results(net) == ["leave"]
    assert ana.words == "Nobody.\nYou are out."
    assert not ana.is_in_call


def test_without_an_action_leave_goes_on_with_the_next_verb(net: Network) -> None:
    net.service.pages["/voice"] = "<Enqueue waitUrl='/wait'>waiting</Enqueue><Say>Next.</Say>"
    net.service.pages["/wait"] = "<Leave/>"
    assert waiting(net, 10).words == "Next."


def test_a_hangup_in_the_wait_document_ends_the_call(net: Network) -> None:
    net.service.pages["/wait"] = "<Say>Goodbye.</Say><Hangup/>"
    ana = waiting(net, 10)
    assert not ana.is_in_call
    assert results(net) == ["hangup"]
    assert "You are out." not in ana.words


def test_a_redirect_in_the_wait_document_leads_to_another_one(net: Network) -> None:
    net.service.pages["/wait"] = "<Redirect>/other</Redirect>"
    net.service.pages["/other"] = "<Say>Elsewhere.</Say><Pause length='60'/>"
    ana = waiting(net, 10)
    assert ana.words == "Elsewhere."
    assert net.service.values("/other", "QueuePosition") == ["1"]


def test_hanging_up_while_waiting_asks_the_action_before_the_status_callback(net: Network) -> None:
    waiting(net).hang_up()
    net.exchange.run_for(1)
    assert results(net) == ["hangup"]
    assert net.service.values("/out", "CallStatus") == ["completed"]
    paths = net.service.paths()
    assert paths.index("/out") < paths.index("/voice/status")


def test_a_caller_moved_out_of_the_queue_asks_the_action_first(net: Network) -> None:
    ana = waiting(net)
    net.move(net.inbound_sid(), "/menu")
    net.exchange.run_for(3)
    assert results(net) == ["redirected"]
    paths = net.service.paths()
    assert paths.index("/out") < paths.index("/menu")
    assert ana.words == "We are looking.\nWhat next?"


def test_a_move_breaks_the_words_off(net: Network) -> None:
    ana = waiting(net, 0.5)
    net.move(net.inbound_sid(), "/menu")
    net.exchange.run_for(3)
    assert ana.words == "We\nWhat next?"


def test_an_empty_wait_document_is_not_asked_for_again(net: Network) -> None:
    net.service.pages["/wait"] = ""
    ana = waiting(net, 60)
    assert len(net.service.fields("/wait")) == 1
    assert ana.is_in_call


def test_a_wait_document_that_takes_no_time_is_asked_for_once_a_second(net: Network) -> None:
    net.service.pages["/wait"] = "<Pause length='0'/>"
    waiting(net, 5.5)
    assert len(net.service.fields("/wait")) == 6


def test_a_verb_that_may_not_wait_ends_the_waiting_with_an_error(net: Network) -> None:
    net.service.pages["/wait"] = "<Dial><Conference>x</Conference></Dial>"
    waiting(net, 3)
    assert results(net) == ["error"]


def test_a_full_queue_says_so(net: Network) -> None:
    net.service.pages["/voice"] = "<Enqueue action='/out' maxQueueSize='1'>waiting</Enqueue>"
    waiting(net)
    net.phone(BO, "Bo").dial(LINE)
    net.exchange.run_for(1)
    assert results(net) == ["queue-full"]


def test_whoever_dials_the_queue_talks_with_its_front(net: Network) -> None:
    ana = waiting(net)
    chi = net.phone(CHI, "Chi")
    chi.dial(LINE)
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(5)
    assert ana.talking_with == {"Bo"}
    assert chi.talking_with == set()
    bo.hang_up()
    net.exchange.run_for(2)
    assert results(net) == ["bridged"]
    assert ana.words.endswith("You are out.")
    assert net.service.values("/taken", "DialCallStatus") == ["completed"]


def test_when_the_front_leaves_the_bridge_the_dial_is_completed(net: Network) -> None:
    ana = waiting(net)
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(5)
    ana.hang_up()
    net.exchange.run_for(1)
    assert net.service.values("/taken", "DialCallStatus") == ["completed"]
    assert bo.words == "That was it."
    assert results(net) == ["bridged"]


def test_a_dialled_empty_queue_waits_for_somebody(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(10)
    waiting(net)
    assert bo.talking_with == {"Ana"}
    assert "/wait" not in net.service.paths()


def test_a_dialled_queue_that_stays_empty_is_not_answered(net: Network) -> None:
    net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(40)
    assert net.service.values("/taken", "DialCallStatus") == ["no-answer"]
    ana = waiting(net)
    assert ana.talking_with == set()


def test_the_front_hears_the_whisper_before_the_bridge(net: Network) -> None:
    net.service.pages["/take"] = "<Dial><Queue url='/whisper'>waiting</Queue></Dial>"
    net.service.pages["/whisper"] = "<Say>Somebody is here for you.</Say>"
    ana = waiting(net)
    net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(2)
    assert ana.hears_now == "Somebody is here for you."
    assert ana.talking_with == set()
    net.exchange.run_for(3)
    assert ana.talking_with == {"Bo"}


def test_a_caller_moved_out_of_a_bridge_is_redirected_from_it(net: Network) -> None:
    waiting(net)
    net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/take")
    net.exchange.run_for(5)
    net.move(net.inbound_sid(), "/menu")
    net.exchange.run_for(1)
    assert results(net) == ["redirected-from-bridged"]
    assert net.service.values("/taken", "DialCallStatus") == ["completed"]
