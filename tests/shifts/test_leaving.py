"""Somebody leaves the roster: no rule and no history brings them back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from shifts.history import history
from shifts.leaving import leave, without
from shifts.models import DRAFT, OPEN, Place
from shifts.patterns.changing import change_pattern, end_pattern
from shifts.patterns.pattern_rows import add_pattern, pattern, say_yes, yes_to
from shifts.patterns.rule import Rule, Turns, Weekly, Window, check
from shifts.planning_models import Pattern, RosterChange
from tests.shifts.placed import NOON, put, shown, span
from tests.shifts.rosters import ANA, BO, CHI, LINE, roster

ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(days=1)
MONDAYS = Rule(date(2026, 3, 2), window=Window(Weekly((0,)), time(18), time(22)), persons=(ANA, BO))
IN_TURNS = replace(MONDAYS, persons=(), turns=Turns("shift", ((ANA,), (BO,), (CHI, ANA))))
SEAMLESS = replace(
    IN_TURNS, window=None, turns=Turns("day", ((ANA,),), anchor=NOW.replace(tzinfo=None))
)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (MONDAYS, replace(MONDAYS, persons=(BO,), open_places=1)),
        (replace(MONDAYS, persons=(ANA,)), replace(MONDAYS, persons=(), open_places=1)),
        (IN_TURNS, replace(IN_TURNS, turns=Turns("shift", ((BO,), (CHI,))))),
        (
            replace(IN_TURNS, turns=Turns("shift", ((ANA,),))),
            replace(MONDAYS, persons=(), open_places=1),
        ),
        (SEAMLESS, None),
    ],
)
def test_a_rule_without_somebody_keeps_their_seat_open(rule: Rule, left: Rule | None) -> None:
    assert without(check(rule), ANA) == left
    assert left is None or check(left) == left


def test_no_undo_brings_back_who_has_left(database_url: str) -> None:
    with roster(database_url) as db:
        ended = add_pattern(db, LINE, MONDAYS, "Ended", False, NOW)
        end_pattern(db, LINE, ZONE, ended, SOON, NOW, keep_agreed=True)
        mine = add_pattern(db, LINE, replace(MONDAYS, persons=(ANA, BO)), "Mine", False, NOW)
        only_bo = replace(MONDAYS, persons=(BO,))
        change_pattern(db, LINE, ZONE, mine, only_bo, SOON, NOW, keep_agreed=True)
        leave(db, LINE, ANA, ZONE, NOW)
        for change_id in db.scalars(select(RosterChange.id)).all():
            with pytest.raises(history.ChangedMeanwhile):
                history.undo(db, LINE, change_id, None, NOW)
        rules = db.scalars(select(Pattern.rule).order_by(Pattern.id)).all()
        assert all('"persons": [2]' in rule for rule in rules)


def test_others_are_asked_again_where_their_turns_come_another_way(database_url: str) -> None:
    with roster(database_url) as db:
        same = add_pattern(db, LINE, MONDAYS, "Mondays", False, NOW)
        turns = add_pattern(db, LINE, IN_TURNS, "Turns", False, NOW)
        for one in (same, turns):
            say_yes(db, LINE, one, BO, NOW)
        leave(db, LINE, ANA, ZONE, NOW)
        assert yes_to(db, [same, turns]) == {(same, BO)}
        assert pattern(db, LINE, turns).rule.turns == Turns("shift", ((BO,), (CHI,)))


def test_what_was_only_planned_for_who_leaves_stays_a_draft(database_url: str) -> None:
    with roster(database_url) as db:
        planned = put(db, 24, 28, ANA, DRAFT)
        agreed = put(db, 48, 52, ANA)
        assert leave(db, LINE, ANA, ZONE, NOON) == [span(48, 52)]
        assert {planned, agreed} == set(db.scalars(select(Place.id)))
        assert shown(db) == [(24, 28, None, DRAFT), (48, 52, None, OPEN)]
