"""The history of the roster: every change is written one way, and can be undone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from shifts import places
from shifts.history import forgetting, history, related_rows
from shifts.history.history import Change, ChangedMeanwhile, NothingToUndo, Pair
from shifts.models import AGREED, ASKED, DRAFT, OPEN, Place
from shifts.places import PlaceRow
from shifts.planning_models import DatedChange, HiddenPlace, RemovedPlace, RosterChange
from shifts.refusals import DoublePlace
from tests.shifts.rosters import ANA, BO, LINE, OTHER_LINE, add, roster
from tests.shifts.seen import undo_last

NOW = datetime(2027, 6, 7, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with roster(database_url) as connection:
        add(connection, NOW + HOUR, NOW + 5 * HOUR, ANA)
        yield connection


def roster_now(connection: Connection) -> list[PlaceRow]:
    return places.in_span(connection, LINE, NOW - HOUR, NOW + 48 * HOUR)


def unversioned(rows: list[PlaceRow]) -> list[PlaceRow]:
    return [replace(row, version=0) for row in rows]


def changed(
    connection: Connection, kind: str, *pairs: Pair, by: int | None = ANA, at: datetime = NOW
) -> int:
    return history.write(connection, Change(LINE, kind, by, at), pairs)


def test_a_change_is_undone_to_the_row_and_the_undo_is_undone_again(
    connection: Connection,
) -> None:
    before = roster_now(connection)
    first, *rest = places.cut(before[0], NOW + 2 * HOUR, NOW + 3 * HOUR)
    after = [first, replace(rest[0], person_id=BO, state=ASKED), *rest[1:]]
    changed(connection, "replace", *history.pairs_of(before, after))
    replaced = roster_now(connection)
    assert [row.person_id for row in replaced] == [ANA, BO, ANA]

    assert undo_last(connection, LINE, ANA, NOW) == "replace"
    assert unversioned(roster_now(connection)) == unversioned(before)

    undo = connection.scalar(select(func.max(RosterChange.id)))
    assert history.undo(connection, LINE, undo or 0, ANA, NOW) == "undo"
    assert unversioned(roster_now(connection)) == unversioned(replaced)


def test_a_removed_place_comes_back_under_its_id(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "remove", Pair(place, None))
    gone = connection.execute(select(RemovedPlace)).one()
    assert gone.uid.startswith(f"place-{place.id}@")
    assert (gone.person_id, gone.sequence, gone.removed_at) == (ANA, place.version, NOW)

    add(connection, NOW + 9 * HOUR, NOW + 10 * HOUR, BO)
    undo_last(connection, LINE, ANA, NOW)
    assert roster_now(connection)[0] == place
    assert connection.scalar(select(func.count()).select_from(RemovedPlace)) == 0


def test_who_saw_an_older_row_changes_nothing(connection: Connection) -> None:
    [place] = roster_now(connection)
    opened = replace(place, person_id=None, state=OPEN)
    changed(connection, "drop", Pair(place, opened))
    for stale in (Pair(place, replace(place, person_id=BO)), Pair(place, None)):
        with pytest.raises(ChangedMeanwhile, match="meanwhile"):
            changed(connection, "replace", stale)
    assert [row.state for row in roster_now(connection)] == [OPEN]


def test_a_change_that_somebody_built_upon_is_not_undone(connection: Connection) -> None:
    [place] = roster_now(connection)
    opened = replace(place, person_id=None, state=OPEN)
    changed(connection, "drop", Pair(place, opened))
    [free] = roster_now(connection)
    changed(connection, "take", Pair(free, replace(free, person_id=BO, state=AGREED)), by=BO)
    with pytest.raises(ChangedMeanwhile):
        undo_last(connection, LINE, ANA, NOW)


def test_changes_of_one_place_are_undone_one_after_the_other(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "ask", Pair(place, replace(place, state=ASKED)))
    [asked] = roster_now(connection)
    changed(connection, "replace", Pair(asked, replace(asked, person_id=BO)))
    [bos] = roster_now(connection)
    changed(connection, "remove", Pair(bos, None))
    kinds = [undo_last(connection, LINE, ANA, NOW) for _ in range(3)]
    assert kinds == ["remove", "replace", "ask"]
    assert unversioned(roster_now(connection)) == unversioned([place])


def test_what_somebody_changed_and_changed_back_by_hand_is_not_undone_unseen(
    connection: Connection,
) -> None:
    [place] = roster_now(connection)
    changed(connection, "ask", Pair(place, replace(place, state=ASKED)))
    for state in (AGREED, ASKED):
        [now] = roster_now(connection)
        changed(connection, "hand", Pair(now, replace(now, state=state)), by=BO)
    with pytest.raises(ChangedMeanwhile):
        undo_last(connection, LINE, ANA, NOW)


def test_an_undo_puts_nobody_on_twice(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "replace", Pair(place, replace(place, person_id=BO)))
    add(connection, NOW + 2 * HOUR, NOW + 3 * HOUR, ANA, ASKED)
    before = roster_now(connection)
    with pytest.raises(DoublePlace, match="Ana has another shift at that time by now"):
        undo_last(connection, LINE, ANA, NOW)
    assert roster_now(connection) == before


def test_a_draft_a_duty_and_an_adjoining_place_do_not_keep_from_undoing(
    connection: Connection,
) -> None:
    [place] = roster_now(connection)
    changed(connection, "replace", Pair(place, replace(place, person_id=BO)))
    add(connection, NOW + 2 * HOUR, NOW + 3 * HOUR, ANA, DRAFT)
    add(connection, NOW + 5 * HOUR, NOW + 6 * HOUR, ANA)
    duty = replace(place, id=None, duty=True)
    changed(connection, "add", Pair(None, duty), by=BO)
    assert undo_last(connection, LINE, ANA, NOW) == "replace"


def test_a_place_that_is_back_already_is_not_brought_back_twice(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "remove", Pair(place, None))
    changed(connection, "lift", Pair(None, place), by=BO)
    with pytest.raises(ChangedMeanwhile), connection.begin_nested():
        undo_last(connection, LINE, ANA, NOW)


def test_a_change_is_undone_once_and_on_its_own_line(connection: Connection) -> None:
    [place] = roster_now(connection)
    made = changed(connection, "ask", Pair(place, replace(place, state=ASKED)))
    with pytest.raises(NothingToUndo):
        history.undo(connection, OTHER_LINE, made, ANA, NOW)
    history.undo(connection, LINE, made, ANA, NOW)
    with pytest.raises(NothingToUndo, match="undone already"):
        history.undo(connection, LINE, made, ANA, NOW)


def test_a_change_that_changes_nothing_is_remembered_as_nothing(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "move", Pair(place, place))
    assert roster_now(connection) == [place]
    assert connection.scalar(select(RosterChange.places)) == "[]"


def test_a_change_can_be_undone_until_a_day_after_its_shift_or_for_a_month(
    connection: Connection,
) -> None:
    far = PlaceRow(None, LINE, NOW + 99 * 24 * HOUR, NOW + 99 * 24 * HOUR + HOUR, None, OPEN)
    [place] = roster_now(connection)
    first = changed(connection, "remove", Pair(place, None))
    second = changed(connection, "add", Pair(None, far))
    with pytest.raises(NothingToUndo, match="forgotten"):
        history.undo(connection, LINE, first, ANA, NOW + 29 * HOUR)
    with pytest.raises(NothingToUndo):
        undo_last(connection, LINE, ANA, NOW + 30 * 24 * HOUR)
    assert history.undo(connection, LINE, second, ANA, NOW + 29 * 24 * HOUR) == "add"


def test_a_change_is_seen_for_ninety_days_and_then_only_counted(connection: Connection) -> None:
    [place] = roster_now(connection)
    opened = replace(place, person_id=None, state=OPEN)
    changed(connection, "remove", Pair(place, None))
    undo_last(connection, LINE, ANA, NOW)
    [back] = roster_now(connection)
    changed(connection, "remove", Pair(back, None))
    dropped = Change(LINE, "drop", ANA, NOW, NOW + HOUR)
    again = replace(opened, id=None, version=1)
    history.write(connection, dropped, [Pair(None, again)])
    assert forgetting.forget(connection, NOW + HOUR) == 1
    assert forgetting.forget(connection, NOW + 89 * 24 * HOUR) == 1
    assert connection.scalar(select(func.count()).select_from(RemovedPlace)) == 0
    assert forgetting.counts(connection, LINE) == []
    assert forgetting.forget(connection, NOW + 90 * 24 * HOUR) == 3
    june = NOW.date().replace(day=1)
    assert forgetting.counts(connection, LINE) == [(june, "remove", 2), (june, "undo", 1)]
    changed(connection, "remove", Pair(roster_now(connection)[0], None))
    forgetting.forget(connection, NOW + 91 * 24 * HOUR)
    assert forgetting.counts(connection, LINE)[0] == (june, "remove", 3)
    assert forgetting.counts(connection, OTHER_LINE) == []


def hidden(connection: Connection) -> list[related_rows.RelatedRow]:
    """A dated change and a place it hides, as they were written."""
    span = {"line_id": LINE, "starts_at": NOW, "ends_at": NOW + HOUR}
    [one] = related_rows.make(connection, DatedChange, [span | {"kind": "hide"}])
    place = span | {"dated_change_id": one.row["id"], "state": OPEN}
    return [one, *related_rows.make(connection, HiddenPlace, [place])]


def standing(connection: Connection) -> list[related_rows.RelatedRow]:
    return [
        *related_rows.standing(connection, DatedChange),
        *related_rows.standing(connection, HiddenPlace),
    ]


def test_what_a_change_made_beside_the_places_is_undone_with_it(connection: Connection) -> None:
    done = hidden(connection)
    made = history.write(connection, Change(LINE, "temporary", ANA, NOW), [], done)
    assert standing(connection) == done
    history.undo(connection, LINE, made, ANA, NOW)
    assert standing(connection) == []
    history.undo(connection, LINE, made + 1, ANA, NOW)
    assert standing(connection) == done
    taken = [
        *related_rows.take(connection, HiddenPlace, HiddenPlace.line_id == LINE),
        *related_rows.take(connection, DatedChange, DatedChange.line_id == LINE),
    ]
    history.write(connection, Change(LINE, "lift", ANA, NOW), [], taken)
    assert standing(connection) == []
    undo_last(connection, LINE, ANA, NOW)
    assert standing(connection) == done


def test_what_is_only_beside_the_places_can_be_undone_for_a_month(connection: Connection) -> None:
    history.write(connection, Change(LINE, "holiday", ANA, NOW), [], hidden(connection))
    with pytest.raises(NothingToUndo):
        undo_last(connection, LINE, ANA, NOW + 30 * 24 * HOUR)
    assert undo_last(connection, LINE, ANA, NOW + 29 * 24 * HOUR) == "holiday"


def test_an_undo_that_would_leave_something_hanging_is_refused(connection: Connection) -> None:
    done = hidden(connection)
    made = history.write(connection, Change(LINE, "temporary", ANA, NOW), [], done[:1])
    with pytest.raises(ChangedMeanwhile):
        history.undo(connection, LINE, made, ANA, NOW)


def test_an_undo_of_what_is_gone_already_is_refused(connection: Connection) -> None:
    made = history.write(connection, Change(LINE, "temporary", ANA, NOW), [], hidden(connection))
    related_rows.take(connection, HiddenPlace, HiddenPlace.line_id == LINE)
    with pytest.raises(ChangedMeanwhile):
        history.undo(connection, LINE, made, ANA, NOW)


def test_a_places_id_is_never_used_twice(connection: Connection) -> None:
    [place] = roster_now(connection)
    changed(connection, "remove", Pair(place, None))
    add(connection, NOW + HOUR, NOW + 2 * HOUR, BO)
    assert connection.scalar(select(Place.id)) != place.id
