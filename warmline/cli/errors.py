"""Errors at the command line: one clear line for each fault, never a traceback."""

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from shifts.faults import Fault
from warmline.cli.groups import grouped
from warmline.database.error_words import NO_TABLES

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError
    from typer._click import Context, HelpFormatter

FAILED: Final = 1
BAD_SETTING: Final = 2
HERE: Final = Path(__file__).resolve().parent.parent
LONGEST_HELP: Final = 100
"""Characters of what --help says of a command among others; more is cut."""


class PlainGroup(TyperGroup):
    """A group of commands whose every error is said in plain lines on stderr."""

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the commands for --help, group by group."""
        shown = {
            name: command
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        }
        width = max(map(len, shown), default=0)
        for group, names in grouped(shown):
            with formatter.section(group):
                said = [shown[one].get_short_help_str(LONGEST_HELP) for one in names]
                padded = [one.ljust(width) for one in names]
                formatter.write_dl(list(zip(padded, said, strict=True)))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: object,
    ) -> NoReturn:
        """Run, and leave the process with 0, 1, or 2 (a setting or the command line is wrong)."""
        try:
            status = super().main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )
        except Exception as fault:  # noqa: BLE001 # whatever it is, a person reads one line of it
            status = say(fault)
        sys.exit(status if isinstance(status, int) else 0)


def say(fault: Exception) -> int:
    """Say on stderr what is wrong; the exit status."""
    lines, status = in_plain_words(fault)
    for line in lines:
        typer.echo(line, err=True)
    return status


def in_plain_words(fault: Exception) -> tuple[Sequence[str], int]:
    """A line for each thing that is wrong, and the exit status.

    No value from the database is ever among the words.
    """
    if isinstance(fault, Fault):
        return fault.lines, FAILED
    if isinstance(inner := getattr(fault, "orig", None), Fault):
        # What the database's driver was to raise, in words for a person.
        return inner.lines, FAILED
    if isinstance(fault, TyperException):
        return [fault.format_message()], fault.exit_code
    if isinstance(fault, typer.Abort):
        return ["stopped; nothing was changed"], FAILED
    from warmline.settings import BadSetting

    if isinstance(fault, BadSetting):
        return [str(fault)], BAD_SETTING
    return [_from_outside(fault)], FAILED


def _from_outside(fault: Exception) -> str:
    from sqlalchemy.exc import DBAPIError

    from warmline.telephony.port import ProviderError

    if isinstance(fault, DBAPIError) and _can_be_put_right(fault):
        return _from_the_database(str(fault.orig).partition("\n")[0])
    if isinstance(fault, ProviderError):
        return f"the provider: {fault}"
    if isinstance(fault, ModuleNotFoundError) and fault.name == "psycopg":
        return "DATABASE_URL names PostgreSQL, which needs: pip install 'warmline[postgres]'"
    return _unforeseen(fault)


def _can_be_put_right(fault: "DBAPIError") -> bool:
    """No file or server, a lock, a full disk, lacking tables, a key that stands in the way.

    Anything else the database refuses is our own mistake, and its words may quote a row.
    """
    from sqlalchemy import exc

    foreseen = (exc.OperationalError, exc.InterfaceError, exc.IntegrityError)
    no_database = type(fault) is exc.DatabaseError
    return isinstance(fault, foreseen) or no_database or bool(NO_TABLES.search(str(fault.orig)))


def _unforeseen(fault: Exception) -> str:
    """What to do, and where the trace is; none of the fault's own words, which may name people."""
    from warmline.operations import trace

    what = f"something unforeseen went wrong: {type(fault).__name__} {_where(fault)}"
    file = trace.written(fault)
    if file is None:
        return f"{what}; run warmline doctor, and if it comes again, report this line"
    return (
        f"{what}; run warmline doctor, and if it comes again, report it with {file},"
        " which names nobody"
    )


def _from_the_database(words: str) -> str:
    if NO_TABLES.search(words):
        return "the database lacks tables; run: warmline migrate (for a new line: warmline init)"
    if "constraint" in words:
        return "the database refused the change; nothing was changed"
    return f"DATABASE_URL: {_the_database()} cannot be used: {words}"


def _the_database() -> str:
    """Its file, if it is one: of a server's address nothing is said, it may hold a password."""
    from warmline.database import line_file
    from warmline.settings import load

    return str(line_file.path_of(load().database_url) or "the database")


def _where(fault: Exception) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE)]
    last = (own or frames)[-1]
    return f"in {Path(last.filename).name}, line {last.lineno}"
