"""What the network calls an address, and whose number it is."""

import pytest

from warmline.telephony.facts import Facts, number_of

DOT = "+14135550152"


@pytest.mark.parametrize("door", ["whatsapp:", "rcs:", "WhatsApp:", "RCS:"])
def test_a_number_is_the_same_through_another_door(door: str) -> None:
    facts = Facts({"From": f"{door}{DOT}", "To": f"{door}+14135550100"})
    assert facts.sender == facts.caller_number == DOT
    assert facts.number_written_to == facts.number_called == "+14135550100"
    assert facts.is_no_plain_text
    assert Facts({"Caller": f"{door}{DOT}"}).caller_number == DOT
    called = {"Direction": "outbound-api", "To": f"{door}{DOT}", "From": "+14135550100"}
    assert Facts(called).caller_number == DOT


@pytest.mark.parametrize(
    "address",
    [DOT, "", "anonymous", "sip:+14135550152@example.org", "client:dot", "messenger:1", "22000"],
)
def test_what_has_no_such_door_is_as_it_was(address: str) -> None:
    assert number_of(address) == address
    assert not Facts({"From": address}).is_no_plain_text
