"""The commands by which the line forgets, and shows that it does."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Exit, Option, confirm, echo, prompt

from warmline.complaints import FAILED

if TYPE_CHECKING:
    from warmline.app import Parts

# Whatever takes long to import is imported in the command: --help is quick.


def purge(
    now: Annotated[bool, Option("--now", help="Also what waits only for its delay.")] = False,
    before_opening: Annotated[
        bool, Option("--before-opening", help="Only what is older than the line, after a yes.")
    ] = False,
    yes: Annotated[bool, Option("--yes", help="The yes to --before-opening.")] = False,
) -> None:
    """Erase whatever is due, here and at the provider.

    Calls and texts of the line's numbers from before it opened stay at the provider; with
    --before-opening they are counted, and erased there for good after a yes.
    """
    from warmline import purging
    from warmline.app import Parts
    from warmline.serving import check_schema
    from warmline.settings import load

    parts = Parts(load(needs=("WARMLINE_SECRET_KEY",)))
    try:
        check_schema(parts)
        if before_opening:
            erase_older(parts, yes=yes)
            return
        for sentence in purging.purge(parts, sooner=now):
            echo(sentence)
    finally:
        parts.close()


def erase_older(parts: "Parts", *, yes: bool) -> None:
    """Say how much is older than the line; erase it once somebody has said yes to that."""
    from warmline import older

    there = older.count(parts)
    echo(there.sentence)
    if not there.many:
        return
    asked = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if yes or (asked and confirm("Erase them at the provider, for good?")):
        echo(f"erased at the provider: {older.erase(parts)} records")
    else:
        echo("nothing was erased; to erase them: warmline purge --before-opening --yes")


def selfcheck(
    also: Annotated[
        list[Path] | None, Option(help="One more folder or file, such as logs; again for more.")
    ] = None,
) -> None:
    """Plant a call and a talk beside the line, purge, and search every byte for them.

    What was found stands on the public page Check us, with its date.
    """
    from warmline import selfcheck
    from warmline.app import real_clock
    from warmline.settings import load
    from warmline.terminal import database_at_hand, line_at_hand, working

    settings = load(needs=("WARMLINE_SECRET_KEY",))
    with line_at_hand():
        pass
    with working("checking"):
        checked = selfcheck.check(settings, also or [])
    with database_at_hand() as database:
        selfcheck.remember(database, checked, real_clock())
    for sentence in checked.lines():
        echo(sentence)
    if checked.found:
        raise Exit(FAILED)


def demand() -> None:
    """Say what is held on a number, asked for at the prompt, and what others hold.

    The number is never an argument: the shell would remember it.
    """
    from rich.console import Console
    from rich.table import Table

    from warmline import demand, numbers
    from warmline.app import real_clock
    from warmline.sealing import Seal
    from warmline.settings import load
    from warmline.terminal import database_at_hand, line_at_hand

    settings = load(needs=("WARMLINE_SECRET_KEY",))
    with line_at_hand() as (_, line):
        pass
    number = numbers.parse(prompt("The number", hide_input=False), line.countries[0])
    seal, keys = Seal(settings.secret_keys), settings.secret_keys
    with database_at_hand() as database:
        held = demand.held_on(database, seal, keys, line.line_id, number, real_clock())
    table = Table("What we hold", "What others hold, and we cannot erase", show_lines=True)
    searched = [f"Searched: {one}" for one in held.searched]
    table.add_row("\n\n".join([*held.ours, *searched]), "\n\n".join(held.others))
    Console().print(table)
