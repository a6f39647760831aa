"""The provider's account, where the line's numbers point, and what is older than the line."""

from collections.abc import Iterator

from warmline.doctor.findings import Finding, Sight
from warmline.line import numbers_since
from warmline.selfcheck import earlier_records
from warmline.telephony import provision
from warmline.telephony.abilities import OF_PROVIDER
from warmline.telephony.port import ProviderError
from warmline.telephony.twilio import TwilioProvider


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


def kept_from_before(sight: Sight) -> Iterator[Finding]:
    """What is older than the line stays at the provider, and is no fault: only told of."""
    settings, line = sight.settings, sight.line
    assert line is not None  # noqa: S101 - the examination looks here only where there is one
    with sight.database.reading() as db:
        since = numbers_since.read(db, line, sight.now)
    try:
        there = earlier_records.kept(TwilioProvider(settings, line.number), since)
    except ProviderError:
        # That it does not answer is said of the account.
        return
    if there.many:
        yield Finding(there.sentence)
