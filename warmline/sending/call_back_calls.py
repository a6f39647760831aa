"""The call to whoever asked to be called back: placed once in their window, twice at most."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from warmline.calls import call_backs
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.sending.guard import number_to_call_back
from warmline.telephony.port import Provider

URLS: Final = ("/b/{token}/answer", "/b/{token}/status")
RINGS_FOR: Final = 18
"""Seconds: a mailbox mostly takes over later, and is never to be spoken to (TELEPHONY 2.5)."""


def place(
    database: Database,
    provider: Provider,
    seal: Seal,
    effect: DueEffect,
    urls: tuple[str, str],
    now: Callable[[], datetime],
) -> bool:
    """Ring the phone that an effect names; `urls` are our public address and the overrides.

    True: it was taken back meanwhile, and has to end. Raises MayNotRing, or a ProviderError.
    """
    with database.reading() as db:
        to = number_to_call_back(db, seal, effect.subject, now())
    public, overrides = urls
    answer, status = (public + url.format(token=effect.subject) + overrides for url in URLS)
    provider_id = provider.ring(to, answer, status, RINGS_FOR)
    with database.writing() as db:
        outbox.done(db, effect)
        return _placed(db, effect, provider_id, now())


def _placed(db: Connection, effect: DueEffect, provider_id: str, now: datetime) -> bool:
    if call_backs.by_token(db, effect.subject) is not None:
        call_backs.learn_id(db, effect.subject, provider_id)
        return False
    outbox.hang_up(db, effect.line_id, [provider_id], now)
    outbox.erase(db, effect.line_id, [provider_id], now)
    return True


def strike(db: Connection, effect: DueEffect, now: datetime) -> None:
    """It was not placed, or nobody knows; a leg that comes all the same is told by its callback."""
    call_backs.not_reached(db, effect.subject, now)
