"""What speaks against somebody's having a place: named, forbidding or only warning."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.claims.findings import Finding, Limits, findings, spoken
from shifts.local_time import Span, start_instant
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, PlaceState
from shifts.places import PlaceRow
from tests.shifts.rosters import ANA, LINE

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 2, 27, 12, tzinfo=UTC)


def at(hours: float, since: date = MONDAY) -> datetime:
    """So many hours of the wall's clock after Monday's midnight in New York."""
    return start_instant(datetime.combine(since, time.min) + timedelta(hours=hours), NEW_YORK)


def span(begin: float, end: float) -> Span:
    return at(begin), at(end)


def held(begin: float, end: float, state: PlaceState = AGREED) -> PlaceRow:
    return PlaceRow(1, LINE, *span(begin, end), ANA, state)


def found(
    wanted: Span,
    *own: PlaceRow,
    aways: tuple[Span, ...] = (),
    limits: Limits | None = None,
    now: datetime = NOW,
) -> list[Finding]:
    return findings(wanted, own, aways, limits or Limits(), NEW_YORK, now)


def names(found: list[Finding]) -> list[tuple[str, bool]]:
    return [(one.name, one.blocks) for one in found]


def test_nothing_speaks_against_a_free_evening() -> None:
    limits = Limits(most_hours_a_week=8, rest_hours=10)
    assert found(span(18, 22), held(-6, -2), held(36, 40), limits=limits) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(17.99), []),
        (at(18), [("begun", True)]),
        (at(21.99), [("begun", True)]),
        (at(22), [("past", True)]),
    ],
)
def test_a_shift_can_be_had_until_its_first_instant(
    now: datetime, expected: list[tuple[str, bool]]
) -> None:
    assert names(found(span(18, 22), now=now)) == expected


@pytest.mark.parametrize("state", [AGREED, COVER_WANTED, ASKED])
def test_a_place_of_theirs_at_that_time_forbids_another(state: PlaceState) -> None:
    (one,) = found(span(18, 22), held(21, 23, state))
    assert (one.name, one.blocks, one.starts_at, one.ends_at) == ("double", True, at(21), at(23))
    assert one.sentence.endswith("already then: Mon 02 Mar 21:00 to 23:00.")


def test_a_draft_and_adjoining_places_forbid_nothing() -> None:
    assert found(span(18, 22), held(18, 22, DRAFT), held(14, 18), held(22, 24)) == []


def test_their_own_time_away_warns_and_no_more() -> None:
    (one,) = found(span(18, 22), aways=(span(0, 18), span(22, 48), span(21, 45)))
    assert (one.name, one.blocks) == ("away", False)
    assert one.sentence == "Away then: Mon 02 Mar 21:00 to Tue 03 Mar 21:00."


@pytest.mark.parametrize(
    ("own", "gaps"),
    [
        ([(0, 7)], []),
        ([(0, 8)], [(8, 18)]),
        ([(31, 35)], [(22, 31)]),
        ([(0, 8), (31, 35)], [(8, 18), (22, 31)]),
        # Adjoining places are one shift: the rest is counted from its borders.
        ([(14, 18), (22, 24), (34, 36)], [(24, 34)]),
        ([(2, 7.5), (14, 18)], [(7.5, 14)]),
        # The rest between two other shifts is not this one's doing.
        ([(0, 1), (3, 5), (40, 41), (44, 45)], []),
    ],
)
def test_rest_is_looked_for_before_and_after(
    own: list[tuple[float, float]], gaps: list[tuple[float, float]]
) -> None:
    places = [held(*one) for one in own]
    warned = found(span(18, 22), *places, limits=Limits(rest_hours=11))
    assert [(one.starts_at, one.ends_at) for one in warned] == [span(*gap) for gap in gaps]
    assert {(one.name, one.blocks) for one in warned} <= {("rest", False)}


def test_rest_is_counted_in_real_hours_on_the_night_of_spring() -> None:
    spring = date(2026, 3, 8)
    late = PlaceRow(1, LINE, at(-6, spring), at(0, spring), ANA, AGREED)
    (one,) = found((at(8, spring), at(9, spring)), late, limits=Limits(rest_hours=8))
    assert one.sentence == "Only 7 h of rest, 8 h wanted: Sun 08 Mar 00:00 to 08:00."


def test_their_hours_are_counted_by_the_week_from_monday_to_sunday() -> None:
    limits = Limits(most_hours_a_week=8)
    sunday, monday = held(-4, 2), held(2, 6)
    assert found(span(18, 20), sunday, monday, limits=limits) == []
    (one,) = found(span(18, 20.5), sunday, monday, limits=limits)
    assert (one.name, one.blocks) == ("hours", False)
    assert (one.starts_at, one.ends_at) == span(0, 7 * 24)
    assert one.sentence == "8.5 h in the week of Mon 02 Mar, 8 h at most wanted."


def test_a_shift_over_sunday_midnight_counts_in_both_weeks() -> None:
    limits = Limits(most_hours_a_week=3)
    over = found(span(164, 172), limits=limits)
    assert [one.starts_at for one in over] == [at(0), at(168)]


def test_a_place_they_were_only_asked_for_counts_neither_as_hours_nor_against_rest() -> None:
    limits = Limits(most_hours_a_week=5, rest_hours=12)
    assert found(span(18, 22), held(10, 16, ASKED), limits=limits) == []


@pytest.mark.parametrize(("sunday", "real"), [(date(2026, 3, 8), 7), (date(2026, 11, 1), 9)])
def test_a_night_of_eight_hours_counts_as_long_as_it_really_is(sunday: date, real: int) -> None:
    night = (at(-2, sunday), at(6, sunday))
    assert found(night, limits=Limits(most_hours_a_week=real)) == []
    (one,) = found(night, limits=Limits(most_hours_a_week=real - 1))
    assert one.sentence.startswith(f"{real} h in the week of")


def test_what_forbids_comes_first_and_everything_is_said() -> None:
    all_of_it = found(
        span(18, 22),
        held(20, 24),
        held(10, 16),
        aways=(span(0, 24),),
        limits=Limits(most_hours_a_week=1, rest_hours=4),
        now=at(19),
    )
    assert [one.name for one in all_of_it] == ["begun", "double", "away", "rest", "hours"]


def test_a_span_is_spoken_in_the_lines_own_time() -> None:
    assert spoken((at(22), at(26)), NEW_YORK) == "Mon 02 Mar 22:00 to Tue 03 Mar 02:00"


@given(
    own=st.lists(st.tuples(st.integers(-160, 320), st.integers(1, 25)), max_size=8),
    begin=st.integers(0, 160),
    length=st.integers(1, 25),
    most=st.integers(1, 168),
)
def test_hours_a_week_equal_a_count_minute_by_minute(
    own: list[tuple[int, int]], begin: int, length: int, most: int
) -> None:
    """The week has a change of clocks; all hours are counted from instants, never twice."""
    places = [held(start, start + hours) for start, hours in own if at(start) < at(start + hours)]
    wanted = span(begin, begin + length)
    warned = found(wanted, *places, limits=Limits(most_hours_a_week=most))
    spans = [wanted, *((one.starts_at, one.ends_at) for one in places)]
    over = []
    for week in (span(0, 168), span(168, 336)):
        first = int(week[0].timestamp()) // 1800
        halves = range(first, int(week[1].timestamp()) // 1800)
        instants = [datetime.fromtimestamp(half * 1800, UTC) for half in halves]
        on = sum(any(start <= one < end for start, end in spans) for one in instants)
        if on > 2 * most and wanted[0] < week[1] and week[0] < wanted[1]:
            over.append(week[0])
    assert [one.starts_at for one in warned if one.name == "hours"] == over
