"""What `warmline provision` does: points the line's numbers at this service."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from warmline.telephony.port import FALLBACK_PATH, RETRY_OVERRIDES, ProviderError
from warmline.telephony.twilio import AccountNumber, TwilioProvider

_URLS = {
    "voice_url": "/voice",
    "voice_fallback_url": FALLBACK_PATH,
    "status_callback": "/voice/status",
    "sms_url": "/text",
    # The same page once more: that it is asked as the fallback tells it that this try is the last.
    "sms_fallback_url": "/text",
}
_METHODS = (
    *("voice_method", "voice_fallback_method", "status_callback_method"),
    *("sms_method", "sms_fallback_method"),
)
# While one of these is set, the provider ignores the number's own URLs.
_OVERRIDING = ("voice_application_sid", "trunk_sid", "sms_application_sid")


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """What is to change for one number (E.164); `provider_id` is None if the account lacks it.

    `before` and `after` hold only the points that differ, by the names of twilio.POINTS.
    """

    number: str
    provider_id: str | None
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the person at the terminal, and whether it is bad news."""

    line: str
    is_error: bool = False


def wanted_points(public_url: str) -> dict[str, str]:
    """Where a number of ours should point; every request is a POST (a GET would log its query)."""
    urls = {name: f"{public_url}{path}{RETRY_OVERRIDES}" for name, path in _URLS.items()}
    return urls | dict.fromkeys(_METHODS, "POST") | dict.fromkeys(_OVERRIDING, "")


def plan(held: Iterable[AccountNumber], ours: Collection[str], public_url: str) -> list[NumberPlan]:
    """For each of the line's numbers, in their order, what differs from what it should be."""
    by_number = {number.number: number for number in held}
    wanted = wanted_points(public_url)
    return [_plan_one(number, by_number.get(number), wanted) for number in ours]


def _plan_one(number: str, held: AccountNumber | None, wanted: Mapping[str, str]) -> NumberPlan:
    if held is None:
        return NumberPlan(number, None)
    after = {name: point for name, point in wanted.items() if held.points.get(name, "") != point}
    before = {name: held.points.get(name, "") for name in after}
    return NumberPlan(number, held.provider_id, before, after)


def provision(
    provider: TwilioProvider, ours: Collection[str], public_url: str, *, dry_run: bool
) -> list[Notice]:
    """Point the line's numbers (E.164) here; with `dry_run` only say what would change.

    One line for each number. Raises ProviderError if the account's numbers cannot be read.
    """
    plans = plan(provider.incoming_numbers(), ours, public_url)
    return [_done(provider, each, dry_run) for each in plans]


def _done(provider: TwilioProvider, one: NumberPlan, dry_run: bool) -> Notice:
    if one.provider_id is None:
        return Notice(
            f"{one.number}: not a number of this provider account; buy or move it there,"
            " or correct TWILIO_ACCOUNT_SID or the line's number",
            is_error=True,
        )
    if not one.after:
        return Notice(f"{one.number}: points here already")
    if dry_run:
        return Notice(f"{one.number}: would change {_differences(one)}")
    try:
        provider.point_number(one.provider_id, one.after)
    except ProviderError as error:
        return Notice(f"{one.number}: not changed: {error}", is_error=True)
    return Notice(f"{one.number}: changed {_differences(one)}")


def _differences(one: NumberPlan) -> str:
    return ", ".join(
        f"{name} from {one.before[name] or 'nothing'} to {point or 'nothing'}"
        for name, point in one.after.items()
    )
