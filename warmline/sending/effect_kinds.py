"""What differs between the kinds of effects: what a text says, what goes when one is dropped."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from warmline.database.sealing import Seal
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.sending import call_back_calls, talk_texts, texts


def to_send(effect: DueEffect) -> Callable[[Connection, Seal, str, datetime], texts.Outgoing]:
    """What tells to whom a text goes and what it says, by the kind of text."""
    return talk_texts.to_send if effect.kind == outbox.TALK else texts.to_send


def strike(db: Connection, effect: DueEffect, now: datetime) -> None:
    """It will not be: strike it out, and with it whatever it was to bring about."""
    outbox.done(db, effect)
    if effect.kind == outbox.TEXT:
        texts.strike(db, effect.subject, now)
    elif effect.kind == outbox.TALK:
        talk_texts.strike(db, effect.subject, now)
    elif effect.kind == outbox.BACK:
        call_back_calls.strike(db, effect, now)
