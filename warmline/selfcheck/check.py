"""`warmline selfcheck`: a planted call, a planted talk, a purge, and then the byte search."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url, update

from shifts.models import Line
from warmline.database import line_file
from warmline.database.engine import Database
from warmline.demo.stage import answered, set_up
from warmline.line.opening import the_line
from warmline.operations.logs import set_up_logging
from warmline.parts import Parts
from warmline.privacy import self_checks
from warmline.privacy.byte_search import Search, Searched
from warmline.privacy.searched_files import SearchReport, search_all
from warmline.schema.revisions import migrate
from warmline.selfcheck import purging
from warmline.selfcheck.sample_talks import STAYS, NotPlayed, SampleTalk, play
from warmline.settings import Settings
from warmline.simulator import Exchange
from warmline.sockets import listening

EVENING = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
"""A Monday, six in the evening where the planted line is: no day makes a check another one."""


@dataclass(frozen=True)
class Checked:
    """What a check has found, and where it has looked. `kept` are the network's own records."""

    done: Searched
    told: SearchReport
    kept: int

    @property
    def found(self) -> int:
        """How many traces there are, here and at the network."""
        return len(self.done.found) + self.kept

    def lines(self) -> Iterator[str]:
        """The check in words."""
        yield from (f"searched {one}" for one in self.told.searched)
        yield from (f"not searched: {one}" for one in self.told.unreached)
        yield from (f"found: {trace.line}" for trace in self.done.found)
        if self.kept:
            yield f"found: the network still keeps {self.kept} records of the line's"
        yield "something was found" if self.found else "nothing was found"


def check(settings: Settings, also: Sequence[Path]) -> Checked:
    """Plant, purge and search; raises NotPlayed when that says nothing.

    All of it happens beside the line: in a database of the same kind made for it, over a network
    on this machine alone. Nobody is rung, and no caller waits for it.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="warmline-check-")))
        since = folder.stat().st_mtime
        stack.enter_context(_logging_to(folder / "line.log"))
        url = stack.enter_context(_spare_database(settings.database_url, folder))
        planted = SampleTalk()
        kept = _played(settings, url, planted)
        search = Search(planted.needles(settings))
        database = Database(url)
        try:
            told = search_all(search, database, [*_own(settings), *also], since)
        finally:
            database.close()
    return Checked(_without_what_stays(search.done), told, kept)


def _without_what_stays(done: Searched) -> Searched:
    """What was found but for the planted line's name, which has to be: it was not erased."""
    traces = [trace for trace in done.found if trace.what != STAYS]
    if len(traces) == len(done.found):
        raise NotPlayed("the search does not find what is there, so it says nothing")
    return replace(done, found=traces)


def remember(database: Database, checked: Checked, now: datetime) -> None:
    """Write down when this was, and what was found, for everybody to see."""
    with database.writing() as db:
        line = the_line(db)
        self_checks.remember(
            db,
            line.line_id,
            now.astimezone(line.zone).date(),
            files=checked.done.files,
            size=checked.done.size,
            found=checked.found,
            unreached=len(checked.told.unreached),
        )


def _own(settings: Settings) -> list[Path]:
    """The folder of the line's own database, where that is a file."""
    url = make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite"
    return [Path(str(url.database)).resolve().parent] if is_file else []


@contextmanager
def _logging_to(file: Path) -> Iterator[None]:
    with file.open("w", encoding="utf-8") as stream:
        set_up_logging("debug", stream)
        try:
            yield
        finally:
            set_up_logging("warning")


@contextmanager
def _spare_database(url: str, folder: Path) -> Iterator[str]:
    """A database of the same kind, gone afterwards: another file, or another schema."""
    if make_url(url).get_backend_name() == "sqlite":
        yield line_file.url_of(folder / "line.db")
        return
    schema = f"check_{secrets.token_hex(6)}"
    options = {"options": f"-csearch_path={schema}"}
    own = Database(url)
    try:
        with own.writing() as db:
            db.exec_driver_sql(f"CREATE SCHEMA {schema}")
        yield make_url(url).update_query_dict(options).render_as_string(hide_password=False)
    finally:
        with own.writing() as db:
            db.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        own.close()


def _played(settings: Settings, url: str, planted: SampleTalk) -> int:
    """Plant, and purge; how many records the network keeps afterwards."""
    with ExitStack() as stack:
        account, token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
        exchange = Exchange(account, token, start=EVENING)
        stack.callback(exchange.close)
        ours = stack.enter_context(listening("127.0.0.1", 0))
        migrate(url)
        beside: dict[str, object] = {"database_url": url}
        beside |= {"account_sid": account, "auth_tokens": (token,)}
        beside |= {"provider_url": exchange.open(), "calls_per_second": 1.0}
        beside["public_url"] = f"http://127.0.0.1:{ours.getsockname()[1]}"
        parts = Parts(settings.model_copy(update=beside), exchange.now)
        stack.callback(parts.close)
        set_up(parts)
        with parts.database.writing() as db:
            db.execute(update(Line).values(name=planted.stays))
        stack.enter_context(answered(parts, exchange, ours))
        play(exchange, parts, planted)
        list(purging.purge(parts, sooner=True))
        return len(exchange.records())
