"""The engine, and the one transaction that every request and every job goes through."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Executable, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from warmline.database import fleeting, line_file, private_files, sealed_columns
from warmline.database.sealing import Seal
from warmline.database.turns import LOCKED, REACH, Further, Reach, guard, is_to_be_repeated
from warmline.database.writers_queue import WritersQueue
from warmline.settings import ConnectionPool

BUSY_SECONDS = 2
"""A lock is waited for so long: whoever asks is answered otherwise soon after (in_time.py)."""
NONE_FREE_SECONDS = 2
"""So long whoever finds every connection taken waits for one."""
USUAL_POOL = ConnectionPool(5, 5)
LET_GO_WAITS = 100
"""Milliseconds for which letting go of what was deleted may hold up whoever reads or writes."""
ONE_INSTANT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
"""PostgreSQL's; a transaction of SQLite sees one instant by itself."""
BEGINNINGS = ("BEGIN", "BEGIN IMMEDIATE")
"""What opens a transaction that reads and one that may write, on SQLite; see postgres.py for the
other. No listener of the engine's "begin" does this: with one there, every statement looks for
listeners of its own."""

KEY: Final = "the key as read when this transaction began"
T = TypeVar("T")


class Database:
    """One engine; `reading()` and `writing()` are the only ways to a transaction.

    `url` is a SQLAlchemy URL with its driver chosen (see settings.py); `seal` opens columns of
    sealed_columns.py. Only one that `makes` it makes a file that is not there: any other raises
    OperationalError, of line_file.NoDatabase, when it is first used.
    """

    def __init__(
        self,
        url: str,
        seal: Seal | None = None,
        pool: ConnectionPool = USUAL_POOL,
        *,
        makes: bool = False,
    ) -> None:
        self.url = url
        self.seal = seal
        self.engine = _engine(url, pool, makes=makes)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._has_keys: bool | None = False if self.is_sqlite else None
        self._beginnings = _beginnings(url)
        self._writers = WritersQueue()

    @contextmanager
    def writing(
        self, reach: Reach = Reach.EVERYTHING, *, unhurried: bool = False
    ) -> Iterator[Connection]:
        """A transaction that may write what it reaches.

        `unhurried` is for long work at a terminal or by the clock, which may think for minutes
        between two statements. Raises turns.Further out of a statement beyond its reach.

        SQLite: writers take turns, whatever they reach. One that reads first and writes later
        fails with SQLITE_BUSY whatever the time-out
        (https://www.sqlite.org/lang_transaction.html), hence BEGIN IMMEDIATE.
        """
        with ExitStack() as stack:
            stack.enter_context(self._in_turn())
            connection = stack.enter_context(self._begun(reach, unhurried=unhurried))
            key = self._key(connection)
            if self._has_keys and key is None and reach is Reach.EVERYTHING:
                key = fleeting.first_key(connection)
            elif self._has_keys and key is None:
                # Given back first, as in `reading`.
                stack.pop_all().close()
                self._make_key()
                connection = stack.enter_context(self._begun(reach, unhurried=unhurried))
                key = self._key(connection)
            with fleeting.under(key), sealed_columns.under(self.seal):
                yield connection

    def do(self, work: Callable[[Connection], T], reach: Reach) -> T:
        """What `work` answers, in a transaction of its own.

        It must touch nothing but the database: it is done anew, from its beginning, where it
        turns out to reach further. When the server has ended it for another it is done once
        more, with nobody beside it whom it could meet again.
        """
        repeated = False
        while True:
            try:
                with self.writing(reach) as db:
                    return work(db)
            except Further as further:
                reach = further.reach
            except DBAPIError as fault:
                if repeated or not is_to_be_repeated(fault):
                    raise
                repeated, reach = True, Reach.EVERYTHING

    def _make_key(self) -> None:
        with self.writing():
            pass

    @contextmanager
    def writing_beside_others(self) -> Iterator[Connection]:
        """A transaction that may write, and on PostgreSQL waits for no writer's turn.

        For what is settled row by row, by conditional statements that are right whatever other
        writers do meanwhile.
        """
        with self.writing() if self.is_sqlite else self.reading() as connection:
            yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """On SQLite this process's writers keep their order; PostgreSQL's lock has one already."""
        if not self.is_sqlite:
            yield
            return
        with ExitStack() as stack:
            try:
                stack.enter_context(self._writers.turn(BUSY_SECONDS))
            except TimeoutError:
                locked = sqlite3.OperationalError("database is locked")
                raise OperationalError(BEGINNINGS[True], None, locked) from None
            yield

    @contextmanager
    def reading(self, *, unhurried: bool = False) -> Iterator[Connection]:
        """A transaction that only reads."""
        with ExitStack() as stack:
            connection = stack.enter_context(self._begun(None, unhurried=unhurried))
            key = self._key(connection)
            if self._has_keys and key is None:
                # Given back first: whoever waits for a second connection while holding one may
                # wait for somebody who does the same.
                stack.pop_all().close()
                self._make_key()
                connection = stack.enter_context(self._begun(None, unhurried=unhurried))
                key = self._key(connection)
            with fleeting.under(key), sealed_columns.under(self.seal):
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that sees one instant, however long it reads; nobody waits for it.

        What is fleeting cannot be read in it: its key could not be replaced meanwhile.
        """
        with self._begun(None, unhurried=True, one_instant=True) as connection:
            yield connection

    @contextmanager
    def _begun(
        self, reach: Reach | None, *, unhurried: bool, one_instant: bool = False
    ) -> Iterator[Connection]:
        """A transaction, which writes unless `reach` is None.

        A connection that has died while nobody used it is replaced by another.
        """

        def begun() -> Connection:
            connection = stack.enter_context(self.engine.begin())
            if one_instant and not self.is_sqlite:
                connection.exec_driver_sql(ONE_INSTANT)
            self._begin(connection, reach, unhurried=unhurried, with_key=not one_instant)
            return connection

        with ExitStack() as stack:
            try:
                connection = begun()
            except DBAPIError as fault:
                stack.pop_all().__exit__(type(fault), fault, None)
                # A server that hangs would keep a second one waiting just as long.
                if not fault.connection_invalidated or getattr(fault.orig, "is_silent", False):
                    raise
                connection = begun()
            if unhurried:
                stack.enter_context(self.waited_for(connection))
            if reach is None or self.is_sqlite:
                yield connection
                return
            connection.info[REACH] = reach
            connection.info.pop(LOCKED, None)
            try:
                yield connection
            finally:
                # A connection that has died meanwhile keeps nothing.
                if not connection.invalidated:
                    connection.info.pop(REACH, None)

    def begin(self, connection: Connection, *, writes: bool, unhurried: bool = False) -> None:
        """The first statement of a transaction that has been begun elsewhere."""
        self._begin(connection, Reach.EVERYTHING if writes else None, unhurried=unhurried)

    def _begin(
        self,
        connection: Connection,
        reach: Reach | None,
        *,
        unhurried: bool,
        with_key: bool = False,
    ) -> None:
        """The key comes along in the same round trip, read after the locks were had."""
        begins = self._beginnings[reach, unhurried]
        if with_key and self._has_keys:
            connection.info[KEY] = fleeting.key_after(connection, begins)
        else:
            connection.exec_driver_sql(begins)

    @contextmanager
    def waited_for(self, connection: Connection) -> Iterator[None]:
        """Meanwhile a single statement may take its time."""
        if self.is_sqlite:
            yield
            return
        from warmline.database.postgres import waited_for

        with waited_for(connection):
            yield

    def _key(self, connection: Connection) -> str | None:
        """The key of fleeting.py, in a transaction that has just begun."""
        if KEY in connection.info:
            key: str | None = connection.info.pop(KEY)
            return key
        if self._has_keys is None:
            self._has_keys = fleeting.there_is_a_place(connection) or None
        return fleeting.key_of(connection) if self._has_keys else None

    def let_go(self, *, at_once: bool = False) -> bool:
        """Leave nothing legible of what was deleted in the database's files; whether that was done.

        SQLite's write-ahead log becomes empty. PostgreSQL's key of fleeting.py is replaced, if
        something was deleted since the last time, or `at_once`. Neither keeps anybody waiting:
        while somebody reads it is not done, and the next time will do.
        """
        if self.is_sqlite:
            return self._empty_log()
        try:
            with self.writing() as connection:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LET_GO_WAITS}")
                if not self._has_keys or not (at_once or fleeting.is_to_forget(connection)):
                    return False
                fleeting.renew(connection)
        except OperationalError:
            return False
        return True

    def _empty_log(self) -> bool:
        with self.engine.connect() as connection:
            # It would hold up whoever writes for as long as it waits for a reader.
            connection.exec_driver_sql(f"PRAGMA busy_timeout={LET_GO_WAITS}")
            try:
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        return busy is not None and busy[0] == 0

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


Upsert = postgresql.Insert | sqlite.Insert
"""An INSERT that may get an ON CONFLICT, as each kind of database has it."""
InsertInto = Callable[[type[DeclarativeBase]], Upsert]
"""That kind of database's own `insert`."""


def upsert(build: Callable[[InsertInto], Executable]) -> Mapping[str, Executable]:
    """An INSERT with its ON CONFLICT, built once for each kind of database: by dialect name.

    `build` is given that dialect's own `insert`.
    """
    return {"postgresql": build(postgresql.insert), "sqlite": build(sqlite.insert)}


def _beginnings(url: str) -> Mapping[tuple[Reach | None, bool], str]:
    """By how far it writes, if it does, and whether it is unhurried."""
    every = [(reach, unhurried) for reach in (None, *Reach) for unhurried in (False, True)]
    if make_url(url).get_backend_name() == "sqlite":
        return {one: BEGINNINGS[one[0] is not None] for one in every}
    from warmline.database.postgres import beginning

    return {one: beginning(url, one[0], unhurried=one[1]) for one in every}


def _engine(url: str, pool: ConnectionPool, *, makes: bool) -> Engine:
    options = {
        "pool_size": pool.keeps,
        "max_overflow": pool.adds,
        "pool_timeout": NONE_FREE_SECONDS,
    }
    if make_url(url).get_backend_name() != "sqlite":
        from warmline.database.postgres import engine_for

        postgresql_engine = engine_for(url, **options)
        event.listen(postgresql_engine, "before_cursor_execute", guard)
        return postgresql_engine
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
        **_opening(url, makes=makes),
        **options,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _opening(url: str, *, makes: bool) -> Mapping[str, Any]:
    """How a SQLite file is opened: by itself the library makes one wherever it finds none.

    Nobody else reads the file, nor the journals, which get the modes of the file.
    """
    if (file := line_file.path_of(url)) is None:
        return {}
    there = make_url(url) if makes else line_file.that_must_be_there(url, file)
    given, options = pysqlite.SQLiteDialect_pysqlite().create_connect_args(there)
    options = {"timeout": BUSY_SECONDS, **options}
    refuse = line_file.refuse_no_folder if makes else line_file.refuse_missing
    # An address may say itself that what it names has to be there.
    is_made = makes and there.query.get("mode", "rwc") == "rwc"

    def opened() -> Any:
        refuse(file)
        private_files.keep_database(file, makes=is_made)
        return sqlite3.connect(given[0], **options)

    return {"creator": opened}


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: BEGINNINGS says which kind.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
