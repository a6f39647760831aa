"""The commands: each a few lines over the modules that do the work.

Errors are said in plain lines, never as a traceback. Whatever takes long to import is imported in
the command that needs it. The short commands stand in this file itself.

In reading order:

groups        in which groups --help shows the commands
errors        one clear line for each fault
terminal      the line at hand, files, and a bar for long work
questions     what `init` asks
init_command  `init`: everything checked, then the line set up
line          `line`: the line's settings, shown or changed
volunteers    `volunteers import` and `volunteers export`
rosters       the roster from a file, and into one
gaps_command  what `gaps` asks, and how it tells who is lacking
who_command   `who`: who is on, and whether they would be rung
worker        one of the processes behind `serve`
privacy       `purge`, `selfcheck`, `demand` and `keys`
backups       `backup` and `restore`
"""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from warmline import __version__
from warmline.cli.backups import backup, restore
from warmline.cli.errors import FAILED, PlainGroup
from warmline.cli.line import line
from warmline.cli.privacy import demand, keys, purge, selfcheck
from warmline.cli.terminal import day, instant, line_at_hand
from warmline.cli.volunteers import of_volunteers

if TYPE_CHECKING:
    from warmline.settings import Settings

# Whatever takes long to import is imported in the command that needs it: --help is quick.

TO_SERVE: Final = (
    *("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "WARMLINE_PUBLIC_URL", "WARMLINE_SECRET_KEY"),
)
app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
of_shifts, of_coordinators = (
    typer.Typer(no_args_is_help=True, rich_markup_mode=None) for _ in range(2)
)
app.add_typer(of_volunteers, name="volunteers", help="Bring volunteers in from a file, or out.")
app.add_typer(of_coordinators, name="coordinators", help="The way back in to the desk.")
app.add_typer(of_shifts, name="shifts", help="Bring shifts in from a file, or out.")
app.add_typer(keys, name="keys", help="The keys with which numbers and texts lie sealed.")

RosterFile = Annotated[Path, typer.Argument(metavar="FILE.csv|FILE.ics")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
PORT = typer.Option(min=1, max=65535, help="The port to listen on.")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"warmline {__version__}")
        raise typer.Exit


@app.callback()
def warmline(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Warmline: whoever calls is connected with a peer who is on shift now."""


@app.command()
def demo(
    host: Host = "127.0.0.1",
    port: Annotated[int, PORT] = 8000,
    evening: Annotated[
        date | None,
        typer.Option(parser=day, metavar="DATE", help="The day it begins on; today unless said."),
    ] = None,
) -> None:
    """Show the whole line on this machine, with a simulated phone network; no account needed."""
    from warmline import demo

    demo.run(host, port, evening or demo.day_at(_now()))


@app.command()
def init(
    name: Annotated[str, typer.Option(help="The line's name, as it is said.")] = "",
    number: Annotated[str, typer.Option(help="The number people call.")] = "",
    time_zone: Annotated[str, typer.Option(help="Such as America/New_York.")] = "",
    exceptions: Annotated[str, typer.Option(help='The promise: "There are none."')] = "",
    promise: Annotated[Path | None, typer.Option(help="The promise, answer by answer.")] = None,
    coordinator_phone: Annotated[str, typer.Option(help="The first coordinator's phone.")] = "",
    volunteer_number: Annotated[str, typer.Option(help="A second number, for volunteers.")] = "",
    language: Annotated[list[str] | None, typer.Option(help="Such as en; again for more.")] = None,
    countries: Annotated[str, typer.Option(help="Where phones may ring, such as US,CA.")] = "",
    secret_key: Annotated[bool, typer.Option("--secret-key", help="Add one to .env.")] = False,
) -> None:
    """Make the database and the line, or change them until the line has opened.

    In a terminal, what is missing is asked for.
    """
    from warmline.cli import init_command
    from warmline.languages import FIRST

    settings = _settings()
    wanted = init_command.Wanted(
        name=name,
        number=number,
        time_zone=time_zone,
        exceptions=exceptions,
        promise=promise,
        coordinator_phone=coordinator_phone,
        volunteer_number=volunteer_number,
        languages=tuple(language or [FIRST]),
        countries=countries,
    )
    for sentence in init_command.begin(settings, wanted, secret_key, _now()):
        typer.echo(sentence)


for _command in (line, purge, selfcheck, demand, backup, restore):
    app.command()(_command)


@of_shifts.command("import")
def import_shifts(
    file: RosterFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    agreed: Annotated[bool, typer.Option("--agreed", help="All said yes to their shifts.")] = False,
) -> None:
    """Add places from CSV (starts,ends,phone,agreed) or a calendar (FILE.ics).

    CSV: instants with an offset, no phone = an open place, agreed is yes (they said yes to this
    shift), anything else asks them. A calendar: ATTENDEE;PARTSTAT=ACCEPTED:tel:+1… has agreed.
    """
    from warmline.cli import rosters

    done = rosters.bring_in(file, _now(), dry_run=dry_run, all_agreed=agreed)
    for sentence in done:
        typer.echo(sentence)


@of_shifts.command("export")
def export_shifts(
    ics: Annotated[bool, typer.Option("--ics", help="As a calendar.")] = False,
) -> None:
    """Write every place as CSV, or as a calendar, to standard output."""
    from warmline.cli import rosters

    for part in rosters.take_out(_now(), as_calendar=ics):
        # In bytes, so that a calendar's line ends stay as they are on every system.
        typer.echo(part.encode(), nl=False)


@of_coordinators.callback()
def coordinators() -> None:
    """The way back in to the desk."""


@of_coordinators.command("reset")
def reset_coordinators(
    phone: Annotated[str, typer.Option(help="Whose; the line's coordinator phone.")] = "",
) -> None:
    """Let the person with this phone lead the desk, and end every way in of theirs but a code."""
    from warmline.sign_in import recovery

    with line_at_hand(writes=True) as (connection, line):
        told = recovery.reset(connection, line, phone)
    typer.echo(told)


@app.command()
def who(
    at: Annotated[str, typer.Option(help="An instant, such as 2026-03-01T18:00-05:00.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show who is on shift now, and whether they would be rung; or who is on at an instant.

    Why somebody is not rung is said of now alone: of another instant only the roster is known.
    """
    import json

    from warmline.cli import who_command

    with line_at_hand() as (connection, line):
        when = instant(at) if at else None
        told = (
            who_command.at(connection, line, when)
            if when
            else who_command.now(connection, line, _now())
        )
    if as_json:
        rows = [one.as_row(line.zone) for one in told]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in told:
        typer.echo(one.in_words(line.zone))
    if not told:
        typer.echo("nobody is on")


@app.command()
def gaps(
    begin: Annotated[str, typer.Option("--from", help="An instant or a local date; now.")] = "",
    end: Annotated[str, typer.Option("--to", help="As --from; a week after it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show when somebody is lacking within the opening hours: anybody, a language, a channel."""
    import json

    from warmline.cli import gaps_command
    from warmline.people import gaps

    with line_at_hand() as (connection, line):
        asked = gaps_command.stretch(begin, end, line.zone, _now())
        found = gaps.gaps(connection, line, *asked)
    if as_json:
        typer.echo(json.dumps(gaps_command.as_rows(found, line.zone), ensure_ascii=False))
        return
    for sentence in gaps_command.in_words(found, line.zone):
        typer.echo(sentence)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from warmline.database import line_file
    from warmline.schema import migrating

    url = _settings().database_url
    line_file.refuse_thrown_away(url)
    for sentence in migrating.bring_up_to_date(url):
        typer.echo(sentence)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Annotated[int | None, PORT] = None,
    no_clock: Annotated[bool, typer.Option("--no-clock", help="Timed work runs apart.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many processes answer.")
    ] = None,
) -> None:
    """Answer the web and the provider's webhooks; the clock runs inside."""
    from warmline.cli import worker

    wanted = worker.Wanted(host, port, workers, not no_clock)
    status = worker.keep(wanted, lambda: _settings(*TO_SERVE))
    raise typer.Exit(status)


@app.command()
def clock() -> None:
    """Run the timed work alone; any number of processes may."""
    settings = _settings(*TO_SERVE)
    from warmline import serving

    serving.clock(settings)


@app.command("jobs")
def show_jobs(as_json: AsJson = False) -> None:
    """List the timed jobs, how often each runs, and its next run."""
    import json

    from warmline.operations import job_runs
    from warmline.parts import Parts

    parts = Parts(_settings())
    try:
        with line_at_hand() as (connection, _):
            if as_json:
                typer.echo(json.dumps(job_runs.as_rows(connection, parts.jobs(), _now())))
                return
            for sentence in job_runs.in_words(connection, parts.jobs(), _now()):
                typer.echo(sentence)
    finally:
        parts.close()


@app.command()
def provision(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Point the provider's numbers at this service."""
    from warmline.line import numbers_since
    from warmline.selfcheck import earlier_records
    from warmline.telephony import provision
    from warmline.telephony.port import ProviderError
    from warmline.telephony.twilio import TwilioProvider

    settings = _settings("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "WARMLINE_PUBLIC_URL")
    with line_at_hand() as (connection, line):
        provider = TwilioProvider(settings, line.number)
        since = numbers_since.read(connection, line, _now())
    told = provision.provision(provider, line.numbers, settings.public_url, dry_run=dry_run)
    for one in told:
        typer.echo(one.line, err=one.is_error)
    with suppress(ProviderError):
        if (there := earlier_records.kept(provider, since)).many:
            typer.echo(there.sentence)
    if any(one.is_error for one in told):
        raise typer.Exit(FAILED)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check that all is well, one line each: ok, or what to do."""
    import json

    from warmline import doctor

    found = []
    for finding in doctor.examine(TO_SERVE, _now()):
        found.append(finding)
        if not as_json:
            typer.echo(finding.line)
    if as_json:
        typer.echo(json.dumps([one.as_row() for one in found], ensure_ascii=False))
    if not all(one.well for one in found):
        raise typer.Exit(FAILED)


def main() -> None:
    """The entry point."""
    app(prog_name="warmline")


def _now() -> datetime:
    return datetime.now(UTC)


def _settings(*needs: str) -> "Settings":
    from warmline.settings import load

    return load(needs=needs)
