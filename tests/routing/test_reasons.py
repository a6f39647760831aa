"""Why whoever is on shift is not rung for those who wait, by a table of examples."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from warmline import prompts
from warmline.desk import wording
from warmline.languages import CODES
from warmline.routing.not_rung import Why
from warmline.routing.peers import Peer, Tries, Waiting
from warmline.routing.reasons import Beyond, GivenReason, RingEnd, held_back, not_asked
from warmline.routing.search import plan

NOW = datetime(2026, 11, 28, 19, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
END = NOW + 60 * MINUTE
REST = NOW + 5 * MINUTE
CAL = Waiting(1, "en", NOW - MINUTE)


FREE = Peer(7, ["en"], NOW, END)


def peer(**how: Any) -> Peer:  # any field of a peer
    return replace(FREE, **how)


@pytest.mark.parametrize(
    ("peer", "caller", "told"),
    [
        (peer(talking=True), CAL, GivenReason("talking")),
        (peer(paused_until=REST), CAL, GivenReason("paused", REST)),
        (peer(breather_until=REST), CAL, GivenReason("breather", REST)),
        (peer(texted_at=NOW), CAL, GivenReason("writing", NOW + 2 * MINUTE)),
        (peer(until=NOW + MINUTE / 6), CAL, GivenReason("going off", NOW + MINUTE / 6)),
        (peer(resting_until=REST), CAL, GivenReason("missed lately", REST)),
        (peer(rung_last=True), CAL, GivenReason("rung last")),
        (peer(languages=["es"]), CAL, GivenReason("other language")),
        (peer(), CAL, GivenReason("others first")),
        (peer(), CAL._replace(tries={7: Tries(passed=True)}), GivenReason("asked already")),
        (peer(), CAL._replace(tries={7: Tries(rings=2)}), GivenReason("asked already")),
        (peer(), CAL._replace(volunteer_id=7), GivenReason("own call")),
        (peer(owed_to=9), CAL, GivenReason("owed to a caller")),
    ],
)
def test_somebody_on_shift_is_not_rung_and_the_reason_is(
    peer: Peer, caller: Waiting, told: GivenReason
) -> None:
    assert not_asked([peer], [caller], set(), NOW) == {7: told}


def test_of_those_who_are_rung_and_while_nobody_waits_there_is_nothing_to_say() -> None:
    assert not_asked([peer()], [CAL], {7}, NOW) == {}
    assert not_asked([peer()], [], set(), NOW) == {}


def test_behind_a_boundary_the_boundary_is_the_reason_of_whoever_is_free() -> None:
    pair = [peer(), peer(person_id=8, talking=True)]
    assert held_back(pair, NOW) == {7: GivenReason("boundary"), 8: GivenReason("talking")}


def test_the_search_rings_each_on_shift_or_says_why_not() -> None:
    on = [peer(person_id=number) for number in range(1, 8)]
    made = plan([CAL], on, [], NOW, at_once=2)
    rung = {new.person_id for new in made.place}
    assert len(rung) == 2
    others = {one.person_id for one in on} - rung
    assert made.not_asked == {number: GivenReason("others first") for number in others}


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_words_for_its_volunteer_and_for_duty(code: str) -> None:
    told = prompts.load().keys(code)
    desk = wording.words(code)
    for kind in (Why, RingEnd, Beyond):
        for reason in get_args(kind):
            name = reason.replace(" ", "_")
            assert f"why.{name}" in told
            assert f"rung.{name}" in desk
