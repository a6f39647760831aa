"""Numbers shown to a person: each means one thing for them, for seven days."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from warmline import languages
from warmline.models.texts import ListNumber

MEANS_IT_FOR: Final = timedelta(days=7)
GOES_ON: Final = 0
"""The row that says where the list they read goes on; no thing is ever shown by this number."""
_NUMBER: Final = re.compile(r"\d{1,4}")
_AND: Final = "|".join(languages.all_words("answers", "and"))
_NUMBERS: Final = re.compile(
    rf"#?\d{{1,4}}(?:(?:[\s,;.&+]|\b(?:{_AND})\b)+#?\d{{1,4}})*", re.IGNORECASE
)


def numbers(
    db: Connection,
    person_id: int,
    kind: str,
    thing_ids: Sequence[int],
    now: datetime,
    until: datetime | None = None,
) -> list[int]:
    """The number of each thing for this person: its old one while it holds, else the next free.

    A number is not used for something else before its seven days are over, or before `until`,
    where an answer is awaited for longer.
    """
    db.execute(delete(ListNumber).where(ListNumber.person_id == person_id, ListNumber.until <= now))
    known = db.execute(
        select(ListNumber.number, ListNumber.kind, ListNumber.thing_id).filter_by(
            person_id=person_id
        )
    )
    held = {(row.kind, row.thing_id): row.number for row in known}
    taken = set(held.values())
    free = (number for number in count(1) if number not in taken)
    for thing in thing_ids:
        if (kind, thing) not in held:
            held[kind, thing] = next(free)
            new = {"person_id": person_id, "number": held[kind, thing], "kind": kind}
            db.execute(insert(ListNumber).values(new | {"thing_id": thing, "until": now}))
    mine = (
        ListNumber.person_id == person_id,
        ListNumber.kind == kind,
        ListNumber.thing_id.in_(thing_ids),
    )
    means_it_until = max(now + MEANS_IT_FOR, until or now)
    db.execute(update(ListNumber).where(*mine).values(until=means_it_until))
    return [held[kind, thing] for thing in thing_ids]


def known(db: Connection, person_id: int, kind: str, now: datetime) -> set[int]:
    """The things of a kind that have a number for this person now."""
    found = select(ListNumber.thing_id).where(
        ListNumber.person_id == person_id,
        ListNumber.kind == kind,
        ListNumber.until > now,
        ListNumber.number != GOES_ON,
    )
    return set(db.scalars(found))


def meanings(db: Connection, person_id: int, now: datetime) -> dict[int, tuple[str, int]]:
    """What every number means to this person now: a thing with its kind."""
    query = select(ListNumber.number, ListNumber.kind, ListNumber.thing_id).where(
        ListNumber.person_id == person_id, ListNumber.until > now, ListNumber.number != GOES_ON
    )
    return {row.number: (row.kind, row.thing_id) for row in db.execute(query)}


def meant(db: Connection, person_id: int, text: str, now: datetime) -> list[tuple[str, int]]:
    """The things, each with its kind, that numbers as somebody wrote them mean to them, in order.

    Nothing when something else than numbers is written, or when one of them means nothing.
    """
    if _NUMBERS.fullmatch(text.strip()) is None:
        return []
    written = dict.fromkeys(int(number) for number in _NUMBER.findall(text))
    query = select(ListNumber.number, ListNumber.kind, ListNumber.thing_id).where(
        ListNumber.person_id == person_id, ListNumber.number.in_(written), ListNumber.until > now
    )
    known = {row.number: (row.kind, row.thing_id) for row in db.execute(query)}
    found = [known.get(number) for number in written if number != GOES_ON]
    return [thing for thing in found if thing] if all(found) else []


def remember(
    db: Connection, person_id: int, which_list: str, next_id: int | None, now: datetime
) -> None:
    """Where the list that they have just been shown goes on: at this thing, or (None) nowhere."""
    row = (ListNumber.person_id == person_id, ListNumber.number == GOES_ON)
    db.execute(delete(ListNumber).where(*row))
    if next_id is not None:
        new = {"person_id": person_id, "number": GOES_ON, "kind": which_list, "thing_id": next_id}
        db.execute(insert(ListNumber).values(new | {"until": now + MEANS_IT_FOR}))


def goes_on(db: Connection, person_id: int, now: datetime) -> tuple[str, int] | None:
    """Which list they were shown last, and with which thing it goes on; None when it was all."""
    query = select(ListNumber.kind, ListNumber.thing_id).where(
        ListNumber.person_id == person_id, ListNumber.number == GOES_ON, ListNumber.until > now
    )
    row = db.execute(query).first()
    return None if row is None else (row.kind, row.thing_id)
