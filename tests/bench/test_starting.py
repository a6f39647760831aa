"""How long a caller waits for a service that was just started, or whose worker was just killed."""

import os
import subprocess
import time
from pathlib import Path
from statistics import median

import pytest

from tests.bench.figures import Figures
from tests.databases import Databases
from tests.serving.processes import kill, workers_of
from tests.serving.test_serving import LINE, asked, free_port, set_up_line, started
from tests.waiting import until

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("fixed_clock")]
AIM = 1.5
TICKS = os.sysconf("SC_CLK_TCK")


def test_how_soon_the_first_webhook_is_answered(
    sqlite_databases: Databases, figures: Figures, full: bool
) -> None:
    rounds = 10 if full else 1
    measured = [one_start(sqlite_databases) for _ in range(rounds)]
    rows = [
        (name, *(f"{median(figures):.2f}" for figures in zip(*values, strict=True)))
        for name, values in zip(
            ("started", "a worker killed"), zip(*measured, strict=True), strict=True
        )
    ]
    title = f"Seconds until the first webhook is answered, medians of {rounds}; aim {AIM} on a wall"
    figures.table(title, ("", "on the wall", "of CPU"), rows)


def one_start(databases: Databases) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds on the wall and of CPU: after a start, and after a kill once one stands ready."""
    port = free_port()
    with databases.migrated() as url:
        set_up_line(url)
        began = time.monotonic()
        with started("serve", url=url, port=port) as process:
            first = answered(port, process, 1)
            worker = workers_of(process.pid)[0]
            of_start = (first - began, cpu(process.pid) + cpu(worker))
            until(lambda: len(workers_of(process.pid)) == 2)
            ready = workers_of(process.pid)[1]
            until(lambda: is_at_rest(ready))
            before, began = cpu(ready), time.monotonic()
            kill(worker)
            of_kill = (answered(port, process, 2) - began, cpu(ready) - before)
    return of_start, of_kill


def answered(port: int, process: subprocess.Popen[str], number: int) -> float:
    """When a call is answered that is asked about as soon as anybody listens."""
    call = {"CallSid": f"CA{number:032d}", "From": "+14135550151", "To": LINE}
    while True:
        assert process.poll() is None
        try:
            assert asked(port, "POST", "/voice", call).status == 200
        except OSError:
            time.sleep(0.005)
        else:
            return time.monotonic()


def cpu(process: int) -> float:
    """Seconds of CPU that it has taken so far, its children left out."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def is_at_rest(process: int) -> bool:
    """Whether it takes no CPU: it has imported everything."""
    before = cpu(process)
    time.sleep(0.2)
    return before > 1 and cpu(process) == before
