"""Opening hours: as people write them, and as instants on the nights when clocks change."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shifts.hours import opening_hours, weekly
from shifts.hours.opening_hours import Hours, OtherDay, open_spans
from shifts.hours.weekly import EVERY_DAY, Window, window
from shifts.local_time import Span
from tests.examples import examples
from tests.shifts.rosters import LINE, OTHER_LINE, roster

NEW_YORK = "America/New_York"
MINUTE = timedelta(minutes=1)
NOON, SIX = time(12), time(18)


def opened(
    windows: str, zone: str, begin: str, end: str, days: dict[date, OtherDay] | None = None
) -> list[str]:
    """The open spans between two instants of UTC, written in UTC."""
    weekly_windows = tuple(window(text) for text in windows.split(";") if text)
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begin, end))
    found = open_spans(Hours(weekly_windows, days or {}), first, last, ZoneInfo(zone))
    return [f"{starts:%d %H:%M}-{ends:%d %H:%M}" for starts, ends in found]


@pytest.mark.parametrize(
    ("text", "digits", "starts", "ends"),
    [
        ("mon-fri 18:00-23:00", "01234", time(18), time(23)),
        ("sat,sun 12:00-02:00", "56", time(12), time(2)),
        ("fri-mon 9:00-17:30", "0456", time(9), time(17, 30)),
        ("Monday, thurs - Friday 08:00 - 09:00", "034", time(8), time(9)),
        ("daily 00:00-24:00", "0123456", time(), time()),
        ("tue 10:00\N{EN DASH}11:00", "1", time(10), time(11)),
        ("sun-sat 10:00-10:00", "0123456", time(10), time(10)),
    ],
)
def test_a_window_is_read_as_people_write_it(
    text: str, digits: str, starts: time, ends: time
) -> None:
    found = window(text)
    assert (found.digits, found.starts, found.ends) == (digits, starts, ends)
    assert window(str(found)) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' names no two times at its end; write it as"),
        ("mon-fri", "'mon-fri' names no two times at its end"),
        ("mon 18:00-23:00 late", "'mon 18:00-23:00 late' names no two times at its end"),
        ("18:00-23:00", "'' is no weekday; write it as"),
        ("mon-fry 18:00-23:00", "'fry' is no weekday; write it as \"mon-fri 18:00-23:00\""),
        ("mo 18:00-23:00", "'mo' is no weekday"),
        ("mon,,tue 18:00-23:00", "'' is no weekday"),
        ("mon 18:61-23:00", "'18:61' is no time of day; write it as 18:00"),
        ("mon 24:00-25:00", "'24:00' is no time of day"),
        ("mon 6pm-11pm", "'mon 6pm-11pm' names no two times"),
    ],
)
def test_what_is_no_window_says_why(text: str, why: str) -> None:
    with pytest.raises(weekly.NoWindow) as caught:
        window(text)
    assert caught.value.lines[0].startswith(why)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sat,sun 12:00-02:00", "sat,sun 12:00-02:00"),
        ("sun,mon,fri,sat 12:00-24:00", "fri-mon 12:00-24:00"),
        ("mon,wed,thu,fri 12:00-13:00", "mon,wed-fri 12:00-13:00"),
        ("mon-sun 00:00-00:00", "daily 00:00-24:00"),
    ],
)
def test_a_window_is_shown_as_people_write_it(text: str, shown: str) -> None:
    assert str(window(text)) == shown


def test_a_line_without_hours_is_always_open() -> None:
    for begin, end in (
        ("2026-03-08T00:00", "2026-03-09T12:00"),
        ("2026-11-01T03:00", "2026-12-01"),
    ):
        assert len(opened("", NEW_YORK, begin, end)) == 1


def test_an_overnight_window_that_began_the_day_before_is_open_still() -> None:
    assert opened("sat 20:00-04:00", "UTC", "2026-03-08T00:00", "2026-03-15T00:00") == [
        "08 00:00-08 04:00",
        "14 20:00-15 00:00",
    ]


def test_windows_that_overlap_or_adjoin_are_one_span() -> None:
    windows = "mon 09:00-12:00;mon 12:00-14:00;mon 13:00-15:00;mon 16:00-17:00"
    assert opened(windows, "UTC", "2026-03-02T00:00", "2026-03-03T00:00") == [
        "02 09:00-02 15:00",
        "02 16:00-02 17:00",
    ]


@pytest.mark.parametrize(
    ("windows", "zone", "begin", "expected"),
    [
        # The clocks of New York jump from 2:00 to 3:00 on 8 March (7:00 UTC), and from 2:00
        # back to 1:00 on 1 November (6:00 UTC).
        ("sun 02:30-06:00", NEW_YORK, "2026-03-08", ["08 07:00-08 10:00"]),
        ("sun 01:00-02:30", NEW_YORK, "2026-03-08", ["08 06:00-08 07:00"]),
        ("sun 02:15-02:45", NEW_YORK, "2026-03-08", []),
        ("sat 22:00-06:00", NEW_YORK, "2026-03-08", ["08 03:00-08 10:00"]),
        ("sat 22:00-06:00", NEW_YORK, "2026-11-01", ["01 02:00-01 11:00"]),
        ("sun 01:30-05:00", NEW_YORK, "2026-11-01", ["01 05:30-01 10:00"]),
        ("sun 00:00-01:30", NEW_YORK, "2026-11-01", ["01 04:00-01 06:30"]),
        # Lord Howe moves by half an hour: 2:00 back to 1:30 on 5 April (4 April, 15:00 UTC).
        ("sun 01:45-03:00", "Australia/Lord_Howe", "2026-04-04T06:00", ["04 14:45-04 16:30"]),
        # Dublin's summer is its standard time: 1:00 to 2:00 on 29 March (1:00 UTC).
        ("sun 00:30-01:30", "Europe/Dublin", "2026-03-29", ["29 00:30-29 01:00"]),
        # Kiritimati is 14 hours ahead.
        ("sun 08:00-09:00", "Pacific/Kiritimati", "2026-03-07", ["07 18:00-07 19:00"]),
        # Samoa had no 30 December 2011: nobody waits on a day that never was.
        ("fri 18:00-23:00", "Pacific/Apia", "2011-12-30", []),
        ("fri 18:00-06:00", "Pacific/Apia", "2011-12-30", ["30 10:00-30 16:00"]),
    ],
)
def test_hours_on_the_nights_when_clocks_change(
    windows: str, zone: str, begin: str, expected: list[str]
) -> None:
    end = (datetime.fromisoformat(begin) + timedelta(days=1)).isoformat()
    assert opened(windows, zone, begin, end) == expected


@pytest.mark.parametrize(
    ("windows", "other", "expected"),
    [
        ("daily 18:00-23:00", OtherDay(), ["24 18:00-24 23:00", "26 18:00-26 23:00"]),
        (
            "daily 18:00-23:00",
            OtherDay(((NOON, SIX),)),
            ["24 18:00-24 23:00", "25 12:00-25 18:00", "26 18:00-26 23:00"],
        ),
        (
            "daily 18:00-23:00",
            OtherDay(((NOON, time(13)), (SIX, time(2)))),
            ["24 18:00-24 23:00", "25 12:00-25 13:00", "25 18:00-26 02:00", "26 18:00-26 23:00"],
        ),
        # What began the evening before runs on.
        (
            "daily 20:00-02:00",
            OtherDay(),
            ["24 00:00-24 02:00", "24 20:00-25 02:00", "26 20:00-27 00:00"],
        ),
        # Also a line that is always open has days off.
        ("", OtherDay(), ["24 00:00-25 00:00", "26 00:00-27 00:00"]),
    ],
)
def test_a_days_other_hours_take_the_place_of_what_begins_on_it(
    windows: str, other: OtherDay, expected: list[str]
) -> None:
    days = {date(2026, 12, 25): other}
    assert opened(windows, "UTC", "2026-12-24", "2026-12-27", days) == expected


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
windows = st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), clocks, clocks)
CHANGES = {
    NEW_YORK: (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC),),
    "Europe/Dublin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "Africa/Casablanca": (
        datetime(2026, 2, 15, 2, tzinfo=UTC),
        datetime(2026, 3, 22, 2, tzinfo=UTC),
    ),
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),
    "America/Havana": (datetime(2026, 11, 1, 5, tzinfo=UTC),),
}
moments = st.sampled_from([(zone, at) for zone, instants in CHANGES.items() for at in instants])


@cache
def read_clock(zone: str, change: datetime) -> tuple[list[datetime], list[datetime]]:
    """Every minute of six days around an instant, and what the wall's clock says at it."""
    minutes = [change + MINUTE * number for number in range(-3 * 1440, 3 * 1440)]
    walls = [minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for minute in minutes]
    return minutes, walls


def by_the_minute(one: Window, zone: str, change: datetime) -> set[datetime]:
    """The window's minutes around an instant, by looking for its times on the wall's clock."""
    minutes, walls = read_clock(zone, change)
    first = dict(zip(reversed(walls), reversed(minutes), strict=True))
    last = dict(zip(walls, minutes, strict=True))

    def meant(wall: datetime, of: dict[datetime, datetime]) -> datetime:
        later = (minute for minute, seen in zip(minutes, walls, strict=True) if seen > wall)
        return of.get(wall) or next(later)

    found: set[datetime] = set()
    # Of three days before the change one may be a day that a zone skipped.
    for number in range(-3, 2):
        day = walls[len(walls) // 2].date() + timedelta(days=number)
        if day.weekday() in one.weekdays:
            over = day + timedelta(days=int(one.ends <= one.starts))
            opens = meant(datetime.combine(day, one.starts), first)
            closes = meant(datetime.combine(over, one.ends), last)
            found |= {minute for minute in minutes if opens <= minute < closes}
    return found


@examples(40)
@given(place=moments, chosen=st.lists(windows, min_size=1, max_size=2))
@example(
    place=("Pacific/Apia", CHANGES["Pacific/Apia"][0]),
    chosen=[Window(frozenset({2}), time(4, 15), time(4, 15))],
)
def test_the_open_spans_are_those_of_a_wall_clock_read_every_minute(
    place: tuple[str, datetime], chosen: list[Window]
) -> None:
    zone, change = place
    begin, end = change - timedelta(hours=20), change + timedelta(hours=20)
    spans = open_spans(Hours(tuple(chosen)), begin, end, ZoneInfo(zone))
    expected = set().union(*(by_the_minute(one, zone, change) for one in chosen))
    assert minutes_of(spans) == {minute for minute in expected if begin <= minute < end}
    assert all(one[1] < two[0] for one, two in itertools.pairwise(spans))


def minutes_of(spans: list[Span]) -> set[datetime]:
    return {
        starts + MINUTE * number
        for starts, ends in spans
        for number in range(int((ends - starts) / MINUTE))
    }


def test_hours_and_other_days_are_kept_changed_and_taken_back(database_url: str) -> None:
    evenings, nights = window("mon-fri 18:00-23:00"), window("sat,sun 12:00-02:00")
    eve, holiday = date(2026, 12, 24), date(2026, 12, 25)
    with roster(database_url) as connection:
        assert opening_hours.read(connection, LINE) == Hours()
        opening_hours.set_weekly(connection, LINE, [evenings, nights, evenings])
        opening_hours.set_weekly(connection, OTHER_LINE, [nights])
        two = OtherDay(((NOON, time(14)), (SIX, time())), "Christmas Eve")
        opening_hours.set_day(connection, LINE, eve, OtherDay())
        opening_hours.set_day(connection, LINE, eve, two)
        opening_hours.set_day(connection, LINE, holiday, OtherDay(note="Christmas"))
        assert opening_hours.read(connection, LINE) == Hours(
            (evenings, nights), {eve: two, holiday: OtherDay(note="Christmas")}
        )
        opening_hours.set_day(connection, LINE, eve, None)
        opening_hours.set_weekly(connection, LINE, [])
        assert opening_hours.read(connection, LINE).weekly == ()
        assert list(opening_hours.read(connection, LINE).days) == [holiday]
        assert opening_hours.read(connection, OTHER_LINE) == Hours((nights,))


def test_hours_without_end_are_refused(sqlite_url: str) -> None:
    pair = (NOON, SIX)
    with roster(sqlite_url) as connection:
        with pytest.raises(
            opening_hours.TooManyWindows, match="51 windows are too many; give 50 at most"
        ):
            opening_hours.set_weekly(connection, LINE, [Window(EVERY_DAY, *pair)] * 51)
        with pytest.raises(opening_hours.TooManyWindows):
            opening_hours.set_day(connection, LINE, date(2026, 12, 25), OtherDay((pair,) * 51))
        with pytest.raises(opening_hours.BadNote, match="2026-12-25: the note may have 80"):
            opening_hours.set_day(connection, LINE, date(2026, 12, 25), OtherDay(note="x" * 81))
        with pytest.raises(
            opening_hours.BadNote, match="2026-12-25: the note has characters that cannot"
        ):
            opening_hours.set_day(connection, LINE, date(2026, 12, 25), OtherDay(note="\x1b[31m"))
        assert opening_hours.read(connection, LINE) == Hours()
