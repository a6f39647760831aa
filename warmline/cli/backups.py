"""The commands `backup` and `restore`: the whole line in one sealed file, and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from warmline.backup.restoring import Restored
    from warmline.settings import Settings

# Whatever takes long to import is imported in the command: --help is quick.

KEY: Final = ("WARMLINE_SECRET_KEY",)
File = Annotated[Path, typer.Argument(metavar="FILE", help="Sealed with WARMLINE_SECRET_KEY.")]


def backup(
    file: File,
    erasures: Annotated[
        bool, typer.Option("--erasures", help="Only the list of what was erased; replaces FILE.")
    ] = False,
) -> None:
    """Write the whole line into a new sealed file, while it runs; nothing that is short-lived.

    Keep WARMLINE_SECRET_KEY apart from it, and delete it after 30 days.
    """
    from warmline.backup import writing
    from warmline.cli.terminal import database_at_hand, line_at_hand, working
    from warmline.parts import real_clock
    from warmline.settings import load

    settings = load(needs=KEY)
    with line_at_hand():
        pass
    with database_at_hand() as database, working("writing"):
        write = writing.list_erased if erasures else writing.back_up
        done = write(database, settings.secret_keys, file, real_clock())
    typer.echo(f"{file}: {done.rows} rows of {done.tables} tables, {done.size:,} bytes, sealed")


def restore(
    file: File,
    erasures: Annotated[
        list[Path] | None,
        typer.Option(
            "--erasures", help="A later list of what was erased, or a later backup; again for more."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="A line that is there ends, if nothing uses it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before replacing.")] = False,
) -> None:
    """Make a new database from a backup, without what was erased since; then look at it.

    It never touches a line that is in use. Nothing has changed until all of it is there.
    """
    from warmline.backup import restoring
    from warmline.cli.terminal import confirmed, working
    from warmline.parts import real_clock
    from warmline.settings import load

    settings, now = load(needs=KEY), real_clock()
    replaced = "The line in the database ends and is replaced. Go on?"
    if replace and not yes and not confirmed(replaced):
        raise typer.Abort
    wanted = restoring.Wanted(file, tuple(erasures or ()), replace)
    with working("restoring"):
        done = restoring.restore(settings.database_url, settings.secret_keys, wanted, now)
    for sentence in (*restored_in_words(done, now), *_afterwards(settings)):
        typer.echo(sentence)
    _examined(now)


def restored_in_words(done: "Restored", now: "datetime") -> Iterator[str]:
    """What was restored, and what nobody knows of any more."""
    yield f"restored: the line as it was at {done.made:%Y-%m-%d %H:%M} UTC, {done.rows} rows"
    for what, number in done.erased.items():
        if number:
            yield f"erased again, as was wished since: {number} {what}"
    if done.known_until < now:
        yield (
            f"what was erased after {done.known_until:%Y-%m-%d %H:%M} UTC is not known here: give a"
            " later list or backup with --erasures, or ask whoever may have left since"
        )
    if (old := _too_old(done, now)) is not None:
        yield old


def _too_old(done: "Restored", now: "datetime") -> str | None:
    from warmline.privacy.erased import KEPT_FOR

    if now - done.made <= KEPT_FOR:
        return None
    return (
        f"this backup is older than {KEPT_FOR.days} days: what was erased between it and"
        f" {now - KEPT_FOR:%Y-%m-%d} is not known any more"
    )


def _afterwards(settings: "Settings") -> Iterator[str]:
    """What has lapsed since is erased, and nothing of it stays legible in the files."""
    from warmline.parts import Parts
    from warmline.selfcheck.purging import tidy_up

    parts = Parts(settings)
    try:
        yield f"over since, and erased: {parts.forget()} rows"
        yield from tidy_up(parts.database)
    finally:
        parts.close()


def _examined(now: "datetime") -> None:
    """What `doctor` finds; that nothing runs yet is to be expected, so it decides nothing."""
    from warmline import doctor
    from warmline.serving import NEEDS

    for finding in doctor.examine(NEEDS, now):
        typer.echo(finding.line)
