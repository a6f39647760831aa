"""Columns that hold what must not outlive a call: on PostgreSQL under a key that is forgotten.

PostgreSQL keeps what was deleted in pages and in its write-ahead log for a while. There these
columns are ciphertext, and their key lives in an unlogged table, which the log never sees. To
forget what was deleted the key is replaced: one transaction takes up what is live, empties the
table of the key and writes the live rows back under another. SQLite erases by itself
(secure_delete, and a log that is truncated): there they are as they are.
"""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import BigInteger, Connection, Dialect, String, Text, delete, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from shifts.models import Base

KEY_BYTES: Final = 64
MARK: Final = "~"
"""What ciphertext begins with; a value of ours never does."""
_key: ContextVar[AESSIV | None] = ContextVar("the key of this transaction", default=None)


class FleetingKey(Base):
    """The one key there is, in hexadecimal digits; on PostgreSQL in an unlogged table.

    `deletes` is how many rows PostgreSQL says were deleted when the key was made: with no more
    since, there is nothing to forget.
    """

    __tablename__ = "fleeting_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(2 * KEY_BYTES))
    deletes: Mapped[int] = mapped_column(BigInteger)


class Fleeting(TypeDecorator[str]):
    """A text of at most `length` characters, sealed on PostgreSQL; equal texts stay equal.

    AES-256-SIV (RFC 5297) is made for that: rows are found, and compared with each other, as if
    they were legible. Only a transaction of engine.Database has the key.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ciphertext is longer than what it hides, so that PostgreSQL sets no limit."""
        limited = dialect.name == "sqlite" and self.length is not None
        return dialect.type_descriptor(String(self.length) if limited else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is written, or looked for."""
        return value if value is None or dialect.name == "sqlite" else closed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """What was read."""
        return value if value is None or dialect.name == "sqlite" else opened(value)


class NoKey(LookupError):
    """A column that must be sealed was touched outside of a transaction that has the key."""


def _own_key() -> AESSIV:
    if (key := _key.get()) is None:
        raise NoKey
    return key


def closed(value: str) -> str:
    """The ciphertext of a value, the same each time under the same key."""
    # The algorithm takes no empty text; the mark is sealed with the rest.
    sealed = _own_key().encrypt((MARK + value).encode(), None)
    return MARK + base64.urlsafe_b64encode(sealed).decode()


def opened(value: str) -> str:
    """The value again; raises InvalidTag when it was sealed under another key."""
    return _own_key().decrypt(base64.urlsafe_b64decode(value[1:]), None).decode()[1:]


@contextmanager
def under(key: str | None) -> Iterator[None]:
    """Whatever is read or written meanwhile is so under this key."""
    before = _key.set(AESSIV(bytes.fromhex(key)) if key else None)
    try:
        yield
    finally:
        _key.reset(before)


def there_is_a_place(db: Connection) -> bool:
    """Whether the schema has a table for the key already."""
    return db.exec_driver_sql("SELECT to_regclass('fleeting_key')").scalar() is not None


_KEY: Final = "SELECT key FROM fleeting_key"


def key_of(db: Connection) -> str | None:
    """The key; None when there is none (any more): a crash of the database forgets it.

    Who has read it keeps it from being replaced until their transaction is over.
    """
    key: str | None = db.exec_driver_sql(_KEY).scalar()
    return key


def key_after(db: Connection, statement: str) -> str | None:
    """The key as it is once the statement is done, and both in one round trip."""
    both = db.exec_driver_sql(f"{statement}; {_KEY}").cursor
    both.nextset()
    row = both.fetchone()
    both.close()
    return None if row is None else str(row[0])


def first_key(db: Connection) -> str:
    """A first key, or one after a crash: then nobody can read what is there, and it goes.

    Of talks by text it stays who the peer was, so that both sides can be told.
    """
    if db.exec_driver_sql("SELECT to_regclass('lost_talk')").scalar() is not None:
        db.exec_driver_sql(_LOST)
    for table in _tables():
        for name in (table.name, FORMERLY.get(table.name)):
            if db.scalar(_IS_THERE, {"name": name}):
                db.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608  # the name is ours
    return _new_key(db, 0)


FORMERLY: Final = {
    "count_question": "count_asked",
    "feedback_link": "how_link",
    "expected_feedback": "how_asked",
}
"""What tables were called before revision 0039: whoever migrates may find no key on the way."""
_IS_THERE: Final = text("SELECT to_regclass(:name) IS NOT NULL")


_LOST: Final = (
    "INSERT INTO lost_talk (line_id, person_id, name) SELECT line_id, person_id, name FROM talk"
)


def _new_key(db: Connection, deletes: int) -> str:
    key = secrets.token_hex(KEY_BYTES)
    db.execute(insert(FleetingKey).values(id=1, key=key, deletes=deletes))
    return key


def _tables() -> list[Any]:
    """Every table with such a column; whoever opens a database has loaded them all."""
    found = Base.metadata.sorted_tables
    return [table for table in found if any(isinstance(c.type, Fleeting) for c in table.columns)]


def is_to_forget(db: Connection) -> bool:
    """Whether something was deleted since the key was made."""
    return db.execute(select(FleetingKey.deletes)).scalar() != _deletes(db)


_DELETES: Final = text(
    "SELECT COALESCE(sum(n_tup_del), 0)::bigint FROM pg_stat_user_tables"
    " WHERE schemaname = current_schema() AND relname = ANY(:names)"
)


def _deletes(db: Connection) -> int:
    names = [table.name for table in _tables()]
    return int(db.execute(_DELETES, {"names": names}).scalar_one())


def renew(db: Connection) -> None:
    """Forget the key, and with it all that was deleted; what is live is written back."""
    db.exec_driver_sql("LOCK TABLE fleeting_key IN ACCESS EXCLUSIVE MODE")
    live = [(table, db.execute(select(table)).mappings().all()) for table in _tables()]
    deletes = _deletes(db) + sum(len(rows) for _, rows in live)
    db.exec_driver_sql("TRUNCATE fleeting_key")
    with under(_new_key(db, deletes)):
        for table, rows in live:
            if rows:
                db.execute(delete(table))
                db.execute(insert(table), [dict(row) for row in rows])
