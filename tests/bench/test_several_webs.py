"""What 1, 2 and 4 webs carry on one PostgreSQL, and how long they wait for each other there.

Each web is a process of its own. As many callers at once, however many webs: they arrive, hear the
promise, wait, and go. Where cores are few more webs carry no more; what may not grow is the work
for one request.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Final, NamedTuple

import pytest
from sqlalchemy import create_engine, text

from tests.bench.figures import Figures
from tests.bench.one_call import Network, measured_service, set_up, token_of
from warmline.database.engine import Database

pytestmark = pytest.mark.bench
CALLERS: Final = 8
WAITS: Final = 4
LOCKS: Final = text(
    "SELECT bool_or(granted AND (objid = 72658 OR mode = 'ExclusiveLock')),"
    " count(*) FILTER (WHERE NOT granted)"
    " FROM pg_locks WHERE locktype = 'advisory' AND objid IN (72657, 72658)"
)
"""Whether somebody has a turn that others wait for, and how many wait."""


class Carried(NamedTuple):
    """What so many webs did: requests a second, CPU milliseconds for one, and of the time, the
    share in which a turn was held and the mean number of those who waited for one."""

    webs: int
    a_second: float
    cpu: float
    held: float
    waiting: float


def test_what_several_webs_carry(postgresql_url: str, figures: Figures, full: bool) -> None:
    database = Database(postgresql_url)
    set_up(database)
    database.close()
    rounds = 40 if full else 2
    found = [carried(postgresql_url, webs, rounds) for webs in ((1, 2, 4) if full else (1, 2))]
    one = found[0]
    rows = [
        (
            f"{row.webs}",
            f"{row.a_second / one.a_second:.2f}",
            f"{row.cpu / one.cpu:.2f}",
            f"{row.held:.0%}",
            f"{row.waiting:.1f}",
            f"{row.a_second:.0f}",
            f"{row.cpu:.2f}",
        )
        for row in found
    ]
    head = (
        "webs",
        "times as many requests",
        "times the CPU",
        "a turn is held",
        "wait for it",
        "a second",
        "ms",
    )
    figures.table("Several webs on one PostgreSQL", head, rows)


def carried(url: str, webs: int, rounds: int) -> Carried:
    with ExitStack() as stack:
        served = [stack.enter_context(measured_service(url)) for _ in range(webs)]
        callers = [Network(served[number % webs].port) for number in range(CALLERS)]
        everybody_calls(callers, 1)  # What is met first is warm.
        cpu, begun = sum(web.meter() for web in served), time.perf_counter()
        with watched(url) as seen:
            requests = everybody_calls(callers, rounds)
        took = time.perf_counter() - begun
        cpu = sum(web.meter() for web in served) - cpu
        for one in callers:
            one.close()
    held, waiting = zip(*seen, strict=True)
    return Carried(
        webs,
        requests / took,
        cpu / requests * 1000,
        sum(map(bool, held)) / len(seen),
        sum(waiting) / len(seen),
    )


def everybody_calls(callers: list[Network], rounds: int) -> int:
    """Each calls so many times; how many requests that were."""

    def calls(number: int) -> int:
        return sum(
            one_call(callers[number], f"CA{number:08d}{turn:024d}") for turn in range(rounds)
        )

    with ThreadPoolExecutor(len(callers)) as pool:
        return sum(pool.map(calls, range(len(callers))))


def one_call(network: Network, sid: str) -> int:
    """Hello, the promise, a while in the queue, and goodbye; how many requests."""
    token = token_of(network.tell("/voice", sid, CallStatus="ringing"))
    steps = ["promise", "after_promise", *["wait"] * WAITS]
    for step in steps:
        network.tell(f"/c/{token}/{step}", sid)
    network.tell("/voice/status", sid, CallStatus="completed")
    return len(steps) + 2


@contextmanager
def watched(url: str) -> Iterator[list[tuple[bool | None, int]]]:
    """Who holds a turn and who waits, looked at again and again."""
    over, seen = threading.Event(), list[tuple[bool | None, int]]()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def look() -> None:
        with engine.connect() as db:
            while True:
                held, waiting = db.execute(LOCKS).one()
                seen.append((held, waiting))
                if over.wait(0.005):
                    return

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()
        engine.dispose()
