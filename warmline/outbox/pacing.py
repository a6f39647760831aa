"""How fast calls and texts go out: a slot for each, a row that is taken by conditional UPDATE."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Executable, bindparam, select

from warmline.database.engine import InsertInto, upsert
from warmline.models.line import LineRules
from warmline.models.outbox import EffectKind, Pace, Paced
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect

CALLS: Final[Paced] = "calls"
LINES_TEXTS: Final[Paced] = "texts"
VOLUNTEERS_TEXTS: Final[Paced] = "volunteers"
"""What is paced apart: calls of the account, and the texts of each of the line's numbers."""


class NoSlot(Exception):
    """The next slot for this comes only at `then` (UTC)."""

    def __init__(self, what: Paced, then: datetime) -> None:
        super().__init__(what)
        self.what = what
        self.then = then


@dataclass(frozen=True, slots=True)
class Pacing:
    """So many calls and, from each number, so many texts a second go out at most."""

    calls_per_second: float
    texts_per_second: float

    def what(self, db: Connection, effect: DueEffect) -> Paced | None:
        """Which slots an effect needs; None when it needs none.

        One that may have been done already is only looked for, and needs none.
        """
        if effect.kind not in outbox.MADE or effect.unknown_since is not None:
            return None
        return WHAT[effect.kind](db, effect.line_id)

    def take(self, db: Connection, effect: DueEffect, now: datetime) -> None:
        """Take the slot that an effect needs; raises NoSlot while there is none."""
        what = self.what(db, effect)
        if what is not None:
            a_second = self.calls_per_second if what == CALLS else self.texts_per_second
            then = take_slot(db, effect.line_id, now, a_second, what)
            if then is not None:
                raise NoSlot(what, then)


def _of_texts(db: Connection, line_id: int) -> Paced:
    """Shift texts go out from the volunteers' own number where the line has one."""
    second = select(LineRules.volunteer_number).where(LineRules.line_id == line_id)
    return VOLUNTEERS_TEXTS if db.execute(second).scalar() else LINES_TEXTS


WHAT: Final[Mapping[EffectKind, Callable[[Connection, int], Paced]]] = {
    outbox.RING: lambda _db, _line_id: CALLS,
    outbox.CODE: lambda _db, _line_id: CALLS,
    outbox.BACK: lambda _db, _line_id: CALLS,
    outbox.TALK: lambda _db, _line_id: LINES_TEXTS,
    outbox.TEXT: _of_texts,
}


def _next_slot(insert: InsertInto) -> Executable:
    row = insert(Pace)
    free = Pace.next_at <= bindparam("now")
    return row.on_conflict_do_update(
        index_elements=["line_id", "what"], set_={"next_at": row.excluded.next_at}, where=free
    ).returning(Pace.next_at)


_TAKE_SLOT: Final = upsert(_next_slot)


def take_slot(
    db: Connection, line_id: int, now: datetime, per_second: float, what: Paced = CALLS
) -> datetime | None:
    """Take the provider's next slot for `what`: None if it is ours, else when to ask (UTC).

    The slot is a row taken by conditional UPDATE, so that it holds across processes. Slots of a
    quiet time are not saved up: of two calls at once the provider would keep one waiting.
    """
    next_at = now + timedelta(seconds=1 / per_second)
    slot = {"line_id": line_id, "what": what, "next_at": next_at, "now": now}
    if db.execute(_TAKE_SLOT[db.dialect.name], slot).first() is not None:
        return None
    taken = select(Pace.next_at).where(Pace.line_id == line_id, Pace.what == what)
    return db.execute(taken).scalar_one()
