"""Rooms: who talks with whom, what they hear before, and how it ends."""

from collections.abc import Iterator

import pytest

from tests.simulator.exchange_service import ANA, BO, CHI, LINE, Fields, Network, network
from warmline.simulator import Phone


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as net:
        net.service.pages |= {
            "/voice": "<Redirect>/caller</Redirect>",
            "/caller": dial("caller", "startConferenceOnEnter='false' endConferenceOnExit='true'"),
            "/peer": dial("peer", "waitUrl='/alone'", "hangupOnStar='true'"),
            "/third": dial("third", ""),
            "/alone": "<Say>They are coming.</Say><Pause length='5'/><Redirect/>",
            "/after-caller": "<Say>Goodbye.</Say>",
            "/after-peer": "<Say>Your menu.</Say><Pause length='60'/>",
            "/after-third": "",
            "/menu": "<Say>What next?</Say><Pause length='60'/>",
        }
        yield net


def dial(who: str, conference: str, attributes: str = "") -> str:
    return (
        f"<Dial action='/after-{who}' timeLimit='7200' {attributes}>"
        f"<Conference beep='false' {conference}>little-room</Conference></Dial>"
    )


def two_talking(net: Network) -> tuple[Phone, Phone]:
    ana = net.phone(ANA, "Ana")
    bo = net.phone(BO, "Bo").picks_up(after=2)
    ana.dial(LINE)
    net.ring(BO, "/peer")
    assert net.exchange.run_until(lambda: ana.talking_with == {"Bo"}, 10), net.exchange.story()
    net.exchange.run_for(10)
    return ana, bo


def results(net: Network, who: str) -> list[str]:
    return net.service.values(f"/after-{who}", "DialCallStatus")


def test_a_room_does_not_start_before_somebody_who_starts_it_is_in(net: Network) -> None:
    ana, chi = net.phone(ANA, "Ana"), net.phone(CHI, "Chi")
    ana.dial(LINE)
    chi.dial(LINE)
    net.exchange.run_for(5)
    assert ana.talking_with == chi.talking_with == set()
    net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/peer")
    net.exchange.run_for(5)
    assert ana.talking_with == {"Bo", "Chi"}


def test_whoever_is_alone_hears_the_wait_document_until_the_room_starts(net: Network) -> None:
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/peer")
    net.exchange.run_for(12)
    assert bo.words == "They are coming.\nThey are coming."
    net.phone(ANA, "Ana").dial(LINE)
    net.exchange.run_for(30)
    assert bo.words.count("They are coming.") == 2
    assert bo.talking_with == {"Ana"}


def test_nobody_hears_the_wait_document_again_once_the_room_has_started(net: Network) -> None:
    ana, _ = two_talking(net)
    chi = net.phone(CHI, "Chi").picks_up(after=1)
    net.ring(CHI, "/third")
    net.exchange.run_for(5)
    chi.hang_up()
    asked = len(net.service.fields("/alone"))
    net.exchange.run_for(30)
    assert ana.talking_with == {"Bo"}
    assert len(net.service.fields("/alone")) == asked


def test_a_wait_document_that_runs_out_leaves_a_room_silent(net: Network) -> None:
    net.service.pages["/alone"] = "<Say>They are coming.</Say>"
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/peer")
    net.exchange.run_for(60)
    assert bo.words == "They are coming."


def test_a_room_without_a_wait_url_is_silent(net: Network) -> None:
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(30)
    assert not ana.heard
    assert ana.is_in_call


def test_a_gather_in_a_rooms_wait_document_is_refused_and_the_dial_fails(net: Network) -> None:
    net.service.pages["/alone"] = "<Gather><Say>Press 1.</Say></Gather>"
    bo = net.phone(BO, "Bo").picks_up(after=1)
    net.ring(BO, "/peer")
    net.exchange.run_for(10)
    assert results(net, "peer") == ["failed"]
    assert bo.words == "Your menu."


def test_when_the_caller_leaves_the_room_ends_for_everybody(net: Network) -> None:
    ana, bo = two_talking(net)
    ana.hang_up()
    net.exchange.run_for(2)
    assert bo.talking_with == set()
    assert bo.has_talked_with == {"Ana"}
    assert results(net, "peer") == ["answered"]
    assert bo.words.endswith("Your menu.")


def test_when_a_peer_leaves_the_caller_stays_alone_in_silence(net: Network) -> None:
    ana, bo = two_talking(net)
    bo.hang_up()
    net.exchange.run_for(30)
    assert ana.is_in_call
    assert ana.talking_with == set()
    assert results(net, "caller") == []


def test_hanging_up_in_a_room_asks_the_action_before_the_status_callback(net: Network) -> None:
    ana, _ = two_talking(net)
    ana.hang_up()
    net.exchange.run_for(1)
    assert net.service.values("/after-caller", "CallStatus") == ["completed"]
    assert results(net, "caller") == ["completed"]
    paths = net.service.paths()
    assert paths.index("/after-caller") < paths.index("/voice/status")
    assert "Goodbye." not in ana.words


def test_star_leads_out_of_the_room_where_that_was_asked_for(net: Network) -> None:
    ana, bo = two_talking(net)
    bo.press("5*")
    net.exchange.run_for(2)
    assert results(net, "peer") == ["answered"]
    assert "Digits" not in net.service.fields("/after-peer")[0]
    assert bo.words.endswith("Your menu.")
    assert ana.is_in_call
    ana.press("*")
    net.exchange.run_for(2)
    assert results(net, "caller") == []


def test_a_leg_moved_out_of_a_room_asks_the_broken_off_action_first(net: Network) -> None:
    ana, bo = two_talking(net)
    sid = net.service.fields("/after-peer") or net.service.values("/ring/status", "CallSid")
    net.move(str(sid[0]), "/menu")
    net.exchange.run_for(3)
    paths = net.service.paths()
    assert paths.index("/after-peer") < paths.index("/menu")
    assert results(net, "peer") == ["completed"]
    assert net.service.values("/after-peer", "CallStatus") == ["in-progress"]
    assert "Your menu." not in bo.words
    assert bo.words.endswith("What next?")
    assert ana.is_in_call


def test_moving_the_one_who_ends_the_room_ends_it(net: Network) -> None:
    ana, bo = two_talking(net)
    net.move(net.inbound_sid(), "/menu")
    net.exchange.run_for(3)
    assert ana.words.endswith("What next?")
    assert results(net, "caller") == ["completed"]
    assert results(net, "peer") == ["answered"]
    assert bo.words.endswith("Your menu.")


def test_a_dial_ends_at_its_time_limit(net: Network) -> None:
    ana, _ = two_talking(net)
    net.exchange.run_for(7300)
    assert results(net, "caller") == ["answered"]
    assert ana.words.endswith("Goodbye.")


def test_a_name_used_again_after_the_end_is_a_new_room(net: Network) -> None:
    ana, _ = two_talking(net)
    ana.hang_up()
    net.exchange.run_for(1)
    ana.dial(LINE)
    net.exchange.run_for(5)
    assert ana.talking_with == set()
    assert net.exchange.room_names == ["little-room", "little-room"]


def test_the_same_name_merges_callers(net: Network) -> None:
    ana, bo = two_talking(net)
    chi = net.phone(CHI, "Chi")
    chi.dial(LINE)
    net.exchange.run_for(1)
    assert chi.talking_with == {"Ana", "Bo"}
    assert ana.talking_with == {"Bo", "Chi"}
    assert bo.talking_with == {"Ana", "Chi"}


def test_joining_beeps_unless_told_not_to(net: Network) -> None:
    net.service.pages["/third"] = "<Dial><Conference>little-room</Conference></Dial>"
    ana, _ = two_talking(net)
    net.phone(CHI, "Chi").picks_up(after=1)
    net.ring(CHI, "/third")
    assert "(beep)" not in ana.words
    net.exchange.run_for(5)
    assert ana.words.endswith("(beep)")


def test_a_full_room_turns_the_next_away(net: Network) -> None:
    net.service.pages["/third"] = dial("third", "maxParticipants='2'")
    two_talking(net)
    net.phone(CHI, "Chi").picks_up(after=1)
    net.ring(CHI, "/third")
    net.exchange.run_for(5)
    assert results(net, "third") == ["failed"]


def test_a_move_wins_over_a_document_that_is_still_on_its_way(net: Network) -> None:
    def moved_meanwhile(fields: Fields) -> str:
        net.move(fields["CallSid"], "/menu")
        return "<Say>Too late.</Say>"

    net.service.pages["/voice"] = "<Say>Hello.</Say><Redirect>/slow</Redirect>"
    net.service.pages["/slow"] = moved_meanwhile
    ana = net.phone(ANA, "Ana")
    ana.dial(LINE)
    net.exchange.run_for(10)
    assert ana.words == "Hello.\nWhat next?"


def test_the_end_of_a_room_and_a_move_out_of_it_have_the_words_the_network_chooses(
    net: Network,
) -> None:
    faults = net.exchange.faults
    faults.room_ended_says, faults.room_moved_says = "completed", "answered"
    two_talking(net)
    net.move(net.inbound_sid(), "/menu")
    net.exchange.run_for(3)
    assert results(net, "caller") == ["answered"]
    assert results(net, "peer") == ["completed"]
