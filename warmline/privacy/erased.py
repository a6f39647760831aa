"""What people had erased, so that no backup brings it back: keyed digests, of nothing legible.

LEAVE (a person), FORGET (a note) and STOP (a yes to rings and texts) are written down here when
they are done. The list outlives the machine in every later backup, or as a small file of its own.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select

from warmline.database.sealing import Seal
from warmline.models.privacy import Erased

KEPT_FOR: Final = timedelta(days=35)
"""Longer than a backup may live (30 days)."""
PERSON: Final = "person"
NOTE: Final = "note"
YES: Final = "yes"
"""Theirs to be rung and texted: restored, they are silent until they write START."""


class Entry(NamedTuple):
    """One thing that was erased, as it is listed."""

    token: str
    digest: str
    until: date


def note(db: Connection, seal: Seal, kind: str, key: object, now: datetime) -> None:
    """Remember that this was erased; `kind` is one of this module's, `key` tells it from others."""
    digest = seal.digests(_about(kind, key))[0]
    row = Entry(secrets.token_hex(16), digest, (now + KEPT_FOR).date())
    db.execute(insert(Erased).values(row._asdict()))


def listed(db: Connection) -> list[Entry]:
    """Everything that is remembered."""
    rows: Iterable[Any] = db.execute(select(Erased.token, Erased.digest, Erased.until))
    return [Entry(row.token, row.digest, row.until) for row in rows]


def add(db: Connection, entries: Sequence[Entry]) -> None:
    """Remember these too, which another copy of the line has seen."""
    if entries:
        db.execute(insert(Erased), [one._asdict() for one in entries])


def is_among(seal: Seal, digests: frozenset[str], kind: str, key: object) -> bool:
    """Whether this is one of the erased, under whichever key of ours."""
    return not digests.isdisjoint(seal.digests(_about(kind, key)))


def forget(db: Connection, now: datetime) -> int:
    """Drop what no backup can hold any more; how many rows."""
    return db.execute(delete(Erased).where(Erased.until < now.date())).rowcount


def _about(kind: str, key: object) -> str:
    return f"erased {kind} {key}"
