"""Effects that must not be lost: written in the transaction that wants them, done after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)

from warmline.database.engine import InsertInto, Upsert, upsert
from warmline.database.records import every, made_of
from warmline.database.turns import of_own_row
from warmline.models.outbox import Effect, EffectKind

HANG_UP: Final[EffectKind] = "hang up"
MOVE: Final[EffectKind] = "move"
RING: Final[EffectKind] = "ring"
TEXT: Final[EffectKind] = "text"
TALK: Final[EffectKind] = "talk"
CODE: Final[EffectKind] = "code"
BACK: Final[EffectKind] = "back"
ERASE: Final[EffectKind] = "erase"


class Urgency(IntEnum):
    """What goes out first while slots are few; of one rank, whatever was wished for first.

    Nobody who can wait, least of all a stranger, stands before somebody who is waited for.
    """

    AT_ONCE = 0
    """Hang-ups and moves: they need no slot."""
    RING = 1
    """Calls, and sign-in codes however they go."""
    TALK = 2
    """What the two of a talk by text write."""
    ANSWER = 3
    """Answers to whoever has just texted."""
    NOTICE = 4
    """What the line texts of its own accord."""
    STRANGER = 5
    """Answers to strangers who would like to join."""
    ERASURE = 6


URGENCY: Final[Mapping[EffectKind, Urgency]] = {
    HANG_UP: Urgency.AT_ONCE,
    MOVE: Urgency.AT_ONCE,
    RING: Urgency.RING,
    CODE: Urgency.RING,
    BACK: Urgency.RING,
    TALK: Urgency.TALK,
    TEXT: Urgency.NOTICE,
    ERASE: Urgency.ERASURE,
}
"""What each kind of effect is, where nothing else is said."""
TEXTS: Final[tuple[EffectKind, ...]] = (TALK, TEXT)
ONCE: Final[tuple[EffectKind, ...]] = (CODE, BACK)
"""Calls that are placed once: one that may have been placed is not placed again."""
MADE: Final[tuple[EffectKind, ...]] = (RING, *ONCE, *TEXTS)
"""Creating one twice would be heard or read twice: when unsure, it is looked for first."""
WISHED: Final = "effects were wished for"
"""Set on a connection whose transaction has put something in; whoever commits may clear it."""
HELD: Final = timedelta(seconds=15)
"""How long one sender keeps an effect to itself: as long as its request may take, and longer."""


class DueEffect(NamedTuple):
    """Something to be done, as its table has it: to what is in `subject`, by its `kind`.

    `subject` is a token of ours, or a leg's or message's id at the provider; `url_path` is where a
    MOVE goes, and None of all else. Instants are UTC.
    """

    id: int
    line_id: int
    kind: EffectKind
    subject: str
    url_path: str | None
    urgency: int
    due_at: datetime
    made_at: datetime
    taken_until: datetime | None
    tries: int
    unknown_since: datetime | None


_due_effect: Final = made_of(DueEffect, Effect.__table__.c)


def path_of(effect: DueEffect) -> str:
    """Where a MOVE goes; raises LookupError for any other effect."""
    if effect.url_path is None:
        raise LookupError("this effect moves nothing")
    return effect.url_path


def hang_up(db: Connection, line_id: int, provider_ids: Sequence[str], now: datetime) -> None:
    """End legs, each by what the provider calls it."""
    if provider_ids:
        db.execute(_FORGET, [{"kind": MOVE, "subject": one} for one in provider_ids])
        _put(db, [_wish(line_id, HANG_UP, one, None, now) for one in provider_ids])


def move(db: Connection, line_id: int, provider_id: str, path: str, now: datetime) -> None:
    """Take a leg out of whatever it is in and to `path`; a later wish replaces one not yet done."""
    _put(db, [_wish(line_id, MOVE, provider_id, path, now)])


def rings(db: Connection, line_id: int, tokens: Sequence[str], now: datetime) -> None:
    """Place the rings with these tokens in this order, each in the provider's next slot."""
    _put(db, [_wish(line_id, RING, token, None, now) for token in tokens])


def texts(
    db: Connection,
    line_id: int,
    tokens: Sequence[str],
    now: datetime,
    rank: Urgency = Urgency.NOTICE,
) -> None:
    """Send the texts with these tokens, in this order."""
    _put(db, [{**_wish(line_id, TEXT, token, None, now), **_of(rank)} for token in tokens])


def send_code(
    db: Connection,
    line_id: int,
    kind: EffectKind,
    token: str,
    there: ColumnElement[bool],
    now: datetime,
) -> None:
    """A sign-in code goes out, as a TEXT or a CODE (a call), where what it is about is `there`.

    One statement, whether it is or not: by the work done nobody can tell who is on the roster.
    """
    wish = {**_wish(line_id, kind, token, None, now), **_of(URGENCY[CODE])}
    columns = {name: Effect.__table__.c[name] for name in wish if wish[name] is not None}
    values = (literal(wish[name], column.type) for name, column in columns.items())
    db.execute(insert(Effect).from_select(list(columns), select(*values).where(there)))
    db.info[WISHED] = True


def pass_on(
    db: Connection, line_id: int, token: str, now: datetime, rank: Urgency = Urgency.TALK
) -> None:
    """Send the text of a talk with this token."""
    _put(db, [{**_wish(line_id, TALK, token, None, now), **_of(rank)}])


def say_code(db: Connection, line_id: int, token: str, now: datetime) -> None:
    """Call whoever asked for the sign-in code with this token, and read it to them."""
    _put(db, [_wish(line_id, CODE, token, None, now)])


def call_back(db: Connection, line_id: int, tokens: Sequence[str], now: datetime) -> None:
    """Ring those who asked to be called back, each in the provider's next slot."""
    _put(db, [_wish(line_id, BACK, token, None, now) for token in tokens])


ERASED_AFTER: Final = timedelta(minutes=2)
"""After its end the provider still needs a while before it erases a call or a message."""


def erase(db: Connection, line_id: int, provider_ids: Sequence[str], now: datetime) -> None:
    """Have the provider's own record of calls or messages that are over erased, a little later.

    Its id is all that is kept, until the provider has done it.
    """
    if provider_ids:
        then = {"due_at": now + ERASED_AFTER}
        _put(db, [{**_wish(line_id, ERASE, one, None, now), **then} for one in provider_ids])


def erase_sooner(db: Connection, now: datetime) -> None:
    """Let every erasure that waits be due now, so that none is left if the provider is ready."""
    waiting = (Effect.kind == ERASE, Effect.due_at > now)
    db.execute(update(Effect).where(*waiting).values(due_at=now))


_FORGET: Final = of_own_row(
    delete(Effect).where(Effect.kind == bindparam("kind"), Effect.subject == bindparam("subject"))
)
_TAKE_BACK: Final = (
    delete(Effect)
    .where(
        Effect.kind == RING,
        Effect.subject.in_(bindparam("tokens", expanding=True)),
        Effect.taken_until.is_(None),
        Effect.unknown_since.is_(None),
    )
    .returning(Effect.subject)
)


def unring(db: Connection, tokens: Sequence[str]) -> set[str]:
    """Take back rings not yet being placed; all others may have been placed by now."""
    return set(db.execute(_TAKE_BACK, {"tokens": tokens}).scalars()) if tokens else set()


_MOVED_TO: Final = select(Effect.url_path).where(
    Effect.kind == MOVE, Effect.subject == bindparam("subject")
)


def moved_to(db: Connection, provider_id: str | None) -> str | None:
    """The path to which a move of this leg is under way; None if none is."""
    path = db.execute(_MOVED_TO, {"subject": provider_id or ""}).scalar()
    return None if path is None else str(path)


def forget_move(db: Connection, provider_id: str) -> None:
    """Drop a move whose leg has come by itself, or is gone."""
    db.execute(_FORGET, {"kind": MOVE, "subject": provider_id})


def _put_anew(insert: InsertInto) -> Upsert:
    """A wish that replaces one already in a sender's hands is a new wish: it is due again."""
    row = insert(Effect)
    wish = {name: row.excluded[name] for name in ("url_path", "due_at", "made_at")}
    anew = wish | {"taken_until": None, "tries": 0}
    return of_own_row(row.on_conflict_do_update(index_elements=["kind", "subject"], set_=anew))


_PUT: Final = upsert(_put_anew)


def _put(db: Connection, wishes: Sequence[Mapping[str, object]]) -> None:
    db.execute(_PUT[db.dialect.name], wishes)
    db.info[WISHED] = True


def _wish(
    line_id: int, kind: EffectKind, subject: str, path: str | None, now: datetime
) -> Mapping[str, object]:
    when = {**_of(URGENCY[kind]), "due_at": now, "made_at": now}
    return {"line_id": line_id, "kind": kind, "subject": subject, "url_path": path, **when}


def _of(rank: Urgency) -> Mapping[str, object]:
    """The rank as its column has it."""
    return {"urgency": int(rank)}


def _is_due(now: BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Effect.due_at <= now, or_(Effect.taken_until.is_(None), Effect.taken_until <= now))


_DUE: Final = (
    select(Effect.__table__).where(_is_due(bindparam("now"))).order_by(Effect.urgency, Effect.id)
)


def due(db: Connection, now: datetime) -> list[DueEffect]:
    """Effects to do now, the most urgent first."""
    return every(db.execute(_DUE, {"now": now}), _due_effect)


_CUT_OFF: Final = and_(
    Effect.kind.in_(MADE), Effect.taken_until.is_not(None), Effect.unknown_since.is_(None)
)
_NOW: Final = bindparam("now", type_=Effect.unknown_since.type)
_WANTED: Final = (
    select(Effect.id)
    .where(Effect.id.in_(bindparam("effect_ids", expanding=True)), _is_due(bindparam("now")))
    # What another sender takes just now is not waited for; SQLite has one writer at a time.
    .with_for_update(skip_locked=True)
)
_TAKE: Final = (
    update(Effect)
    .where(Effect.id.in_(_WANTED))
    .values(
        taken_until=bindparam("until"),
        tries=Effect.tries + 1,
        unknown_since=case((_CUT_OFF, _NOW), else_=Effect.unknown_since),
    )
    .returning(*Effect.__table__.c)
)


def take(db: Connection, effect_ids: Sequence[int], now: datetime) -> list[DueEffect]:
    """Take effects for this sender alone, the most urgent first, in one statement.

    Left out are those for which another was faster, and those taken back meanwhile. A ring or text
    whose last sender never came back may have been made: it is unknown from now.
    """
    taken = {"effect_ids": effect_ids, "now": now, "until": now + HELD}
    return sorted(
        every(db.execute(_TAKE, taken), _due_effect), key=lambda one: (one.urgency, one.id)
    )


_IS_STILL: Final = (
    Effect.id == bindparam("effect_id"),
    Effect.made_at == bindparam("was_made"),
    Effect.tries == bindparam("was_tried"),
)
_DONE: Final = of_own_row(delete(Effect).where(*_IS_STILL))
_AGAIN: Final = of_own_row(update(Effect).where(*_IS_STILL))


def done(db: Connection, effect: DueEffect) -> None:
    """Strike an effect out, unless the same thing was wished anew meanwhile."""
    db.execute(_DONE, _still(effect))


def again(
    db: Connection, effect: DueEffect, due_at: datetime, unknown_since: datetime | None = None
) -> None:
    """Let an effect be due once more, later."""
    changes: dict[str, datetime | None] = {"due_at": due_at, "taken_until": None}
    if unknown_since is not None:
        changes["unknown_since"] = unknown_since
    db.execute(_AGAIN, {**_still(effect), **changes})


def anew(db: Connection, effect: DueEffect, now: datetime) -> None:
    """Let an effect be as if it had not been tried, due now."""
    fresh = {"due_at": now, "made_at": now, "taken_until": None, "unknown_since": None, "tries": 0}
    db.execute(_AGAIN, {**_still(effect), **fresh})


def _still(effect: DueEffect) -> Mapping[str, object]:
    """The wish that this sender took; one that has replaced it was not taken so often."""
    return {"effect_id": effect.id, "was_made": effect.made_at, "was_tried": effect.tries}
