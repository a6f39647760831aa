"""What `warmline init` does: asks for what is missing, checks everything, then sets up the line."""

import secrets
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import typer

from shifts.faults import Fault
from warmline import line_file, opening, promise, promise_file
from warmline.db import Database, migrate
from warmline.line_settings import option
from warmline.promise import Promise
from warmline.prompts import spoken_seconds
from warmline.sealing import Seal
from warmline.settings import Settings

ASKED_FOR: Final = {
    "name": "The line's name, as it is said",
    "number": "The number people call",
    "time_zone": "Its time zone, such as America/New_York",
    "coordinator_phone": "The first coordinator's phone",
    "exceptions": "Whom would the line ever tell of a caller, unasked (There are none.)",
}
"""What a line cannot be without, and how it is asked for in a terminal."""
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
        return [name for name in ASKED_FOR if name not in given and not getattr(self, name)]

    def settings(self) -> dict[str, object]:
        """The line's settings among them, as `opening.complete` reads them."""
        always = ("name", "number", "time_zone", "coordinator_phone", "languages")
        perhaps = [name for name in ("volunteer_number", "countries") if getattr(self, name)]
        return {name: getattr(self, name) for name in (*always, *perhaps)}


def begin(settings: Settings, wanted: Wanted, make_key: bool, now: datetime) -> Iterator[str]:
    """Set the line up; the sentences that say what now stands. Raises Fault, nothing half done."""
    line_file.refuse_thrown_away(settings.database_url)
    wanted = _asked_for(wanted)
    kept = opening.complete(wanted.settings())
    promises = _promises(wanted, kept["languages"])
    for one in promises:
        promise.check_time(one, kept["name"])
    migrate(settings.database_url)
    seal = Seal(settings.secret_keys) if settings.secret_keys else None
    database = Database(settings.database_url, seal)
    try:
        with database.writing() as connection:
            done = opening.set_up(connection, kept, promises, now)
    finally:
        database.close()
    yield from _told(done, promises)
    yield from _key(settings, make_key)


def _asked_for(wanted: Wanted) -> Wanted:
    if wanted.exceptions and wanted.promise:
        raise Fault("--exceptions and --promise are two ways to say it; give one of them")
    missing = wanted.missing()
    if missing and not sys.stdin.isatty():
        also = " (or --promise FILE.toml)" if "exceptions" in missing else ""
        raise Fault(f"init needs {', '.join(option(name) for name in missing)}{also} as well")
    answers = {name: typer.prompt(ASKED_FOR[name]) for name in missing}
    return replace(wanted, **answers)


def _promises(wanted: Wanted, languages: Sequence[str]) -> list[Promise]:
    if wanted.promise:
        return promise_file.from_toml(wanted.promise, languages)
    return promise_file.from_exceptions(wanted.exceptions, languages)


def _told(done: opening.SetUp, promises: Sequence[Promise]) -> Iterator[str]:
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


def _key(settings: Settings, make_key: bool) -> Iterator[str]:
    """Offer a secret key where there is none yet: `serve` does not start without."""
    if settings.secret_keys:
        return
    if make_key or (sys.stdin.isatty() and typer.confirm(f"Write a new {KEY_SETTING} to .env?")):
        _write_key(Path(".env"))
        yield f"a new {KEY_SETTING} is in .env; keep it safe, what is kept is sealed with it"
    else:
        yield f"{KEY_SETTING} is not set; warmline init --secret-key puts a new one into .env"


def _write_key(file: Path) -> None:
    if not file.exists():
        file.touch(mode=0o600)
    before = file.read_text(encoding="utf-8")
    gap = "" if not before or before.endswith("\n") else "\n"
    file.write_text(f"{before}{gap}{KEY_SETTING}={secrets.token_urlsafe(48)}\n", encoding="utf-8")
