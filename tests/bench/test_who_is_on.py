"""Who is on, with few places and with a million: it must not matter how many there are."""

import time
from collections.abc import Callable, Iterator, Sized
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from shifts.models import Line, Person, Place
from shifts.who_is_on import who_is_on
from tests.bench.crowd import PEER_NUMBERS
from tests.bench.figures import Figures
from tests.databases import Databases
from tests.stories.town import EVENING, HOUR
from warmline.conversations.ringing.whom_to_ring import peers_on
from warmline.database.engine import Database
from warmline.models.people import Volunteer

pytestmark = pytest.mark.bench
SMALL_SIZES, SIZES = (100, 400, 2_000), (100, 10_000, 1_000_000)
ON_AT_ONCE, PERSONS, SHIFT = 10, 30, 8 * HOUR
AT_A_TIME = 20_000
MANY_LINES = 50
WARM_UP = 10
"""Runs that are not counted: plans are made, pages are read."""
Query = Callable[[Connection, int, datetime], Sized]


def in_the_driver(db: Connection, line_id: int, at: datetime) -> Sized:
    """The statement of "who is on" alone, without what SQLAlchemy and we do around it."""
    cursor = db.connection.cursor()
    try:
        cursor.execute(*asked(db.engine, line_id, at))
        return cursor.fetchall()
    finally:
        cursor.close()


@cache
def asked(engine: Engine, line_id: int, at: datetime) -> tuple[Any, ...]:
    """The words and values with which the driver is asked who is on."""
    heard: list[tuple[Any, ...]] = []

    def hear(_db: object, _cursor: object, *words: object) -> None:
        heard.append(words[:2])

    event.listen(engine, "before_cursor_execute", hear)
    with engine.connect() as db:
        who_is_on(db, line_id, at)
    event.remove(engine, "before_cursor_execute", hear)
    return heard[0]


QUERIES: dict[str, Query] = {
    "who is on": who_is_on,
    "  of it the query": in_the_driver,
    "peers who may be rung": peers_on,
}


def test_who_is_on_does_not_depend_on_how_many_places_there_are(
    databases: Databases, figures: Figures, full: bool
) -> None:
    sizes, rounds = (SIZES, 1000) if full else (SMALL_SIZES, 20)
    with ExitStack() as stack:
        filled = [stack.enter_context(roster_of(databases, size)) for size in sizes]
        fifty = stack.enter_context(roster_of(databases, sizes[-1], MANY_LINES))
        times = {name: taken(query, [*filled, fifty], rounds) for name, query in QUERIES.items()}
        kind = fifty.engine.dialect.name
    rows = [row(name, each) for name, each in times.items()]
    lines = f"{sizes[-1]:,} of {MANY_LINES} lines"
    head = ("", *(f"{size:,} places" for size in sizes), lines, "slowest by first", "aim")
    figures.table(f"Microseconds on {kind}, medians of {rounds}", head, rows)


def row(name: str, each: list[float]) -> tuple[str, ...]:
    ratio = max(each) / each[0]
    aim = "1.5" if ratio <= 1.5 else "over 1.5"
    return (name, *(f"{seconds * 1e6:.0f}" for seconds in each), f"{ratio:.2f}", aim)


@contextmanager
def roster_of(databases: Databases, size: int, lines: int = 1) -> Iterator[Database]:
    """So many places, all held, ten at any instant on each line, as long before now as after."""
    with databases.migrated() as url:
        database = Database(url)
        with database.writing() as db:
            for line in range(1, lines + 1):
                db.execute(insert(Line).values(id=line, name=f"Line {line}", time_zone="UTC"))
                numbers = range(1, PERSONS + 1)
                people = [person(line, one) for one in numbers]
                db.execute(insert(Person), people)
                db.execute(insert(Volunteer), [volunteer(line, one) for one in numbers])
            for first in range(0, size, AT_A_TIME):
                last = min(first + AT_A_TIME, size)
                db.execute(insert(Place), [place(one, size, lines) for one in range(first, last)])
        tidied(database)
        yield database
        database.close()


def tidied(database: Database) -> None:
    """What a database does for itself as time goes by: it counts its rows and clears up."""
    words = {"postgresql": "VACUUM ANALYZE", "sqlite": "ANALYZE"}
    with database.engine.connect() as db:
        alone = db.execution_options(isolation_level="AUTOCOMMIT")
        alone.exec_driver_sql(words[db.dialect.name])


def person_id(line: int, number: int) -> int:
    return (line - 1) * PERSONS + number


def person(line: int, number: int) -> dict[str, object]:
    return {"id": person_id(line, number), "line_id": line, "name": f"Peer {number}"}


def volunteer(line: int, number: int) -> dict[str, object]:
    return {
        "person_id": person_id(line, number),
        "line_id": line,
        "phone": PEER_NUMBERS[number],
        "languages": "en",
        "agreed": "yes",
    }


def place(number: int, of: int, lines: int) -> dict[str, object]:
    """Ten persons hold each shift, the next ten the next: nobody's places adjoin."""
    nth, of_lines = divmod(number, lines)
    line, shifts = 1 + of_lines, of // lines // ON_AT_ONCE
    shift, seat = divmod(nth, ON_AT_ONCE)
    starts_at = EVENING - SHIFT / 2 + (shift - shifts // 2) * SHIFT
    holder = 1 + seat + ON_AT_ONCE * (shift % (PERSONS // ON_AT_ONCE))
    when = {"starts_at": starts_at, "ends_at": starts_at + SHIFT}
    return {"line_id": line, "person_id": person_id(line, holder), "state": "agreed", **when}


def taken(query: Query, databases: list[Database], rounds: int) -> list[float]:
    """Median seconds of the query on each database; by turns, so that all share the noise."""
    seconds: list[list[float]] = [[] for _ in databases]
    with ExitStack() as stack:
        opened = [stack.enter_context(database.reading()) for database in databases]
        for _ in range(rounds + WARM_UP):
            for db, mine in zip(opened, seconds, strict=True):
                began = time.perf_counter()
                found = query(db, 1, EVENING)
                mine.append(time.perf_counter() - began)
                assert len(found) == ON_AT_ONCE
    return [median(each[WARM_UP:]) for each in seconds]
