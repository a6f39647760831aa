"""Random phones on a wire that misbehaves at random: what must hold whatever happens."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.databases import Databases
from tests.examples import examples
from tests.stories.test_faults import a_town
from tests.stories.town import LINE, Town
from warmline.simulator import Phone

pytestmark = pytest.mark.both_databases

CALLERS = ("Cal", "Dot", "Gus")
VOLUNTEERS = ("Ana", "Bo", "Chi", "Dee")
UNTIL_EVERYTHING_IS_LOOKED_UP = 12 * 60


@dataclass(frozen=True)
class Hand:
    """What somebody does: answers after so long, presses these keys, hangs up after so long."""

    answers: float | None = None
    mailbox: bool = False
    keys: tuple[tuple[str, str], ...] = ()
    hangs_up: float | None = None
    dials_at: float = 0.0

    def move(self, phone: Phone) -> None:
        if self.mailbox:
            phone.has_voicemail(self.answers or 3)
        elif self.answers is not None:
            phone.picks_up(self.answers)
        for words, key in self.keys:
            phone.when_hears(words, press=key, once=key == "*")
        if self.hangs_up is not None:
            phone.hangs_up(self.hangs_up)


def cues(words: list[str], keys: str) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    one = st.tuples(st.sampled_from(words), st.sampled_from(keys))
    return st.lists(one, max_size=4, unique_by=lambda cue: cue[0]).map(tuple)


seconds = st.floats(0.5, 400)
caller_hands = st.builds(
    Hand,
    keys=cues(
        ["our promise", "we may count", "press 1", "9: goodbye", "place is kept", "thank you"],
        "124509*",
    ),
    hangs_up=st.none() | seconds,
    dials_at=st.floats(0, 60),
)
volunteer_hands = st.builds(
    Hand,
    answers=st.none() | st.floats(1, 14),
    mailbox=st.booleans(),
    keys=cues(["to take it", "go back to it", "9: end kindly", "they are coming"], "112279*"),
    hangs_up=st.none() | seconds,
)
faults = st.fixed_dictionaries(
    {},
    optional={
        "callbacks_twice": st.booleans(),
        "callbacks_never": st.booleans(),
        "callbacks_late": st.floats(0, 40),
        "callbacks_out_of_order": st.floats(0, 20),
        "creates_lost": st.integers(0, 3),
        "requests_refused": st.integers(0, 5),
        "answers_lost": st.integers(0, 5),
        "webhooks_twice": st.booleans(),
        "room_ended_says": st.sampled_from(["answered", "completed"]),
        "room_moved_says": st.sampled_from(["answered", "completed"]),
        "queue_moved_says": st.sampled_from(["redirected", "url-updated"]),
    },
)


@examples(4, one_database=True)
@given(
    callers=st.lists(caller_hands, min_size=1, max_size=3),
    volunteers=st.lists(volunteer_hands, max_size=4),
    wrong=faults,
)
def test_every_caller_has_one_outcome_and_nothing_is_left(
    databases: Databases, callers: list[Hand], volunteers: list[Hand], wrong: dict[str, object]
) -> None:
    with a_town(databases) as town:
        for name, value in wrong.items():
            setattr(town.network.faults, name, value)
        town.network.every(1, lambda _now: nobody_is_in_two_talks(town))
        play(town, callers, volunteers)
        town.wait(UNTIL_EVERYTHING_IS_LOOKED_UP)
        assert town.live_rows() == {}, town.network.story()
        assert town.counts().get("offered", 0) == len(callers)
        assert one_outcome_each(town.counts()) == len(callers)


def play(town: Town, callers: list[Hand], volunteers: list[Hand]) -> None:
    for name, hand in zip(VOLUNTEERS, volunteers, strict=False):
        hand.move(town.volunteer(name))
    began = town.network.now()
    for name, hand in sorted(
        zip(CALLERS, callers, strict=False), key=lambda caller: caller[1].dials_at
    ):
        hand.move(town.phone(name))
        town.wait(max(0.0, hand.dials_at - passed(town, began)))
        town.phone(name).dial(LINE)
    town.wait(420)
    for name in (*CALLERS, *VOLUNTEERS):
        phone = town.phone(name).does_nothing()
        if phone.is_in_call:
            phone.hang_up()


def passed(town: Town, began: datetime) -> float:
    return (town.network.now() - began).total_seconds()


def one_outcome_each(counts: dict[str, int]) -> int:
    return counts.get("answered", 0) + counts.get("not reached", 0)


def nobody_is_in_two_talks(town: Town) -> None:
    for name in (*CALLERS, *VOLUNTEERS):
        others = town.phone(name).talking_with
        assert len(others) <= 1, (name, others)
        assert not others & set(CALLERS if name in CALLERS else VOLUNTEERS), (name, others)
