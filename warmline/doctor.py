"""What `warmline doctor` looks at, one finding after the other: well, or what to do."""

from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from shifts import zone_data
from warmline import job_runs, line_file, opening, promise, provision
from warmline.db import Database, schema_is_current
from warmline.opening import TheLine
from warmline.phone import ProviderError
from warmline.phone.abilities import OF_PROVIDER
from warmline.phone.twilio import TwilioProvider
from warmline.sealed_columns import NoSecretKey
from warmline.sealing import Seal
from warmline.settings import BadSetting, Settings, load


@dataclass(frozen=True)
class Finding:
    """One line for the person at the terminal: whether it is well, else what to do."""

    what: str
    to_do: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.to_do

    @property
    def line(self) -> str:
        """The finding as it is shown."""
        return f"{self.what}: {self.to_do or 'ok'}"


def examine(needs: Collection[str], now: datetime) -> Iterator[Finding]:
    """Settings (with those that serving needs), database, schema, line, promise, clock, numbers."""
    settings = _settings(needs)
    yield Finding("settings", settings if isinstance(settings, str) else "")
    yield _zone_data(now.date())
    usable = _settings(()) if isinstance(settings, str) else settings
    if isinstance(usable, str):
        return
    seal = Seal(usable.secret_keys) if usable.secret_keys else None
    database = Database(usable.database_url, seal)
    try:
        line = yield from _database(database, now)
    finally:
        database.close()
    if line is not None and isinstance(settings, Settings):
        yield from _numbers(settings, line)


def _settings(needs: Collection[str]) -> Settings | str:
    try:
        return load(needs=needs)
    except BadSetting as fault:
        return str(fault)


def _zone_data(today: date) -> Finding:
    used = zone_data.in_use()
    if used is None:
        return Finding("zone data", "its version cannot be known; run: pip install -U tzdata")
    what = f"zone data {used.version} (the {used.whose}'s)"
    if not zone_data.is_old(used, today):
        return Finding(what)
    since = f"came out over half a year ago, on {zone_data.released(used)}"
    return Finding(what, f"{since}; clocks may have changed since; run: pip install -U tzdata")


def _database(database: Database, now: datetime) -> Generator[Finding, None, TheLine | None]:
    if file := line_file.path_of(database.url):
        try:
            line_file.refuse_missing(file)
            line_file.refuse_thrown_away(database.url)
        except (line_file.NoDatabase, BadSetting) as fault:
            yield Finding("database", str(fault))
            return None
    try:
        current = schema_is_current(database)
    except (DBAPIError, ModuleNotFoundError):
        yield Finding("database", "cannot be reached; check DATABASE_URL")
        return None
    yield Finding("database")
    yield Finding("schema", "" if current else "is not this version's; run: warmline migrate")
    if not current:
        return None
    with database.reading() as connection:
        return (yield from _line(connection, now))


def _line(connection: Connection, now: datetime) -> Generator[Finding, None, TheLine | None]:
    try:
        line = opening.the_line(connection)
    except (opening.NoLine, NoSecretKey) as fault:
        yield Finding("line", str(fault))
        return None
    yield Finding("line")
    promised = promise.in_force(connection, line.line_id)
    missing = [code for code in line.languages if code not in promised]
    to_do = f"{', '.join(missing)} has none in force; write it with: warmline init"
    yield Finding("promise", to_do if missing else "")
    runs = job_runs.is_running(job_runs.last_at(connection), now)
    yield Finding("clock", "" if runs else "does not run; start: warmline serve, or warmline clock")
    return line


def _numbers(settings: Settings, line: TheLine) -> Iterator[Finding]:
    provider = TwilioProvider(settings, line.number)
    try:
        plans = provision.plan(provider.incoming_numbers(), line.numbers, settings.public_url)
    except ProviderError as fault:
        yield Finding("provider account", f"{fault}; check the TWILIO_ settings")
        return
    yield Finding("provider account")
    erases = OF_PROVIDER[settings.provider].erases
    yield Finding("erasing", "" if erases else "this provider erases nothing; say so to callers")
    for one in plans:
        lacking = "is not a number of this account; see: warmline provision --dry-run"
        elsewhere = "does not point here; run: warmline provision"
        to_do = lacking if one.provider_id is None else elsewhere if one.after else ""
        yield Finding(f"number {one.number}", to_do)
