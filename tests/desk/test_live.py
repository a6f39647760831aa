"""The live board: one look at the database for all its readers, and it ends when they may not."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from warmline.database.engine import Database
from warmline.desk.live import Changes, boards

T = TypeVar("T")


@pytest.mark.both_databases
def test_every_process_sees_that_another_has_written(database_url: str) -> None:
    here, there = Database(database_url), Database(database_url)
    changes = Changes(here)
    before = changes._look()
    assert changes._look() == before
    with there.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = version_num"))
    assert changes._look() != before
    changes.close()
    here.close()
    there.close()


@pytest.mark.both_databases
def test_many_readers_take_up_one_connection(database_url: str) -> None:
    database = Database(database_url)
    changes = Changes(database)

    async def read() -> int:
        streams = [boards(changes, lambda: "<p>as before</p>", lambda: False) for _ in range(30)]
        first = [await anext(one) for one in streams]
        assert set(first) == {"event: board\ndata: <p>as before</p>\n\n"}
        taken = checked_out(database)
        assert changes.readers == 30
        for one in streams:
            await one.aclose()  # type: ignore[attr-defined]  # a generator has it
        return taken

    assert in_a_loop_of_its_own(read()) == 1
    assert changes.readers == 0
    changes.close()
    assert checked_out(database) == 0
    database.close()


def in_a_loop_of_its_own(read: Coroutine[Any, Any, T]) -> T:
    """In another thread: in this one the browser's loop may be running already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, read).result()


def checked_out(database: Database) -> int:
    taken: int = database.engine.pool.checkedout()  # type: ignore[attr-defined]  # a queue has it
    return taken


def test_a_reader_who_may_not_see_it_any_more_is_told_that_it_is_over(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    changes = Changes(database)

    async def read() -> list[str]:
        return [one async for one in boards(changes, lambda: None, lambda: False)]

    assert in_a_loop_of_its_own(read()) == ["event: over\ndata: \n\n"]
    changes.close()
    database.close()
