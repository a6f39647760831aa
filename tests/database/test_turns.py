"""Who writes beside whom on PostgreSQL, and what is done anew because of somebody else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, insert, select, text, update

from tests.bench.one_call import set_up
from tests.stories.town import EVENING
from tests.waiting import until
from warmline.calls import calls
from warmline.calls.records import LiveCall
from warmline.database.engine import Database
from warmline.database.turns import Further, Reach, of_own_row
from warmline.models.calls import Call, Ring
from warmline.models.counts import DayCount
from warmline.models.people import Volunteer

WAITS: Final = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
A_DAY = timedelta(days=1)


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    database = Database(postgresql_url)
    set_up(database)
    with database.writing() as db:
        for number in (1, 2):
            ids = {"line_id": 1, "token": f"{number:032}", "provider_id": f"CA{number}"}
            when = {"arrived_at": EVENING, "heard_at": EVENING, "waiting_since": EVENING}
            db.execute(insert(Call).values(**ids, **when, state="waiting", language="en"))
    yield database
    database.close()


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """Somebody else does this at the same time, and is done in the end."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def somebody_waits(database: Database) -> bool:
    with database.reading() as db:
        return bool(db.execute(text(WAITS)).scalar())


def call(db: Connection, number: int) -> LiveCall:
    found = calls.by_token(db, f"{number:032}")
    assert found is not None
    return found


def says(database: Database, number: int, words: str) -> None:
    def step(db: Connection) -> None:
        calls.change(db, call(db, number).id, saying=words)

    database.do(step, Reach.OWN)


def test_a_step_waits_for_none_of_another_call(database: Database) -> None:
    with database.writing(Reach.OWN) as db:
        calls.change(db, call(db, 1).id, saying="one moment")
        with meanwhile(lambda: says(database, 2, "quiet")) as other:
            other.join()
            assert not somebody_waits(database)
    with database.reading() as db:
        assert [call(db, 1).saying, call(db, 2).saying] == ["one moment", "quiet"]


def test_two_steps_of_one_call_come_one_after_the_other_and_the_second_sees_the_first(
    database: Database,
) -> None:
    seen: list[str | None] = []

    def second(db: Connection) -> None:
        seen.append(call(db, 1).saying)

    with database.writing(Reach.OWN) as db:
        calls.change(db, call(db, 1).id, saying="one moment")
        with meanwhile(lambda: database.do(second, Reach.OWN)):
            until(lambda: somebody_waits(database))
            db.commit()
    assert seen == ["one moment"]


def test_a_search_meets_a_call_only_once_its_step_is_done(database: Database) -> None:
    """What a step of one row has under way is not lost to whoever reaches others."""
    seen: list[str | None] = []

    def search(db: Connection) -> None:
        seen.append(call(db, 1).saying)

    with database.writing(Reach.OWN) as db:
        calls.change(db, call(db, 1).id, saying="one moment")
        with meanwhile(lambda: database.do(search, Reach.OTHERS)):
            until(lambda: somebody_waits(database))
            db.commit()
    assert seen == ["one moment"]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (Reach.OTHERS, Reach.OTHERS),
        (Reach.EVERYTHING, Reach.OWN),
        (Reach.OWN, Reach.EVERYTHING),
        (Reach.EVERYTHING, Reach.OTHERS),
    ],
)
def test_whoever_reaches_further_takes_turns(
    database: Database, mine: Reach, theirs: Reach
) -> None:
    done: list[Reach] = []
    with (
        database.writing(mine) as db,
        meanwhile(lambda: database.do(lambda _: done.append(theirs), theirs)),
    ):
        until(lambda: somebody_waits(database))
        assert done == []
        db.commit()
    assert done == [theirs]


def test_a_step_that_would_change_what_is_of_others_is_begun_anew_and_further(
    database: Database,
) -> None:
    """Nobody has to know beforehand: what is not said to be of its own row is not done there."""
    reached: list[int] = []

    def step(db: Connection) -> int:
        mine = call(db, 1)
        reached.append(db.info["how far this transaction reaches"])
        calls.change(db, mine.id, saying="one moment")
        rested = update(Volunteer).where(Volunteer.person_id == 1)
        return db.execute(rested.values(idle_since=EVENING)).rowcount

    assert database.do(step, Reach.OWN) == 1
    assert reached == [Reach.OWN, Reach.OTHERS]


@pytest.mark.parametrize("beyond", ["insert", "plain words", "a peer", "no longer waits"])
def test_nothing_of_others_is_changed_in_a_step_of_its_own_row(
    database: Database, beyond: str
) -> None:
    ring = {"line_id": 1, "token": "0" * 32, "person_id": 1, "language": "en", "state": "placed"}
    when = {"asked_at": EVENING, "heard_at": EVENING}

    def step(db: Connection, mine: int) -> None:
        match beyond:
            case "insert":
                db.execute(insert(Ring).values(**ring, **when))
            case "plain words":
                db.exec_driver_sql("UPDATE volunteer SET voice = false")
            case "a peer":
                calls.change(db, mine, bound_to=1)
            case _:
                calls.move(db, mine, (calls.WAITING,), calls.ASKED)

    with database.writing(Reach.OWN) as db:
        mine = call(db, 1).id
        with pytest.raises(Further):
            step(db, mine)
    with database.reading() as db:
        assert not db.execute(select(Ring.id)).all()
        assert all(db.scalars(select(Volunteer.voice)))
        assert (call(db, 1).state, call(db, 1).bound_to) == (calls.WAITING, None)


def test_a_step_locks_its_own_row_and_no_second_one_of_another_kind(database: Database) -> None:
    with database.writing(Reach.OWN) as db:
        call(db, 1)
        with pytest.raises(Further):
            calls.ring_by_id(db, 1)


def test_of_two_in_a_deadlock_the_one_that_was_ended_is_done_once_more(
    database: Database,
) -> None:
    """Both count both days, each in its own order: the server ends one, and nothing is lost."""
    day = date(2030, 3, 4)
    days = (day, day + A_DAY)
    with database.writing() as db:
        row = {"line_id": 1, "what": "offered", "number": 0}
        db.execute(insert(DayCount), [row | {"day": one} for one in days])
    both_have_one, tries = threading.Barrier(2), []

    def count(order: tuple[date, ...]) -> None:
        met: list[date] = []

        def work(db: Connection) -> None:
            tries.append(order)
            for one in order:
                more = update(DayCount).where(DayCount.day == one)
                db.execute(of_own_row(more.values(number=DayCount.number + 1)))
                if not met:
                    met.append(one)
                    both_have_one.wait()

        database.do(work, Reach.OWN)

    with meanwhile(lambda: count(days)):
        count(days[::-1])
    with database.reading() as db:
        assert list(db.scalars(select(DayCount.number))) == [2, 2]
    assert len(tries) == 3
