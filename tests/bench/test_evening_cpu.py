"""CPU of the whole service for one webhook of a busy evening, asked for from outside.

All that the process does is counted: the sender, the clock and the log too. A caller who has talked
a moment hangs up and calls again, so calls come, ring, wait and talk side by side.
"""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from tests.bench.crowd import PEER_NUMBERS
from tests.bench.figures import Figures
from tests.bench.one_call import BARE, METER, Measured
from tests.serving.processes import workers_of
from tests.serving.test_killed import Caller, Killed, killed, on_the_phone
from tests.waiting import LONG, until

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("fixed_clock")]
AIM = 8.0
SPEED = 10.0
ANSWERED = "warmline_webhook_seconds_count"
TICKS = os.sysconf("SC_CLK_TCK")


def test_what_a_webhook_of_a_busy_evening_costs(
    sqlite_url: str,
    measured: Measured,
    figures: Figures,
    full: bool,
    fixed_clock: datetime,
    tmp_path: Path,
) -> None:
    peers, callers, calls = (25, 16, 160) if full else (2, 1, 1)
    bare = cost_of_the_bare_route(measured, 400 if full else 2)
    with killed(sqlite_url, fixed_clock, LONG, tmp_path / "log") as town:
        for number in PEER_NUMBERS[:peers]:
            on_the_phone(town, number, number)
        phones = [f"+1413555{number:04}" for number in range(200, 200 + callers)]
        crowd = [Caller(town.network.phone(one, one), town.network) for one in phones]

        def have_called(times: int) -> bool:
            for caller in crowd:
                caller.look(again=True)
            return sum(caller.times for caller in crowd) > times

        town.network.run_at_speed(lambda: SPEED)
        until(lambda: have_called(callers))  # What is met first is warm.
        begun = Spent.so_far(town)
        until(lambda: have_called(callers + calls))
        spent = Spent.so_far(town)
        until(lambda: sum(caller.look(again=False) for caller in crowd) == 0)
        assert not any(caller.lost for caller in crowd)
    many = spent.webhooks - begun.webhooks
    cost = (spent.cpu - begun.cpu) / many
    a_second = many / (spent.wall - begun.wall)
    row = ("all of the process", f"{cost / bare:.1f}", f"{cost * 1000:.2f}", f"{a_second:.0f}")
    head = (f"{callers} callers, {peers} peers", "times the bare route", "ms", "a second")
    figures.table(
        f"CPU for a webhook of a busy evening (aim: at most {AIM:.0f} times)", head, [row]
    )


class Spent(NamedTuple):
    """Seconds of CPU and of the wall, and how many webhooks were answered."""

    cpu: float
    wall: float
    webhooks: float

    @classmethod
    def so_far(cls, town: Killed) -> "Spent":
        """What the one worker of the service says, and the kernel of it."""
        with urlopen(f"{town.parts.settings.public_url}/metrics") as answer:  # noqa: S310 - ours
            said = answer.read().decode().splitlines()
        counts = [line.split()[-1] for line in said if line.startswith(ANSWERED)]
        assert counts, said
        cpu = cpu_of(workers_of(town.process.pid)[0])
        return cls(cpu, time.monotonic(), sum(map(float, counts)))


def cost_of_the_bare_route(measured: Measured, times: int) -> float:
    network = measured.network
    network.spent.clear()
    for _ in range(times):
        network.ask(BARE, "/bare", network.new_sid())
        network.note_meter()
    bare, meter = (sum(network.spent[one]) / times for one in (BARE, METER))
    return bare - meter


def cpu_of(process: int) -> float:
    """CPU seconds of a process, its kernel's share among them (proc(5))."""
    facts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / TICKS
