"""Dated changes: what they do to places, minute by minute, and to the roster that is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, PlaceState
from shifts.overrides.override_rules import (
    HIDE,
    REMOVE,
    REPLACE,
    DatedRow,
    HasAnother,
    HiddenRow,
    apply,
)
from shifts.overrides.restored_places import brought_back
from shifts.places import PlaceRow
from shifts.planning_models import ChangeKind
from tests.shifts.rosters import ANA, BO, CHI, LINE

NINE = datetime(2027, 6, 7, 9, tzinfo=UTC)


def at(hours: float) -> datetime:
    """That many hours after nine."""
    return NINE + timedelta(hours=hours)


def seat(
    begin: float,
    end: float,
    person: int | None,
    state: PlaceState = AGREED,
    number: int | None = None,
) -> PlaceRow:
    return PlaceRow(number, LINE, at(begin), at(end), person, state if person else OPEN)


def change(
    kind: ChangeKind,
    begin: float,
    end: float,
    leaves: int | None = None,
    comes: int | None = None,
    *,
    number: int = 1,
) -> DatedRow:
    return DatedRow(number, kind, False, at(begin), at(end), leaves, comes)


def test_a_replace_in_the_middle_of_a_shift_cuts_it_in_three_at_the_second() -> None:
    """RC17: the ends keep their holder, and the first of them the place's id."""
    applied = apply([seat(0, 2, ANA, number=5)], [change(REPLACE, 0.5, 0.75, ANA, BO)])
    assert applied.places == [
        *(seat(0, 0.5, ANA, number=5), seat(0.5, 0.75, BO, ASKED), seat(0.75, 2, ANA)),
    ]


def test_a_remove_leaves_an_exact_hole() -> None:
    """RC19: the part is an open place with nobody in it."""
    applied = apply([seat(0, 2, ANA, number=5)], [change(REMOVE, 0.5, 0.75, ANA)])
    assert applied.places == [
        *(seat(0, 0.5, ANA, number=5), seat(0.5, 0.75, None), seat(0.75, 2, ANA)),
    ]


def test_one_replace_over_four_shifts_cuts_only_the_outer_two() -> None:
    """RC21."""
    shifts = [seat(0, 2, ANA), seat(2, 3, ANA), seat(3, 8, ANA), seat(8, 10, ANA)]
    agreed = replace(change(REPLACE, 1, 9, ANA, BO), agreed=True)
    assert apply(shifts, [agreed]).places == [
        *(seat(0, 1, ANA), seat(1, 2, BO), seat(2, 3, BO), seat(3, 8, BO), seat(8, 9, BO)),
        seat(9, 10, ANA),
    ]


def test_what_is_left_of_a_place_keeps_its_id_and_version() -> None:
    place = replace(seat(0, 4, ANA, number=5), version=3)
    begun, whole = change(REPLACE, -1, 1, ANA, BO), change(REPLACE, 0, 4, ANA, BO)
    cut = apply([place], [begun]).places
    assert [(one.id, one.version, one.person_id) for one in cut] == [(None, 1, BO), (5, 3, ANA)]
    changed = apply([place], [whole]).places
    assert [(one.id, one.version, one.person_id) for one in changed] == [(5, 3, BO)]


def test_nobody_is_given_a_place_while_they_have_another() -> None:
    rows = [seat(0, 8, ANA), seat(3, 4, BO, COVER_WANTED)]
    applied = apply(rows, [change(REPLACE, 2, 6, ANA, BO)])
    assert sorted(applied.places, key=lambda one: (one.starts_at, one.ends_at, one.state)) == [
        *(seat(0, 2, ANA), seat(2, 3, BO, ASKED), seat(3, 4, BO, COVER_WANTED), seat(3, 4, None)),
        *(seat(4, 6, BO, ASKED), seat(6, 8, ANA)),
    ]
    assert applied.findings == [HasAnother(BO, at(3), at(4))]


def test_places_held_elsewhere_count_and_stay_as_they_are() -> None:
    applied = apply([seat(0, 2, ANA)], [change(REPLACE, 0, 2, ANA, BO)], [seat(1, 5, BO)])
    assert applied.places == [seat(0, 1, BO, ASKED), seat(1, 2, None)]
    duty = replace(seat(1, 5, BO), duty=True)
    assert apply([seat(0, 2, ANA)], [change(REPLACE, 0, 2, ANA, BO)], [duty]).findings == []


def test_what_is_hidden_names_its_change_and_where_it_was_cut() -> None:
    rows = [seat(0, 2, ANA, number=5), seat(1, 3, BO, number=6), seat(2, 6, None, number=7)]
    applied = apply(rows, [change(HIDE, 1, 4, number=9)])
    assert applied.places == [seat(0, 1, ANA, number=5), seat(4, 6, None, number=7)]
    assert applied.hidden == [
        HiddenRow(9, replace(seat(1, 2, ANA), version=-1)),
        HiddenRow(9, seat(1, 3, BO, number=6)),
        HiddenRow(9, replace(seat(2, 4, None), version=-2)),
    ]


def test_duty_and_peers_places_are_changed_apart() -> None:
    duty = replace(seat(0, 2, ANA), duty=True)
    assert apply([duty], [change(REMOVE, 0, 2, ANA), change(HIDE, 0, 2, number=2)]).places == [duty]


def test_a_draft_stays_a_draft() -> None:
    applied = apply([seat(0, 2, ANA, DRAFT)], [change(REPLACE, 1, 2, ANA, BO)], [seat(0, 2, BO)])
    assert applied.places == [seat(0, 1, ANA, DRAFT), seat(1, 2, BO, DRAFT)]


def test_changes_are_done_in_the_order_of_their_ids() -> None:
    there, back = change(REPLACE, 0, 2, ANA, BO), change(REPLACE, 0, 1, BO, CHI, number=2)
    assert apply([seat(0, 2, ANA)], [back, there]).places == [
        *(seat(0, 1, CHI, ASKED), seat(1, 2, BO, ASKED)),
    ]


HOURS = 12
persons = some.sampled_from([ANA, BO, CHI])


@some.composite
def rosters(draw: some.DrawFn) -> list[PlaceRow]:
    """Places of one day in quarters of an hour; nobody has two at once."""
    rows: list[PlaceRow] = []
    for number in range(draw(some.integers(0, 6))):
        begin = draw(some.integers(0, 4 * HOURS - 1))
        end = draw(some.integers(begin + 1, 4 * HOURS))
        row = seat(begin / 4, end / 4, draw(some.none() | persons), number=number + 1)
        if not _twice([*rows, row]):
            rows.append(replace(row, origin=f"p1:{number}", version=number + 1))
    return rows


@some.composite
def changes(draw: some.DrawFn) -> list[DatedRow]:
    made = []
    for number in range(draw(some.integers(0, 4))):
        begin = draw(some.integers(0, 4 * HOURS - 1))
        end = draw(some.integers(begin + 1, 4 * HOURS))
        kind = draw(some.sampled_from([REPLACE, REMOVE, HIDE]))
        leaves = None if kind == HIDE else draw(persons)
        comes = draw(persons) if kind == REPLACE else None
        made.append(change(kind, begin / 4, end / 4, leaves, comes, number=number + 1))
    return made


def _twice(rows: list[PlaceRow]) -> bool:
    held = [row for row in rows if row.person_id]
    return any(
        one.person_id == other.person_id
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        for number, one in enumerate(held)
        for other in held[:number]
    )


Minute = tuple[list[int], int, int]
"""Who has a place, how many places are open, how many are hidden."""


def _minutes(rows: list[PlaceRow], hidden: list[HiddenRow]) -> list[Minute]:
    answer = []
    for quarter in range(4 * HOURS):
        now = at(quarter / 4)
        there = [row for row in rows if row.starts_at <= now < row.ends_at]
        away = [one for one in hidden if one.place.starts_at <= now < one.place.ends_at]
        seated = sorted(row.person_id for row in there if row.person_id)
        answer.append((seated, len(there) - len(seated), len(away)))
    return answer


def _minute_by_minute(rows: list[PlaceRow], made: list[DatedRow]) -> list[Minute]:
    """The same, thought anew for each quarter of an hour."""
    answer = _minutes(rows, [])
    for quarter in range(4 * HOURS):
        for one in made:
            if one.starts_at <= at(quarter / 4) < one.ends_at:
                answer[quarter] = _after(one, *answer[quarter])
    return answer


def _after(one: DatedRow, seated: list[int], free: int, away: int) -> Minute:
    if one.kind == HIDE:
        return [], 0, away + len(seated) + free
    if one.leaves_id not in seated:
        return seated, free, away
    others = [person for person in seated if person != one.leaves_id]
    if one.comes_id is None or one.comes_id in others:
        return others, free + 1, away
    return sorted([*others, one.comes_id]), free, away


@given(rosters(), changes())
def test_every_minute_is_as_the_changes_say(rows: list[PlaceRow], made: list[DatedRow]) -> None:
    made = [one for one in made if one.leaves_id is None or one.leaves_id != one.comes_id]
    applied = apply(rows, made)
    assert _minutes(applied.places, applied.hidden) == _minute_by_minute(rows, made)
    assert not _twice(applied.places)
    ids = [one.id for one in applied.places if one.id]
    assert len(ids) == len(set(ids))


def by_time(rows: list[PlaceRow]) -> list[PlaceRow]:
    return sorted(rows, key=lambda row: (row.starts_at, row.ends_at, row.id or 0))


@given(rosters(), some.integers(0, 4 * HOURS - 1), some.integers(1, 4 * HOURS))
def test_what_is_hidden_and_lifted_is_exactly_what_was_there(
    rows: list[PlaceRow], begin: int, length: int
) -> None:
    applied = apply(rows, [change(HIDE, begin / 4, (begin + length) / 4)])
    back = brought_back([one.place for one in applied.hidden], applied.places, [])
    assert by_time(back.places) == by_time(rows)
    assert (back.hidden, back.findings) == ([], [])


@given(rosters(), changes(), some.integers(1, 4))
def test_after_lifting_it_is_every_minute_as_if_nothing_had_ever_been_hidden(
    rows: list[PlaceRow], made: list[DatedRow], number: int
) -> None:
    made = [one for one in made if one.leaves_id is None or one.leaves_id != one.comes_id]
    others = [one for one in made if one.id != number or one.kind != HIDE]
    applied = apply(rows, made)
    lifted = [one.place for one in applied.hidden if one.change_id not in {o.id for o in others}]
    later = [one for one in others if one.id > number]
    back = brought_back(lifted, applied.places, later)
    still = [one for one in applied.hidden if one.place not in lifted]
    expected = apply(rows, others)
    assert _minutes(back.places, [*still, *back.hidden]) == _minutes(
        expected.places, expected.hidden
    )
    assert not _twice(back.places)


def test_who_got_another_place_meanwhile_keeps_it_and_the_one_that_is_back_is_open() -> None:
    back = brought_back([seat(0, 4, ANA), seat(0, 4, CHI)], [seat(1, 2, ANA)], [])
    assert by_time(back.places) == by_time(
        [seat(0, 1, ANA), seat(0, 4, CHI), seat(1, 2, ANA), seat(1, 2, None), seat(2, 4, ANA)]
    )
    assert back.findings == [HasAnother(ANA, at(1), at(2))]


def test_of_two_hidden_places_of_one_person_at_once_only_one_is_theirs_when_they_are_back() -> None:
    """Two patterns may both want somebody while a temporary roster hides what they make."""
    back = brought_back([seat(0, 4, ANA), seat(2, 6, ANA)], [], [])
    assert by_time(back.places) == [seat(0, 4, ANA), seat(2, 4, None), seat(4, 6, ANA)]
    assert back.findings == [HasAnother(ANA, at(2), at(4))]


def test_the_longest_place_is_one_again_after_a_part_of_it_was_hidden() -> None:
    place = seat(0, 25, ANA, number=5)
    applied = apply([place], [change(HIDE, 3, 4)])
    back = brought_back([one.place for one in applied.hidden], applied.places, [])
    assert back.places == [place]


def test_a_part_is_joined_only_to_what_is_still_like_it() -> None:
    part = replace(seat(1, 2, ANA), version=-3)
    dropped = [seat(0, 1, None, number=5), seat(2, 3, ANA, COVER_WANTED, number=6)]
    back = brought_back([part], dropped, [])
    assert by_time(back.places) == by_time([*dropped, seat(1, 2, ANA)])


def test_what_two_changes_hid_is_whole_again_after_both_are_lifted() -> None:
    place = seat(0, 8, ANA, number=5)
    applied = apply([place], [change(HIDE, 2, 4), change(HIDE, 3, 6, number=2)])
    first, second = applied.hidden
    once = brought_back([first.place], applied.places, [change(HIDE, 3, 6, number=2)])
    [again] = once.hidden
    twice = brought_back([second.place, again.place], once.places, [])
    assert twice.places == [place]
