"""What the network says in a request, in our own words: the provider's field names end here.

Where another provider says it otherwise, this is what another module like it would say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

KEYS: Final = frozenset("0123456789*#")
OVER: Final = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""Call statuses of which no later one is true (TELEPHONY 1.2: terminal states are sticky)."""
ARRIVED: Final = frozenset({"delivered", "undelivered", "failed", "canceled"})
"""Statuses of a text after which nothing more is heard of it."""
PROVEN: Final = "TN-Validation-Passed-A"
"""The caller's own network vouches that the number shown is theirs (STIR, full attestation)."""
LONGEST_ID: Final = 128
"""The provider's ids are opaque; longer ones are cut."""
DOORS: Final = ("whatsapp:", "rcs:")
"""What stands before a number (E.164) that came in through another door (TELEPHONY 3)."""
LegState = Literal["rings", "picked up", "over", "otherwise"]
"""What the network says of a leg that we placed."""


def number_of(address: str) -> str:
    """The number of an address of the network's, through whichever door it came.

    A person is the same by WhatsApp or RCS. What has no such door is as it was: what is no number
    in E.164 is one nowhere.
    """
    door = next((one for one in DOORS if address.lower().startswith(one)), "")
    return address[len(door) :]


@dataclass(slots=True)
class Facts:
    """One request of the network; `form` holds the first value of every field, stored nowhere.

    Numbers are E.164, or what says that there is none; each fact is empty where nothing is said.
    """

    form: Mapping[str, str]

    @property
    def leg_id(self) -> str:
        """The network's own id of the leg that asks."""
        return self.form.get("CallSid", "")[:LONGEST_ID]

    @property
    def leg_state(self) -> LegState:
        """How it is with the leg, as told in a callback."""
        status = self.form.get("CallStatus", "")
        if status in OVER:
            return "over"
        if status == "ringing":
            return "rings"
        return "picked up" if status == "in-progress" else "otherwise"

    @property
    def leg_is_over(self) -> bool:
        """Whether the network says in passing that the leg itself has ended."""
        return self.leg_state == "over"

    @property
    def we_called(self) -> bool:
        """Whether this leg was placed by us, and not by whoever is at its other end."""
        return self.form.get("Direction", "").startswith("outbound")

    @property
    def caller_number(self) -> str:
        """What the network shows of whoever calls: a number (E.164), or what says that it is none.

        Where we have called them, theirs is the other end. Looked at, never stored as it is.
        """
        if self.we_called:
            return number_of(self.form.get("To") or self.form.get("Called", ""))
        return number_of(self.form.get("From") or self.form.get("Caller", ""))

    @property
    def number_is_proven(self) -> bool:
        """Whether the number that a call shows is vouched for; of a text none ever is.

        Anybody can show any number: what is not said, or said by halves, is no proof.
        """
        return self.form.get("StirVerstat", "") == PROVEN

    @property
    def number_called(self) -> str:
        """To which of the line's numbers a call came in."""
        return number_of(self.form.get("To") or self.form.get("Called", ""))

    @property
    def key(self) -> str:
        """The key that was pressed, or nothing; more or other than one key is nothing too."""
        return self.digits if self.digits in KEYS else ""

    @property
    def digits(self) -> str:
        """All that was keyed in, where several keys were asked for."""
        return self.form.get("Digits", "")

    @property
    def hung_up_in_queue(self) -> bool:
        """Whether the queue was left because the leg had ended."""
        return self.form.get("QueueResult") == "hangup"

    @property
    def waits_in_queue(self) -> bool:
        """Whether the leg waits in a queue just now, and asks what it is to hear there."""
        return "QueueTime" in self.form and "QueueResult" not in self.form

    @property
    def left_queue(self) -> bool:
        """Whether what was heard in a queue has led out of it."""
        return self.form.get("QueueResult") == "leave"

    @property
    def was_connected(self) -> bool:
        """Whether somebody has taken the leg from the front of its queue, and the talk is over."""
        return self.form.get("QueueResult") == "bridged"

    @property
    def took_somebody(self) -> bool:
        """Whether the leg has taken somebody from the front of a queue."""
        return self.form.get("DialCallStatus") == "completed"

    @property
    def moved_out_of_queue(self) -> bool:
        """Whether a move has broken off the waiting, so that nobody hears what is answered."""
        return self.form.get("QueueResult", "").startswith("redirected")

    @property
    def text_id(self) -> str:
        """The network's own id of a text that came in."""
        return self.form.get("MessageSid", "")[:LONGEST_ID]

    @property
    def sender(self) -> str:
        """Who has written a text that came in."""
        return number_of(self.form.get("From", ""))

    @property
    def is_no_plain_text(self) -> bool:
        """Whether a text came in through another door, by which we cannot answer."""
        return self.sender != self.form.get("From", "")

    @property
    def number_written_to(self) -> str:
        """To which of the line's numbers a text was written."""
        return number_of(self.form.get("To", ""))

    @property
    def written(self) -> str:
        """The words of a text that came in."""
        return self.form.get("Body", "")

    @property
    def network_took_stop(self) -> bool:
        """Whether the network has taken a text that came in for STOP, and has answered it."""
        return self.form.get("OptOutType", "").upper() == "STOP"

    @property
    def has_pictures(self) -> bool:
        """Whether a text that came in brought anything but words."""
        return self.form.get("NumMedia", "0") not in ("", "0")

    @property
    def text_has_fared(self) -> bool:
        """Whether a text that we sent has arrived, or never will."""
        return self.form.get("MessageStatus", "") in ARRIVED

    @property
    def text_has_arrived(self) -> bool:
        """Whether a text that we sent has reached its phone."""
        return self.form.get("MessageStatus", "") == "delivered"

    @property
    def text_error(self) -> int | None:
        """The code with which a text that we sent has failed."""
        code = self.form.get("ErrorCode", "")
        return int(code) if code.isdigit() else None
