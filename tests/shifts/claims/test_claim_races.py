"""Two at once, with real concurrency: threads with connections of their own, on both databases.

On PostgreSQL the rounds are also run past the lock with which writers take turns (a plain
transaction), so that the conditional UPDATE and the person's row settle each race by themselves.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier

import pytest
from sqlalchemy import Connection, func, select, text, update

from shifts.claims.claims import drop, keep, offer, take
from shifts.claims.swaps import accept, ask
from shifts.claims.undoing import undo
from shifts.faults import Fault
from shifts.models import AGREED, COVER_WANTED, OPEN, Place
from shifts.planning_models import RosterChange
from tests.databases import Databases
from tests.shifts.placed import YESTERDAY, ZONE, put, shown
from tests.shifts.rosters import ANA, BO, CHI, LINE, begin
from tests.waiting import LONG, until
from warmline.database.engine import Database

pytestmark = pytest.mark.both_databases

DONE = "done"
Side = Callable[[Connection, int], object]
"""What one of the two does in a round, given by its number; a round's places have a day's time."""


class Table:
    """A roster at which two people act at once; `takes_turns` says by which door they come.

    `rounds` is how often they do, unless it is said otherwise.
    """

    def __init__(self, url: str, *, takes_turns: bool, rounds: int = 1) -> None:
        self.rounds = rounds
        self.database = Database(url)
        self.door: Callable[[], AbstractContextManager[Connection]]
        self.door = self.database.writing if takes_turns else self.database.engine.begin

    def laid(self, lay: Callable[[Connection, int], int], rounds: int = 0) -> list[int]:
        """The small roster, and for each round what is laid on it."""
        with self.database.writing() as connection:
            begin(connection)
            return [lay(connection, number) for number in range(rounds or self.rounds)]

    def played(self, *sides: Side, rounds: int = 0) -> list[tuple[str, ...]]:
        """What became of each side in each round: done, or the name of the refusal."""
        together = Barrier(len(sides))

        def play(side: Side) -> list[str]:
            return [self._one(together, side, number) for number in range(rounds or self.rounds)]

        with ThreadPoolExecutor(len(sides)) as people:
            jobs = [people.submit(play, side) for side in sides]
            return list(zip(*(job.result() for job in jobs), strict=True))

    def _one(self, together: Barrier, side: Side, number: int) -> str:
        together.wait(timeout=LONG)
        try:
            with self.door() as connection:
                side(connection, number)
        except Fault as fault:
            return type(fault).__name__
        return DONE

    def holders(self) -> list[list[tuple[int | None, str]]]:
        """Who holds the places of each round at the end, in order of their start."""
        with self.database.reading() as connection:
            found: dict[int, list[tuple[int | None, str]]] = {}
            for start, _, person, state in shown(connection):
                found.setdefault(int(start // 24), []).append((person, state))
        return [found[number] for number in sorted(found)]


@pytest.fixture(params=["sqlite", "postgresql", "postgresql without turns"])
def table(request: pytest.FixtureRequest, full: bool) -> Iterator[Table]:
    """A fresh table on each database, and on PostgreSQL once more without the writers' lock."""
    kind, _, without = request.param.partition(" ")
    databases: Databases = request.getfixturevalue(f"{kind}_databases")
    with databases.migrated() as url:
        table = Table(url, takes_turns=not without, rounds=8 if full else 4)
        yield table
        table.database.close()


def a_place(person: int | None, state: str) -> Callable[[Connection, int], int]:
    return lambda connection, number: put(connection, 24 * number, 24 * number + 4, person, state)


def takes(who: int, places: list[int]) -> Side:
    return lambda connection, number: take(
        connection, LINE, who, places[number], YESTERDAY, zone=ZONE
    )


def test_rc42_of_two_who_take_one_open_place_exactly_one_has_it(table: Table, full: bool) -> None:
    rounds = 100 if full else 20
    places = table.laid(a_place(None, OPEN), rounds)
    played = table.played(takes(BO, places), takes(CHI, places), rounds=rounds)
    assert {tuple(sorted(both)) for both in played} == {("SomebodyElseHasIt", DONE)}
    winners = [BO if bo == DONE else CHI for bo, _ in played]
    assert table.holders() == [[(winner, AGREED)] for winner in winners]
    with table.database.reading() as connection:
        assert set(connection.scalars(select(Place.version))) == {2}
        assert connection.scalar(select(func.count()).select_from(RosterChange)) == rounds


def test_rc42_somebody_who_takes_two_places_at_one_time_has_one(table: Table) -> None:
    def lay(connection: Connection, number: int) -> int:
        put(connection, 24 * number + 2, 24 * number + 6)
        return put(connection, 24 * number, 24 * number + 4)

    first = table.laid(lay)
    later = [place - 1 for place in first]
    played = table.played(takes(BO, first), takes(BO, later))
    assert {tuple(sorted(both)) for both in played} == {("DoublePlace", DONE)}
    expected = [
        [(BO, AGREED), (None, OPEN)] if one == DONE else [(None, OPEN), (BO, AGREED)]
        for one, _ in played
    ]
    assert table.holders() == expected


def test_what_is_taken_while_it_is_dropped_is_the_takers(table: Table) -> None:
    places = table.laid(a_place(ANA, COVER_WANTED))
    played = table.played(
        takes(BO, places), lambda c, number: drop(c, LINE, ANA, places[number], YESTERDAY)
    )
    assert set(played) <= {(DONE, DONE), (DONE, "SomebodyElseHasIt")}
    assert table.holders() == [[(BO, AGREED)]] * table.rounds


def test_what_is_taken_while_it_is_kept_is_one_persons(table: Table) -> None:
    places = table.laid(a_place(ANA, COVER_WANTED))
    played = table.played(
        takes(BO, places), lambda c, number: keep(c, LINE, ANA, places[number], YESTERDAY)
    )
    assert {tuple(sorted(both)) for both in played} == {("SomebodyElseHasIt", DONE)}
    expected = [[(BO if bo == DONE else ANA, AGREED)] for bo, _ in played]
    assert table.holders() == expected


def test_what_is_taken_while_it_is_offered_is_taken_or_still_theirs(table: Table) -> None:
    places = table.laid(a_place(ANA, AGREED))
    played = table.played(
        takes(BO, places), lambda c, number: offer(c, LINE, ANA, places[number], YESTERDAY)
    )
    assert set(played) <= {(DONE, DONE), ("SomebodyElseHasIt", DONE)}
    expected = [[(BO, AGREED) if bo == DONE else (ANA, COVER_WANTED)] for bo, _ in played]
    assert table.holders() == expected


def test_what_is_taken_while_its_drop_is_undone_is_one_persons(table: Table) -> None:
    places = table.laid(a_place(ANA, AGREED), rounds=1)
    for _ in range(table.rounds):
        with table.database.writing() as connection:
            connection.execute(update(Place).values(person_id=ANA, state=AGREED))
            drop(connection, LINE, ANA, places[0], YESTERDAY)
        ((bo, ana),) = table.played(
            takes(BO, places), lambda c, _: undo(c, LINE, ANA, YESTERDAY), rounds=1
        )
        assert sorted((bo, ana)) == ["SomebodyElseHasIt", DONE]
        assert table.holders() == [[(BO if bo == DONE else ANA, AGREED)]]


def a_swap(connection: Connection, number: int) -> int:
    """Ana asks Bo to swap the round's first place for its second."""
    mine = put(connection, 24 * number, 24 * number + 3, ANA)
    theirs = put(connection, 24 * number + 5, 24 * number + 8, BO)
    return ask(connection, LINE, ANA, mine, theirs, YESTERDAY).id


AS_IT_WAS = [(ANA, AGREED), (BO, AGREED)]
SWAPPED = [(BO, AGREED), (ANA, AGREED)]


def accepts(swaps: list[int]) -> Side:
    return lambda connection, number: accept(
        connection, LINE, BO, swaps[number], YESTERDAY, zone=ZONE
    )


def test_a_swap_that_is_accepted_twice_is_done_once(table: Table) -> None:
    swaps = table.laid(a_swap)
    played = table.played(accepts(swaps), accepts(swaps))
    assert {tuple(sorted(both)) for both in played} == {("NoSuchSwap", DONE)}
    assert table.holders() == [SWAPPED] * table.rounds


def test_a_swap_and_a_drop_of_one_of_its_places_do_not_both_happen(table: Table) -> None:
    swaps = table.laid(a_swap)
    with table.database.reading() as connection:
        hers = select(Place.id).where(Place.person_id == ANA).order_by(Place.id)
        mine = list(connection.scalars(hers))
    played = table.played(
        accepts(swaps), lambda c, number: drop(c, LINE, ANA, mine[number], YESTERDAY)
    )
    swapped, dropped = (DONE, "SomebodyElseHasIt"), ("SwapLapsed", DONE)
    assert set(played) <= {swapped, dropped}
    after_drop = [(None, OPEN), (BO, AGREED)]
    assert table.holders() == [SWAPPED if both == swapped else after_drop for both in played]


def test_a_swap_and_a_place_taken_at_that_time_do_not_both_happen(table: Table) -> None:
    """Ana takes an open place at the time of what she would get by the swap."""

    def lay(connection: Connection, number: int) -> int:
        put(connection, 24 * number + 6, 24 * number + 9)
        return a_swap(connection, number)

    swaps = table.laid(lay)
    with table.database.reading() as connection:
        open_ones = select(Place.id).where(Place.state == OPEN).order_by(Place.id)
        places = list(connection.scalars(open_ones))
    played = table.played(accepts(swaps), takes(ANA, places))
    assert {tuple(sorted(both)) for both in played} == {("DoublePlace", DONE)}
    swapped = [
        [*SWAPPED, (None, OPEN)] if one == DONE else [*AS_IT_WAS, (ANA, AGREED)]
        for one, _ in played
    ]
    assert table.holders() == swapped


@pytest.mark.parametrize("first_one", ["commits", "gives up"])
def test_who_looked_while_the_other_was_taking_it_learns_what_became_of_it(
    postgresql_url: str, first_one: str
) -> None:
    """Both saw the place open; the second's UPDATE waits for the first's, without any turns."""
    table = Table(postgresql_url, takes_turns=False)
    places = table.laid(a_place(None, OPEN), rounds=1)
    with ThreadPoolExecutor(1) as people:
        with table.database.engine.connect() as first:
            take(first, LINE, BO, places[0], YESTERDAY, zone=ZONE)
            second = people.submit(table.played, takes(CHI, places), rounds=1)
            wait_until_somebody_waits(table.database)
            if first_one == "commits":
                first.commit()
            else:
                first.rollback()
        told = second.result()
    if first_one == "commits":
        assert (told, table.holders()) == ([("SomebodyElseHasIt",)], [[(BO, AGREED)]])
    else:
        assert (told, table.holders()) == ([(DONE,)], [[(CHI, AGREED)]])
    table.database.close()


def wait_until_somebody_waits(database: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

    def somebody_waits() -> bool:
        with database.reading() as connection:
            return bool(connection.scalar(waiting))

    until(somebody_waits, "somebody who waits for a lock")
