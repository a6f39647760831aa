"""The commands by which the line forgets, and shows that it does: purge, selfcheck, demand.

`keys rotate` seals everything that lies sealed anew, with the first key.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Exit, Option, echo

from shifts.faults import Fault
from warmline.cli.errors import FAILED
from warmline.cli.terminal import confirmed, progress, typed_answer

if TYPE_CHECKING:
    from warmline.parts import Parts


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
    from warmline.parts import Parts
    from warmline.selfcheck import purging
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
    from warmline.selfcheck import earlier_records

    there = earlier_records.count(parts)
    echo(there.sentence)
    if not there.many:
        return
    asked = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if yes or (asked and confirmed("Erase them at the provider, for good?")):
        echo(f"erased at the provider: {earlier_records.erase(parts)} records")
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
    from warmline.cli.terminal import database_at_hand, line_at_hand, working
    from warmline.parts import real_clock
    from warmline.selfcheck import check
    from warmline.settings import load

    settings = load(needs=("WARMLINE_SECRET_KEY",))
    with line_at_hand():
        pass
    with working("checking"):
        checked = check.check(settings, also or [])
    with database_at_hand() as database:
        check.remember(database, checked, real_clock())
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

    from warmline import phone_numbers
    from warmline.cli.terminal import database_at_hand, line_at_hand
    from warmline.database.sealing import Seal
    from warmline.parts import real_clock
    from warmline.selfcheck import data_on_number
    from warmline.settings import load

    settings = load(needs=("WARMLINE_SECRET_KEY",))
    with line_at_hand() as (_, line):
        pass
    number = phone_numbers.parse(typed_answer("The number"), line.countries[0])
    seal, keys = Seal(settings.secret_keys), settings.secret_keys
    with database_at_hand() as database:
        held = data_on_number.held_on(database, seal, keys, line.line_id, number, real_clock())
    table = Table("What we hold", "What others hold, and we cannot erase", show_lines=True)
    searched = [f"Searched: {one}" for one in held.searched]
    table.add_row("\n\n".join([*held.ours, *searched]), "\n\n".join(held.others))
    Console().print(table)


keys = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

# Whatever takes long to import is imported in the command: --help is quick.


@keys.callback()
def of_keys() -> None:
    """The keys with which numbers and texts lie sealed."""


@keys.command()
def rotate() -> None:
    """Seal everything anew with the first key of WARMLINE_SECRET_KEY ("new,old").

    May be broken off and run again at any time; the service may go on meanwhile.
    """
    from warmline.database.engine import Database
    from warmline.database.sealing import Seal
    from warmline.privacy import resealing
    from warmline.settings import load

    settings = load()
    if not settings.secret_keys:
        raise Fault("WARMLINE_SECRET_KEY: is missing; warmline init --secret-key makes one")
    seal = Seal(settings.secret_keys)
    database = Database(settings.database_url, seal)
    sealed = lost = 0
    try:
        with progress(resealing.how_many(database), "sealing") as bar:
            for done, unopened in resealing.reseal(database, seal):
                sealed, lost = sealed + done, lost + unopened
                bar(done + unopened)
    finally:
        database.close()
    typer.echo(f"sealed anew with the first key: {sealed} rows")
    if lost:
        raise Fault(f"no key of WARMLINE_SECRET_KEY opens {lost} rows; add the key they are under")
    if len(settings.secret_keys) > 1:
        typer.echo(
            "the other keys may go; receipts, answers' numbers, calendar addresses, printed codes"
            " and sessions made under one of them work only as long as it stays at the end"
        )
