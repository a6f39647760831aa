"""`warmline purge`: erases by hand what the clock erases, here and at the provider."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from warmline import roster_jobs
from warmline.app import Parts
from warmline.conversations import missed_rings
from warmline.db import Database
from warmline.keeping import notes
from warmline.phone import outbox, passing, sweeping, texts

TIDYING: Final = ("CHECKPOINT", "VACUUM")
"""What makes PostgreSQL let go of what was deleted, where this user may ask for it."""

CLEAN: Final = (
    "the database's own log is empty",
    "the database has tidied up after what was deleted",
)


def purge(parts: Parts, *, sooner: bool) -> Iterator[str]:
    """Erase what is due, sentence by sentence; `sooner` also what waits only for its delay.

    Nobody is rung or texted by this: of what waits to be done in the world only erasures are.
    """
    settings = parts.settings
    reached = bool(settings.account_sid and settings.auth_tokens)
    if reached:
        parts.look_up()
        parts.sweep(timedelta(0) if sooner else sweeping.OVER_FOR)
    yield f"erased here: {_here(parts, sooner=sooner)} rows"
    if reached:
        yield f"erased at the provider: {_at_the_provider(parts)}"
    else:
        yield "nothing was erased at the provider: TWILIO_ACCOUNT_SID or its token is missing"
    yield _of_the_log(parts.database)


def _here(parts: Parts, *, sooner: bool) -> int:
    now, erased = parts.now(), parts.forget()
    with parts.database.writing(unhurried=True) as db:
        erased += missed_rings.forget_evenings(db, now) + roster_jobs.forget(db, now)
        if sooner:
            erased += texts.forget_sooner(db, now) + passing.forget_sooner(db, now)
            erased += notes.forget_sooner(db)
            outbox.erase_sooner(db, now)
    return erased


def _at_the_provider(parts: Parts) -> str:
    with parts.database.reading() as db:
        before = outbox.erasures_left(db)
    parts.sender.send_due(only=outbox.ERASE)
    with parts.database.reading() as db:
        left = outbox.erasures_left(db)
    waiting = f"; {left} wait until they are due or the provider is ready" if left else ""
    return f"{max(0, before - left)} records{waiting}"


def _of_the_log(database: Database) -> str:
    if database.engine.dialect.name == "sqlite":
        if database.empty_log():
            return CLEAN[0]
        return "the database's own log is being read just now; the clock empties it every minute"
    with suppress(SQLAlchemyError), database.engine.connect() as connection:
        tidying = connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in TIDYING:
            tidying.exec_driver_sql(statement)
        return CLEAN[1]
    return "the database tidies up by itself: this user may not ask for it"
