"""Changing a pattern: said before it happens, what was agreed is kept or asked again, no gap."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine, func, select, text, update

from shifts.claims import claims
from shifts.editing.editing import Wish, change
from shifts.faults import NotInRoster
from shifts.history import history
from shifts.history.history import ChangedMeanwhile
from shifts.models import AGREED, ASKED, OPEN, Place
from shifts.overrides import holidays
from shifts.patterns.changing import Difference, TooFarAhead, change_pattern, end_pattern, preview
from shifts.patterns.materialise import make_ahead
from shifts.patterns.pattern_rows import NoSuchPattern, add_pattern, pattern, say_yes, yes_to
from shifts.patterns.rule import BadPattern, Rule, Turns, Weekly, Window
from shifts.places import PlaceRow, in_span
from shifts.planning_models import HiddenPlace, RosterChange
from shifts.refusals import PatternWentOn
from tests.shifts.rosters import ANA, BO, CHI, LINE, OTHER_LINE, roster
from tests.shifts.seen import undo_last

UTC_ZONE = ZoneInfo("UTC")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UNTIL = NOW + 28 * DAY
MONDAY = date(2026, 3, 2)
SINCE = datetime(2026, 3, 10, tzinfo=UTC)
MONDAYS = Rule(MONDAY, window=Window(Weekly((0,)), time(18), time(22)), persons=(ANA, BO))
"""On the 2nd, 9th, 16th and 23rd within UNTIL; a change from SINCE on is about the last two."""
LATER = replace(MONDAYS, window=Window(Weekly((0,)), time(19), time(23)))
Told = tuple[str, str, int | None, str]


@contextmanager
def planned(url: str, rule: Rule = MONDAYS, *yes: int) -> Iterator[tuple[Connection, int]]:
    """A pattern made four weeks ahead, to which some said yes."""
    with roster(url) as connection:
        pattern_id = add_pattern(connection, LINE, rule, "Mondays", False, NOW)
        for person_id in yes:
            say_yes(connection, LINE, pattern_id, person_id, NOW)
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL)
        yield connection, pattern_id


def changed(
    connection: Connection,
    pattern_id: int,
    rule: Rule,
    *,
    since: datetime = SINCE,
    keep_agreed: bool = True,
) -> Difference:
    """The change, made after it was looked at: both say the same, and looking changes nothing."""
    before = everything(connection)
    wanted = (connection, LINE, UTC_ZONE, pattern_id, rule, since, NOW)
    foreseen = preview(*wanted, keep_agreed=keep_agreed)
    assert everything(connection) == before
    done = change_pattern(*wanted, keep_agreed=keep_agreed)
    assert without_ids(foreseen) == without_ids(done)
    return done


def without_ids(one: Difference) -> Difference:
    """Ids and versions do not count: what is not made yet has none."""

    def plain(rows: tuple[PlaceRow, ...]) -> tuple[PlaceRow, ...]:
        return tuple(replace(row, id=None, version=1) for row in rows)

    return replace(
        one,
        kept=plain(one.kept),
        added=plain(one.added),
        removed=plain(one.removed),
        detached=plain(one.detached),
    )


def everything(connection: Connection) -> list[PlaceRow]:
    return in_span(connection, LINE, NOW, NOW + 400 * DAY)


def told(rows: tuple[PlaceRow, ...] | list[PlaceRow]) -> list[Told]:
    return [
        (f"{one.starts_at:%m-%d %H:%M}", f"{one.ends_at:%m-%d %H:%M}", one.person_id, one.state)
        for one in rows
    ]


def rest(connection: Connection) -> list[Told]:
    return told([one for one in everything(connection) if one.ends_at > SINCE])


def of_ana(day: str, state: str = ASKED, hours: str = "18-22", person: int | None = ANA) -> Told:
    starts, ends = (f"03-{day} {hour}:00" for hour in hours.split("-"))
    return starts, ends, person, state


def test_what_both_rules_hold_stays_and_only_who_is_new_is_asked(database_url: str) -> None:
    with planned(database_url, MONDAYS, ANA, BO) as (connection, pattern_id):
        done = changed(connection, pattern_id, replace(MONDAYS, persons=(ANA, CHI), open_places=1))
        assert told(done.kept) == [of_ana("16", AGREED), of_ana("23", AGREED)]
        assert {one[2:] for one in told(done.added)} == {(CHI, ASKED), (None, OPEN)}
        assert done.removed == ()
        assert {one.person_id for one in done.detached} == {BO}
        assert done.asked_again == ()
        assert yes_to(connection, [pattern_id]) == {(pattern_id, ANA)}


def test_other_hours_are_asked_again_and_what_was_agreed_goes_if_so_wished(
    database_url: str,
) -> None:
    later = replace(MONDAYS, window=Window(Weekly((0,)), time(19), time(23)))
    with planned(database_url, MONDAYS, ANA) as (connection, pattern_id):
        done = changed(connection, pattern_id, later, keep_agreed=False)
        assert len(done.removed) == len(done.added) == 4
        assert done.asked_again == (ANA,)
        assert rest(connection) == [
            of_ana(day, ASKED, "19-23", person) for day in ("16", "23") for person in (ANA, BO)
        ]
        assert yes_to(connection, [pattern_id]) == set()
        before = [one for one in everything(connection) if one.ends_at <= SINCE]
        assert [one.state for one in before if one.person_id == ANA] == [AGREED, AGREED]


def test_what_was_agreed_is_kept_and_nobody_is_on_twice(database_url: str) -> None:
    later = replace(MONDAYS, window=Window(Weekly((0,)), time(20), time(23)))
    with planned(database_url, MONDAYS, ANA) as (connection, pattern_id):
        done = changed(connection, pattern_id, later)
        assert [one.person_id for one in done.removed] == [BO, BO]
        assert {one.pattern_id for one in done.detached} == {None}
        assert [one for one in rest(connection) if one[0] < "03-17"] == [
            of_ana("16", AGREED),
            of_ana("16", ASKED, "20-23", BO),
            of_ana("16", ASKED, "22-23"),
        ]
        assert [(one.person_id, one.ends_at - one.starts_at) for one in done.already_on] == [
            (ANA, 2 * HOUR),
            (ANA, 2 * HOUR),
        ]


def test_a_shift_under_way_stays_whole_though_a_part_of_it_is_still_to_come(
    sqlite_url: str,
) -> None:
    with planned(sqlite_url, MONDAYS, ANA) as (connection, pattern_id):
        monday = datetime(2026, 3, 16, 18, tzinfo=UTC)
        first = next(one for one in everything(connection) if one.starts_at == monday)
        part = (monday + 2 * HOUR, monday + 3 * HOUR)
        claims.offer(connection, LINE, ANA, first.id or 0, NOW, part=part)
        before = [one for one in rest(connection) if one[0] < "03-17"]
        changed(connection, pattern_id, LATER, since=monday + HOUR * 1.5, keep_agreed=False)
        assert [one for one in rest(connection) if one[0] < "03-17"] == before


def test_a_later_end_alone_is_another_shift_too(sqlite_url: str) -> None:
    longer = replace(MONDAYS, window=Window(Weekly((0,)), time(18), time(23)))
    with planned(sqlite_url, MONDAYS, ANA) as (connection, pattern_id):
        changed(connection, pattern_id, longer)
        assert [one for one in rest(connection) if one[0] < "03-17"] == [
            of_ana("16", AGREED),
            of_ana("16", ASKED, "18-23", BO),
            of_ana("16", ASKED, "22-23"),
        ]
        assert yes_to(connection, [pattern_id]) == set()


def test_what_was_given_up_taken_divided_or_moved_is_left_alone(database_url: str) -> None:
    rule = replace(MONDAYS, persons=(ANA,), open_places=1)
    with planned(database_url, rule, ANA) as (connection, pattern_id):
        by_start = {(one.starts_at, one.person_id): one.id or 0 for one in everything(connection)}
        monday = datetime(2026, 3, 16, 18, tzinfo=UTC)
        claims.take(connection, LINE, BO, by_start[monday, None], NOW, zone=UTC_ZONE)
        claims.drop(connection, LINE, ANA, by_start[monday, ANA], NOW)
        next_one = by_start[monday + 7 * DAY, ANA]
        claims.offer(
            *(connection, LINE, ANA, next_one, NOW),
            part=(monday + 7 * DAY + HOUR, monday + 7 * DAY + 2 * HOUR),
        )
        moved = update(Place).where(Place.id == by_start[monday + 7 * DAY, None])
        connection.execute(moved.values(ends_at=monday + 7 * DAY + 5 * HOUR))
        before = everything(connection)
        done = changed(connection, pattern_id, replace(rule, last_day=date(2026, 12, 31)))
        assert done.added == done.removed == done.detached == ()
        assert everything(connection) == before
        assert yes_to(connection, [pattern_id]) == {(pattern_id, ANA)}


def test_who_took_an_open_place_and_gets_it_by_the_rule_keeps_it(sqlite_url: str) -> None:
    rule = replace(MONDAYS, persons=(), open_places=1)
    with planned(sqlite_url, rule) as (connection, pattern_id):
        first = next(one for one in everything(connection) if one.starts_at > SINCE)
        claims.take(connection, LINE, BO, first.id or 0, NOW, zone=UTC_ZONE)
        done = changed(connection, pattern_id, replace(MONDAYS, persons=(BO,)))
        assert told(done.kept) == [of_ana("16", AGREED, person=BO)]
        assert told(done.added) == [of_ana("23", ASKED, person=BO)]
        again = changed(connection, pattern_id, replace(MONDAYS, persons=(BO, CHI)))
        assert [one.person_id for one in again.kept] == [BO, BO]
        assert [one.person_id for one in again.added] == [CHI, CHI]


WEEKS = Rule(
    MONDAY,
    turns=Turns("week", ((ANA,), (BO,)), 1, datetime.fromisoformat("2026-03-02T08:00")),
)


def test_a_turn_under_way_is_cut_where_the_new_rule_begins_without_a_seam(
    database_url: str,
) -> None:
    daily = Turns("day", ((BO,), (CHI,)), 1, datetime.fromisoformat("2026-03-02T06:00"))
    with planned(database_url, WEEKS, ANA, BO) as (connection, pattern_id):
        changed(connection, pattern_id, replace(WEEKS, turns=daily), keep_agreed=False)
        places = everything(connection)
        assert all(one.ends_at == other.starts_at for one, other in pairwise(places))
        at_change = [one for one in places if SINCE in (one.ends_at, one.starts_at)]
        assert [(one.person_id, one.state) for one in at_change] == [(BO, AGREED), (CHI, ASKED)]
        assert max(one.ends_at for one in places) >= UNTIL
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + 2 * DAY)
        places = everything(connection)
        assert [one.ends_at for one in places[:-1]] == [one.starts_at for one in places[1:]]


def test_turns_that_stay_as_they_are_are_not_cut(sqlite_url: str) -> None:
    with planned(sqlite_url, WEEKS, ANA, BO) as (connection, pattern_id):
        before = everything(connection)
        done = changed(connection, pattern_id, replace(WEEKS, last_day=date(2027, 1, 3)))
        assert everything(connection) == before
        assert done.added == done.removed == ()
        assert len(yes_to(connection, [pattern_id])) == 2


@pytest.mark.parametrize("rule", [MONDAYS, WEEKS], ids=["windows", "turns"])
def test_a_change_beyond_what_is_made_follows_the_old_rule_until_then(
    database_url: str, rule: Rule
) -> None:
    far = UNTIL + 30 * DAY + 3 * HOUR
    with planned(database_url, rule) as (connection, pattern_id):
        kept = changed(connection, pattern_id, replace(WEEKS, open_places=1), since=far)
        make_ahead(connection, LINE, UTC_ZONE, NOW, far + 30 * DAY)
        places = everything(connection)
        assert pattern(connection, LINE, pattern_id).rule.open_places == 1
        assert not [one for one in places if one.person_id is None and one.starts_at < far]
        open_ones = [one for one in places if one.person_id is None]
        assert open_ones[0].starts_at == far
        assert [one.ends_at for one in open_ones[:-1]] == [one.starts_at for one in open_ones[1:]]
        assert kept.removed == () or rule is WEEKS


def test_a_change_from_a_past_day_on_begins_now(sqlite_url: str) -> None:
    with planned(sqlite_url, MONDAYS, ANA) as (connection, pattern_id):
        past = [one for one in everything(connection) if one.ends_at <= SINCE]
        wanted = (connection, LINE, UTC_ZONE, pattern_id, LATER, NOW, SINCE)
        foreseen = preview(*wanted, keep_agreed=False)
        assert foreseen == preview(*wanted[:-2], SINCE, SINCE, keep_agreed=False)
        done = change_pattern(*wanted, keep_agreed=False)
        assert without_ids(done) == without_ids(foreseen)
        assert [one for one in everything(connection) if one.ends_at <= SINCE] == past


def test_a_change_from_a_far_day_on_is_refused_before_years_are_made(sqlite_url: str) -> None:
    with planned(sqlite_url) as (connection, pattern_id):
        before, wanted = everything(connection), (connection, LINE, UTC_ZONE, pattern_id)
        far = NOW + 366 * DAY + HOUR
        with pytest.raises(TooFarAhead):
            preview(*wanted, LATER, far, NOW)
        with pytest.raises(TooFarAhead):
            change_pattern(*wanted, LATER, far, NOW, keep_agreed=True)
        with pytest.raises(TooFarAhead):
            end_pattern(*wanted, datetime.max.replace(tzinfo=UTC), NOW, keep_agreed=True)
        assert everything(connection) == before


def test_an_ended_pattern_makes_no_more_and_keeps_what_was_agreed(database_url: str) -> None:
    with planned(database_url, MONDAYS, ANA) as (connection, pattern_id):
        wanted = (connection, LINE, UTC_ZONE, pattern_id)
        foreseen = preview(*wanted, None, SINCE, NOW)
        done = end_pattern(*wanted, SINCE, NOW, keep_agreed=True)
        assert done == foreseen
        assert rest(connection) == [of_ana("16", AGREED), of_ana("23", AGREED)]
        assert make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + 60 * DAY).places == []
        with pytest.raises(NoSuchPattern):
            end_pattern(*wanted, SINCE, NOW, keep_agreed=True)


def test_what_a_temporary_roster_hides_of_a_pattern_changes_with_it(sqlite_url: str) -> None:
    with planned(sqlite_url, MONDAYS, ANA) as (connection, pattern_id):
        day = datetime(2026, 3, 16, tzinfo=UTC)
        holidays.temporary(connection, LINE, day, day + DAY, [], by_id=None, now=NOW)
        make = replace(MONDAYS, persons=(ANA, CHI))
        changed(connection, pattern_id, make, keep_agreed=False)
        hidden = select(HiddenPlace.person_id, HiddenPlace.state).order_by(HiddenPlace.person_id)
        assert list(connection.execute(hidden)) == [(ANA, AGREED), (CHI, ASKED)]
        assert [one for one in rest(connection) if one[0] < "03-17"] == []


@pytest.mark.parametrize("rule", [LATER, None], ids=["changed", "ended"])
def test_a_change_is_undone_whole_and_the_undo_too(database_url: str, rule: Rule | None) -> None:
    with planned(database_url, MONDAYS, ANA, BO) as (connection, pattern_id):
        before, said = rest(connection), yes_to(connection, [pattern_id])
        wanted = (connection, LINE, UTC_ZONE, pattern_id)
        if rule is None:
            end_pattern(*wanted, SINCE, NOW, keep_agreed=False)
        else:
            change_pattern(*wanted, rule, SINCE, NOW, keep_agreed=False)
        after = rest(connection)
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + HOUR)
        assert undo_last(connection, LINE, None, NOW) == "pattern"
        assert (rest(connection), yes_to(connection, [pattern_id])) == (before, said)
        assert pattern(connection, LINE, pattern_id).rule == MONDAYS
        undone = connection.scalar(select(func.max(RosterChange.id))) or 0
        history.undo(connection, LINE, undone, None, NOW)
        assert (rest(connection), yes_to(connection, [pattern_id])) == (after, set())


def test_after_an_undo_the_old_rule_goes_on_where_it_was(sqlite_url: str) -> None:
    tuesdays = replace(MONDAYS, window=Window(Weekly((1,)), time(18), time(22)))
    with planned(sqlite_url, MONDAYS, ANA) as (connection, pattern_id):
        changed(connection, pattern_id, tuesdays)
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + 20 * HOUR)
        undo_last(connection, LINE, None, NOW)
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + 8 * DAY)
        starts = [one.starts_at for one in everything(connection) if one.person_id == ANA]
        assert [one - starts[0] for one in starts] == [7 * n * DAY for n in range(5)]
        assert {one[3] for one in rest(connection) if one[2] == ANA} == {AGREED}


def test_a_change_is_not_undone_once_the_new_rule_has_made_more(database_url: str) -> None:
    with planned(database_url, MONDAYS, ANA) as (connection, pattern_id):
        changed(connection, pattern_id, LATER)
        make_ahead(connection, LINE, UTC_ZONE, NOW, UNTIL + 8 * DAY)
        before = everything(connection)
        with pytest.raises(PatternWentOn), connection.begin_nested():
            undo_last(connection, LINE, None, NOW)
        assert everything(connection) == before
        assert pattern(connection, LINE, pattern_id).rule == LATER
        assert yes_to(connection, [pattern_id]) == set()


def test_a_place_moved_far_ahead_does_not_keep_a_change_from_being_undone(
    database_url: str,
) -> None:
    with planned(database_url) as (connection, pattern_id):
        one = everything(connection)[-1]
        far = UNTIL + 9 * DAY
        moved = Wish(far, far + HOUR, one.person_id, one.state)
        change(connection, LINE, one.id or 0, one.version, moved, None, NOW)
        changed(connection, pattern_id, replace(MONDAYS, last_day=date(2026, 12, 31)))
        assert undo_last(connection, LINE, None, NOW) == "pattern"
        assert pattern(connection, LINE, pattern_id).rule == MONDAYS


def test_a_change_is_not_undone_once_somebody_said_yes_to_the_new_rule(sqlite_url: str) -> None:
    with planned(sqlite_url, MONDAYS) as (connection, pattern_id):
        changed(connection, pattern_id, replace(MONDAYS, last_day=date(2026, 12, 31)))
        connection.execute(update(Place).values(state=AGREED))
        say_yes(connection, LINE, pattern_id, ANA, NOW)
        with pytest.raises(ChangedMeanwhile), connection.begin_nested():
            undo_last(connection, LINE, None, NOW)
        assert pattern(connection, LINE, pattern_id).rule.last_day is not None


def test_a_rule_changed_back_keeps_every_agreed_place(database_url: str) -> None:
    with planned(database_url, MONDAYS, ANA, BO) as (connection, pattern_id):
        before = rest(connection)
        changed(connection, pattern_id, LATER)
        changed(connection, pattern_id, MONDAYS)
        agreed = [one for one in rest(connection) if one[3] == AGREED]
        assert agreed == before


def test_refusals_come_by_name_and_change_nothing(database_url: str) -> None:
    with planned(database_url) as (connection, pattern_id):
        before = everything(connection)
        wanted = (connection, LINE, UTC_ZONE, pattern_id)
        with pytest.raises(BadPattern):
            preview(*wanted, Rule(MONDAY), SINCE, NOW)
        with pytest.raises(NotInRoster):
            change_pattern(*wanted, replace(MONDAYS, persons=(99,)), SINCE, NOW, keep_agreed=True)
        with pytest.raises(NoSuchPattern):
            preview(connection, OTHER_LINE, UTC_ZONE, pattern_id, None, SINCE, NOW)
        assert everything(connection) == before


def test_two_who_change_one_pattern_at_once_do_not_both_succeed(postgresql_url: str) -> None:
    """Plain transactions: the UPDATE alone settles it."""
    with planned(postgresql_url) as (_, pattern_id):
        wanted = (LINE, UTC_ZONE, pattern_id, replace(MONDAYS, persons=(CHI,)), SINCE, NOW)
    engine = create_engine(postgresql_url)

    def change() -> None:
        with engine.begin() as own:
            change_pattern(own, *wanted, keep_agreed=True)

    with ThreadPoolExecutor(1) as other:
        with engine.begin() as connection:
            change_pattern(connection, *wanted, keep_agreed=True)
            late = other.submit(change)
            while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                assert not late.done()
        with pytest.raises(ChangedMeanwhile):
            late.result()
    engine.dispose()


def test_a_change_planned_for_later_and_one_for_sooner_leave_no_gap(sqlite_url: str) -> None:
    with planned(sqlite_url, replace(MONDAYS, persons=(ANA,))) as (connection, pattern_id):
        changed(connection, pattern_id, replace(MONDAYS, persons=(BO,)), since=SINCE + 10 * DAY)
        changed(connection, pattern_id, replace(MONDAYS, persons=(BO, CHI)))
        assert rest(connection) == [
            of_ana(day, ASKED, person=person) for day in ("16", "23") for person in (BO, CHI)
        ]
