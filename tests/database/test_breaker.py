"""A database that cannot be had is not waited for: when that begins, who tries, when it ends."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree

from tests.logs import logged
from warmline.database.breaker import Breaker, DatabaseAway, is_away

EVENING = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = EVENING

    def now(self) -> datetime:
        return self.at

    def goes_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock.now)


def open_again(breaker: Breaker) -> None:
    for _ in range(3):
        breaker.failed()


def test_three_failures_with_nothing_done_between_them_open_it(breaker: Breaker) -> None:
    for _ in range(2):
        breaker.failed()
        breaker.failed()
        assert not breaker.is_open
        breaker.answered()
    open_again(breaker)
    assert breaker.is_open


def test_two_failures_that_are_far_apart_open_it_too(breaker: Breaker, clock: Clock) -> None:
    breaker.failed()
    clock.goes_on(4.9)
    assert not breaker.is_open
    clock.goes_on(0.1)
    breaker.failed()
    assert breaker.is_open


def test_one_try_a_second_goes_through(breaker: Breaker, clock: Clock) -> None:
    open_again(breaker)
    assert not breaker.admits()
    clock.goes_on(1)
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    clock.goes_on(-3600)
    assert breaker.admits(), "a clock that was set back keeps nobody out for an hour"


def test_both_ends_of_an_outage_are_said_once(breaker: Breaker, clock: Clock) -> None:
    with logged("info") as lines:
        for _ in range(9):
            breaker.failed()
        clock.goes_on(12)
        breaker.answered()
        breaker.answered()
        said = lines.getvalue()
    assert said.count("the database cannot be had") == 1
    assert said.count("the database is back") == 1
    assert "seconds=12" in said
    assert not breaker.is_open
    assert breaker.admits()


def fault(kind: type[DatabaseError], words: str) -> DatabaseError:
    return kind("SELECT 1", {}, sqlite3.DatabaseError(words))


@pytest.mark.parametrize(
    ("is_so", "what"),
    [
        (True, fault(OperationalError, "database is locked")),
        (True, fault(OperationalError, "database or disk is full")),
        (True, fault(OperationalError, "unable to open database file")),
        (True, fault(DatabaseError, "file is not a database")),
        (True, InterfaceError("SELECT 1", {}, sqlite3.InterfaceError("the connection is closed"))),
        (True, NoneFree()),
        (True, TimeoutError()),
        (True, DatabaseAway()),
        (False, fault(OperationalError, "no such table: call")),
        (False, fault(IntegrityError, "UNIQUE constraint failed")),
        (False, ValueError("a step of ours")),
    ],
)
def test_what_says_that_it_cannot_be_had(is_so: bool, what: Exception) -> None:
    assert is_away(what) is is_so
