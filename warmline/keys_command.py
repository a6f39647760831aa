"""The command `keys rotate`: everything that lies sealed is sealed anew with the first key."""

import typer

from shifts.faults import Fault
from warmline.terminal import progress

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
    from warmline.db import Database
    from warmline.keeping import resealing
    from warmline.sealing import Seal
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
