"""How much of what was wished for has not been done yet, and how old the oldest of it is."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, func, or_, select

from warmline.models.outbox import Effect
from warmline.outbox.outbox import ERASE, TEXT


def waiting(db: Connection) -> int:
    """How many effects have not been done yet; erasures, which take their time, left out."""
    todo = select(func.count()).select_from(Effect).where(Effect.kind != ERASE)
    return db.execute(todo).scalar_one()


def oldest(db: Connection, now: datetime) -> timedelta:
    """How old the oldest effect is that has not been done; nothing with none.

    Erasures take their time and are left out. A text to somebody of the roster may wait on purpose
    (for the end of a talk, for the morning): it is as old as it has been due.
    """
    is_due_text = and_(Effect.kind == TEXT, Effect.due_at <= now)
    waits = or_(Effect.kind.not_in((ERASE, TEXT)), is_due_text)
    since = case((Effect.kind == TEXT, Effect.due_at), else_=Effect.made_at)
    began = db.execute(select(func.min(since)).where(waits)).scalar()
    return timedelta(0) if began is None else max(timedelta(0), now - began)


def erasures_left(db: Connection) -> int:
    """How many records the provider has still to erase."""
    left = select(func.count()).select_from(Effect).where(Effect.kind == ERASE)
    return db.execute(left).scalar_one()
