"""The port over the provider's REST API, by the provider's own library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote

from warmline.telephony.port import (
    FALLBACK_PATH,
    GONE,
    RETRY_OVERRIDES,
    FoundRing,
    FoundText,
    Older,
    ProviderError,
    Refused,
    TryLater,
    Unknown,
)

if TYPE_CHECKING:
    # To the type checker these are anything.
    from twilio.rest import Client  # type: ignore[import-untyped]  # it ships no types
    from twilio.rest.api.v2010.account.call import (  # type: ignore[import-untyped]  # nor here
        CallContext,
    )

    from warmline.settings import Settings

CALL_ENDED = 21220
NOT_FOUND = 20404
ENDED = frozenset({CALL_ENDED, NOT_FOUND, 404})

RING_EVENTS = ["initiated", "ringing", "answered", "completed"]
NEWEST = 20
SWEPT = 500
LONGEST_PAGE = 1000
A_DAY = timedelta(days=1)

POINTS = (
    "voice_url",
    "voice_method",
    "voice_fallback_url",
    "voice_fallback_method",
    "status_callback",
    "status_callback_method",
    "sms_url",
    "sms_method",
    "sms_fallback_url",
    "sms_fallback_method",
    "voice_application_sid",
    "trunk_sid",
    "sms_application_sid",
)
"""Where a number can point, by the provider's names; a non-empty `…_sid` overrides the URLs."""

T = TypeVar("T")


class Made(Protocol):
    """What the library makes of an answer to a create."""

    sid: str | None


class ListedCall(Protocol):
    """What the library lists of a call; instants are aware."""

    sid: str
    date_created: datetime
    start_time: datetime | None
    end_time: datetime | None


class ListedText(Protocol):
    """What the library lists of a text; instants are aware."""

    sid: str
    date_sent: datetime | None


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """A number of the provider account (E.164) and where it points now (the keys are POINTS)."""

    provider_id: str
    number: str
    points: Mapping[str, str]


class TwilioProvider:
    """Calls and texts from one number of one account. Thread-safe; connects when first used.

    Implements warmline.telephony.port.Provider; `incoming_numbers` and `point_number` are what
    warmline.telephony.provision needs besides.
    """

    def __init__(
        self,
        settings: "Settings",
        from_number: str,
        told: Callable[[str], object] = lambda _code: None,
    ) -> None:
        """`from_number` is the line's number, E.164; the first auth token calls out.

        `told` hears how each request came out, as in http.py.
        """
        self._told = told
        self._settings = settings
        self._from = from_number

    @cached_property
    def _account(self) -> "Client":
        """The library's client. Two threads may each make one at first; the later one stays."""
        # Imported here: it takes 0.3 s, which no command that rings nobody should pay.
        from twilio.rest import Client

        from warmline.telephony.http import RestClient

        return Client(
            self._settings.account_sid,
            self._settings.auth_tokens[0],
            http_client=RestClient(self._settings.provider_url, told=self._told),
            # Anything but empty: otherwise TWILIO_EDGE and TWILIO_REGION would move the requests.
            environment={"warmline": "1"},
        )

    def ring(self, to: str, answer_url: str, status_url: str, ring_seconds: int) -> str:
        """See Provider.ring; all four events of its progress go to `status_url`.

        Whoever answers is led back from our fallback, as a caller is.
        """
        create = self._account.calls.create
        public_url = self._settings.public_url
        fallback = {
            "fallback_url": f"{public_url}{FALLBACK_PATH}{RETRY_OVERRIDES}",
            "fallback_method": "POST",
        }
        made = _changed(
            lambda: create(
                to=to,
                from_=self._from,
                url=answer_url,
                method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=RING_EVENTS,
                timeout=ring_seconds,
                **(fallback if public_url else {}),
            )
        )
        return _id(made)

    def text(
        self, from_number: str, to: str, body: str, status_url: str, valid_seconds: int
    ) -> str:
        """See Provider.text; curly quotes and the like become their plain forms on the way."""
        create = self._account.messages.create
        made = _changed(
            lambda: create(
                to=to,
                from_=from_number,
                body=body,
                status_callback=status_url,
                validity_period=valid_seconds,
                smart_encoded=True,
            )
        )
        return _id(made)

    def move(self, provider_id: str, url: str) -> bool:
        """See Provider.move."""
        return _unless_ended(lambda: self._call(provider_id).update(url=url, method="POST"))

    def hang_up(self, provider_id: str) -> None:
        """See Provider.hang_up. `completed` ends a call in any state, `canceled` does not."""
        _unless_ended(lambda: self._call(provider_id).update(status="completed"))

    def erase(self, provider_id: str) -> None:
        """See Provider.erase. An id that does not tell its kind is tried as both."""
        if not provider_id.startswith(("SM", "MM")):
            _unless_ended(lambda: self._call(provider_id).delete())
        if not provider_id.startswith("CA"):
            _unless_ended(lambda: self._account.messages(_segment(provider_id)).delete())

    def state_of(self, provider_id: str) -> str:
        """See Provider.state_of."""
        try:
            return str(_read(lambda: self._call(provider_id).fetch().status))
        except Refused as refused:
            if refused.code in ENDED:
                return GONE
            raise

    def find_ring(self, to: str, since: datetime) -> list[FoundRing]:
        """See Provider.find_ring; newest first, `since` aware.

        A ring that still waits in the provider's queue has no start time, so the provider is not
        asked to compare times: its newest rings to this phone are compared here.
        """
        listed = _read(lambda: self._account.calls.list(to=to, from_=self._from, limit=NEWEST))
        return [
            FoundRing(str(call.sid), str(call.status), call.date_created)
            for call in listed
            if call.date_created is not None and call.date_created >= since
        ]

    def find_text(self, from_number: str, to: str, since: datetime) -> list[FoundText]:
        """See Provider.find_text; newest first, `since` aware."""
        listed = _read(lambda: self._account.messages.list(to=to, from_=from_number, limit=NEWEST))
        return [
            FoundText(str(text.sid), str(text.body))
            for text in listed
            if text.date_created is not None and text.date_created >= since
        ]

    def over(self, number: str, since: datetime, before: datetime) -> list[str]:
        """See Provider.over; so many of each kind at a time, both instants aware."""
        ended = {"end_time_before": before, "start_time_after": since - A_DAY}
        sent = {"date_sent_before": before, "date_sent_after": since - A_DAY}
        calls: list[ListedCall] = self._listed(self._account.calls.list, number, SWEPT, ended)
        texts: list[ListedText] = self._listed(self._account.messages.list, number, SWEPT, sent)
        ended_calls = (one for one in calls if _was(one.end_time, before) and _began(one) >= since)
        return [str(one.sid) for one in ended_calls] + [
            str(one.sid)
            for one in texts
            if one.date_sent is not None and since <= one.date_sent <= before
        ]

    def older(self, number: str, since: datetime, most: int) -> Older:
        """See Provider.older; `since` aware. What is still under way is none of them."""
        began, sent = ({name: since + A_DAY} for name in ("start_time_before", "date_sent_before"))
        calls: list[ListedCall] = self._listed(self._account.calls.list, number, most, began)
        texts: list[ListedText] = self._listed(self._account.messages.list, number, most, sent)
        return Older(
            [str(one.sid) for one in calls if one.end_time is not None and _began(one) < since],
            [str(one.sid) for one in texts if one.date_sent is not None and one.date_sent < since],
        )

    def _listed(
        self, ask: Callable[..., list[T]], number: str, most: int, wanted: Mapping[str, datetime]
    ) -> list[T]:
        """What the provider lists to and from a number, the newest first.

        It may compare days and not instants: it is asked for a day more than is wanted.
        """
        size = min(most, LONGEST_PAGE)
        to_and_from = ({"to": number}, {"from_": number})
        asked = (partial(ask, **one, **wanted, limit=most, page_size=size) for one in to_and_from)
        return [one for listed in asked for one in _read(listed)]

    def incoming_numbers(self) -> list[AccountNumber]:
        """Every number of the account, whichever line it serves."""
        listed = _read(self._account.incoming_phone_numbers.list)
        return [
            AccountNumber(
                str(number.sid),
                str(number.phone_number),
                {name: str(getattr(number, name) or "") for name in POINTS},
            )
            for number in listed
        ]

    def point_number(self, provider_id: str, points: Mapping[str, str]) -> None:
        """Change where a number of the account points; the keys are of POINTS."""
        number = self._account.incoming_phone_numbers(_segment(provider_id))
        _changed(lambda: number.update(**points))

    def _call(self, provider_id: str) -> "CallContext":
        return self._account.calls(_segment(provider_id))


def _segment(provider_id: str) -> str:
    """An opaque id as one piece of a path; the library does not escape it."""
    return quote(provider_id, safe="")


def _began(call: ListedCall) -> datetime:
    """When a call began; one that was never dialled, when it was asked for."""
    return call.start_time or call.date_created


def _was(instant: datetime | None, before: datetime) -> bool:
    return instant is not None and instant <= before


def _id(made: Made) -> str:
    if not made.sid:
        raise Unknown("the provider's answer holds no id")
    return str(made.sid)


def _unless_ended(change: Callable[[], object]) -> bool:
    """Whether the call was still there to be changed."""
    try:
        _changed(change)
    except Refused as refused:
        if refused.code in ENDED:
            return False
        raise
    return True


def _changed(ask: Callable[[], T]) -> T:
    return _understood(ask, Unknown("the provider's answer cannot be read"))


def _read(ask: Callable[[], T]) -> T:
    return _understood(ask, TryLater("the provider's answer cannot be read"))


def _understood(ask: Callable[[], T], failure: ProviderError) -> T:
    """The answer to `ask`, or `failure` when the library stumbles over a successful answer."""
    try:
        return ask()
    except ProviderError:
        raise
    except Exception:  # noqa: BLE001, S110 - whatever it says may hold a number; it ends here
        pass
    raise failure
