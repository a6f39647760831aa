"""The commands `volunteers import` and `volunteers export`."""

from pathlib import Path
from typing import Annotated

import typer

from warmline.cli.terminal import contents, line_at_hand, progress

of_volunteers = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
CsvFile = Annotated[Path, typer.Argument(metavar="FILE.csv")]

# Whatever takes long to import is imported in the command: --help is quick.


@of_volunteers.command("import")
def import_volunteers(file: CsvFile) -> None:
    """Add or update volunteers by phone: name,phone,languages,tags,voice,text,agreed[,time_zone].

    agreed is yes (you hold their own yes to rings, texts and the promise), ask, or empty.
    """
    from warmline.parts import real_clock
    from warmline.people import volunteer_files, volunteer_rows

    data = contents(file)
    with line_at_hand(writes=True) as (connection, line):
        rows = volunteer_rows.Sheet(line.countries, line.languages[0], line.numbers).rows(data)
        with progress(len(rows)) as bar:
            done = volunteer_files.import_volunteers(
                connection, line.line_id, rows, real_clock(), bar
            )
    for sentence in done.stands:
        typer.echo(sentence)
    typer.echo(f"volunteers: {done.added} added, {done.changed} changed, {done.already} as before")


@of_volunteers.command("export")
def export_volunteers(
    shared: Annotated[bool, typer.Option("--shared", help="Also what they share.")] = False,
) -> None:
    """Write every volunteer as CSV to standard output.

    What they chose to share of themselves stays here unless it is asked for.
    """
    from warmline.people import volunteer_files

    with line_at_hand() as (connection, line):
        rows = volunteer_files.export_volunteers(connection, line.line_id, shared=shared)
        typer.echo(rows, nl=False)
