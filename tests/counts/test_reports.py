"""The counts as they are told: fewer than five are told as part of something larger."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select

from shifts.leaving import leave
from shifts.models import COVER_WANTED, OPEN
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, add, roster
from warmline.counts import reports
from warmline.counts.reports import Period, Spoken, languages, rolled_up, stretch
from warmline.counts.small_numbers import OTHER
from warmline.models.counts import DayCount
from warmline.models.privacy import Note
from warmline.privacy import note_tallies

NEW_YORK = ZoneInfo("America/New_York")
JAN, FEB, MAR, APR, MAY, JUN, JUL = (date(2030, month, 1) for month in range(1, 8))
NEXT_YEAR = date(2031, 1, 1)
YEAR = [reports.months_after(JAN, number) for number in range(12)]
HOUR = timedelta(hours=1)


def offered(*numbers: int) -> dict[date, dict[str, int]]:
    """So many calls in January, in February …"""
    return {month: {"offered": number} for month, number in zip(YEAR, numbers, strict=False)}


def told(by_month: dict[date, dict[str, int]], begin: date, end: date) -> list[tuple[int, ...]]:
    """First month, months and calls of each period; -1 where they are too few to be told."""
    return [
        (one.first.month, one.months, -1 if one.few else one.offered)
        for one in rolled_up(by_month, begin, end)
    ]


@pytest.mark.parametrize(
    ("numbers", "periods"),
    [
        ((9, 5, 7, 6, 8, 5), [(1, 1, 9), (2, 1, 5), (3, 1, 7), (4, 1, 6), (5, 1, 8), (6, 1, 5)]),
        ((9, 4, 7, 6, 8, 5), [(1, 3, 20), (4, 1, 6), (5, 1, 8), (6, 1, 5)]),
        ((9, 0, 7), [(1, 1, 9), (2, 1, 0), (3, 1, 7), (4, 1, 0), (5, 1, 0), (6, 1, 0)]),
        ((0, 3, 0, 20, 20, 20), [(1, 6, 63)]),
        ((2, 1, 2, 20, 20, 20), [(1, 3, 5), (4, 1, 20), (5, 1, 20), (6, 1, 20)]),
        ((0, 3, 0, 0, 0, 1), [(1, 6, -1)]),
        ((), [(month, 1, 0) for month in range(1, 7)]),
    ],
)
def test_a_small_month_is_told_in_its_quarter_and_a_small_quarter_in_its_half_year(
    numbers: tuple[int, ...], periods: list[tuple[int, ...]]
) -> None:
    assert told(offered(*numbers), JAN, JUL) == periods


def test_what_is_told_of_a_month_does_not_depend_on_which_months_were_asked_for() -> None:
    counted = offered(9, 4, 7, 6)
    assert told(counted, MAR, MAY) == [(1, 3, 20), (4, 1, 6)]
    assert stretch(list(rolled_up(counted, MAR, MAY))) == (JAN, MAY)


def test_calls_and_texts_are_few_or_not_together_and_of_the_few_nothing_more_is_told() -> None:
    both = {"offered": 5, "answered": 4}
    assert list(rolled_up({JAN: both}, JAN, FEB)) == [Period(JAN, 1, both)]
    assert list(rolled_up({JAN: both | {"offered": 4}}, JAN, FEB)) == [Period(JAN, 6, {}, few=True)]


def test_a_call_over_midnight_is_not_told_alone_in_the_month_in_which_it_was_over() -> None:
    counted = {JAN: {"offered": 6, "answered": 5}, FEB: {"answered": 1}}
    assert told(counted, JAN, FEB) == [(1, 3, 6)]


@given(st.lists(st.integers(0, 9), min_size=12, max_size=12), st.integers(0, 11))
def test_nothing_is_told_of_fewer_than_five_and_nothing_vanishes(
    numbers: list[int], begin: int
) -> None:
    periods = list(rolled_up(offered(*numbers), JAN, NEXT_YEAR))
    assert [one.first for one in periods[1:]] == [one.end for one in periods[:-1]]
    assert stretch(periods) == (JAN, NEXT_YEAR)
    assert all(one.offered == 0 or one.offered >= 5 for one in periods)
    few = sum(sum(numbers[one.first.month - 1 :][: one.months]) for one in periods if one.few)
    assert sum(one.offered for one in periods) + few == sum(numbers)
    assert few <= 8
    assert set(rolled_up_keys(numbers, YEAR[begin])) <= {(one.first, one.months) for one in periods}


def rolled_up_keys(numbers: list[int], begin: date) -> list[tuple[date, int]]:
    return [(one.first, one.months) for one in rolled_up(offered(*numbers), begin, NEXT_YEAR)]


def test_languages_with_fewer_than_five_are_told_as_other_ones() -> None:
    counted = {"offered": 30, "answered en": 14, "not reached en": 6, "not reached fr": 3}
    counted |= {"answered es": 4, "not reached es": 1, "answered de": 1, "answered": 19}
    assert languages(counted) == {
        "en": Spoken(14, 6),
        "es": Spoken(4, 1),
        OTHER: Spoken(1, 3),
    }
    assert list(languages(counted)) == ["en", "es", OTHER]
    assert languages({"offered": 3, "not reached": 3}) == {}


def count(db: Connection, day: date, what: str, number: int, line_id: int = LINE) -> None:
    row = {"line_id": line_id, "day": day, "what": what, "number": number}
    db.execute(insert(DayCount).values(row))


def test_the_counts_of_days_are_read_by_month(database_url: str) -> None:
    with roster(database_url) as db:
        count(db, date(2030, 1, 1), "offered", 4)
        count(db, date(2030, 1, 31), "offered", 5)
        count(db, date(2030, 1, 31), "answered", 2)
        count(db, date(2030, 2, 1), "offered", 6)
        count(db, date(2030, 3, 7), "offered", 100, OTHER_LINE)
        count(db, date(2029, 12, 31), "offered", 50)
        count(db, date(2030, 7, 1), "offered", 50)
        periods = reports.read(db, LINE, JAN, APR)
    january = {"offered": 9, "answered": 2}
    assert [one.counts for one in periods] == [january, {"offered": 6}, {}]


def test_a_small_month_just_outside_is_seen(database_url: str) -> None:
    with roster(database_url) as db:
        count(db, date(2030, 1, 9), "offered", 2)
        count(db, date(2030, 3, 9), "offered", 20)
        assert reports.read(db, LINE, MAR, APR) == [Period(JAN, 3, {"offered": 22})]
        assert reports.read(db, LINE, APR, APR) == []


def noted(day: date, number: int, line_id: int = LINE, **other: object) -> list[dict[str, object]]:
    """So many notes of a day, each with a talk by phone that was answered soon."""
    said = {"language": "en", "wait": "waited 30 s", "length": "5 to 15 min", "answered": True}
    when = {"line_id": line_id, "day": day, "hour": 18, "promise_version": 1, "channel": "voice"}
    return [when | said | other for _ in range(number)]


def test_notes_speak_for_so_many_of_all_and_those_of_few_for_none(database_url: str) -> None:
    with roster(database_url) as db:
        count(db, date(2030, 1, 5), "offered", 204)
        count(db, date(2029, 12, 5), "offered", 100)
        db.execute(insert(Note), noted(date(2030, 1, 5), 30) + noted(date(2030, 1, 6), 1))
        db.execute(insert(Note), noted(date(2030, 1, 5), 9, OTHER_LINE))
        told = reports.read_noted(db, LINE, JAN, FEB)
        assert reports.speaks_for(db, LINE, told) == (31, 204)
        assert told[0].counts["took 5 to 15 min"] == 31
        assert told[0].counts["hour 162 offered"] == 1, "of Sunday, and counted with the others"
        db.execute(delete(Note).where(Note.id > 4))
        few = reports.read_noted(db, LINE, JAN, FEB)
        assert [one.few for one in few] == [True]
        assert reports.speaks_for(db, LINE, few) == (0, 204)


def test_what_was_folded_after_thirteen_months_goes_on_being_told(database_url: str) -> None:
    with roster(database_url) as db:
        rows = noted(date(2030, 1, 5), 9) + noted(
            date(2030, 1, 8), 5, answered=False, length="none"
        )
        db.execute(insert(Note), rows)
        before = reports.read_noted(db, LINE, JAN, FEB)
        assert note_tallies.forget(db, datetime(2031, 6, 1, tzinfo=UTC)) == 14
        assert db.scalar(select(Note.id)) is None
        assert reports.read_noted(db, LINE, JAN, FEB) == before


def at(day: int, hour: float, month: int = 3) -> datetime:
    return datetime(2030, month, day, tzinfo=NEW_YORK).astimezone(UTC) + hour * HOUR


def given_by_month(db: Connection, begin: date, end: date) -> dict[date, int]:
    return reports.minutes_given(db, LINE, begin, end, NEW_YORK, at(20, 12))


def test_hours_are_those_of_all_together_also_of_who_has_left(database_url: str) -> None:
    with roster(database_url) as db:
        for person in (ANA, BO):
            add(db, at(4, 18), at(4, 21), person)
        add(db, at(5, 18), at(5, 18.5), CHI, COVER_WANTED)
        add(db, at(28, 23, month=2), at(28, 25, month=2), ANA)
        before = given_by_month(db, JAN, APR)
        assert before == {FEB: 120, MAR: 390}
        leave(db, LINE, ANA, NEW_YORK, at(20, 12))
        assert given_by_month(db, JAN, APR) == before
        assert given_by_month(db, MAR, APR) == {MAR: 390}


def test_hours_that_nobody_gave_or_has_given_yet_are_not_told(database_url: str) -> None:
    with roster(database_url) as db:
        add(db, at(4, 18), at(4, 21), None, OPEN)
        add(db, at(20, 11), at(20, 13), ANA)
        add(db, at(21, 11), at(21, 13), ANA)
        add(db, at(4, 18), at(4, 21), ANA, line_id=OTHER_LINE)
        assert given_by_month(db, JAN, APR) == {}


def test_months_go_on_over_new_year() -> None:
    assert reports.months_after(date(2030, 11, 1), 3) == date(2031, 2, 1)
    assert Counter(reports.half_year_of(month) for month in YEAR) == {JAN: 6, JUL: 6}
