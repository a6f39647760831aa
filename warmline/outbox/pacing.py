"""How fast calls and texts go out: a slot for each, a row that is taken by conditional UPDATE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

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


class Slot(NamedTuple):
    """What an effect needs before it may go out: a slot of its line, for what is paced apart."""

    line_id: int
    what: Paced


class Ready(NamedTuple):
    """Effects that may go out at once, each with the slot it needs; and when the next slot comes.

    `then` (UTC) is None where nothing waits for a slot.
    """

    effects: Mapping[int, Slot | None]
    then: datetime | None


@dataclass(frozen=True, slots=True)
class Pacing:
    """So many calls and, from each number, so many texts a second go out at most."""

    calls_per_second: float
    texts_per_second: float

    def ready(self, db: Connection, effects: Iterable[DueEffect], now: datetime) -> Ready:
        """Which of these effects have a slot now, or need none: one for each slot, in this order.

        One that may have been done already is only looked for, and needs none.
        """
        next_at = dict[Slot, datetime]()
        for line_id, what, then in db.execute(_TAKEN_SLOTS, {"now": now}):
            next_at[Slot(line_id, what)] = then
        numbers, ready, later = _Numbers(db), dict[int, Slot | None](), list[datetime]()
        for effect in effects:
            slot = _slot(effect, numbers)
            if slot is not None and slot in next_at:
                later.append(next_at[slot])
                continue
            ready[effect.id] = slot
            if slot is not None:
                next_at[slot] = now + self._between(slot.what)
        return Ready(ready, min(later, default=None))

    def take(self, db: Connection, slot: Slot, now: datetime) -> datetime | None:
        """Take a slot: None if it is ours, else when to ask again (UTC)."""
        return take_slot(db, slot.line_id, now, self._between(slot.what), slot.what)

    def _between(self, what: Paced) -> timedelta:
        a_second = self.calls_per_second if what == CALLS else self.texts_per_second
        return timedelta(seconds=1 / a_second)


def _slot(effect: DueEffect, numbers: "_Numbers") -> Slot | None:
    if effect.kind not in outbox.MADE or effect.unknown_since is not None:
        return None
    what = numbers.of_texts(effect.line_id) if effect.kind == outbox.TEXT else WHAT[effect.kind]
    return Slot(effect.line_id, what)


class _Numbers:
    """Which of its numbers a line's shift texts go out from, looked up once."""

    def __init__(self, db: Connection) -> None:
        self._db: Final = db
        self._known: Final[dict[int, Paced]] = {}

    def of_texts(self, line_id: int) -> Paced:
        """The volunteers' own number where the line has one."""
        if line_id not in self._known:
            second = self._db.execute(_SECOND, {"line_id": line_id}).scalar()
            self._known[line_id] = VOLUNTEERS_TEXTS if second else LINES_TEXTS
        return self._known[line_id]


_SECOND: Final = select(LineRules.volunteer_number).where(LineRules.line_id == bindparam("line_id"))
_TAKEN_SLOTS: Final = select(Pace.line_id, Pace.what, Pace.next_at).where(
    Pace.next_at > bindparam("now")
)
WHAT: Final[Mapping[EffectKind, Paced]] = {
    outbox.RING: CALLS,
    outbox.CODE: CALLS,
    outbox.BACK: CALLS,
    outbox.TALK: LINES_TEXTS,
}
"""What each kind is paced with; shift texts by the number they go out from."""


def _next_slot(insert: InsertInto) -> Executable:
    row = insert(Pace)
    free = Pace.next_at <= bindparam("now")
    return row.on_conflict_do_update(
        index_elements=["line_id", "what"], set_={"next_at": row.excluded.next_at}, where=free
    ).returning(Pace.next_at)


_TAKE_SLOT: Final = upsert(_next_slot)


def take_slot(
    db: Connection, line_id: int, now: datetime, between: timedelta, what: Paced = CALLS
) -> datetime | None:
    """Take the provider's next slot for `what`: None if it is ours, else when to ask (UTC).

    `between` is how far apart slots are. The slot is a row taken by conditional UPDATE, so that it
    holds across processes. Slots of a quiet time are not saved up: of two calls at once the
    provider would keep one waiting.
    """
    slot = {"line_id": line_id, "what": what, "next_at": now + between, "now": now}
    if db.execute(_TAKE_SLOT[db.dialect.name], slot).first() is not None:
        return None
    taken = select(Pace.next_at).where(Pace.line_id == line_id, Pace.what == what)
    return db.execute(taken).scalar_one()
