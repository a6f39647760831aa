"""The sweep: what the provider still keeps of the line's numbers, though its erasure was missed."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, union_all

from warmline.database.engine import Database
from warmline.line import numbers_since
from warmline.line.opening import TheLine
from warmline.models.calls import Call, CallBack, Ring
from warmline.models.outbox import Effect
from warmline.models.talks import TalkText
from warmline.models.texts import TextOut
from warmline.outbox import outbox
from warmline.telephony.port import Provider

OVER_FOR: Final = timedelta(days=1)
"""How long something is over before it is thought to have been missed."""
EVERY: Final = 3600
LIVE: Final = (Call, Ring, TextOut, TalkText, CallBack)
"""Whatever has a provider's id and is not over yet."""


def sweep(
    database: Database, provider: Provider, line: TheLine, now: datetime, over_for: timedelta
) -> int:
    """Have the provider erase calls and texts of the line's own numbers over so long; how many.

    The network's own answers to STOP, and whatever a lost callback has left there. Only what
    began after the line opened and had that number: older ones are somebody's past (see
    selfcheck/earlier_records.py).
    """
    with database.writing() as db:
        since = numbers_since.note(db, line, now)
    kept = {
        one
        for number, began in since.items()
        for one in provider.over(number, began, now - over_for)
    }
    with database.writing() as db:
        missed = sorted(kept - known(db))
        outbox.erase(db, line.line_id, missed, now)
    return len(missed)


def known(db: Connection) -> set[str]:
    """What is in a live row, or waits to be erased already."""
    live = [select(table.provider_id) for table in LIVE]
    waits = select(Effect.subject).where(Effect.kind == outbox.ERASE)
    return {one for one in db.scalars(union_all(*live, waits)) if one is not None}
