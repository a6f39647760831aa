"""Who is asked for which open places, as examples."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shifts.claims.findings import Limits
from shifts.models import PlaceState
from shifts.places import PlaceRow
from warmline.conversations.notices.cover_rules import Somebody, to_ask, worth_asking

NOW = datetime(2030, 3, 4, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")
ANA, BO = 1, 2
FREE = Somebody(ANA, (), (), Limits())


def place(number: int, begins: float, ends: float, person: int | None = None) -> PlaceRow:
    """A place between two hours from now: open, or offered by its holder."""
    state: PlaceState = "open" if person is None else "cover wanted"
    return PlaceRow(number, 1, NOW + begins * HOUR, NOW + ends * HOUR, person, state)


def hers(begins: float, ends: float, state: PlaceState = "agreed") -> PlaceRow:
    return replace(place(90, begins, ends, ANA), state=state)


def away(begins: float, ends: float) -> tuple[datetime, datetime]:
    return NOW + begins * HOUR, NOW + ends * HOUR


LATER, TOMORROW, SOON = place(1, 50, 53), place(2, 20, 23), place(3, 1, 4)


@pytest.mark.parametrize(
    ("somebody", "asked"),
    [
        (FREE, [3, 2, 1]),
        (replace(FREE, own=[hers(19, 21)]), [3, 1]),
        (replace(FREE, own=[hers(19, 21, "asked")]), [3, 1]),
        (replace(FREE, own=[hers(23, 26)]), [3, 2, 1]),
        (replace(FREE, aways=[away(0, 24)]), [1]),
        (replace(FREE, limits=Limits(rest_hours=12), own=[hers(30, 33)]), [3, 1]),
        (replace(FREE, limits=Limits(most_hours_a_week=5), own=[hers(80, 83)]), []),
        (replace(FREE, given_up={1, 3}), [2]),
        # What they know of is put to them once more in its last day, and then in peace.
        (replace(FREE, known={1, 2, 3}), [3, 2, 1]),
        (replace(FREE, known={1}, given_up={2, 3}), []),
        (replace(FREE, known={1}, aways=[away(0, 24)]), []),
    ],
)
def test_the_soonest_that_somebody_could_take(somebody: Somebody, asked: list[int]) -> None:
    found = to_ask(somebody, [SOON, TOMORROW, LATER], NEW_YORK, NOW)
    assert [one.id for one in found] == asked


def test_at_most_three_of_each_time_one_and_nobodys_own() -> None:
    beside = place(4, 20, 23)
    more = place(5, 60, 61)
    listed = to_ask(FREE, [SOON, TOMORROW, beside, LATER, more], NEW_YORK, NOW)
    assert [one.id for one in listed] == [3, 2, 1]
    offered = place(6, 5, 6, ANA)
    assert to_ask(FREE, [offered], NEW_YORK, NOW) == []
    assert to_ask(replace(FREE, person_id=BO), [offered], NEW_YORK, NOW) == [offered]


@pytest.mark.parametrize(
    ("own", "asked"),
    [
        ([], True),
        ([hers(1, 3)], False),
        ([hers(2, 3)], True),
        # They have just left it: nobody asks them back.
        ([hers(-3, -1)], False),
    ],
)
def test_a_place_that_has_begun_is_asked_for_by_itself(own: list[PlaceRow], asked: bool) -> None:
    begun = place(7, -1, 2)
    found = to_ask(replace(FREE, own=own), [begun, TOMORROW], NEW_YORK, NOW)
    assert (found == [begun]) is asked


@pytest.mark.parametrize(
    ("needing", "settling", "short", "left"),
    [
        ([SOON, LATER], set(), False, [3, 1]),
        # A moment ago: whoever gave it up may still undo that, unless it begins soon.
        ([SOON, LATER], {1, 3}, False, [3]),
        ([place(8, -1, 2)], set(), False, []),
        ([place(8, -1, 2)], set(), True, [8]),
        ([place(9, -1, 0.4)], set(), True, []),
        ([place(9, 0.1, 0.4)], set(), False, []),
    ],
)
def test_what_is_worth_asking_for(
    needing: Sequence[PlaceRow], settling: set[int | None], short: bool, left: list[int]
) -> None:
    assert [one.id for one in worth_asking(needing, settling, NOW, short=short)] == left


def test_a_week_with_a_change_of_clocks_has_the_hours_it_has() -> None:
    """On 10 March the clocks go forward: a night from ten to six has seven hours."""
    begins = datetime(2030, 3, 10, 3, 0, tzinfo=UTC)
    night = PlaceRow(1, 1, begins, begins + 7 * HOUR, None, "open")
    for most, asked in ((7, True), (6, False)):
        one = replace(FREE, limits=Limits(most_hours_a_week=most))
        assert bool(to_ask(one, [night], NEW_YORK, NOW)) is asked
