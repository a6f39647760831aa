"""The rule of a pattern: what it may say, how it is stored, and what is refused, field by field."""

import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifts.patterns.rule import (
    NTHS,
    BadPattern,
    Dates,
    NthWeekdays,
    Rule,
    Turns,
    Weekly,
    Window,
    check,
    everybody,
)
from shifts.patterns.rule_json import from_json, to_json
from tests.examples import examples

ANA, BO, CHI = 1, 2, 3
MONDAY = date(2026, 3, 2)
EVENINGS = Window(Weekly((0, 2)), time(18), time(22))
WEEKS = Turns("week", ((ANA,), (BO, CHI)), anchor=datetime.fromisoformat("2026-03-02T08:00"))


def written(**changes: Any) -> str:
    """Ana on Monday evenings, with some fields changed; None leaves one out."""
    days = {"kind": "weekly", "weekdays": [0], "every": 1}
    window = {"starts": "18:00", "ends": "22:00", "days": days}
    whole = {"first_day": "2026-03-02", "window": window, "persons": [ANA]} | changes
    return json.dumps({key: value for key, value in whole.items() if value is not None})


def in_window(**changes: Any) -> str:
    return written(window=json.loads(written())["window"] | changes)


def on_days(**days: Any) -> str:
    return in_window(days=days)


def in_turns(**changes: Any) -> str:
    turns = {"unit": "week", "groups": [[ANA], [BO]], "anchor": "2026-03-02T08:00"} | changes
    given = {key: value for key, value in turns.items() if value is not None}
    return written(persons=None, turns=given)


def test_a_rule_is_read_as_it_reads() -> None:
    assert from_json(written(last_day="2026-06-30", open_places=1)) == Rule(
        first_day=MONDAY,
        last_day=date(2026, 6, 30),
        window=Window(Weekly((0,)), time(18), time(22)),
        persons=(ANA,),
        open_places=1,
    )


def test_everybody_whom_a_rule_names_is_known() -> None:
    assert everybody(Rule(MONDAY, window=EVENINGS, persons=(ANA, BO))) == {ANA, BO}
    assert everybody(Rule(MONDAY, turns=WEEKS)) == {ANA, BO, CHI}
    assert everybody(Rule(MONDAY, window=EVENINGS, open_places=2)) == set()


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("Mondays, please", "", "not JSON"),
        ("[" * 100_000, "", "not JSON"),
        ("[]", "", "an object"),
        (written(first_day="2.3.2026"), "first_day", "a day like 2026-03-02"),
        (written(first_day=None), "first_day", "a day like 2026-03-02"),
        (written(first_day="0026-03-02"), "first_day", "from 1970-01-01"),
        (written(last_day="2026-03-01"), "last_day", "not before the first day, 2026-03-02"),
        (written(until="2026-03-01"), "until", "no such field"),
        (written(window=None), "window", "needs days and times"),
        (written(window="evenings"), "window", "an object"),
        (in_window(starts="25:00"), "window.starts", "a time like 18:00"),
        (in_window(ends="10pm"), "window.ends", "a time like 18:00"),
        (in_window(ends=22), "window.ends", "a time like 18:00"),
        (on_days(kind="yearly"), "window.days.kind", "one of: weekly, monthly by"),
        (on_days(kind="weekly", weekdays=[]), "window.days.weekdays", "at least one"),
        (on_days(kind="weekly", weekdays=[7]), "window.days.weekdays", "0 (Monday) to 6"),
        (on_days(kind="weekly", weekdays=[1, 1]), "window.days.weekdays", "none twice"),
        (on_days(kind="weekly", weekdays=["MO"]), "window.days.weekdays", "whole numbers"),
        (on_days(kind="weekly", weekdays=[0], every=0), "window.days.every", "1 to 53"),
        (
            on_days(kind="monthly by weekday", weekdays=[0], nths=[6]),
            "window.days.nths",
            "1 to 5, or -1",
        ),
        (on_days(kind="monthly by date", dates=[32]), "window.days.dates", "1 to 31, or -1"),
        (on_days(kind="monthly by date", dates=[True]), "window.days.dates", "whole numbers"),
        (written(persons=[ANA, ANA]), "persons", "nobody twice"),
        (written(persons=[ANA, 2**31]), "persons", "the number of a person"),
        (written(persons=[0]), "persons", "the number of a person"),
        (in_turns(groups=[[ANA], [10**30]]), "turns.groups", "the number of a person"),
        (written(persons=None), "open_places", "at least one person or one open place"),
        (written(open_places=51), "open_places", "at most 50"),
        (written(open_places="two"), "open_places", "a whole number"),
        (in_turns(unit="year"), "turns.unit", "one of: hour, day"),
        (in_turns(every=0), "turns.every", "from 1 to 53"),
        (in_turns(groups=[]), "turns.groups", "list of groups"),
        (in_turns(groups=[[ANA], []]), "turns.groups", "from 1 to 50 persons in each"),
        (in_turns(groups=[[ANA, ANA]]), "turns.groups", "nobody twice in one group"),
        (in_turns(groups=[ANA, BO]), "turns.groups", "a list of groups"),
        (in_turns(anchor=None), "turns.anchor", "the local time of a hand-over"),
        (in_turns(anchor="2026-03-02T08:00Z"), "turns.anchor", "without an offset"),
        (in_turns(anchor="2026-03-02T08:00:30"), "turns.anchor", "whole minutes"),
        (in_turns(anchor="2026-03-02T08:00:00.5"), "turns.anchor", "whole minutes"),
        (in_turns(unit="shift"), "turns.anchor", "none: turns by shift"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_field_and_what_would_be_right(
    text: str, field: str, why: str
) -> None:
    with pytest.raises(BadPattern) as refusal:
        from_json(text)
    assert [one.field for one in refusal.value.bad] == [field]
    assert why in refusal.value.lines[0]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadPattern) as refusal:
        from_json(written(first_day="soon", last_day="later", open_places="some"))
    assert [one.field for one in refusal.value.bad] == ["first_day", "last_day", "open_places"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(MONDAY, turns=Turns("shift", ((ANA,),))), "turns.unit"),
        (Rule(MONDAY, window=EVENINGS, persons=(CHI,), turns=WEEKS), "persons"),
        (
            Rule(MONDAY, window=Window(Weekly((0,)), time(8, 0, 1), time(9)), open_places=1),
            "window",
        ),
        (
            Rule(MONDAY, turns=Turns("day", ((ANA,),), 1, datetime.combine(date.min, time.min))),
            "turns.anchor",
        ),
    ],
)
def test_a_rule_made_in_code_is_checked_as_well(rule: Rule, field: str) -> None:
    with pytest.raises(BadPattern) as refusal:
        check(rule)
    assert [one.field for one in refusal.value.bad] == [field]


weekdays = st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple)
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.one_of(
    st.builds(Weekly, weekdays, st.integers(1, 53)),
    st.builds(
        NthWeekdays, weekdays, st.lists(st.sampled_from(NTHS), min_size=1, unique=True).map(tuple)
    ),
    st.builds(
        Dates,
        st.lists(st.sampled_from((*range(1, 32), -1)), min_size=1, unique=True).map(tuple),
    ),
)
windows = st.builds(Window, days, minutes, minutes)
groups = st.lists(
    st.lists(st.integers(1, 5), min_size=1, max_size=3, unique=True).map(tuple),
    min_size=1,
    max_size=4,
).map(tuple)
first_days = st.dates(date(2000, 1, 1), date(2050, 1, 1))
anchors = st.builds(datetime.combine, first_days, minutes)
clock_turns = st.builds(
    Turns, st.sampled_from(["hour", "day", "week", "month"]), groups, st.integers(1, 24), anchors
)
shift_turns = st.builds(Turns, st.just("shift"), groups, st.integers(1, 5))
rules = st.one_of(
    st.builds(Rule, first_days, st.none(), windows, st.just((ANA, BO)), st.integers(0, 5)),
    st.builds(Rule, first_days, st.just(date(2060, 1, 1)), windows, turns=shift_turns),
    st.builds(Rule, first_days, st.none(), st.none() | windows, turns=clock_turns),
)


@examples(100)
@given(rules)
def test_a_rule_that_was_stored_comes_back_as_it_was(rule: Rule) -> None:
    assert from_json(to_json(rule)) == rule


def test_a_stored_rule_reads_like_what_was_asked_for() -> None:
    rule = Rule(MONDAY, window=EVENINGS, turns=WEEKS, open_places=1)
    assert json.loads(to_json(rule)) == {
        "first_day": "2026-03-02",
        "window": {
            "starts": "18:00",
            "ends": "22:00",
            "days": {"kind": "weekly", "weekdays": [0, 2], "every": 1},
        },
        "open_places": 1,
        "turns": {
            "unit": "week",
            "every": 1,
            "groups": [[ANA], [BO, CHI]],
            "anchor": "2026-03-02T08:00",
        },
    }


def test_an_anchor_with_an_offset_is_no_local_time() -> None:
    turns = Turns("day", ((ANA,),), 1, datetime(2026, 3, 2, 8, tzinfo=UTC))
    with pytest.raises(BadPattern):
        check(Rule(MONDAY, turns=turns))
