"""What `warmline init` does: asks for what is missing, checks everything, then sets up the line."""

import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shifts.faults import Fault
from warmline.cli import questions
from warmline.cli.terminal import confirmed
from warmline.database import line_file, private_files
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.line import opening
from warmline.line.line_settings import LineSettings, checked, option
from warmline.promise import promise, promise_file
from warmline.promise.promise import Promise
from warmline.prompts import spoken_seconds
from warmline.schema.revisions import migrate
from warmline.settings import Settings

NEEDED: Final = (*questions.ASKED_FOR, "exceptions")
"""What a line cannot be without: asked for in a terminal, named where there is none."""
NEXT: Final = (
    "next, one after the other:",
    "  warmline volunteers import FILE.csv    brings people in; they may also text JOIN",
    "  warmline serve                         answers calls and texts, and shows the desk",
    "  warmline doctor                        says whether all is well, and what to do",
)
KEY_SETTING: Final = "WARMLINE_SECRET_KEY"


@dataclass(frozen=True)
class Wanted:
    """The options of `init` as they were typed; empty is not given."""

    name: str
    number: str
    time_zone: str
    exceptions: str
    promise: Path | None
    coordinator_phone: str
    volunteer_number: str
    languages: tuple[str, ...]
    countries: str

    def missing(self) -> list[str]:
        """What a line cannot be without and is not given."""
        given = {"exceptions"} if self.promise else set()
        return [name for name in NEEDED if name not in given and not getattr(self, name)]

    def settings(self) -> dict[str, object]:
        """The line's settings that are given, as `opening.complete` reads them."""
        names = (*questions.ASKED_FOR, "languages", "volunteer_number", "countries")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def begin(settings: Settings, wanted: Wanted, make_key: bool, now: datetime) -> Iterator[str]:
    """Set the line up; the sentences that say what now stands. Raises Fault, nothing half done.

    In a terminal what is missing is asked for; typer.Abort ends that, with nothing done.
    """
    line_file.refuse_thrown_away(settings.database_url)
    asks = sys.stdin.isatty()
    kept, promises = _complete(wanted, asks)
    # Whatever is asked is asked before anything is done.
    needs_key = not settings.secret_keys
    if asks and needs_key and not make_key:
        make_key = confirmed(f"Write a new {KEY_SETTING} to .env?")
    migrate(settings.database_url)
    seal = Seal(settings.secret_keys) if settings.secret_keys else None
    database = Database(settings.database_url, seal)
    try:
        with database.writing() as connection:
            done = opening.set_up(connection, kept, promises, now)
    finally:
        database.close()
    yield from _in_words(done, promises)
    if needs_key and make_key:
        _write_key(Path(".env"))
        yield f"a new {KEY_SETTING} is in .env; keep it safe, what is kept is sealed with it"
    elif needs_key:
        yield f"{KEY_SETTING} is not set; warmline init --secret-key puts a new one into .env"
    if asks:
        yield from NEXT


def _complete(wanted: Wanted, asks: bool) -> tuple[LineSettings, list[Promise]]:
    """The line's settings and its promise, checked; in a terminal what is missing is asked for."""
    if wanted.exceptions and wanted.promise:
        raise Fault("--exceptions and --promise are two ways to say it; give one of them")
    missing = wanted.missing()
    if missing and not asks:
        also = " (or --promise FILE.toml)" if "exceptions" in missing else ""
        raise Fault(f"init needs {', '.join(option(name) for name in missing)}{also} as well")
    given = wanted.settings()
    if not missing:
        kept = opening.complete(given)
        return kept, _checked(_promises(wanted, kept["languages"]), kept["name"])
    promises = None
    if "exceptions" not in missing:
        languages = checked(given, opening.FIRST_COUNTRY)["languages"]
        promises = _promises(wanted, languages)
    kept = opening.complete(questions.settings(given))
    if promises is None:
        promises = questions.promises(kept["languages"], kept["name"])
    while not questions.are_right(_checked(promises, kept["name"]), kept):
        promises = questions.promises(kept["languages"], kept["name"])
    return kept, promises


def _checked(promises: list[Promise], line_name: str) -> list[Promise]:
    for one in promises:
        promise.check_time(one, line_name)
    return promises


def _promises(wanted: Wanted, languages: Sequence[str]) -> list[Promise]:
    if wanted.promise:
        return promise_file.from_toml(wanted.promise, languages)
    return promise_file.from_exceptions(wanted.exceptions, languages)


def _in_words(done: opening.SetUp, promises: Sequence[Promise]) -> Iterator[str]:
    if done.settings_kept:
        yield f"{done.line.name} has opened: change its settings with warmline line"
    else:
        yield f"{done.line.name} is set up on {done.line.number}, {done.line.time_zone}"
    for one in promises:
        words = promise.spoken(one, done.line.name)
        yield f"callers hear ({one.language}, {spoken_seconds(words):.0f} seconds): {words}"
    if done.promise.in_force:
        yield f"this promise is in force as version {done.promise.version}"
    else:
        yield f"this promise is proposed as version {done.promise.version}; the one in force stays"
        yield from done.proposed


def _write_key(file: Path) -> None:
    """Add a key to the settings file, which is readable for its owner alone; raises Fault."""
    try:
        private_files.keep(file)
        before = file.read_text(encoding="utf-8")
        gap = "" if not before or before.endswith("\n") else "\n"
        added = f"{gap}{KEY_SETTING}={secrets.token_urlsafe(48)}\n"
        file.write_text(before + added, encoding="utf-8")
    except OSError as fault:
        raise Fault(
            f"{file}: cannot be written: {fault.strerror}; set {KEY_SETTING} yourself: the line"
            " is set up, it needs 32 or more random characters to be served"
        ) from None
