"""Many at once, over real HTTP with all webhooks of one instant sent together."""

import pytest

from tests.bench.crowd import hold_an_evening, press_together
from tests.bench.figures import Figures
from tests.databases import Databases
from tests.stories.town import town_on

pytestmark = [pytest.mark.bench, pytest.mark.both_databases]
FAST = 10.0
"""Calls placed a second: the network's usual one would make this an evening of single rings."""


def test_two_hundred_callers_and_sixty_peers(
    databases: Databases, figures: Figures, full: bool
) -> None:
    # With this seed even so few lose patience, have a mailbox, and are left by a peer.
    callers, peers, seed = (200, 60, 7) if full else (3, 2, 3)
    with databases.migrated() as url, town_on(url, per_second=FAST) as town:
        crowd = hold_an_evening(town, callers, peers, seed)
        talks = [len(caller.has_talked_with) for caller in crowd.callers]
        rings = sum(len(peer.rings) for peer in crowd.peers)
        kind = town.parts.database.engine.dialect.name
    seen = {
        "callers, each with one outcome": callers,
        "of them talked with a peer": crowd.answered,
        "talks, none with a volunteer who was in another": sum(talks),
        "rings, none of them once its call was gone": rings,
    }
    rows = [(what, f"{number}") for what, number in seen.items()]
    figures.table(f"A crowd on {kind}, {peers} peers", ("", ""), rows)


def test_two_peers_press_1_together_a_hundred_times(
    databases: Databases, figures: Figures, full: bool
) -> None:
    rounds = 100 if full else 1
    with databases.migrated() as url, town_on(url, per_second=FAST) as town:
        press_together(town, rounds, seed=7)
        kind = town.parts.database.engine.dialect.name
    rows = [("rounds in which both were served", f"{rounds} of {rounds}")]
    figures.table(f"Two callers, two peers who press 1 together on {kind}", ("", ""), rows)
