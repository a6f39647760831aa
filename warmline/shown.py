"""Numbers shown to a person: each means one thing for them, for seven days."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from warmline.text_models import Shown

MEANS_IT_FOR: Final = timedelta(days=7)
_NUMBER: Final = re.compile(r"#?(\d{1,4})")


def numbers(
    db: Connection, person_id: int, kind: str, thing_ids: Sequence[int], now: datetime
) -> list[int]:
    """The number of each thing for this person: its old one while it holds, else the next free.

    A number is not used for something else before its seven days are over.
    """
    db.execute(delete(Shown).where(Shown.person_id == person_id, Shown.until <= now))
    known = db.execute(
        select(Shown.number, Shown.kind, Shown.thing_id).filter_by(person_id=person_id)
    )
    held = {(row.kind, row.thing_id): row.number for row in known}
    taken = set(held.values())
    free = (number for number in count(1) if number not in taken)
    for thing in thing_ids:
        if (kind, thing) not in held:
            held[kind, thing] = next(free)
            new = {"person_id": person_id, "number": held[kind, thing], "kind": kind}
            db.execute(insert(Shown).values(new | {"thing_id": thing, "until": now}))
    mine = (Shown.person_id == person_id, Shown.kind == kind, Shown.thing_id.in_(thing_ids))
    db.execute(update(Shown).where(*mine).values(until=now + MEANS_IT_FOR))
    return [held[kind, thing] for thing in thing_ids]


def meant(db: Connection, person_id: int, kind: str, text: str, now: datetime) -> int | None:
    """The thing that a number, as somebody wrote it, means to them; None when it means nothing."""
    written = _NUMBER.fullmatch(text.strip())
    if written is None:
        return None
    query = select(Shown.thing_id).where(
        Shown.person_id == person_id,
        Shown.number == int(written[1]),
        Shown.kind == kind,
        Shown.until > now,
    )
    return db.scalar(query)
