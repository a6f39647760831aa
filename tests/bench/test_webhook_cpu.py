"""CPU of the server for each webhook of a whole call, beside a bare route on the same server."""

from collections import defaultdict
from statistics import mean, median

import pytest

from tests.bench.figures import Figures
from tests.bench.one_call import (
    BARE,
    METER,
    READS,
    SENDING,
    Measured,
    Network,
    whole_call,
)

pytestmark = pytest.mark.bench
WRITE_AIM, READ_AIM = 10, 5
ALL = "all of the call"


def test_what_a_webhook_costs_beside_a_bare_route(
    measured: Measured, figures: Figures, full: bool
) -> None:
    rounds, calls = (20, 50) if full else (1, 1)
    network, database = measured
    ratios: dict[str, list[float]] = defaultdict(list)
    bare: list[float] = []
    whole_call(network, database)
    for _ in range(rounds):
        network.spent.clear()
        for _ in range(calls):
            whole_call(network, database)
        costs = of_one_round(network)
        bare.append(costs[BARE])
        for step, cost in costs.items():
            ratios[step].append(cost / costs[BARE])
    rows = [
        row(step, ratios[step]) for step in sorted(ratios, key=lambda step: -median(ratios[step]))
    ]
    title = (
        f"CPU of a webhook on SQLite, {rounds * calls} calls;"
        f" the bare route takes {median(bare) * 1000:.2f} ms; medians of {rounds} rounds"
    )
    figures.table(title, ("step", "kind", "times the bare route", "aim"), rows)


def of_one_round(network: Network) -> dict[str, float]:
    """Mean CPU seconds of each step, without what reading the meter costs."""
    meter = mean(network.spent[METER])
    costs = {step: mean(spent) - meter for step, spent in network.spent.items() if step != METER}
    webhooks = [
        one
        for step, spent in network.spent.items()
        if step not in (METER, BARE, SENDING)
        for one in spent
    ]
    return costs | {ALL: mean(webhooks) - meter}


def row(step: str, ratios: list[float]) -> tuple[str, str, str, str]:
    times = f"{median(ratios):.1f}"
    if step in (BARE, ALL, SENDING):
        return step, "", times, ""
    kind, aim = ("reads", READ_AIM) if step in READS else ("writes", WRITE_AIM)
    return step, kind, times, f"{aim}" if median(ratios) <= aim else f"over {aim}"
