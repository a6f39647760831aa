"""Several at once: the database settles who has won, and nobody is lost or connected twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import insert, select

from tests.bench.crowd import PEER_NUMBERS, hold_an_evening, press_together
from tests.stories.town import EVENING, Town, town_on
from warmline.calls import calls
from warmline.calls.records import LiveRing
from warmline.database.engine import Database
from warmline.models.calls import Call, Ring

pytestmark = pytest.mark.both_databases

FAST = 10.0
PEERS = 8


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, per_second=FAST) as town:
        yield town


def test_in_a_crowd_everybody_has_one_outcome_and_no_phone_rings_for_nobody(
    town: Town, full: bool
) -> None:
    hold_an_evening(town, callers=30 if full else 12, peers=12 if full else 5, seed=1)


def test_two_peers_who_press_1_together_serve_two_callers(town: Town, full: bool) -> None:
    press_together(town, rounds=10 if full else 3, seed=1)


def test_one_call_claimed_from_several_processes_is_won_once(town: Town, full: bool) -> None:
    rings = waiting_rings(town)
    with several_databases(town.parts.database.url) as databases:
        for number in range(100 if full else 25):
            with town.parts.database.writing() as db:
                db.execute(insert(Call).values(waiting_call(number)))
            won = claim_at_once(databases, rings)
            with town.parts.database.writing() as db:
                call = db.execute(select(Call.__table__)).one()
                assert [ring.id for ring in won] == [call.ring_id]
                assert call.state == calls.CLAIMED
                calls.forget(db, call.id)


def waiting_call(number: int) -> dict[str, object]:
    when = {"arrived_at": EVENING, "heard_at": EVENING, "waiting_since": EVENING}
    ids = {"line_id": 1, "token": calls.new_token(), "provider_id": f"CA{number}"}
    return {**ids, **when, "state": calls.WAITING, "language": "en"}


def waiting_rings(town: Town) -> list[LiveRing]:
    """Eight peers who have picked up."""
    for number in range(PEERS):
        town.volunteer(f"Peer {number}", number=PEER_NUMBERS[number])
    with town.parts.database.writing() as db:
        for person in town.people.values():
            facts = {"line_id": 1, "token": calls.new_token(), "person_id": person}
            when = {"asked_at": EVENING, "heard_at": EVENING}
            db.execute(insert(Ring).values(**facts, **when, language="en", state="picked up"))
        tokens = db.scalars(select(Ring.token)).all()
        return [ring for one in tokens if (ring := calls.ring_by_token(db, one)) is not None]


@contextmanager
def several_databases(url: str) -> Iterator[list[Database]]:
    """Each with connections of its own, as another process has."""
    databases = [Database(url) for _ in range(PEERS)]
    yield databases
    for database in databases:
        database.close()


def claim_at_once(databases: list[Database], rings: list[LiveRing]) -> list[LiveRing]:
    """All press 1 at one instant; whose call it is now."""
    start = threading.Barrier(len(rings))
    won: list[LiveRing] = []

    def claim(database: Database, ring: LiveRing) -> None:
        start.wait()
        with database.writing() as db:
            if calls.claim(db, ring, EVENING) is not None:
                won.append(ring)

    threads = [
        threading.Thread(target=claim, args=pair) for pair in zip(databases, rings, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won
