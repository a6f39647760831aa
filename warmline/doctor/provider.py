"""The provider's account, and where the line's numbers point."""

from collections.abc import Iterator

from warmline import provision
from warmline.doctor.findings import Finding, Sight
from warmline.phone import ProviderError
from warmline.phone.abilities import OF_PROVIDER
from warmline.phone.twilio import TwilioProvider


def account(sight: Sight) -> Iterator[Finding]:
    """The account answers; what is over is erased there; each number of the line points here."""
    settings, line = sight.settings, sight.line
    assert line is not None  # noqa: S101 - the examination looks here only where there is one
    provider = TwilioProvider(settings, line.number)
    try:
        plans = provision.plan(provider.incoming_numbers(), line.numbers, settings.public_url)
    except ProviderError as fault:
        yield Finding("provider account", f"{fault}; check the TWILIO_ settings")
        return
    yield Finding("provider account")
    erases = OF_PROVIDER[settings.provider].erases
    yield Finding("erasing", "" if erases else "this provider erases nothing; say so to callers")
    for one in plans:
        lacking = "is not a number of this account; see: warmline provision --dry-run"
        elsewhere = "does not point here; run: warmline provision"
        to_do = lacking if one.provider_id is None else elsewhere if one.after else ""
        yield Finding(f"number {one.number}", to_do)
