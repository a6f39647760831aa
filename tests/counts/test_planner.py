"""How many peers it takes: checked against Erlang's formula, played evenings, and common sense."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counts.queueing import erlang_c, play, play_rings
from warmline.counts.erlang import Chain
from warmline.counts.planner import (
    LONGEST_PATIENCE,
    PEERS,
    CannotPlan,
    ExpectedCalls,
    Reach,
    combined,
    reach,
    reaches,
    thin_hours,
)

EVENING = ExpectedCalls(
    callers_an_hour=4,
    talk_minutes=20,
    breather_minutes=10,
    patience_seconds=180,
    rings_answered=0.55,
)
demands = st.builds(
    ExpectedCalls,
    callers_an_hour=st.floats(0.01, 60),
    talk_minutes=st.floats(1, 60),
    breather_minutes=st.floats(0, 30),
    patience_seconds=st.floats(10, 3600),
    rings_answered=st.floats(0.1, 1),
)


@pytest.mark.parametrize("peers", [2, 3, 5, 8])
@pytest.mark.parametrize(("callers", "minutes"), [(4, 20), (6, 15), (1, 45)])
def test_where_nobody_leaves_it_is_erlang_c(callers: float, minutes: float, peers: int) -> None:
    load, seconds = callers * minutes / 60, 60 * minutes
    waits, each = erlang_c(load, peers), seconds / (peers - load)
    patient = Chain(peers, callers / 3600, 1 / seconds, 1e-10, 1, 15, 1)
    found = combined(peers, patient.met(30))
    assert found.waits == pytest.approx(waits, rel=1e-4)
    assert found.soon == pytest.approx(1 - waits * math.exp(-30 / each), rel=1e-4)
    assert found.wait_seconds == pytest.approx(waits * each, rel=1e-4)
    assert found.leave == pytest.approx(0, abs=1e-4)


def test_two_peers_for_four_calls_an_hour_let_half_of_the_callers_wait() -> None:
    patient = ExpectedCalls(4, 20, 0, LONGEST_PATIENCE, 1)
    shares = [round(100 * one.waits) for one in reaches(patient)[2:5]]
    assert shares == [18, 5, 1]
    assert reach(patient, 2).waits == pytest.approx(0.53, abs=0.01)


@pytest.mark.parametrize(
    ("peers", "callers", "minutes", "patience"),
    [(1, 2, 20, 120), (2, 4, 20, 180), (3, 20, 15, 60), (5, 12, 30, 600), (8, 60, 10, 30)],
)
def test_it_agrees_with_played_evenings(
    peers: int, callers: float, minutes: float, patience: float
) -> None:
    demand = ExpectedCalls(callers, minutes, 0, patience, 1)
    found, played = (
        reach(demand, peers),
        play(peers, callers, minutes, patience, number=60_000, seed=7),
    )
    assert found.waits == pytest.approx(played.waits, abs=0.015)
    assert found.soon == pytest.approx(played.soon, abs=0.015)
    assert found.leave == pytest.approx(played.leave, abs=0.015)
    assert found.wait_seconds == pytest.approx(played.wait_seconds, rel=0.08, abs=0.5)


def test_a_breather_counts_as_a_longer_talk_and_is_near_enough_where_it_is_always_as_long() -> None:
    demand = ExpectedCalls(4, 20, 10, 180, 1)
    assert reach(demand, 3) == reach(replace(demand, talk_minutes=30, breather_minutes=0), 3)
    played = play(3, 4, 20, 180, number=60_000, seed=7, breather_minutes=10)
    assert reach(demand, 3).leave == pytest.approx(played.leave, abs=0.02)
    assert reach(demand, 3).waits == pytest.approx(played.waits, abs=0.02)


@pytest.mark.parametrize(("accepted", "phones"), [(0.55, 3), (0.75, 2), (0.95, 1), (0.2, 4)])
def test_rings_that_are_not_answered_add_to_the_wait(accepted: float, phones: int) -> None:
    nobody_else = ExpectedCalls(0, 20, 10, 60, accepted)
    found, played = reach(nobody_else, 8), play_rings(accepted, phones, 15, 60, seed=7)
    assert found.waits == 0
    assert found.soon == pytest.approx(played.soon, abs=0.01)
    assert found.leave == pytest.approx(played.leave, abs=0.01)
    assert found.wait_seconds == pytest.approx(played.wait_seconds, rel=0.05, abs=0.1)


def test_one_peer_alone_is_rung_again_until_they_answer() -> None:
    alone = reach(ExpectedCalls(0, 20, 10, LONGEST_PATIENCE, 0.5), 1)
    assert alone.wait_seconds == pytest.approx(15, rel=0.001)
    assert alone.soon == pytest.approx(0.875, rel=0.001)


def test_with_nobody_on_everybody_leaves() -> None:
    assert reach(EVENING, 0) == Reach(0, 1.0, 0.0, None, 1.0)


@given(demands)
def test_more_peers_never_wait_longer(demand: ExpectedCalls) -> None:
    for fewer, more in pairwise(reaches(demand)):
        assert more.waits <= fewer.waits + 1e-9
        assert more.leave <= fewer.leave + 1e-9
        assert more.soon >= fewer.soon - 1e-9
        assert (more.wait_seconds or 0) <= (fewer.wait_seconds or 0) + 1e-6


@given(demands, st.sampled_from(PEERS))
def test_every_share_is_a_share_and_whoever_is_answered_has_not_left(
    demand: ExpectedCalls, peers: int
) -> None:
    found = reach(demand, peers)
    assert 0 <= found.waits <= 1 + 1e-9
    assert 0 <= found.soon <= 1 - found.leave + 1e-9
    assert 0 <= found.leave <= 1
    assert found.wait_seconds is not None
    assert found.wait_seconds >= 0


@given(demands, st.sampled_from(PEERS), st.floats(1, 3))
def test_more_callers_longer_breathers_and_fewer_answered_rings_never_help(
    demand: ExpectedCalls, peers: int, more: float
) -> None:
    found = reach(demand, peers)
    busier = replace(demand, callers_an_hour=demand.callers_an_hour * more)
    slower = replace(demand, breather_minutes=demand.breather_minutes * more)
    for worse in (reach(busier, peers), reach(slower, peers)):
        assert worse.leave >= found.leave - 1e-9
        assert worse.soon <= found.soon + 1e-9


@given(demands, st.sampled_from(PEERS), st.floats(1, 3))
def test_more_patient_callers_leave_less(demand: ExpectedCalls, peers: int, more: float) -> None:
    patient = replace(demand, patience_seconds=demand.patience_seconds * more)
    assert reach(patient, peers).leave <= reach(demand, peers).leave + 1e-9


@pytest.mark.parametrize(
    "edge",
    [
        {"callers_an_hour": 500, "patience_seconds": LONGEST_PATIENCE, "talk_minutes": 600},
        {"callers_an_hour": 500, "patience_seconds": 1, "breather_minutes": 600},
        {"callers_an_hour": 1e-9, "talk_minutes": 0.1, "breather_minutes": 0},
        {"rings_answered": 0.01, "ring_seconds": 120, "patience_seconds": 1},
    ],
)
def test_the_edges_of_what_can_be_planned_can_be_planned(
    edge: dict[str, float], full: bool
) -> None:
    # Half a second each, where they are furthest out.
    for peers in PEERS if full else (PEERS[0], PEERS[-1]):
        found = reach(replace(EVENING, **edge), peers)
        assert 0 <= found.soon <= 1
        assert 0 <= found.leave <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"callers_an_hour": -1},
        {"callers_an_hour": float("nan")},
        {"callers_an_hour": 501},
        {"talk_minutes": 0},
        {"breather_minutes": -1},
        {"patience_seconds": float("inf")},
        {"rings_answered": 0},
        {"rings_answered": 1.1},
        {"ring_seconds": 0},
    ],
)
def test_numbers_that_no_line_has_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CannotPlan):
        replace(EVENING, **wrong)


def test_thin_hours_are_those_with_callers_and_too_few_peers() -> None:
    callers, peers = [0.0] * 168, [3] * 168
    callers[18], callers[19], callers[20], callers[21] = 4, 4, 400, 4
    peers[19], peers[21], peers[22] = 1, 0, 0
    thin = thin_hours(EVENING, callers, peers)
    assert [(one.hour, one.callers, one.peers, one.enough) for one in thin] == [
        (18, 4, 3, 4),
        (19, 4, 1, 4),
        (20, 400, 3, None),
        (21, 4, 0, 4),
    ]
    assert thin[0].leave == reach(EVENING, 3).leave
    assert thin[3].leave == 1


def test_what_is_thin_is_for_the_asker_to_say() -> None:
    week = ([4.0] * 168, [3] * 168)
    leave = reach(EVENING, 3).leave
    assert thin_hours(EVENING, *week, bound=leave) == []
    assert len(thin_hours(EVENING, *week, bound=leave - 0.001)) == 168
