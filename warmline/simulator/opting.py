"""What a network does by itself with STOP, START and HELP, before anybody is asked.

As a whole message, in any case: STOP and its like close the way from that number of ours to that
phone, the others open it again, and each has the network's own answer. The message still comes
to the number's webhook (TELEPHONY 3, "Opt-out").
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from warmline.simulator.switchboard import Switchboard
    from warmline.simulator.texts import Text

OUT: Final = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
)
BACK_IN: Final = frozenset({"START", "YES", "UNSTOP"})
HELP: Final = frozenset({"HELP", "INFO"})
SAID_OUT: Final = (
    "You have successfully been unsubscribed. You will not receive any more messages from this"
    " number. Reply START to resubscribe."
)
SAID_BACK_IN: Final = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
    " Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
SAID_HELP: Final = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
OWN_WORDS: Final = (SAID_OUT, SAID_BACK_IN, SAID_HELP)
"""What the network says itself: no line has sent it."""


def heed(board: "Switchboard", text: "Text") -> str:
    """Do what a message to one of our numbers asks of the network; its own answer, or nothing."""
    way, word = (text.to_number, text.from_number), text.body.strip().upper()
    if word in OUT:
        board.opted_out.add(way)
        return SAID_OUT
    if word in BACK_IN and way in board.opted_out:
        board.opted_out.discard(way)
        return SAID_BACK_IN
    return SAID_HELP if word in HELP else ""


def is_closed(board: "Switchboard", our_number: str, phone: str) -> bool:
    """Whether the network lets no text of this number of ours through to this phone (21610)."""
    return (our_number, phone) in board.opted_out or phone in board.faults.opted_out
