"""A person's last claim is as if it had not been, unless somebody else would be overruled."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select

from shifts.claims.claims import drop, keep, offer, say_no, say_yes, sick, take
from shifts.claims.presence import come_on
from shifts.claims.swaps import accept, ask
from shifts.claims.undoing import undo
from shifts.faults import NotInRoster
from shifts.history.history import Change, ChangedMeanwhile, NothingToUndo, Pair, write
from shifts.models import AGREED, ASKED, COVER_WANTED, OPEN, Place
from shifts.places import by_ids, freed
from shifts.refusals import Begun, BothMustAgree, DoublePlace, SomebodyElseHasIt
from tests.shifts.placed import NOON, YESTERDAY, ZONE, at, put, shown, span
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, roster

PART = span(1, 2)
Claim = Callable[[Connection, int], object]
CLAIMS: list[tuple[str, str, Claim]] = [
    ("take", OPEN, lambda c, place: take(c, LINE, BO, place, YESTERDAY, zone=ZONE)),
    ("take", OPEN, lambda c, place: take(c, LINE, BO, place, YESTERDAY, zone=ZONE, part=PART)),
    ("offer", AGREED, lambda c, place: offer(c, LINE, BO, place, YESTERDAY)),
    ("offer", AGREED, lambda c, place: offer(c, LINE, BO, place, YESTERDAY, part=PART)),
    ("keep", COVER_WANTED, lambda c, place: keep(c, LINE, BO, place, YESTERDAY)),
    ("yes", ASKED, lambda c, place: say_yes(c, LINE, BO, place, YESTERDAY, zone=ZONE)),
    ("no", ASKED, lambda c, place: say_no(c, LINE, BO, place, YESTERDAY)),
    ("drop", AGREED, lambda c, place: drop(c, LINE, BO, place, YESTERDAY)),
    ("sick", AGREED, lambda c, place: sick(c, LINE, BO, at(-2), zone=ZONE)),
]


NAMES = ["take", "take a part", "offer", "offer a part", "keep", "yes", "no", "drop", "sick"]


@pytest.mark.parametrize(("kind", "state", "claim"), CLAIMS, ids=NAMES)
def test_every_claim_can_be_undone_exactly(
    database_url: str, kind: str, state: str, claim: Claim
) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 3, None if state == OPEN else BO, state, origin="p1")
        put(connection, 0, 3, ANA)
        before = shown(connection)
        claim(connection, place)
        assert shown(connection) != before
        undone = undo(connection, LINE, BO, at(-1))
        assert (undone.kind, [one.id for one in undone.places]) == (kind, [place])
        assert shown(connection) == before
        with pytest.raises(NothingToUndo):
            undo(connection, LINE, BO, at(-1))


def test_undoing_again_undoes_the_claim_before(database_url: str) -> None:
    with roster(database_url) as connection:
        first, second = put(connection, 0, 3), put(connection, 5, 8)
        for place in (first, second):
            take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        assert undo(connection, LINE, BO, YESTERDAY).places[0].id == second
        assert undo(connection, LINE, BO, YESTERDAY).places[0].id == first
        assert shown(connection) == [(0, 3, None, OPEN), (5, 8, None, OPEN)]


def test_who_has_claimed_nothing_has_nothing_to_undo(database_url: str) -> None:
    with roster(database_url) as connection:
        take(connection, LINE, BO, put(connection, 0, 3), YESTERDAY, zone=ZONE)
        for line, person in ((LINE, ANA), (OTHER_LINE, BO)):
            with pytest.raises((NothingToUndo, NotInRoster)):
                undo(connection, line, person, YESTERDAY)


def test_what_somebody_changed_on_the_roster_by_hand_is_no_claim(sqlite_url: str) -> None:
    with roster(sqlite_url) as connection:
        place = put(connection, 0, 3, ANA)
        row = by_ids(connection, LINE, [place])[place]
        write(connection, Change(LINE, "remove", BO, YESTERDAY), [Pair(row, freed(row))])
        with pytest.raises(NothingToUndo):
            undo(connection, LINE, BO, YESTERDAY)


def test_what_was_dropped_and_taken_is_somebody_elses(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 0, 3, ANA)
        drop(connection, LINE, ANA, place, YESTERDAY)
        take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        with pytest.raises(SomebodyElseHasIt, match="taken that shift meanwhile"):
            undo(connection, LINE, ANA, YESTERDAY)
        assert shown(connection) == [(0, 3, BO, AGREED)]
        # Bo gives it back, and so Ana's own undo is possible no more than anybody's claim is.
        drop(connection, LINE, BO, place, YESTERDAY)
        with pytest.raises(ChangedMeanwhile):
            undo(connection, LINE, ANA, YESTERDAY)
        take(connection, LINE, ANA, place, YESTERDAY, zone=ZONE)


def test_a_claim_cannot_be_undone_once_its_shift_has_begun(database_url: str) -> None:
    with roster(database_url) as connection:
        drop(connection, LINE, ANA, put(connection, 0, 3, ANA), YESTERDAY)
        with pytest.raises(Begun, match="text IN"):
            undo(connection, LINE, ANA, NOON)
        undo(connection, LINE, ANA, at(-0.001))


def test_undoing_never_puts_them_on_twice(database_url: str) -> None:
    with roster(database_url) as connection:
        place = put(connection, 2, 5, ANA)
        drop(connection, LINE, ANA, place, NOON)
        come_on(connection, LINE, ANA, at(1), at(3))
        with pytest.raises(DoublePlace):
            undo(connection, LINE, ANA, at(1))
        assert shown(connection) == [(1, 3, ANA, AGREED), (2, 5, None, OPEN)]


def test_undoing_never_puts_whoever_had_offered_it_on_twice(database_url: str) -> None:
    with roster(database_url) as connection:
        place, other = put(connection, 0, 3, ANA, COVER_WANTED), put(connection, 2, 5)
        take(connection, LINE, BO, place, YESTERDAY, zone=ZONE)
        take(connection, LINE, ANA, other, YESTERDAY, zone=ZONE)
        with pytest.raises(DoublePlace):
            undo(connection, LINE, BO, YESTERDAY)
        undo(connection, LINE, ANA, YESTERDAY)
        undone = undo(connection, LINE, BO, YESTERDAY)
        assert [(one.person_id, one.state) for one in undone.places] == [(ANA, COVER_WANTED)]


def test_a_swap_is_not_undone_by_one_alone(database_url: str) -> None:
    with roster(database_url) as connection:
        mine, theirs = put(connection, 0, 3, ANA), put(connection, 5, 8, BO)
        swap = ask(connection, LINE, ANA, mine, theirs, YESTERDAY)
        accept(connection, LINE, BO, swap.id, YESTERDAY, zone=ZONE)
        with pytest.raises(BothMustAgree, match="swap back"):
            undo(connection, LINE, BO, YESTERDAY)
        with pytest.raises(NothingToUndo):
            undo(connection, LINE, ANA, YESTERDAY)
        back = ask(connection, LINE, ANA, theirs, mine, YESTERDAY)
        accept(connection, LINE, BO, back.id, YESTERDAY, zone=ZONE)
        assert shown(connection) == [(0, 3, ANA, AGREED), (5, 8, BO, AGREED)]


def test_an_undo_that_is_refused_changes_nothing_and_can_be_tried_again(
    database_url: str,
) -> None:
    with roster(database_url) as connection:
        first, second = put(connection, 2, 5, ANA), put(connection, 6, 8, ANA)
        sick(connection, LINE, ANA, at(-2), zone=ZONE)
        take(connection, LINE, CHI, second, at(-1), zone=ZONE)
        for _ in range(2):
            with pytest.raises(SomebodyElseHasIt):
                undo(connection, LINE, ANA, at(-1))
        assert connection.scalar(select(Place.person_id).where(Place.id == first)) is None
