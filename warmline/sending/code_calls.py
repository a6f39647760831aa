"""The call that reads a sign-in code: placed once, and erased at the provider when it is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from warmline.database.engine import Database
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.sending.guard import number_for_code
from warmline.telephony.port import Provider

URLS: Final = ("/k/{token}/read_out", "/k/{token}/read")
RINGS_FOR: Final = 30
"""Seconds: whoever waits for a code has the phone at hand."""


def place(
    database: Database,
    provider: Provider,
    effect: DueEffect,
    public_url: str,
    overrides: str,
    now: Callable[[], datetime],
) -> bool:
    """Call with the code that an effect names; False: it leads to nothing else.

    Raises MayNotRing, or a ProviderError. The provider's record is erased as soon as it can be,
    whether anybody answers or not.
    """
    with database.reading() as db:
        to = number_for_code(db, effect.subject, now())
    answer, status = (public_url + url.format(token=effect.subject) + overrides for url in URLS)
    provider_id = provider.ring(to, answer, status, RINGS_FOR)
    with database.writing() as db:
        outbox.done(db, effect)
        outbox.erase(db, effect.line_id, [provider_id], now())
    return False
