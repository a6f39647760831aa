"""What a coordinator does with shifts, alone and in numbers: added, changed, copied, published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from shifts.claims import own_limits
from shifts.editing.drafting import Done, copied, drafts, publish
from shifts.editing.editing import (
    BadHours,
    Wish,
    add,
    change,
    checked,
    remove,
    shift_at,
    speaks_against,
    state_after,
    version,
)
from shifts.history import history
from shifts.history.history import ChangedMeanwhile
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, PlaceState
from shifts.places import PlaceRow, in_span
from tests.shifts.placed import NOON, ZONE, at, put, shown, span
from tests.shifts.rosters import ANA, BO, CHI, LINE, roster

NEW_YORK = ZoneInfo("America/New_York")


def wish(begin: float, end: float, person: int | None = None, state: PlaceState = DRAFT) -> Wish:
    return Wish(at(begin), at(end), person, state)


def test_a_shift_is_added_as_a_draft_and_undone(database_url: str) -> None:
    with roster(database_url) as db:
        made = add(db, LINE, wish(2, 6, BO), ANA, NOON)
        assert shown(db) == [(2, 6, BO, DRAFT)]
        history.undo(db, LINE, made, ANA, NOON)
        assert shown(db) == []


def test_a_long_shift_lies_in_pieces_and_is_changed_as_one(database_url: str) -> None:
    with roster(database_url) as db:
        add(db, LINE, wish(0, 60, BO, AGREED), ANA, NOON)
        assert shown(db) == [(0, 25, BO, AGREED), (25, 50, BO, AGREED), (50, 60, BO, AGREED)]
        [first] = [row for row in everything(db) if row.starts_at == NOON]
        seen = version(shift_at(db, LINE, first.id or 0))
        done = change(db, LINE, first.id or 0, seen, wish(1, 20, CHI), ANA, NOON)
        assert shown(db) == [(1, 20, CHI, DRAFT)]
        history.undo(db, LINE, done, ANA, NOON)
        assert [one[:2] for one in shown(db)] == [(0, 25), (25, 50), (50, 60)]


def everything(db: Connection) -> list[PlaceRow]:
    return in_span(db, LINE, at(-100), at(1000))


def test_nobody_overwrites_what_they_have_not_seen(database_url: str) -> None:
    with roster(database_url) as db:
        place = put(db, 0, 4, BO)
        seen = version(shift_at(db, LINE, place))
        change(db, LINE, place, seen, wish(0, 5, BO, AGREED), ANA, NOON)
        with pytest.raises(ChangedMeanwhile):
            change(db, LINE, place, seen, wish(0, 6, BO, AGREED), CHI, NOON)
        with pytest.raises(ChangedMeanwhile):
            remove(db, LINE, place, seen, CHI, NOON)
        assert shown(db) == [(0, 5, BO, AGREED)]
        remove(db, LINE, place, seen + 1, CHI, NOON)
        assert shown(db) == []


@pytest.mark.parametrize("hours", [(4, 4), (4, 3), (0, 24 * 9)])
def test_hours_that_cannot_be_are_refused(hours: tuple[float, float]) -> None:
    with pytest.raises(BadHours):
        checked(wish(*hours))


def test_a_published_shift_of_nobodys_is_open() -> None:
    assert checked(wish(0, 4, None, AGREED)).state == OPEN
    assert checked(wish(0, 4, None, DRAFT)).state == DRAFT


@pytest.mark.parametrize(
    ("was", "hours", "person", "becomes"),
    [
        (AGREED, (0, 4), BO, AGREED),
        (AGREED, (1, 3), BO, AGREED),
        (AGREED, (0, 5), BO, ASKED),
        (AGREED, (-1, 3), BO, ASKED),
        (AGREED, (1, 3), CHI, ASKED),
        (COVER_WANTED, (1, 4), BO, COVER_WANTED),
        (ASKED, (1, 3), BO, ASKED),
    ],
)
def test_a_yes_is_to_its_own_hours(
    database_url: str, was: str, hours: tuple[float, float], person: int, becomes: str
) -> None:
    with roster(database_url) as db:
        shift = shift_at(db, LINE, put(db, 0, 4, BO, was))
        assert state_after(shift, wish(*hours, person, ASKED)) == becomes


def test_what_speaks_against_a_shift_is_said_before_it_is_saved(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 10, 14, BO)
        own_limits.set_limit(db, LINE, BO, "rest_hours", 8)
        own_limits.set_limit(db, LINE, BO, "most_hours_a_week", 8)
        own_limits.add_away(db, LINE, BO, span(20, 30), NOON)
        against = speaks_against(db, LINE, wish(12, 22, BO), ZONE, NOON)
        assert {one.name for one in against} == {"double", "away", "hours"}
        assert {one.name for one in against if one.blocks} == {"double"}
        [rest] = speaks_against(db, LINE, wish(16, 18, BO), ZONE, NOON)
        assert rest.name == "rest"
        assert speaks_against(db, LINE, wish(12, 22), ZONE, NOON) == []
        assert speaks_against(db, LINE, replace(wish(12, 14, BO), duty=True), ZONE, NOON) == []


def test_what_has_begun_can_still_be_written_down(database_url: str) -> None:
    with roster(database_url) as db:
        assert speaks_against(db, LINE, wish(-1, 3, BO), ZONE, NOON) == []


def test_a_day_is_copied_forward_as_drafts_with_its_people(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        put(db, 0, 4)
        put(db, 0, 4)
        put(db, 6, 9, CHI, duty=True)
        done = copied(db, LINE, span(-12, 12), 1, 2, ANA, NOON, ZONE, with_people=True)
        assert (done.places, done.left_out) == (8, ())
        assert shown(db)[3:] == [
            *((24, 28, BO, DRAFT), (24, 28, None, DRAFT), (24, 28, None, DRAFT)),
            *((48, 52, BO, DRAFT), (48, 52, None, DRAFT), (48, 52, None, DRAFT)),
        ]
        assert shown(db, duty=True)[1:] == [(30, 33, CHI, DRAFT), (54, 57, CHI, DRAFT)]
        again = copied(db, LINE, span(-12, 12), 1, 2, ANA, NOON, ZONE, with_people=True)
        assert again == Done(None, 0, frozenset(), ())
        history.undo(db, LINE, done.change_id or 0, ANA, NOON)
        assert len(shown(db)) == 3


def test_a_copy_is_looked_at_anew_and_what_cannot_be_is_named(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        put(db, 6, 9, CHI)
        put(db, 170, 174, BO)
        own_limits.add_away(db, LINE, CHI, span(160, 180), NOON)
        done = copied(db, LINE, span(-12, 12), 7, 1, ANA, NOON, ZONE, with_people=True)
        assert [(one.place.person_id, one.findings[0].name) for one in done.left_out] == [
            (BO, "double"),
            (CHI, "away"),
        ]
        assert [one for one in shown(db) if one[3] == DRAFT] == [
            (168, 172, None, DRAFT),
            (174, 177, None, DRAFT),
        ]


def test_without_people_only_the_times_are_copied(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 0, 4, BO)
        copied(db, LINE, span(-12, 12), 7, 1, ANA, NOON, ZONE, with_people=False)
        assert shown(db)[1:] == [(168, 172, None, DRAFT)]


def test_a_copy_across_the_clock_change_keeps_the_times_on_the_wall(database_url: str) -> None:
    saturday = datetime(2026, 3, 7, 23, tzinfo=UTC)
    with roster(database_url) as db:
        add(db, LINE, Wish(saturday, saturday + timedelta(hours=4), BO, AGREED), ANA, NOON)
        day = (saturday - timedelta(hours=1), saturday + timedelta(hours=1))
        copied(db, LINE, day, 1, 1, ANA, NOON, NEW_YORK, with_people=True)
        [new] = drafts(db, LINE, (saturday, saturday + timedelta(days=3)))
        assert new.starts_at == datetime(2026, 3, 8, 22, tzinfo=UTC)
        assert new.ends_at - new.starts_at == timedelta(hours=4)


def test_publishing_asks_people_and_opens_the_rest(database_url: str) -> None:
    with roster(database_url) as db:
        for begin, person in ((24, BO), (24, None), (30, CHI), (400, CHI), (-30, BO)):
            put(db, begin, begin + 4, person, DRAFT)
        done = publish(db, LINE, span(0, 168), ANA, NOON, ZONE)
        assert (done.places, done.asked, done.left_out) == (3, frozenset({BO, CHI}), ())
        assert shown(db) == [
            (-30, -26, BO, DRAFT),
            *((24, 28, BO, ASKED), (24, 28, None, OPEN), (30, 34, CHI, ASKED)),
            (400, 404, CHI, DRAFT),
        ]
        history.undo(db, LINE, done.change_id or 0, ANA, NOON)
        assert {one[3] for one in shown(db)} == {DRAFT}


def test_nobody_is_asked_for_two_shifts_at_once(database_url: str) -> None:
    with roster(database_url) as db:
        put(db, 24, 28, BO)
        put(db, 26, 30, BO, DRAFT)
        put(db, 40, 44, CHI, DRAFT)
        put(db, 42, 46, CHI, DRAFT)
        done = publish(db, LINE, span(0, 168), ANA, NOON, ZONE)
        assert [one.place.person_id for one in done.left_out] == [BO, CHI]
        assert [one[3] for one in shown(db)] == [AGREED, DRAFT, ASKED, DRAFT]
