"""The line as it is in the database: what is promised, whether its clock runs, what waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from warmline.database.sealed_columns import NoSecretKey
from warmline.doctor.findings import Finding, Sight
from warmline.line import opening
from warmline.models.outbox import Effect
from warmline.operations import job_runs, latest_backup
from warmline.outbox import outbox
from warmline.promise import promise
from warmline.schema import differences
from warmline.schema.revisions import schema_is_current

WAITS_AT_MOST: Final = timedelta(minutes=5)
"""An effect is done within seconds, or given up within minutes."""
AT_THEIR_HOUR: Final = (outbox.TEXT, outbox.ERASE)
"""Effects that may wait for hours before they are due: for a morning, or for the provider."""
BACKUP_EVERY: Final = timedelta(days=8)
"""A week, and a day for one that was late."""
SHOWN: Final = 3


def database_answers(sight: Sight) -> Iterator[Finding]:
    """The database can be reached and read."""
    try:
        with sight.database.reading():
            yield Finding("database")
    except (DBAPIError, ModuleNotFoundError):
        yield Finding("database", "cannot be reached; check DATABASE_URL")


def schema_as_it_is(sight: Sight) -> Iterator[Finding]:
    """By its number, then table by table: a number alone can be the same and mean another."""
    if not schema_is_current(sight.database):
        yield Finding("schema", "is not this version's; run: warmline migrate")
        return
    with sight.database.reading() as db:
        found = differences.differences(db)
    shown = ", ".join(found[:SHOWN]) + (f" and {len(found) - SHOWN} more" if found[SHOWN:] else "")
    yield Finding(
        "schema",
        f"has this version's number, yet {shown}; it was made by another version: bring back a"
        " backup, or move people and shifts to a new database (export, init, import)"
        if found
        else "",
    )


def is_there(sight: Sight) -> Iterator[Finding]:
    """There is a line, and our keys open its numbers; whatever comes after knows it."""
    try:
        with sight.database.reading() as db:
            sight.line = opening.the_line(db)
    except (opening.NoLine, NoSecretKey) as fault:
        yield Finding("line", str(fault))
    else:
        yield Finding("line")


def promised(sight: Sight) -> Iterator[Finding]:
    """Each language of the line has the promise in force."""
    assert sight.line is not None  # noqa: S101 - the examination looks here only where it is
    with sight.database.reading() as db:
        held = promise.in_force(db, sight.line.line_id)
    missing = [code for code in sight.line.languages if code not in held]
    to_do = f"{', '.join(missing)} has none in force; write it with: warmline init"
    yield Finding("promise", to_do if missing else "")


def clock_runs(sight: Sight) -> Iterator[Finding]:
    """When any timed job ran last."""
    with sight.database.reading() as db:
        last = job_runs.last_at(db)
    if job_runs.is_running(last, sight.clock()):
        yield Finding("clock")
        return
    since = f" since {last:%Y-%m-%d %H:%M} UTC" if last else ""
    yield Finding("clock", f"does not run{since}; start: warmline serve, or warmline clock")


def effects_done(sight: Sight) -> Iterator[Finding]:
    """How long the oldest ring, move or text waits for its being done."""
    with sight.database.reading() as db:
        since = waiting_since(db, sight.clock())
    late = since is not None and sight.clock() - since > WAITS_AT_MOST
    minutes = int((sight.clock() - since).total_seconds() // 60) if since else 0
    to_do = (
        f"the oldest waits for {minutes} minutes; see the log of serve for what the provider says"
    )
    yield Finding("effects", to_do if late else "")


def waiting_since(db: Connection, now: datetime) -> datetime | None:
    """Since when (UTC) the oldest effect waits that should have been done; None: none does."""
    made = select(func.min(Effect.made_at)).where(Effect.kind.not_in(AT_THEIR_HOUR))
    due = select(func.min(Effect.due_at)).where(
        Effect.kind.in_(AT_THEIR_HOUR), Effect.due_at <= now
    )
    since = [one for one in (db.scalar(made), db.scalar(due)) if one is not None]
    return min(since, default=None)


def backed_up(sight: Sight) -> Iterator[Finding]:
    """How old the latest backup is; a line that has only just opened need not have one."""
    assert sight.line is not None  # noqa: S101 - the examination looks here only where it is
    with sight.database.reading() as db:
        last = latest_backup.last_made(db)
    since = last or sight.line.opened_at
    what = f"backup of {last:%Y-%m-%d}" if last else "backup"
    if since is None or sight.now - since <= BACKUP_EVERY:
        yield Finding(what)
        return
    old = f"is {(sight.now - since).days} days old" if last else "none was ever made"
    yield Finding(what, f"{old}; make one and keep it elsewhere: warmline backup FILE")
