"""The command `line`: shows the line's settings, or changes those that are given."""

from typing import Annotated

import typer

from warmline.terminal import line_at_hand

# Whatever takes long to import is imported in the command: --help is quick.


def line(
    name: Annotated[str | None, typer.Option(help="The line's name, as it is said.")] = None,
    number: Annotated[str | None, typer.Option(help="The number people call.")] = None,
    volunteer_number: Annotated[str | None, typer.Option(help="The volunteers' number.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as America/New_York.")] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="en or es; again for more.")
    ] = None,
    countries: Annotated[str | None, typer.Option(help="Such as US,CA.")] = None,
    coordinator_phone: Annotated[str | None, typer.Option(help="A coordinator's phone.")] = None,
    patience_seconds: Annotated[
        int | None, typer.Option("--patience", help="Seconds, 30 to 1800.")
    ] = None,
    breather_minutes: Annotated[
        int | None, typer.Option("--breather", help="Minutes, 0 to 60.")
    ] = None,
    ring_seconds: Annotated[int | None, typer.Option(help="10 to 40.")] = None,
    phones_at_once: Annotated[int | None, typer.Option(help="1 to 10.")] = None,
    hours: Annotated[
        list[str] | None, typer.Option(help='"mon-fri 18:00-23:00"; again for more; always.')
    ] = None,
    closed: Annotated[
        list[str] | None, typer.Option(help="A day off, such as 2026-12-25; a note may follow.")
    ] = None,
    hours_on: Annotated[
        list[str] | None, typer.Option(help='"2026-12-24 12:00-18:00"; "2026-12-24 usual".')
    ] = None,
    wanted: Annotated[
        list[str] | None,
        typer.Option(help='How many on: 2, es=1, text=0, duty=1, "es=2 fri 18:00-23:00".'),
    ] = None,
) -> None:
    """Show the line's settings, or change those that are given."""
    # The parameters bear the names of the settings.
    given = {setting: value for setting, value in locals().items() if value is not None}
    from warmline import opening

    with line_at_hand(writes=bool(given)) as (connection, found):
        changed = opening.change(connection, found, given) if given else found
        told = opening.in_plain_words(connection, changed)
    for sentence in told:
        typer.echo(sentence)
