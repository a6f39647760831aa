"""Everything that doctor looks at, in the order in which it is told."""

from collections.abc import Collection, Iterator
from datetime import datetime
from time import monotonic
from typing import Final

from warmline.database import line_file
from warmline.database.engine import Database
from warmline.database.sealing import Seal
from warmline.doctor import chain, clocks, line, machine, provider
from warmline.doctor.findings import Finding, Look, Sight, looked
from warmline.settings import BadSetting, Settings, load, refuse_missing

Looks = tuple[tuple[str, Look], ...]

TO_BEGIN_WITH: Final[Looks] = (
    ("database", line.database_answers),
    ("schema", line.schema_as_it_is),
    ("line", line.is_there),
)
"""Each needs the one before it, and whatever is of the line needs them all."""
OF_THE_LINE: Final[Looks] = (
    ("promise", line.promised),
    ("clock", line.clock_runs),
    ("effects", line.effects_done),
    ("backup", line.backed_up),
)
OF_THE_MACHINE: Final[Looks] = (
    ("disk", machine.free_disk),
    ("clock beside the database's", clocks.beside_the_database),
)
OF_THE_CHAIN: Final[Looks] = (
    ("certificate", chain.certificate),
    ("public address", chain.public_address),
    ("signed request", chain.signed_requests),
    ("clock beside the web's", clocks.beside_the_web),
    ("clock beside the provider's", clocks.beside_the_provider),
    ("provider account", provider.account),
    ("older than the line", provider.kept_from_before),
)
"""What needs every setting of `serve`."""


def examine(needs: Collection[str], now: datetime) -> Iterator[Finding]:
    """Each finding as soon as it is there, at `now` (UTC); `needs` are settings that serving needs.

    Nothing is raised, and nothing is waited for longer than its deadline.
    """
    settings, lacking = _settings(needs)
    yield Finding("settings", lacking)
    if settings is None:
        return
    seal = Seal(settings.secret_keys) if settings.secret_keys else None
    yield from machine.zones(now.date())
    if file := line_file.path_of(settings.database_url):
        try:
            line_file.refuse_missing(file)
            line_file.refuse_thrown_away(settings.database_url)
        except (line_file.NoDatabase, BadSetting) as fault:
            yield Finding("database", str(fault))
            return
    database = Database(settings.database_url, seal)
    try:
        yield from _examined(Sight(settings, database, now, monotonic()), complete=not lacking)
    finally:
        database.close()


def _examined(sight: Sight, *, complete: bool) -> Iterator[Finding]:
    # Before the database is opened: whoever opens it takes it from everybody else.
    yield from looked("file modes", machine.file_modes, sight)
    looks = OF_THE_MACHINE
    for what, look in TO_BEGIN_WITH:
        yield from (found := looked(what, look, sight))
        if not all(one.well for one in found):
            break
    else:
        looks = (*OF_THE_LINE, *looks, *(OF_THE_CHAIN if complete else ()))
    for what, look in looks:
        yield from looked(what, look, sight)


def _settings(needs: Collection[str]) -> tuple[Settings | None, str]:
    """The settings, unless one is malformed; and what is wrong with them."""
    try:
        settings = load()
    except BadSetting as fault:
        return None, str(fault)
    try:
        refuse_missing(settings, needs)
    except BadSetting as fault:
        return settings, str(fault)
    return settings, ""
