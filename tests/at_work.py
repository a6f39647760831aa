"""Somebody at the command line: what they type, and what they then read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tests.other_days import begins
from warmline.cli import app
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.line.opening import TheLine, the_line

NUMBER, COORDINATOR = "+14135550100", "+14135550109"
ANA, BO, CHI = "+14135550111", "+14135550112", "+14135550113"
LINE = (
    *("--name", "Maple Line", "--number", NUMBER, "--time-zone", "America/New_York"),
    *("--coordinator-phone", COORDINATOR),
)
NO_EXCEPTIONS = ("--exceptions", "There are none.")
PEOPLE = "name,phone,languages,tags,voice,text,agreed"
SHIFTS = "starts,ends,phone,agreed"


@dataclass(frozen=True)
class Commands:
    """The commands on one database, in one folder."""

    url: str
    folder: Path

    def __call__(self, *words: str, **options: Any) -> Result:
        return CliRunner().invoke(app, words, **options)

    def done(self, *words: str, **options: Any) -> str:
        """What a command says that goes well."""
        result = self(*words, **options)
        assert result.exit_code == 0, result.output
        return result.stdout

    def set_up(self, *people: str, exceptions: Sequence[str] = NO_EXCEPTIONS) -> None:
        """A line, and these people: each a row without its name's sake."""
        self.done("init", *LINE, *exceptions)
        if people:
            self.done("volunteers", "import", self.file("people.csv", PEOPLE, *people))

    def on_now(self, *phones: str, hours: float = 2) -> None:
        """These are on shift since an hour ago, for some hours more."""
        now = begins().replace(microsecond=0)
        since, ends = now - timedelta(hours=1), now + timedelta(hours=hours)
        rows = [f"{since.isoformat()},{ends.isoformat()},{phone},yes" for phone in phones]
        self.done("shifts", "import", self.file("shifts.csv", SHIFTS, *rows))

    def file(self, name: str, *lines: str) -> str:
        """A file of these lines; its name, for the command line."""
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(path)

    def database(self, seal: Seal | None = None) -> Database:
        """The database itself; whoever asks closes it."""
        return Database(self.url, seal)

    def line(self) -> TheLine:
        """The line that is in the database."""
        database = self.database()
        try:
            with database.reading() as db:
                return the_line(db)
        finally:
            database.close()
