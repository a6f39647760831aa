"""What was deleted on PostgreSQL can be read by nobody, and what is live goes on."""

from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import StatementError

from tests.serving.test_serving import set_up_line
from tests.stories.town import EVENING
from warmline.database import fleeting
from warmline.database.engine import Database
from warmline.models.outbox import Effect
from warmline.models.texts import TextIn
from warmline.outbox import outbox

pytestmark = pytest.mark.both_databases


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    set_up_line(database_url)
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    set_up_line(postgresql_url)
    database = Database(postgresql_url)
    yield database
    database.close()


def come_in(database: Database, *ids: str) -> None:
    with database.writing() as db:
        for one in ids:
            db.execute(insert(TextIn).values(message_id=one, line_id=1, came_at=EVENING))


def known(database: Database) -> set[str]:
    with database.reading() as db:
        return set(db.scalars(select(TextIn.message_id)))


def as_it_lies_there(database: Database) -> set[str]:
    with database.reading() as db:
        return set(db.scalars(text("SELECT message_id FROM text_in")))


def key(database: Database) -> str | None:
    with database.reading() as db:
        return db.scalars(select(fleeting.FleetingKey.key)).first()


def test_what_is_live_is_found_before_and_after_letting_go(database: Database) -> None:
    come_in(database, "SM1", "SM2", "SM3")
    with database.writing() as db:
        outbox.erase(db, 1, ["SM1"], EVENING)
        db.execute(delete(TextIn).where(TextIn.message_id == "SM2"))
    assert database.let_go(at_once=True)
    assert known(database) == {"SM1", "SM3"}
    with database.writing() as db:
        waits = select(Effect.subject).where(Effect.subject.in_(select(TextIn.message_id)))
        assert db.scalars(waits).all() == ["SM1"], "columns are compared with each other"
        outbox.erase(db, 1, ["SM1"], EVENING)
        assert db.scalar(select(func.count()).select_from(Effect)) == 1, "unique keys hold"


def test_what_lies_there_opens_under_its_own_key_alone(postgresql: Database) -> None:
    come_in(postgresql, "SM1")
    [before], old = as_it_lies_there(postgresql), key(postgresql)
    assert "SM1" not in before
    assert postgresql.let_go(at_once=True)
    [after], new = as_it_lies_there(postgresql), key(postgresql)
    assert before != after
    assert old != new
    with fleeting.under(new):
        assert fleeting.opened(after) == "SM1"
        with pytest.raises(InvalidTag):
            fleeting.opened(before)


def test_the_clock_makes_a_new_key_only_when_something_was_deleted(postgresql: Database) -> None:
    come_in(postgresql, "SM1", "SM2")
    assert postgresql.let_go(at_once=True)
    # PostgreSQL tells of its own deletions a little later.
    with postgresql.reading() as db:
        db.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    postgresql.let_go()
    with postgresql.writing() as db:
        db.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        db.execute(delete(TextIn).where(TextIn.message_id == "SM1"))
    before = key(postgresql)
    postgresql.let_go()
    assert key(postgresql) != before
    assert known(postgresql) == {"SM2"}


def test_whoever_reads_is_not_disturbed_and_keeps_nobody_waiting(postgresql: Database) -> None:
    come_in(postgresql, "SM1")
    with postgresql.reading() as db:
        assert not postgresql.let_go(at_once=True), "the next time"
        assert db.scalars(select(TextIn.message_id)).all() == ["SM1"]
    assert postgresql.let_go(at_once=True)


def test_when_a_crash_has_taken_the_key_what_nobody_can_read_goes(postgresql: Database) -> None:
    come_in(postgresql, "SM1")
    with postgresql.writing() as db:
        db.exec_driver_sql("TRUNCATE fleeting_key")
    assert known(postgresql) == set()
    come_in(postgresql, "SM1")
    assert known(postgresql) == {"SM1"}


def test_outside_of_such_a_transaction_nothing_is_written_legibly(postgresql: Database) -> None:
    with postgresql.engine.connect() as db, pytest.raises(StatementError, match="NoKey"):
        db.execute(insert(TextIn).values(message_id="SM1", line_id=1, came_at=EVENING))


def test_the_key_s_table_is_in_no_log(postgresql: Database) -> None:
    with postgresql.reading() as db:
        kind = text("SELECT relpersistence FROM pg_class WHERE relname = 'fleeting_key'")
        assert db.scalar(kind) == "u"
