"""Writers on SQLite wait in order: who came first is first, and who gives up holds up nobody."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy.exc import OperationalError

from tests.waiting import LONG, until
from warmline.database import engine
from warmline.database.engine import Database
from warmline.database.writers_queue import WritersQueue


def waits(queue: WritersQueue) -> int:
    return len(queue._waiting)


def queues_up(queue: WritersQueue, do: Callable[[], object]) -> threading.Thread:
    """Somebody takes their place behind whoever waits already."""
    before = waits(queue)

    def wait() -> None:
        with suppress(LookupError), queue.turn(LONG):
            do()

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: waits(queue) == before + 1)
    return thread


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    queue, order = WritersQueue(), list[int]()
    with queue.turn(LONG):
        waiting = [queues_up(queue, partial(order.append, one)) for one in range(8)]
        assert order == []
    for one in waiting:
        one.join()
    assert order == list(range(8))
    with queue.turn(0):
        pass


def test_who_gives_up_is_passed_over_and_a_fault_hands_the_turn_on() -> None:
    queue, had = WritersQueue(), list[str]()

    def fails() -> None:
        had.append("Ana")
        raise LookupError

    with queue.turn(LONG):
        ana = queues_up(queue, fails)
        with pytest.raises(TimeoutError), queue.turn(0.01):
            had.append("Bo")
        chi = queues_up(queue, lambda: had.append("Chi"))
    ana.join()
    chi.join()
    assert had == ["Ana", "Chi"]


def test_a_writer_whose_turn_does_not_come_hears_what_the_file_would_say(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    database = Database(sqlite_url)
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing():
            held.set()
            over.wait(LONG)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(LONG)
    with pytest.raises(OperationalError, match="database is locked"), database.writing():
        pass
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    over.set()
    thread.join()
    with database.writing():
        pass
    database.close()
