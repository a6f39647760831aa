"""How many are on, who comes and goes, who is lacking: rules over rows, and the queries beneath."""

import itertools
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.hours import opening_hours, wanted
from shifts.hours.cover import Gap, HandOver, Piece, changes, cover, gaps, outside
from shifts.hours.resolver import (
    Ahead,
    Lack,
    Need,
    changes_between,
    cover_between,
    lacks,
    lacks_between,
)
from shifts.hours.wanted import DUTY, LINE, TEXT, VOICE, BadWish, Subject, Wish, wish
from shifts.hours.weekly import NoWindow, window
from shifts.models import AGREED, ASKED, COVER_WANTED, DRAFT, OPEN, PlaceState
from shifts.places import PlaceRow
from shifts.who_is_on import next_places
from tests.examples import examples
from tests.shifts.rosters import ANA, BO, CHI, add, roster
from tests.shifts.rosters import LINE as THE_LINE

UTC_ZONE = ZoneInfo("UTC")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ES, EN = Subject(language="es"), Subject(language="en")


def at(clock: float) -> datetime:
    """An instant in hours from the beginning of Monday."""
    return MONDAY + timedelta(hours=clock)


def held(
    starts: float, ends: float, person: int | None = ANA, state: PlaceState = AGREED
) -> PlaceRow:
    return PlaceRow(None, THE_LINE, at(starts), at(ends), person, state)


def piece(starts: float, ends: float, number: int) -> Piece:
    return Piece(at(starts), at(ends), number)


def gap(starts: float, ends: float, number: int = 1, on: int = 0) -> Gap:
    return Gap(at(starts), at(ends), number, on)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], [piece(0, 24, 0)]),
        ([held(-2, 26)], [piece(0, 24, 1)]),
        ([held(8, 12), held(12, 16)], [piece(0, 8, 0), piece(8, 16, 1), piece(16, 24, 0)]),
        ([held(8, 12), held(12, 16, BO)], [piece(0, 8, 0), piece(8, 16, 1), piece(16, 24, 0)]),
        ([held(0, 12), held(6, 24, BO)], [piece(0, 6, 1), piece(6, 12, 2), piece(12, 24, 1)]),
        # Nobody is two people, whatever was written.
        ([held(0, 12), held(6, 24)], [piece(0, 24, 1)]),
        ([held(0, 24, state=COVER_WANTED)], [piece(0, 24, 1)]),
        ([held(0, 24, state=ASKED), held(0, 24, None, OPEN)], [piece(0, 24, 0)]),
        ([held(0, 24, state=DRAFT), held(24, 30), held(-5, 0)], [piece(0, 24, 0)]),
    ],
)
def test_cover_counts_those_who_said_yes(rows: list[PlaceRow], expected: list[Piece]) -> None:
    assert cover(rows, at(0), at(24)) == expected


def test_cover_counts_only_those_asked_about() -> None:
    rows = [held(0, 12), held(6, 24, BO)]
    assert cover(rows, at(0), at(24), {BO}) == [piece(0, 6, 0), piece(6, 24, 1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([held(8, 12)], [(8, {ANA}, set()), (12, set(), {ANA})]),
        ([held(0, 24)], [(0, {ANA}, set())]),
        ([held(-4, 0), held(0, 30)], []),
        ([held(-4, 0), held(0, 30, BO)], [(0, {BO}, {ANA})]),
        ([held(-4, 12), held(12, 30, BO)], [(12, {BO}, {ANA})]),
        ([held(-4, 12), held(12, 30)], []),
        ([held(-4, 12), held(12, 30), held(12, 30, BO)], [(12, {BO}, set())]),
        ([held(-4, 12), held(12.5, 30)], [(12, set(), {ANA}), (12.5, {ANA}, set())]),
        ([held(-4, 12), held(12, 30, state=ASKED)], [(12, set(), {ANA})]),
    ],
)
def test_changes_are_hand_overs_and_adjoining_places_of_one_person_are_none(
    rows: list[PlaceRow], expected: list[tuple[float, set[int], set[int]]]
) -> None:
    assert changes(rows, at(0), at(24)) == [
        HandOver(at(clock), frozenset(comes), frozenset(goes)) for clock, comes, goes in expected
    ]


def daily(first: int, last: int) -> list[PlaceRow]:
    return [held(24 * day + 10, 24 * day + 18) for day in range(first, last)]


@pytest.mark.parametrize(
    ("rows", "begin", "end", "expected"),
    [
        # RC30: one shift a day from 10:00 to 18:00; a day without any is one whole gap.
        (daily(0, 7), 0, 24, [gap(0, 10), gap(18, 24)]),
        (daily(2, 7), 0, 24, [gap(0, 24)]),
        # RC19: somebody is taken out from 8:30 to 8:45 of a shift from 8:00 to 10:00.
        ([held(8, 8.5), held(8.75, 10)], 8, 9, [gap(8.5, 8.75)]),
    ],
)
def test_gaps_are_exactly_where_nobody_is_on(
    rows: list[PlaceRow], begin: float, end: float, expected: list[Gap]
) -> None:
    on = cover(rows, at(begin), at(end))
    assert gaps([(at(begin), at(end))], [piece(begin, end, 1)], on) == expected


@pytest.mark.parametrize(
    ("open_at", "asked", "on", "expected"),
    [
        ([(0, 10)], [piece(0, 10, 2)], [piece(0, 5, 1), piece(5, 10, 2)], [gap(0, 5, 2, 1)]),
        (
            [(0, 10)],
            [piece(0, 10, 2)],
            [piece(0, 5, 0), piece(5, 10, 1)],
            [gap(0, 5, 2), gap(5, 10, 2, 1)],
        ),
        ([(0, 10)], [piece(0, 5, 1), piece(5, 10, 2)], [piece(0, 10, 1)], [gap(5, 10, 2, 1)]),
        ([(0, 10)], [piece(0, 5, 1), piece(5, 10, 1)], [piece(0, 10, 0)], [gap(0, 10)]),
        ([(1, 2), (3, 4)], [piece(0, 10, 1)], [piece(0, 10, 0)], [gap(1, 2), gap(3, 4)]),
        ([(1, 2), (3, 4)], [piece(0, 10, 0)], [piece(0, 10, 0)], []),
        ([], [piece(0, 10, 1)], [piece(0, 10, 0)], []),
    ],
)
def test_gaps_tell_how_many_of_how_many_within_the_open_spans(
    open_at: list[tuple[float, float]],
    asked: list[Piece],
    on: list[Piece],
    expected: list[Gap],
) -> None:
    assert gaps([(at(one), at(two)) for one, two in open_at], asked, on) == expected


@pytest.mark.parametrize(
    ("spans", "taken", "left"),
    [
        ([(0, 10)], [], [(0, 10)]),
        ([(0, 10)], [(-5, 2), (3, 4), (8, 12)], [(2, 3), (4, 8)]),
        ([(0, 4), (6, 10)], [(2, 8)], [(0, 2), (8, 10)]),
        ([(0, 4), (6, 10)], [(0, 10)], []),
        ([(0, 2), (2, 4), (5, 6)], [(2, 4)], [(0, 2), (5, 6)]),
        ([(5, 6)], [(0, 1), (2, 5)], [(5, 6)]),
    ],
)
def test_what_is_taken_from_spans_leaves_the_rest(
    spans: list[tuple[float, float]],
    taken: list[tuple[float, float]],
    left: list[tuple[float, float]],
) -> None:
    def instants(pairs: list[tuple[float, float]]) -> list[tuple[datetime, datetime]]:
        return [(at(one), at(two)) for one, two in pairs]

    assert outside(instants(spans), instants(taken)) == instants(left)


@pytest.mark.parametrize(
    ("text", "subject", "shown"),
    [
        ("2", LINE, "2"),
        ("line=2", LINE, "2"),
        ("es=1", ES, "es=1"),
        ("Text=0", TEXT, "text=0"),
        ("voice=3 sat,sun 18:00-24:00", VOICE, "voice=3 sat,sun 18:00-24:00"),
        ("2  fri 20:00 - 04:00", LINE, "2 fri 20:00-04:00"),
        ("duty=1 daily 00:00-24:00", DUTY, "duty=1 daily 00:00-24:00"),
        ("es=usual", ES, "None"),
        ("usual", LINE, "None"),
    ],
)
def test_a_wish_is_read_and_shown_as_people_write_it(
    text: str, subject: Subject, shown: str
) -> None:
    about, found = wish(text, ["en", "es"])
    assert (about, str(found)) == (subject, shown)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is no number from 0 to 50; write it as 2 or es=1"),
        ("two", "'two' is no number from 0 to 50"),
        ("-1", "'-1' is no number from 0 to 50"),
        ("51", "'51' is no number from 0 to 50"),
        ("00000000099", "'00000000099' is no number from 0 to 50"),
        ("0" * 5000, "'" + "0" * 40 + "' is no number from 0 to 50"),
        ("9" * 5000, "'" + "9" * 40 + "' is no number from 0 to 50"),
        ("fr=1", "'fr' is none of line, voice, text, duty, en, es; write it as es=1"),
        ("=1", "'' is none of line"),
        ("es=", "'' is no number"),
        ("es=1 fry 18:00-23:00", "'fry' is no weekday"),
        ("es=usual fri 18:00-23:00", "'usual' is no number"),
    ],
)
def test_what_is_no_wish_says_why(text: str, why: str) -> None:
    with pytest.raises((BadWish, NoWindow)) as caught:
        wish(text, ["en", "es"])
    assert caught.value.lines[0].startswith(why)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], [piece(0, 24, 1)]),
        (["2"], [piece(0, 24, 2)]),
        (["0"], [piece(0, 24, 0)]),
        (["2 mon 08:00-12:00"], [piece(0, 8, 1), piece(8, 12, 2), piece(12, 24, 1)]),
        (["0 mon 08:00-12:00"], [piece(0, 8, 1), piece(8, 12, 0), piece(12, 24, 1)]),
        (["0 mon 08:00-12:00", "0"], [piece(0, 24, 0)]),
        (["3", "2 mon 08:00-12:00"], [piece(0, 24, 3)]),
        (
            ["2 mon 08:00-12:00", "3 mon 10:00-11:00", "2 mon 12:00-13:00"],
            [piece(0, 8, 1), piece(8, 10, 2), piece(10, 11, 3), piece(11, 13, 2), piece(13, 24, 1)],
        ),
        (["2 sun 20:00-06:00"], [piece(0, 6, 2), piece(6, 24, 1)]),
    ],
)
def test_the_largest_wish_that_holds_counts_and_the_usual_where_none_does(
    texts: list[str], expected: list[Piece]
) -> None:
    wishes = [found for _, found in (wish(text, []) for text in texts) if found]
    assert wanted.pieces(wishes, [piece(0, 24, 1)], UTC_ZONE) == expected


def seen(
    places: Sequence[PlaceRow],
    *wishes: str,
    duty: Sequence[PlaceRow] = (),
    open_at: tuple[float, float] = (0, 24),
) -> Ahead:
    said = [found for _, found in (wish(text, ["en", "es"]) for text in wishes) if found]
    spans = [(at(open_at[0]), at(open_at[1]))]
    return Ahead(at(0), at(24), UTC_ZONE, spans, said, places, duty)


NEEDS = [
    Need(LINE, {ANA, BO}, 1),
    Need(VOICE, {ANA, BO}, 1),
    Need(TEXT, {BO}, 1),
    Need(EN, {ANA, BO}, 1),
    Need(ES, {BO}, 1),
    Need(DUTY, {ANA, BO}, 0),
]


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        # A green day without Spanish and without anybody who takes texts.
        (seen([held(0, 24)]), [Lack(TEXT, gap(0, 24)), Lack(ES, gap(0, 24))]),
        (seen([held(0, 24, BO)]), []),
        # Where nobody is on that is said once.
        (seen([]), [Lack(LINE, gap(0, 24))]),
        (seen([held(0, 24, CHI)]), [Lack(LINE, gap(0, 24))]),
        (
            seen([held(0, 12)]),
            [Lack(TEXT, gap(0, 12)), Lack(ES, gap(0, 12)), Lack(LINE, gap(12, 24))],
        ),
        # Too few are on, and of those who are nobody speaks Spanish: both are told.
        (
            seen([held(0, 24)], "2", "text=0"),
            [Lack(LINE, gap(0, 24, 2, 1)), Lack(ES, gap(0, 24))],
        ),
        (seen([held(0, 24, BO)], "es=2"), [Lack(ES, gap(0, 24, 2, 1))]),
        (seen([held(0, 24)], "es=0", "text=0"), []),
        # Where the line wants nobody, nobody's language is missed, unless that was said.
        (seen([], "0"), []),
        (seen([], "0", "es=1 mon 08:00-09:00"), [Lack(ES, gap(8, 9))]),
        (seen([held(0, 24)], open_at=(8, 9)), [Lack(TEXT, gap(8, 9)), Lack(ES, gap(8, 9))]),
        (seen([held(0, 24, BO)], "duty=1"), [Lack(DUTY, gap(0, 24))]),
        (
            seen([held(8, 24, BO)], "duty=1", duty=[held(0, 20)]),
            [Lack(LINE, gap(0, 8)), Lack(DUTY, gap(20, 24))],
        ),
        # Who is on duty is not on for callers, nor the other way round.
        (seen([], duty=[held(0, 24)]), [Lack(LINE, gap(0, 24))]),
    ],
)
def test_who_is_lacking(there: Ahead, expected: list[Lack]) -> None:
    assert lacks(NEEDS, there) == expected


ZONES = ("America/New_York", "Australia/Lord_Howe", "Europe/Dublin")
# Each zone's clocks change within a day and a half of its instant.
STARTS = {
    ZONES[0]: datetime(2026, 3, 7, 17, tzinfo=UTC),
    ZONES[1]: datetime(2026, 4, 4, 1, tzinfo=UTC),
    ZONES[2]: datetime(2026, 10, 24, 11, tzinfo=UTC),
}
SPAN = 36 * 60
minutes = st.integers(-6 * 60, SPAN + 6 * 60)
places = st.lists(
    st.tuples(minutes, st.integers(1, 25 * 60), st.sampled_from([ANA, BO, CHI, None])), max_size=12
)


def rows_from(begin: datetime, drawn: Collection[tuple[int, int, int | None]]) -> list[PlaceRow]:
    """Places in turn agreed, cover wanted, asked …; those without a person are open."""
    states = itertools.cycle([AGREED, COVER_WANTED, AGREED, ASKED])
    return [
        PlaceRow(
            None,
            THE_LINE,
            begin + start * MINUTE,
            begin + (start + length) * MINUTE,
            person,
            OPEN if person is None else state,
        )
        for (start, length, person), state in zip(drawn, states, strict=False)
    ]


def on_at(
    rows: Sequence[PlaceRow], instant: datetime, among: Collection[int]
) -> frozenset[int | None]:
    return frozenset(
        row.person_id
        for row in rows
        if row.starts_at <= instant < row.ends_at
        and row.state in {AGREED, COVER_WANTED}
        and row.person_id in among
    )


@examples(30)
@given(zone=st.sampled_from(ZONES), drawn=places)
def test_cover_and_changes_are_those_counted_minute_by_minute(
    zone: str, drawn: list[tuple[int, int, int | None]]
) -> None:
    begin = STARTS[zone]
    rows, among = rows_from(begin, drawn), {ANA, BO}
    end = begin + SPAN * MINUTE
    pieces, handed = cover(rows, begin, end, among), changes(rows, begin, end, among)
    counted = {
        p.start + n * MINUTE: p.number for p in pieces for n in range((p.end - p.start) // MINUTE)
    }
    told = {one.at: (one.comes, one.goes) for one in handed}
    before = on_at(rows, begin - MINUTE, among)
    for instant in (begin + number * MINUTE for number in range(SPAN)):
        on = on_at(rows, instant, among)
        assert counted[instant] == len(on)
        assert told.get(instant, (frozenset(), frozenset())) == (on - before, before - on)
        before = on
    assert len(counted) == SPAN
    assert all(one.number != two.number for one, two in itertools.pairwise(pieces))


@examples(30)
@given(
    zone=st.sampled_from(ZONES),
    drawn=places,
    opens=st.integers(0, 23),
    closes=st.integers(0, 23),
    number=st.integers(0, 2),
)
def test_gaps_are_those_found_minute_by_minute_by_a_wall_clock(
    zone: str, drawn: list[tuple[int, int, int | None]], opens: int, closes: int, number: int
) -> None:
    """Windows here begin and end in hours that neither lack nor repeat a time."""
    local, begin = ZoneInfo(zone), STARTS[zone]
    end, rows = begin + SPAN * MINUTE, rows_from(begin, drawn)
    opens, closes = (hour + 4 if hour < 4 else hour for hour in (opens, closes))
    week = opening_hours.Hours((window(f"daily {opens}:00-{closes}:00"),))
    spans = opening_hours.open_spans(week, begin, end, local)
    wishes = [Wish(LINE, number, window("sat 06:00-14:00")), Wish(TEXT, 1)]
    needs = [Need(LINE, {ANA, BO}, 1), Need(TEXT, {BO}, 1)]
    found = lacks(needs, Ahead(begin, end, local, spans, wishes, rows, []))
    lacking: dict[tuple[Subject, datetime], tuple[int, int]] = {}
    for lack in found:
        for step in range((lack.gap.end - lack.gap.start) // MINUTE):
            lacking[lack.subject, lack.gap.start + step * MINUTE] = lack.gap[2:]
    expected: dict[tuple[Subject, datetime], tuple[int, int]] = {}
    for instant in (begin + step * MINUTE for step in range(SPAN)):
        wall = instant.astimezone(local)
        hour, on = wall.hour, len(on_at(rows, instant, {ANA, BO}))
        if not (opens <= hour < closes if opens < closes else hour >= opens or hour < closes):
            continue
        asked = number if wall.weekday() == 5 and 6 <= hour < 14 else 1
        if on < asked:
            expected[LINE, instant] = (asked, on)
        if not on_at(rows, instant, {BO}) and (on or not asked):
            expected[TEXT, instant] = (1, 0)
    assert lacking == expected


def test_the_roster_answers_between_two_instants(database_url: str) -> None:
    with roster(database_url) as connection:
        add(connection, at(-3), at(0), BO)
        add(connection, at(0), at(8), BO)
        add(connection, at(8), at(12), ANA)
        add(connection, at(12), at(37), ANA, COVER_WANTED)
        add(connection, at(8), at(24), CHI, ASKED)
        assert cover_between(connection, THE_LINE, at(-5), at(13)) == [
            piece(-5, -3, 0),
            piece(-3, 13, 1),
        ]
        assert cover_between(connection, THE_LINE, at(36.5), at(40), {ANA}) == [
            piece(36.5, 37, 1),
            piece(37, 40, 0),
        ]
        assert cover_between(connection, THE_LINE, at(0), at(1), duty=True) == [piece(0, 1, 0)]
        assert changes_between(connection, THE_LINE, at(0), at(40)) == [
            HandOver(at(8), frozenset({ANA}), frozenset({BO})),
            HandOver(at(37), frozenset(), frozenset({ANA})),
        ]
        (coming,) = next_places(connection, THE_LINE, ANA, at(0))
        assert (coming.starts_at, coming.until) == (at(8), at(37))
        assert next_places(connection, THE_LINE, ANA, at(0), duty=True) == []


def test_wishes_are_kept_changed_and_taken_back_and_gaps_follow_them(database_url: str) -> None:
    needs = [Need(LINE, {ANA}, 1), Need(ES, {BO}, 0)]
    with roster(database_url) as connection:
        add(connection, at(8), at(20), ANA)
        opening_hours.set_weekly(connection, THE_LINE, [window("daily 06:00-10:00")])
        evening = Wish(ES, 2, window("mon 09:00-10:00"))
        wanted.set_wishes(connection, THE_LINE, LINE, [Wish(LINE, 5)])
        wanted.set_wishes(connection, THE_LINE, LINE, [Wish(LINE, 2), Wish(LINE, 2)])
        wanted.set_wishes(connection, THE_LINE, ES, [evening])
        assert wanted.read(connection, THE_LINE) == [Wish(LINE, 2), evening]
        assert lacks_between(connection, THE_LINE, UTC_ZONE, needs, at(0), at(24)) == [
            Lack(LINE, gap(6, 8, 2)),
            Lack(LINE, gap(8, 10, 2, 1)),
            Lack(ES, gap(9, 10, 2)),
        ]
        wanted.set_wishes(connection, THE_LINE, LINE, [])
        wanted.set_wishes(connection, THE_LINE, ES, [])
        assert wanted.read(connection, THE_LINE) == []
        assert lacks_between(connection, THE_LINE, UTC_ZONE, needs, at(0), at(24)) == [
            Lack(LINE, gap(6, 8))
        ]
        with pytest.raises(BadWish, match="es: 51 numbers are too many; give 50 at most"):
            wanted.set_wishes(connection, THE_LINE, ES, [evening] * 51)
