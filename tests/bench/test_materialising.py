"""How long it takes to make places of patterns: a year for two hundred of them, and a day more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from shifts.models import Line, Person, Place
from shifts.patterns.materialise import make_all_ahead
from shifts.patterns.pattern_rows import add_pattern
from shifts.patterns.rule import Dates, Days, NthWeekdays, Rule, Turns, Weekly, Window
from tests.bench.figures import Figures
from tests.databases import Databases
from warmline.database.engine import Database

pytestmark = pytest.mark.bench
EVENING = datetime(2026, 3, 3, 0, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
ZONE = ZoneInfo("America/New_York")
FIRST_DAY = date(2024, 1, 1)
PERSONS = 400
LONGEST_YEAR = 5
"""Seconds that a year of two hundred patterns may take."""
EVERY_DAY = Weekly(tuple(range(7)))
DAYS: tuple[Days, ...] = (
    *(Weekly((0,)), Weekly((1, 3)), Weekly((5, 6)), Weekly((0, 1, 2, 3, 4)), EVERY_DAY),
    *(Weekly((2,), every=2), NthWeekdays((1,), (1, 3)), Dates((1, 15))),
)


def test_a_year_of_patterns_becomes_places(
    databases: Databases, figures: Figures, full: bool
) -> None:
    count, ahead = (200, YEAR) if full else (10, 14 * DAY)
    rows, kind = [], ""
    for name, rules in (("of all kinds", mixed(count)), ("of every day", daily(count))):
        with planned(databases, rules) as database:
            whole, places = made(database, EVENING, ahead)
            day_more, _ = made(database, EVENING + DAY, ahead)
            kind = database.engine.dialect.name
        aim = str(LONGEST_YEAR) if whole <= LONGEST_YEAR else f"over {LONGEST_YEAR}"
        rows.append((name, f"{places:,}", f"{whole:.2f}", f"{day_more:.3f}", aim if full else ""))
    head = ("", "places", f"{ahead.days} days", "a day more", "aim")
    figures.table(f"Seconds to make the places of {count} patterns on {kind}", head, rows)


def mixed(count: int) -> list[Rule]:
    """Evenings, nights, turns and open places, as lines have them; each person in one or two."""
    rules = []
    for number in range(count):
        one, other = 1 + number, 1 + (number + 1) % PERSONS
        start = clock(number % 24, 30 * (number % 2))
        window = Window(DAYS[number % len(DAYS)], start, start.replace(hour=(start.hour + 4) % 24))
        rule = Rule(FIRST_DAY, window=window, persons=(one,), open_places=number % 3)
        if number % 10 == 0:
            groups = tuple((1 + (number + step) % PERSONS,) for step in range(5))
            rule = replace(rule, persons=(), turns=Turns("shift", groups))
        elif number % 10 == 5:
            turns = Turns("week", ((one,), (other,)), 1, datetime.combine(FIRST_DAY, clock(8)))
            rule = replace(rule, window=None, persons=(), turns=turns)
        rules.append(rule)
    return rules


def daily(count: int) -> list[Rule]:
    """The most that so many patterns with one place a shift can come to."""
    starts = (clock(number % 24) for number in range(count))
    windows = (Window(EVERY_DAY, one, one.replace(hour=(one.hour + 4) % 24)) for one in starts)
    return [Rule(FIRST_DAY, window=one, persons=(number,)) for number, one in enumerate(windows, 1)]


@contextmanager
def planned(databases: Databases, rules: list[Rule]) -> Iterator[Database]:
    with databases.migrated() as url:
        database = Database(url)
        with database.writing(unhurried=True) as db:
            db.execute(insert(Line).values(id=1, name="Riverside", time_zone=ZONE.key))
            people = [
                {"id": one, "line_id": 1, "name": f"Peer {one}"} for one in range(1, PERSONS + 1)
            ]
            db.execute(insert(Person), people)
            for rule in rules:
                add_pattern(db, 1, rule, "Evenings", False, EVENING)
        yield database
        database.close()


def made(database: Database, now: datetime, ahead: timedelta) -> tuple[float, int]:
    """Seconds, with the commit, and the places there are then."""
    began = time.perf_counter()
    with database.writing(unhurried=True) as db:
        made = make_all_ahead(db, now, ahead)
    seconds = time.perf_counter() - began
    with database.reading() as db:
        places = db.execute(select(func.count()).select_from(Place)).scalar_one()
    assert 0 < made <= places
    return seconds, places
