"""Random hands on every phone: never a third person without a yes of the caller's for this one."""

from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from tests.databases import Databases
from tests.examples import examples
from tests.stories.test_faults import a_town
from tests.stories.test_faults_random import Hand, cues
from tests.stories.town import LINE, Town
from warmline.simulator import Phone

PEERS = ("Ana", "Bo", "Chi")
YESES = ("We look for another peer.", "You said yes to a third person.")
"""What a caller hears who has said yes by a key; and one who is said to have said it aloud."""

seconds = st.floats(20, 300)
callers = st.builds(
    Hand,
    keys=cues(
        ["3: another peer as well", "may join you", "would like another peer", "you said yes"],
        "1233*",
    ),
    hangs_up=st.none() | seconds,
)
peers = st.builds(
    Hand,
    answers=st.floats(1, 12),
    keys=cues(
        ["to take it", "to join", "3: bring in a third", "we ask them", "9: leave the two"],
        "111239*",
    ),
    hangs_up=st.none() | seconds,
)
stars = st.lists(st.tuples(st.sampled_from(("Cal", *PEERS)), st.floats(1, 30)), max_size=6)


@examples(5, one_database=True)
@example(
    caller=Hand(
        keys=(
            ("3: another peer as well", "3"),
            ("may join you", "1"),
            ("would like another peer", "1"),
        )
    ),
    hands=[
        Hand(answers=1, keys=(("to take it", "1"), ("9: leave the two", "9"), ("to join", "*"))),
        Hand(answers=9.8, keys=(("to join", "1"), ("3: bring in a third", "3")), hangs_up=74),
        Hand(answers=7.5),
    ],
    pressed=[("Cal", 6.2), ("Ana", 1.1), ("Cal", 1), ("Ana", 26.5)],
    twice=True,
)
@given(
    caller=callers,
    hands=st.lists(peers, min_size=2, max_size=3),
    pressed=stars,
    twice=st.booleans(),
)
def test_no_third_person_without_a_yes(
    databases: Databases,
    caller: Hand,
    hands: list[Hand],
    pressed: list[tuple[str, float]],
    twice: bool,
) -> None:
    with a_town(databases) as town:
        town.network.faults.webhooks_twice = twice
        cal, pairs = town.phone("Cal"), set[frozenset[str]]()
        town.network.every(1, watch(cal, pairs))
        for name, hand in zip(PEERS, hands, strict=False):
            hand.move(town.volunteer(name, breather=0))
        caller.move(cal)
        cal.dial(LINE)
        town.wait(45)
        for name, pause in pressed:
            press_star(town.phone(name))
            town.wait(pause)
        town.wait(60)
        for name in ("Cal", *PEERS):
            if town.phone(name).does_nothing().is_in_call:
                town.phone(name).hang_up()
        town.wait(12 * 60)
        assert town.live_rows() == {}, town.network.story()


def watch(cal: Phone, pairs: set[frozenset[str]]) -> Callable[[object], None]:
    """Every second: with whom the caller talks, and how often they have said yes."""

    def look(_now: object) -> None:
        others = frozenset(cal.talking_with)
        assert len(others) <= 2, others
        if len(others) == 2:
            pairs.add(others)
        said = sum(words.startswith(YESES) for _, words in cal.heard)
        assert len(pairs) <= said, (pairs, cal.heard)

    return look


def press_star(phone: Phone) -> None:
    if phone.is_in_call and phone.talking_with:
        phone.press("*")


def test_the_watch_sees_a_third_person(databases: Databases) -> None:
    with a_town(databases) as town:
        three_talk(town)
        pairs = set[frozenset[str]]()
        watch(town.phone("Cal"), pairs)(None)
        assert pairs == {frozenset({"Ana", "Bo"})}


def three_talk(town: Town) -> None:
    for name, key in (("Ana", "to take it"), ("Bo", "to join")):
        town.volunteer(name, breather=0).picks_up(after=1).when_hears(key, press="1")
    cal = town.phone("Cal").when_hears("3: another peer as well", press="3", once=True)
    cal.dial(LINE)
    town.network.run_until(lambda: bool(cal.talking_with), 60)
    cal.press("*")
    assert town.network.run_until(lambda: len(cal.talking_with) == 2, 120), town.network.story()
