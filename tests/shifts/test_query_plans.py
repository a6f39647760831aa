"""No question and no change reads the whole roster: each statement stays within an index."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event

from shifts import who_is_on
from shifts.claims import presence
from shifts.editing import splitting
from shifts.history import history
from shifts.hours import resolver
from shifts.hours.wanted import LINE as THE_LINE
from shifts.overrides import ending, holidays, replacing
from shifts.overrides.holidays import TemporarySeat
from tests.shifts import rosters
from tests.shifts.rosters import ANA, BO, CHI, LINE
from tests.shifts.seen import BY_ANA, at

NARROW = ("rowid=?", "origin=?", "person_id=?", "starts_at=?", "starts_at>? AND starts_at<?")
"""What bounds how much of the places a step of a plan reads, whatever their number."""
FIRST = 1
"""The id of a new database's first place."""
UTC_ZONE = ZoneInfo("UTC")
NEEDS = [resolver.Need(THE_LINE, {ANA}, 1)]


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[Connection]:
    with rosters.roster(sqlite_url) as connection:
        rosters.add(connection, at(0), at(4), ANA)
        rosters.add(connection, at(4), at(8), BO)
        yield connection


def hidden_and_back(connection: Connection) -> None:
    seats = [TemporarySeat(at(1), at(2), CHI)]
    done = holidays.temporary(connection, LINE, at(0), at(6), seats, **BY_ANA)
    lifted = ending.lift(connection, LINE, done.dated_id or 0, **BY_ANA)
    history.undo(connection, LINE, lifted.change_id, ANA, at(-24))


QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "who is on": lambda c: who_is_on.who_is_on(c, LINE, at(1)),
    "who is next on": lambda c: who_is_on.next_on(c, LINE, at(1)),
    "somebody's next": lambda c: who_is_on.next_places(c, LINE, CHI, at(1)),
    "who comes and goes": lambda c: resolver.changes_between(c, LINE, at(0), at(9)),
    "cover": lambda c: resolver.cover_between(c, LINE, at(0), at(9)),
    "gaps": lambda c: resolver.lacks_between(c, LINE, UTC_ZONE, NEEDS, at(0), at(9)),
    "replacing": lambda c: replacing.replace(c, LINE, at(1), at(2), ANA, CHI, **BY_ANA),
    "removing": lambda c: replacing.remove(c, LINE, at(1), at(2), ANA, **BY_ANA),
    "hiding and lifting": hidden_and_back,
    "splitting": lambda c: splitting.split(c, LINE, FIRST, at(1), **BY_ANA),
    "coming on": lambda c: presence.come_on(c, LINE, CHI, at(1)),
    "going off": lambda c: presence.go_off(c, LINE, ANA, at(1)),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_nothing_reads_the_whole_roster(
    connection: Connection, ask: Callable[[Connection], object]
) -> None:
    steps = planned(connection, ask)
    assert steps
    wide = [step for step in steps if not any(bound in step for bound in NARROW)]
    assert wide == []


def planned(connection: Connection, ask: Callable[[Connection], object]) -> list[str]:
    """The steps over places, and over all those removed, in SQLite's plans for what is asked."""
    steps: list[str] = []

    def explain(
        _: object, cursor: Any, statement: str, values: Any, _context: object, many: bool
    ) -> None:
        if not many:
            plan = cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(detail for *_, detail in plan)

    event.listen(connection, "before_cursor_execute", explain)
    ask(connection)
    event.remove(connection, "before_cursor_execute", explain)
    over = ("SCAN place", "SEARCH place", "SCAN removed_place")
    return [step for step in steps if step.startswith(over)]
