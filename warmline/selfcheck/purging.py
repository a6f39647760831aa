"""`warmline purge`: erases by hand what the clock erases, here and at the provider."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from warmline import jobs
from warmline.conversations.arrivals import lost_legs
from warmline.conversations.ringing import missed_rings
from warmline.database.engine import Database
from warmline.line import opening
from warmline.outbox import backlog, outbox
from warmline.parts import Parts
from warmline.privacy import notes
from warmline.sending import sweeping, talk_texts, texts

TIDYING: Final = ("CHECKPOINT", "VACUUM")
"""What makes PostgreSQL tidy up its files at once, where this user may ask for it."""

CLEAN: Final = "nothing of what was erased is legible in the database's files"
TRIES: Final = 50
"""Times a tenth of a second: whoever reads is soon done."""


def purge(parts: Parts, *, sooner: bool) -> Iterator[str]:
    """Erase what is due, sentence by sentence; `sooner` also what waits only for its delay.

    Nobody is rung or texted by this: of what waits to be done in the world only erasures are.
    """
    settings = parts.settings
    reached = bool(settings.account_sid and settings.auth_tokens)
    if reached:
        for silent in (lost_legs.silent_calls, lost_legs.silent_rings):
            lost_legs.look_up(silent, parts.database, parts.provider, parts.turn, parts.now())
        if _is_open(parts):
            parts.sweep(timedelta(0) if sooner else sweeping.OVER_FOR)
    yield f"erased here: {_here(parts, sooner=sooner)} rows"
    if reached:
        yield f"erased at the provider: {_at_the_provider(parts)}"
    else:
        yield "nothing was erased at the provider: TWILIO_ACCOUNT_SID or its token is missing"
    yield from tidy_up(parts.database)


def _is_open(parts: Parts) -> bool:
    """Until the line has opened whatever is at the provider may be an older system's."""
    with parts.database.reading() as db:
        line = opening.find_line(db)
    return line is not None and line.opened_at is not None


def _here(parts: Parts, *, sooner: bool) -> int:
    now, erased = parts.now(), parts.forget()
    with parts.database.writing(unhurried=True) as db:
        erased += missed_rings.forget_evenings(db, now) + jobs.forget(db, now)
        if sooner:
            erased += texts.forget_sooner(db, now) + talk_texts.forget_sooner(db, now)
            erased += notes.forget_sooner(db)
            outbox.erase_sooner(db, now)
    return erased


def _at_the_provider(parts: Parts) -> str:
    with parts.database.reading() as db:
        before = backlog.erasures_left(db)
    parts.sender.send_due(only=outbox.ERASE)
    with parts.database.reading() as db:
        left = backlog.erasures_left(db)
    waiting = f"; {left} wait until they are due or the provider is ready" if left else ""
    return f"{max(0, before - left)} records{waiting}"


def tidy_up(database: Database) -> Iterator[str]:
    """Leave nothing of what was erased in the database's files; whether that was done, in words."""
    let_go = any(database.let_go(at_once=True) for _ in range(TRIES))
    yield CLEAN if let_go else "what was erased is still being read; the clock lets go of it soon"
    if database.engine.dialect.name == "sqlite":
        return
    with (
        suppress(SQLAlchemyError),
        database.engine.connect() as connection,
        database.waited_for(connection),
    ):
        tidying = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in TIDYING:
            tidying.exec_driver_sql(statement)
