"""Errors at the command line: one clear line for each fault, never a traceback."""

import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from shifts.faults import Fault

FAILED: Final = 1
BAD_SETTING: Final = 2
HERE: Final = Path(__file__).resolve().parent
NO_TABLES: Final = re.compile(r'no such (table|column)|(relation|column) "\S*" does not exist')


class PlainGroup(TyperGroup):
    """A group of commands whose every error is said in plain lines on stderr."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and leave the process with 0, 1, or 2 (a setting or the command line is wrong)."""
        try:
            status = super().main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )
        except Exception as fault:  # noqa: BLE001 # whatever it is, a person reads one line of it
            lines, status = in_plain_words(fault)
            for line in lines:
                typer.echo(line, err=True)
        sys.exit(status if isinstance(status, int) else 0)


def in_plain_words(fault: Exception) -> tuple[Sequence[str], int]:
    """A line for each thing that is wrong, and the exit status.

    No value from the database is ever among the words.
    """
    if isinstance(fault, Fault):
        return fault.lines, FAILED
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

    from warmline.phone import ProviderError

    if isinstance(fault, DBAPIError):
        return _from_the_database(str(fault.orig).partition("\n")[0])
    if isinstance(fault, ProviderError):
        return f"the provider: {fault}"
    if isinstance(fault, ModuleNotFoundError) and fault.name == "psycopg":
        return "DATABASE_URL names PostgreSQL, which needs: pip install 'warmline[postgres]'"
    return f"something unforeseen went wrong: {type(fault).__name__} {_where(fault)}"


def _from_the_database(words: str) -> str:
    if NO_TABLES.search(words):
        return "the database lacks tables; run: warmline migrate (for a new line: warmline init)"
    if "constraint" in words:
        return "the database refused the change; nothing was changed"
    return f"DATABASE_URL: the database cannot be used: {words}"


def _where(fault: Exception) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE)]
    last = (own or frames)[-1]
    return f"in {Path(last.filename).name}, line {last.lineno}"
