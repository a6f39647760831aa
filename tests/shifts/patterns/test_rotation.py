"""Turns and occurrences: by example, on nights when clocks change, and against a minute's model."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from shifts.patterns.occurrences import Occurrence, occurrences
from shifts.patterns.rule import Dates, Days, NthWeekdays, Rule, Turns, Unit, Weekly, Window
from tests.examples import examples

ANA, BO, CHI, DEE = 1, 2, 3, 4
EVERY_DAY = Weekly(tuple(range(7)))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
local = datetime.fromisoformat


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(starts: str, ends: str, days: Days = EVERY_DAY) -> Window:
    return Window(days, time.fromisoformat(starts), time.fromisoformat(ends))


def found(rule: Rule, zone: str, begin: str, end: str) -> list[Occurrence]:
    return list(occurrences(rule, ZoneInfo(zone), utc(begin), utc(end)))


def spans(rule: Rule, zone: str, begin: str, end: str) -> list[tuple[str, str]]:
    """What there is, as "month-day hour:minute" in UTC."""
    return [(f"{a:%m-%d %H:%M}", f"{b:%m-%d %H:%M}") for a, b in _spans(rule, zone, begin, end)]


def _spans(rule: Rule, zone: str, begin: str, end: str) -> Iterator[tuple[datetime, datetime]]:
    return ((one.starts_at, one.ends_at) for one in found(rule, zone, begin, end))


def start_days(rule: Rule, begin: str, end: str) -> list[str]:
    return [f"{one.starts_at:%Y-%m-%d}" for one in found(rule, "UTC", begin, end)]


@pytest.mark.parametrize(
    ("zone", "window", "begin", "end", "expected"),
    [
        pytest.param(
            *("Australia/Lord_Howe", ("22:00", "06:00"), "2026-04-04T09:00", "2026-04-04T23:00"),
            [("04-04 11:00", "04-04 19:30")],
            id="Lord Howe's autumn night is half an hour longer",
        ),
        pytest.param(
            *("Australia/Lord_Howe", ("02:10", "04:00"), "2026-10-03T12:00", "2026-10-03T20:00"),
            [("10-03 15:30", "10-03 17:00")],
            id="Lord Howe skips half an hour: ten past two is half past",
        ),
        pytest.param(
            *("Antarctica/Troll", ("12:00", "12:00"), "2026-10-24T12:00", "2026-10-25T11:00"),
            [("10-24 10:00", "10-25 12:00")],
            id="Troll's autumn night is two hours longer: 26 hours",
        ),
        pytest.param(
            *("Antarctica/Troll", ("00:00", "02:00"), "2026-03-28T20:00", "2026-03-29T06:00"),
            [("03-29 00:00", "03-29 01:00")],
            id="Troll skips from one to three: two o'clock is three",
        ),
        pytest.param(
            *("Europe/Dublin", ("01:30", "03:00"), "2026-10-24T12:00", "2026-10-25T12:00"),
            [("10-25 00:30", "10-25 03:00")],
            id="Dublin, whose winter is its daylight saving, turns back as others do",
        ),
        pytest.param(
            *("Europe/Dublin", ("01:30", "03:00"), "2026-03-28T12:00", "2026-03-29T12:00"),
            [("03-29 01:00", "03-29 02:00")],
            id="Dublin goes forward as others do",
        ),
        pytest.param(
            *("Africa/Casablanca", ("02:30", "06:00"), "2026-02-14T12:00", "2026-02-15T12:00"),
            [("02-15 01:30", "02-15 06:00")],
            id="Casablanca turns back for Ramadan: half past two comes twice",
        ),
        pytest.param(
            *("Africa/Casablanca", ("02:30", "06:00"), "2026-03-21T12:00", "2026-03-22T12:00"),
            [("03-22 02:00", "03-22 05:00")],
            id="Casablanca goes forward after Ramadan",
        ),
        pytest.param(
            *("Pacific/Apia", ("12:00", "12:00"), "2011-12-29T12:00", "2012-01-01T12:00"),
            [
                ("12-28 22:00", "12-29 22:00"),
                ("12-29 22:00", "12-30 10:00"),
                ("12-30 10:00", "12-30 22:00"),
                ("12-30 22:00", "12-31 22:00"),
                ("12-31 22:00", "01-01 22:00"),
            ],
            id="Apia skipped a Friday: Thursday and Friday have half a day each, without a seam",
        ),
        pytest.param(
            *("Pacific/Apia", ("09:00", "17:00"), "2011-12-29T00:00", "2012-01-01T00:00"),
            [
                ("12-28 19:00", "12-29 03:00"),
                ("12-29 19:00", "12-30 03:00"),
                ("12-30 19:00", "12-31 03:00"),
                ("12-31 19:00", "01-01 03:00"),
            ],
            id="a window of the skipped day is none",
        ),
        pytest.param(
            *("Pacific/Kiritimati", ("22:00", "06:00"), "1994-12-31T00:00", "1995-01-01T00:00"),
            [("12-31 08:00", "12-31 10:00"), ("12-31 10:00", "12-31 16:00")],
            id="Kiritimati skipped the last day of 1994",
        ),
        pytest.param(
            *("America/Sao_Paulo", ("00:00", "06:00"), "2018-11-03T12:00", "2018-11-04T12:00"),
            [("11-04 03:00", "11-04 08:00")],
            id="São Paulo had no midnight: the day begins at one",
        ),
        pytest.param(
            *("America/New_York", ("01:30", "01:30"), "2026-10-31T06:00", "2026-11-02T06:00"),
            [
                ("10-31 05:30", "11-01 05:30"),
                ("11-01 05:30", "11-02 06:30"),
            ],
            id="an occurrence that the clocks lengthen ends where the next begins",
        ),
        pytest.param(
            *("America/New_York", ("02:00", "02:30"), "2026-03-08T00:00", "2026-03-08T12:00"),
            [],
            id="a window within the skipped hour is none",
        ),
    ],
)
def test_windows_on_the_nights_when_clocks_change(
    zone: str, window: tuple[str, str], begin: str, end: str, expected: list[tuple[str, str]]
) -> None:
    rule = Rule(date(1990, 1, 1), window=daily(*window), persons=(ANA,))
    assert spans(rule, zone, begin, end) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(
            Weekly((0, 2)),
            ["2026-03-04", "2026-03-09", "2026-03-11", "2026-03-16"],
            id="Mondays and Wednesdays from a Tuesday on",
        ),
        pytest.param(
            Weekly((0, 3), every=2),
            ["2026-03-05", "2026-03-16", "2026-03-19", "2026-03-30"],
            id="every second week, counted from the Monday before the first day",
        ),
        pytest.param(
            NthWeekdays((1,), (1, 3)),
            ["2026-03-03", "2026-03-17", "2026-04-07", "2026-04-21"],
            id="the first and third Tuesday",
        ),
        pytest.param(
            NthWeekdays((4,), (5,)),
            ["2026-05-29", "2026-07-31", "2026-10-30", "2027-01-29"],
            id="the fifth Friday, in months that have one",
        ),
        pytest.param(
            NthWeekdays((6, 4), (-1,)),
            ["2026-03-27", "2026-03-29", "2026-04-24", "2026-04-26"],
            id="the last Friday and the last Sunday",
        ),
        pytest.param(
            NthWeekdays((4,), (5, -1)),
            ["2026-03-27", "2026-04-24", "2026-05-29", "2026-06-26"],
            id="a fifth that is the last counts once",
        ),
        pytest.param(
            Dates((1, 15, -1)),
            ["2026-03-15", "2026-03-31", "2026-04-01", "2026-04-15"],
            id="the first, the fifteenth and the last",
        ),
        pytest.param(
            Dates((31,)),
            ["2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"],
            id="a month without a 31st has none",
        ),
    ],
)
def test_days_of_a_rule(days: Days, expected: list[str]) -> None:
    rule = Rule(date(2026, 3, 3), window=daily("18:00", "22:00", days), open_places=1)
    assert start_days(rule, "2020-01-01", "2027-02-01")[: len(expected)] == expected


def test_the_29th_of_february_is_every_fourth_year_and_28_is_not_meant() -> None:
    rule = Rule(date(2023, 1, 1), window=daily("08:00", "12:00", Dates((29,))), persons=(ANA,))
    days = start_days(rule, "2023-01-01", "2033-01-01")
    assert [day for day in days if day[5:7] == "02"] == ["2024-02-29", "2028-02-29", "2032-02-29"]
    assert not start_days(rule, "2026-02-01", "2026-03-01")


def test_turns_by_month_from_a_29th_of_february_keep_to_the_29th_where_there_is_one() -> None:
    turns = Turns("month", ((ANA,), (BO,)), 12, local("2024-02-29T08:00"))
    rule = Rule(date(2020, 1, 1), turns=turns)
    hand_overs = [
        f"{one.starts_at:%Y-%m-%d}" for one in found(rule, "UTC", "2024-03-01", "2029-01-01")
    ]
    assert hand_overs == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_pattern_has_a_first_and_a_last_day_and_its_last_night_runs_into_the_next() -> None:
    rule = Rule(date(2026, 3, 2), date(2026, 3, 4), daily("20:00", "08:00"), (ANA,))
    assert spans(rule, "UTC", "2020-01-01", "2030-01-01") == [
        ("03-02 20:00", "03-03 08:00"),
        ("03-03 20:00", "03-04 08:00"),
        ("03-04 20:00", "03-05 08:00"),
    ]


def test_turns_without_a_window_last_from_hand_over_to_hand_over_of_the_first_and_last_day() -> (
    None
):
    turns = Turns("week", ((ANA,), (BO,)), 1, local("2026-03-02T08:00"))
    rule = Rule(date(2026, 3, 2), date(2026, 3, 18), turns=turns)
    assert spans(rule, "UTC", "2020-01-01", "2030-01-01") == [
        ("03-02 08:00", "03-09 08:00"),
        ("03-09 08:00", "03-16 08:00"),
        ("03-16 08:00", "03-19 08:00"),
    ]


def test_turns_are_counted_back_before_their_anchor() -> None:
    turns = Turns("day", ((ANA,), (BO,), (CHI,)), 1, local("2026-03-10T09:00"))
    rule = Rule(date(2026, 3, 7), turns=turns)
    holders = [one.persons for one in found(rule, "UTC", "2026-03-01", "2026-03-12")]
    assert holders == [(ANA,), (BO,), (CHI,), (ANA,), (BO,)]


def test_a_turn_of_skipped_hours_is_left_out_and_the_order_stays() -> None:
    turns = Turns("hour", ((ANA,), (BO,), (CHI,)), 1, local("2026-03-08T00:00"))
    rule = Rule(date(2026, 3, 1), turns=turns)
    night = found(rule, "America/New_York", "2026-03-08T05:00", "2026-03-08T09:00")
    assert [one.persons for one in night] == [(ANA,), (BO,), (ANA,), (BO,)]
    assert all(one.ends_at == other.starts_at for one, other in pairwise(night))


def test_turns_by_month_from_the_31st_are_handed_over_on_the_last_day_of_shorter_months() -> None:
    turns = Turns("month", ((ANA,), (BO,)), 1, local("2026-01-31T12:00"))
    rule = Rule(date(2026, 1, 31), turns=turns)
    days = start_days(rule, "2026-01-01", "2026-05-01")
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_a_window_with_a_hand_over_inside_comes_in_parts_and_its_open_places_whole() -> None:
    turns = Turns("day", ((ANA,), (BO, CHI)), 1, local("2026-03-02T20:00"))
    rule = Rule(date(2026, 3, 2), window=daily("18:00", "22:00"), turns=turns, open_places=1)
    assert found(rule, "UTC", "2026-03-02", "2026-03-03") == [
        Occurrence(utc("2026-03-02T18:00"), utc("2026-03-02T22:00"), (), 1),
        Occurrence(utc("2026-03-02T18:00"), utc("2026-03-02T20:00"), (BO, CHI)),
        Occurrence(utc("2026-03-02T20:00"), utc("2026-03-02T22:00"), (ANA,)),
    ]


def test_turns_by_every_second_shift_of_every_second_week_skip_what_has_no_shift() -> None:
    turns = Turns("shift", ((ANA,), (BO,)), every=2)
    days = Weekly((0, 2, 4), every=2)
    rule = Rule(date(2026, 3, 4), window=daily("18:00", "22:00", days), turns=turns)
    holders = [one.persons[0] for one in found(rule, "UTC", "2026-03-01", "2026-05-01")]
    assert holders == [ANA, ANA, BO, BO, ANA, ANA, BO, BO, ANA, ANA, BO, BO, ANA]


def test_turns_by_shift_are_counted_from_the_first_day_however_long_ago_it_is() -> None:
    turns = Turns("shift", ((ANA,), (BO,), (CHI,)))
    rule = Rule(date(2001, 3, 7), window=daily("18:00", "22:00", Weekly((0, 2), 3)), turns=turns)
    all_of_them = found(rule, "UTC", "2001-01-01", "2026-01-01")
    assert found(rule, "UTC", "2020-01-01", "2026-01-01") == [
        one for one in all_of_them if one.ends_at > utc("2020-01-01")
    ]
    assert [one.persons[0] for one in all_of_them[:4]] == [ANA, BO, CHI, ANA]


EXAMPLES = 60
# A model of its own: it knows the local time of every minute, and nothing of offsets and folds.


@dataclass(frozen=True)
class Wall:
    """Some days of a wall clock: for each minute since `begin`, what it shows."""

    begin: datetime
    shown: list[datetime]
    first: dict[datetime, int]
    last: dict[datetime, int]

    def start(self, target: datetime) -> int:
        """The first minute that shows the time, or the first after it where it is skipped."""
        if target in self.first:
            return self.first[target]
        if not self.shown[0] < target < self.shown[-1]:
            return 0 if target < self.shown[0] else len(self.shown)
        return next((at for at, one in enumerate(self.shown) if one > target), len(self.shown))

    def end(self, target: datetime) -> int:
        """The last minute that shows the time, or the first after it where it is skipped."""
        return self.last[target] if target in self.last else self.start(target)


@cache
def wall(zone: str, first_day: date) -> Wall:
    begin = datetime.combine(first_day, time.min, UTC) - DAY
    minutes = (begin + number * MINUTE for number in range(7 * 1440))
    shown = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in minutes]
    first: dict[datetime, int] = {}
    for number, at in enumerate(shown):
        first.setdefault(at, number)
    return Wall(begin, shown, first, {at: number for number, at in enumerate(shown)})


STEPS = {
    "hour": relativedelta(hours=1),
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
}


def model(rule: Rule, clock: Wall) -> list[tuple[int, ...]]:
    """Who is on in each minute: the persons of a rule without a last day, every day's window."""
    groups = holders_by_minute(rule, clock)
    if rule.window is None:
        return groups
    on: list[tuple[int, ...]] = [()] * len(clock.shown)
    counted = 0
    days = [rule.first_day + number * DAY for number in range(-3, 14)]
    for day in days:
        if day < rule.first_day or not on_that_day(rule.window.days, day, rule.first_day):
            continue
        later = day + DAY if rule.window.ends <= rule.window.starts else day
        begin = clock.start(datetime.combine(day, rule.window.starts))
        end = clock.end(datetime.combine(later, rule.window.ends))
        if begin < end:
            # What an earlier day still held, this one takes over.
            on[begin:] = [()] * (len(on) - begin)
        for minute in range(begin, min(end, len(on))):
            on[minute] = groups[minute] or shift_group(rule, counted)
        counted += 1
    return on


def shift_group(rule: Rule, number: int) -> tuple[int, ...]:
    if rule.turns is None:
        return rule.persons
    return rule.turns.groups[number // rule.turns.every % len(rule.turns.groups)]


def on_that_day(days: Days, day: date, first_day: date) -> bool:
    if isinstance(days, Dates):
        last = (day + DAY).month != day.month
        return day.day in days.dates or (last and -1 in days.dates)
    if isinstance(days, NthWeekdays):
        nths = {(day.day - 1) // 7 + 1, -1 if (day + 7 * DAY).month != day.month else 0}
        return day.weekday() in days.weekdays and bool(nths & set(days.nths))
    weeks = (day - first_day + first_day.weekday() * DAY).days // 7
    return day.weekday() in days.weekdays and weeks % days.every == 0


def holders_by_minute(rule: Rule, clock: Wall) -> list[tuple[int, ...]]:
    """Whose turn it is in each minute; nobody's before the first day of turns without a window."""
    turns = rule.turns
    if turns is None or turns.anchor is None:
        return [()] * len(clock.shown)
    numbers = range(-12 * 24, 12 * 24) if turns.unit == "hour" else range(-24, 24)
    hand_overs = [
        clock.start(turns.anchor + STEPS[turns.unit] * (turns.every * one)) for one in numbers
    ]
    began = 0
    if rule.window is None:
        began = clock.start(datetime.combine(rule.first_day, turns.anchor.time()))
    holders: list[tuple[int, ...]] = []
    for minute in range(len(clock.shown)):
        number = numbers[bisect_right(hand_overs, minute) - 1]
        holders.append(turns.groups[number % len(turns.groups)] if minute >= began else ())
    return holders


NIGHTS = [
    ("America/New_York", date(2026, 3, 6)),
    ("America/New_York", date(2026, 10, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Australia/Lord_Howe", date(2026, 10, 2)),
    ("Antarctica/Troll", date(2026, 3, 27)),
    ("Antarctica/Troll", date(2026, 10, 23)),
    ("Europe/Dublin", date(2026, 3, 27)),
    ("Europe/Dublin", date(2026, 10, 23)),
    ("Africa/Casablanca", date(2026, 2, 13)),
    ("Africa/Casablanca", date(2026, 3, 20)),
    ("America/Sao_Paulo", date(2018, 11, 2)),
    ("America/Havana", date(2026, 10, 30)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("Pacific/Kiritimati", date(1994, 12, 29)),
]
half_hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30, 59]))
night_hours = st.builds(time, st.integers(0, 4), st.sampled_from([0, 10, 30, 59]))
clock_times = half_hours | night_hours
groups = st.lists(
    st.lists(st.sampled_from([ANA, BO, CHI, DEE]), min_size=1, max_size=2, unique=True).map(tuple),
    min_size=1,
    max_size=3,
).map(tuple)
some_days = st.one_of(
    st.just(EVERY_DAY),
    st.builds(
        Weekly, st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple), st.integers(1, 2)
    ),
    st.builds(
        Dates, st.lists(st.sampled_from((1, 8, 29, 30, 31, -1)), min_size=1, unique=True).map(tuple)
    ),
    st.builds(
        NthWeekdays,
        st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
        st.lists(st.sampled_from((1, 4, 5, -1)), min_size=1, unique=True).map(tuple),
    ),
)


@st.composite
def rules(draw: st.DrawFn, first_day: date) -> Rule:
    window = draw(st.builds(Window, some_days, clock_times, clock_times))
    unit: Unit | None = draw(st.sampled_from([None, "hour", "day", "week", "month", "shift"]))
    if unit is None:
        return Rule(first_day, window=window, persons=(ANA, BO))
    every = draw(st.integers(1, 13 if unit == "hour" else 2))
    if unit == "shift":
        return Rule(first_day, window=window, turns=Turns(unit, draw(groups), every))
    anchor = datetime.combine(first_day + draw(st.integers(-1, 3)) * DAY, draw(clock_times))
    whole = draw(st.sampled_from([None, window]))
    return Rule(first_day, window=whole, turns=Turns(unit, draw(groups), every, anchor))


@st.composite
def rules_and_nights(draw: st.DrawFn) -> tuple[Rule, str]:
    zone, first_day = draw(st.sampled_from(NIGHTS))
    return draw(rules(first_day)), zone


def by_minute(rule: Rule, zone: str, clock: Wall) -> list[tuple[int, ...]]:
    """Who is on in each minute by the occurrences; twice if they are on twice."""
    on: list[tuple[int, ...]] = [()] * len(clock.shown)
    end = clock.begin + len(on) * MINUTE
    for one in occurrences(rule, ZoneInfo(zone), clock.begin, end):
        first = max(0, (one.starts_at - clock.begin) // MINUTE)
        for minute in range(first, min(len(on), (one.ends_at - clock.begin) // MINUTE)):
            on[minute] += one.persons
    return on


@examples(EXAMPLES)
@given(rules_and_nights())
@example(
    (Rule(date(2026, 10, 30), window=daily("01:30", "01:30"), persons=(ANA,)), "America/New_York")
)
def test_every_minute_of_a_rule_is_as_a_wall_clock_shows_it(ruled: tuple[Rule, str]) -> None:
    rule, zone = ruled
    clock = wall(zone, rule.first_day)
    assert by_minute(rule, zone, clock) == model(rule, clock)


@examples(EXAMPLES)
@given(rules_and_nights(), st.integers(0, 7 * 24), st.integers(1, 72))
def test_turns_without_a_window_have_no_seam_and_what_is_asked_for_changes_nothing(
    ruled: tuple[Rule, str], begin_hour: int, hours: int
) -> None:
    rule, zone = ruled
    clock = wall(zone, rule.first_day)
    begin = clock.begin + begin_hour * timedelta(hours=1)
    end = begin + hours * timedelta(hours=1)
    whole = occurrences(rule, ZoneInfo(zone), clock.begin, clock.begin + 20 * DAY)
    part = list(occurrences(rule, ZoneInfo(zone), begin, end))
    assert part == [one for one in whole if one.ends_at > begin and one.starts_at < end]
    if rule.window is None:
        assert all(one.ends_at == other.starts_at for one, other in pairwise(part))
