"""The port: the few verbs by which the line reaches the telephone network.

Nothing else asks the network to act. The simulated network answers the same provider's language,
so that there is one implementation behind this port, in twilio.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from warmline.telephony.facts import OVER

RETRIES = 2
"""How often the provider asks again before it turns to the fallback, or gives a text up."""
RETRY_OVERRIDES = f"#rc={RETRIES}&rp=ct,rt,5xx&rt=7000"
"""Behind every URL we hand out: the provider asks again when the way, the answer or we ourselves
fail, within its ceiling of 15 s; without it a lost answer is never asked for again and ends the
call. Asked twice, a step answers the same and does nothing more. 7 s are longer than a step may
take (`InTime.seconds`); three of those are shorter than 15 s. It is
neither sent nor signed (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""

FALLBACK_PATH = "/voice/fallback"
"""Where the provider turns in a call when it could not use our answer, however often it asked."""

GONE = "gone"
"""What `state_of` says of a call that the provider does not know (any more)."""


def is_over(state: str) -> bool:
    """Whether `state_of` says that a leg has ended, or was never known."""
    return state == GONE or state in OVER


class ProviderError(Exception):
    """A request to the provider did not succeed; its text holds no number and no message."""

    told_as = "unforeseen"
    """What logs and figures call it: the provider's code or HTTP status where there is one."""


class Refused(ProviderError):
    """The provider said no, and would again; `code` is its error code, or the HTTP status."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the provider refused (code {code})")
        self.code = code
        self.told_as = str(code)


class TryLater(ProviderError):
    """Certainly not done: too many requests, the provider is unwell, or it was not reached."""

    no_room = False
    told_as = "not reached"

    def __init__(self, text: str = "", code: int = 0) -> None:
        super().__init__(text)
        if code:
            self.told_as = str(code)


class TooManyAtOnce(TryLater):
    """Certainly not done: the account has as many calls under way as it may have."""

    no_room = True
    told_as = "too many at once"


class Unknown(ProviderError):
    """The answer was lost: it may or may not have been done. A look-up never raises this."""

    told_as = "answer lost"


class TooEarly(ProviderError):
    """The provider erases nothing of a call or message that has not ended (its code 20009)."""

    told_as = "20009"


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text in the provider's list: its id there and what it says."""

    provider_id: str
    body: str


@dataclass(frozen=True, slots=True)
class FoundRing:
    """A ring in the provider's list: its id there, its status, the UTC instant of its creation."""

    provider_id: str
    status: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Older:
    """Ids of calls and of texts that the provider keeps from before a number was the line's."""

    calls: Sequence[str]
    texts: Sequence[str]


class Provider(Protocol):
    """What the network can be asked to do for the line's number.

    Numbers are E.164, URLs absolute, times in seconds. A provider id is opaque text. Every verb
    may raise ProviderError; those that change something raise Unknown when the answer was lost.
    Hanging up and erasing may then simply be repeated; a ring or a text must be looked for first.
    """

    def ring(self, to: str, answer_url: str, status_url: str, ring_seconds: int) -> str:
        """Ring a phone; `answer_url` is asked once it picks up. The provider's id of the ring."""
        ...

    def text(
        self, from_number: str, to: str, body: str, status_url: str, valid_seconds: int
    ) -> str:
        """Send a text from a number of the line, dropped when not sent within `valid_seconds`.

        The provider's id of it.
        """
        ...

    def move(self, provider_id: str, url: str) -> bool:
        """Break off what a live call is doing and go on at `url`; False if it has ended."""
        ...

    def hang_up(self, provider_id: str) -> None:
        """End a call, also one that is queued or ringing; one that has ended is left alone."""
        ...

    def erase(self, provider_id: str) -> None:
        """Delete the provider's record of a call or text; TooEarly while it has not ended."""
        ...

    def state_of(self, provider_id: str) -> str:
        """The provider's status of a call (`queued`, `ringing`, …, `completed`), or GONE."""
        ...

    def find_ring(self, to: str, since: datetime) -> Sequence[FoundRing]:
        """The rings from the line's number to `to` that were created at or after `since`."""
        ...

    def find_text(self, from_number: str, to: str, since: datetime) -> Sequence[FoundText]:
        """The texts between the two numbers that were created at or after `since`."""
        ...

    def over(self, number: str, since: datetime, before: datetime) -> Sequence[str]:
        """Ids of calls and texts of a number of the line that began at or after `since`.

        Only those that were over before `before`.
        """
        ...

    def older(self, number: str, since: datetime, most: int) -> Older:
        """The calls and texts of a number that began before `since`: so many of a kind at most."""
        ...
