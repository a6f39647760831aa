"""Yes, no or silence to being counted: the same people ring, in the same order, as soon."""

from datetime import datetime
from functools import partial

from tests.databases import Databases
from tests.stories.town import LINE, Town, town_on
from warmline.simulator import Phone

ASKED = "5 counts this call"
TAKEN_BACK = "5 takes it back."


def evening(town: Town, *keys: tuple[str, str]) -> list[tuple[str, float]]:
    """Who rang and talked when, in an evening on which Cal answers so; Dot waits before them."""
    began = town.network.now()
    town.set_rules(patience_seconds=1800)
    for name, after in (("Ana", 3.0), ("Bo", 30.0)):
        peer = town.volunteer(name, breather=0).picks_up(after)
        peer.when_hears("Press 1 to take it", press="1")
    gus, dot, cal = (town.phone(name) for name in ("Gus", "Dot", "Cal"))
    gus.dial(LINE)
    town.until_talking(gus, town.phone("Ana"))
    for words, key in keys:
        cal.when_hears(words, press=key, once=True)
    for caller in (dot, cal):
        caller.dial(LINE)
        town.wait(3)
    town.wait(90)
    gus.hang_up()
    happened: list[tuple[str, float]] = []
    for caller in (dot, cal):
        town.network.run_until(partial(is_talking, caller), 600)
        assert is_talking(caller), town.network.story()
        happened.append((f"{caller.name} {caller.talking_with}", seconds(town, began)))
        town.wait(30)
        caller.hang_up()
    town.wait(30)
    for name in ("Ana", "Bo"):
        rings = town.phone(name).rings
        happened += [(name, (one.started - began).total_seconds()) for one in rings]
    return happened


def is_talking(phone: Phone) -> bool:
    return bool(phone.talking_with)


def seconds(town: Town, since: datetime) -> float:
    return (town.network.now() - since).total_seconds()


def test_same_order_same_people_same_length(databases: Databases) -> None:
    answers = {
        "yes": [(ASKED, "5")],
        "taken back": [(ASKED, "5"), (TAKEN_BACK, "5")],
        "silence": [],
    }
    told = {}
    for name, keys in answers.items():
        with databases.migrated() as url, town_on(url) as town:
            told[name] = evening(town, *keys)
            assert len(town.notes()) == (name == "yes")
    assert told["yes"] == told["silence"]
    assert told["taken back"] == told["silence"]
