"""PostgreSQL as people rent it: behind a pooler, over a network, one plan with few connections.

A pooler in transaction mode lends a server's connection for one transaction only. So nothing is
asked for at the start of a connection, nothing is prepared, and whatever holds for a transaction is
set inside it, in the statement that begins it: one round trip.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.engine import URL

from warmline.database.turns import Reach

CONNECT_SECONDS: Final = 2
HURRIED: Final = {
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "10s",
    "statement_timeout": "2800ms",
}
"""The server gives up a lock and a statement before whoever has asked is answered otherwise
(in_time.py), and ends whoever sits on one."""
UNHURRIED: Final = {
    "lock_timeout": "4s",
    "idle_in_transaction_session_timeout": "30min",
    "statement_timeout": "30min",
}
SILENT_SECONDS: Final = 3.0
"""So long a statement is waited for: a server that hangs does not keep its own time-outs, nor does
a socket of this machine keep those of TCP."""
SILENT_SECONDS_UNHURRIED: Final = 1830.0
WRITERS_LOCK: Final = "pg_advisory_xact_lock(72657)"
LOCKS: Final[Mapping[Reach | None, tuple[str, ...]]] = {
    None: (),
    Reach.OWN: ("pg_advisory_xact_lock_shared(72657)",),
    Reach.OTHERS: ("pg_advisory_xact_lock_shared(72657)", "pg_advisory_xact_lock(72658)"),
    Reach.EVERYTHING: (WRITERS_LOCK,),
}
"""Taken in this order by everybody, before any row: so nobody waits for one in a circle."""
ON_THE_WIRE: Final[Mapping[str, Any]] = {
    # Libpq's own (https://www.postgresql.org/docs/current/libpq-connect.html): the server and
    # whoever stands between never see them. Seconds, but for the last, which is milliseconds.
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 3_000,
}
STARTUP_OPTION: Final = re.compile(r"(?:-c\s*|--)([\w.]+)=((?:\\.|[^\s\\])*)\s*")
"""One setting in a URL's `options`, as PostgreSQL reads them."""


class Silent(psycopg.OperationalError):
    """The server has not answered for too long; the connection was given up."""

    is_silent = True


class BoundedConnection(psycopg.Connection[Any]):
    """A connection on which no statement is waited for longer than `patience` seconds."""

    patience = SILENT_SECONDS

    def wait(self, gen: PQGen[Any], *more: Any, **named: Any) -> Any:
        """As the library waits; raises Silent, and is closed then."""
        try:
            return super().wait(_limited(gen, self.patience), *more, **named)
        except Silent:
            self.pgconn.finish()
            raise


def _limited(gen: PQGen[Any], seconds: float) -> Generator[Any, Any, Any]:
    """The library's steps; between them it looks up now and then, with nothing ready."""
    until = monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() > until:
                raise Silent(f"the server has not answered for {seconds:.0f} s")
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value


def engine_for(url: str, **pool: Any) -> Engine:
    """An engine whose connections need nothing of a server but its transactions."""
    parts = without_settings(make_url(url))
    positional, named = parts.get_dialect()().create_connect_args(parts)

    def connect() -> BoundedConnection:
        return BoundedConnection.connect(
            *positional, **{**ON_THE_WIRE, **named, "prepare_threshold": None}
        )

    return create_engine(parts, hide_parameters=True, creator=connect, **pool)


def without_settings(url: URL) -> URL:
    """The address without what `beginning` sets in each transaction instead."""
    options = url.query.get("options")
    if not isinstance(options, str):
        return url
    left = STARTUP_OPTION.sub("", options).strip()
    rest = url.difference_update_query(["options"])
    return rest.update_query_dict({"options": left}) if left else rest


def beginning(url: str, reach: Reach | None, *, unhurried: bool = False) -> str:
    """The statement that begins a transaction: its time-outs, the URL's own settings, its locks."""
    options = make_url(url).query.get("options", "")
    own = STARTUP_OPTION.findall(options) if isinstance(options, str) else []
    settings = {**(UNHURRIED if unhurried else HURRIED), **{name: _plain(v) for name, v in own}}
    said = [f"set_config({_quoted(name)}, {_quoted(v)}, true)" for name, v in settings.items()]
    return f"SELECT {', '.join([*said, *LOCKS[reach]])}"


def _plain(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def _quoted(text: str) -> str:
    # A percent sign is the driver's own mark.
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


@contextmanager
def waited_for(connection: Connection) -> Iterator[None]:
    """Meanwhile a statement may take as long as UNHURRIED says."""
    one = connection.connection.driver_connection
    if not isinstance(one, BoundedConnection):
        yield
        return
    one.patience = SILENT_SECONDS_UNHURRIED
    try:
        yield
    finally:
        one.patience = SILENT_SECONDS
