"""Whether there is still anybody to find, and which words are true."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from warmline.routing.outlook import (
    ALL_BUSY,
    LOOK_ON,
    NOBODY_ON,
    NOBODY_PICKS_UP,
    outlook,
    round_is_over,
)
from warmline.routing.peers import LiveRing, Peer, Tries, Waiting

NOW = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PATIENCE = NOW + 3 * MINUTE
ANA, BO, CHI = 1, 2, 3
CAL, DOT = 11, 12
ONCE, TWICE, PASSED = Tries(1), Tries(2), Tries(1, passed=True)


def on(person: int, **facts: Any) -> Peer:
    peer = Peer(person, ("en",), NOW - 60 * MINUTE, NOW + 60 * MINUTE)
    return replace(peer, **facts)


def cal(*, volunteer_id: int | None = None, **tries: Tries) -> Waiting:
    names = {"ana": ANA, "bo": BO, "chi": CHI}
    tried = {names[name]: one for name, one in tries.items()}
    return Waiting(CAL, "en", NOW - MINUTE, volunteer_id=volunteer_id, tries=tried)


def ring(person: int, call: int = CAL, **facts: Any) -> LiveRing:
    return LiveRing(person, person, call, "en", **facts)


TALKING = {"talking": True}
BREATHER = {"breather_until": PATIENCE + MINUTE}
PAUSED = {"paused_until": PATIENCE + MINUTE}
SOON_BACK = {"breather_until": PATIENCE}
RESTING = {"resting_until": NOW + MINUTE}


@pytest.mark.parametrize(
    ("caller", "peers", "rings", "expected"),
    [
        (cal(), [on(ANA)], [], LOOK_ON),
        (cal(ana=ONCE), [on(ANA)], [], LOOK_ON),
        (cal(ana=ONCE), [on(ANA, **RESTING)], [], LOOK_ON),
        (cal(ana=TWICE), [on(ANA)], [], NOBODY_PICKS_UP),
        (cal(ana=PASSED), [on(ANA)], [], NOBODY_PICKS_UP),
        (cal(ana=TWICE, bo=PASSED), [on(ANA), on(BO)], [], NOBODY_PICKS_UP),
        (cal(ana=TWICE), [on(ANA), on(BO, **TALKING)], [], LOOK_ON),
        (cal(ana=TWICE, bo=TWICE), [on(ANA), on(BO, **TALKING)], [], NOBODY_PICKS_UP),
        (cal(ana=TWICE), [on(ANA, **TALKING)], [], ALL_BUSY),
        (cal(), [on(ANA, **BREATHER)], [], ALL_BUSY),
        (cal(ana=ONCE), [on(ANA, **BREATHER), on(BO, **PAUSED)], [], ALL_BUSY),
        (cal(ana=TWICE), [on(ANA), on(BO, **BREATHER)], [], NOBODY_PICKS_UP),
        (cal(), [on(ANA, **PAUSED)], [], NOBODY_PICKS_UP),
        (cal(), [on(ANA, **SOON_BACK)], [], LOOK_ON),
        (cal(ana=TWICE), [on(ANA, **SOON_BACK)], [], ALL_BUSY),
        (cal(), [on(ANA, **SOON_BACK, **PAUSED)], [], ALL_BUSY),
        (cal(), [on(ANA, until=PATIENCE, **SOON_BACK)], [], ALL_BUSY),
        (cal(), [], [], NOBODY_ON),
        (cal(volunteer_id=ANA), [on(ANA, **TALKING)], [], NOBODY_ON),
    ],
)
def test_outlook(caller: Waiting, peers: list[Peer], rings: list[LiveRing], expected: str) -> None:
    assert outlook(caller, peers, rings, NOW, PATIENCE) == expected


@pytest.mark.parametrize(
    ("caller", "live", "expected"),
    [
        (cal(ana=TWICE), ring(ANA), LOOK_ON),
        (cal(ana=TWICE), ring(ANA, early=True), LOOK_ON),
        (cal(ana=TWICE), ring(ANA, ending=True), NOBODY_PICKS_UP),
        # A ring of the pool is won by whoever has waited longest.
        (cal(ana=TWICE), ring(ANA, DOT), LOOK_ON),
        (cal(ana=PASSED), ring(ANA, DOT), NOBODY_PICKS_UP),
        (cal(ana=TWICE), ring(ANA, DOT, bound=True), NOBODY_PICKS_UP),
        (cal(ana=TWICE), LiveRing(1, ANA, DOT, "es"), NOBODY_PICKS_UP),
    ],
)
def test_a_phone_that_rings_for_them_may_still_answer(
    caller: Waiting, live: LiveRing, expected: str
) -> None:
    assert outlook(caller, [on(ANA)], [live], NOW, PATIENCE) == expected


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (ring(ANA), NOBODY_PICKS_UP),
        (ring(ANA, answered=True), LOOK_ON),
        (ring(ANA, answered=True, early=True), NOBODY_PICKS_UP),
        (ring(ANA, answered=True, ending=True), NOBODY_PICKS_UP),
    ],
)
def test_beyond_their_patience_only_somebody_who_hears_the_offer_is_waited_for(
    live: LiveRing, expected: str
) -> None:
    assert outlook(cal(), [on(ANA), on(BO)], [live], NOW, NOW) == expected


@pytest.mark.parametrize(
    ("caller", "peers", "rings", "over"),
    [
        (cal(), [on(ANA)], [], False),
        (cal(), [], [], False),
        (cal(ana=ONCE), [on(ANA)], [], True),
        (cal(ana=ONCE), [on(ANA)], [ring(ANA)], False),
        (cal(ana=ONCE), [on(ANA)], [ring(ANA, ending=True)], True),
        (cal(ana=ONCE), [on(ANA)], [ring(ANA, early=True)], True),
        (cal(ana=TWICE), [on(ANA)], [ring(ANA)], True),
        (cal(ana=PASSED), [on(ANA), on(BO)], [], False),
        (cal(ana=PASSED, bo=ONCE), [on(ANA), on(BO)], [], True),
        (cal(ana=ONCE, bo=ONCE), [on(ANA), on(BO)], [ring(BO)], False),
        (cal(ana=ONCE), [on(ANA), on(BO, **TALKING)], [], True),
        (cal(volunteer_id=BO, ana=ONCE), [on(ANA), on(BO)], [], True),
    ],
)
def test_a_round_is_over_when_everybody_here_was_rung_once_and_none_still_rings(
    caller: Waiting, peers: list[Peer], rings: list[LiveRing], over: bool
) -> None:
    assert round_is_over(caller, peers, rings, NOW) is over
