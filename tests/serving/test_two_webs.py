"""Two webs with a clock each, behind one socket and on one PostgreSQL; one is killed midway.

Both are `warmline serve` in processes of their own, and every callback comes twice. Each caller has
exactly one outcome, however fast people speak.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from tests.databases import Databases
from tests.serving.processes import kill_all
from tests.serving.test_killed import LATER, PACE, SORRY, STOCK, Caller, Killed, on_the_phone
from tests.serving.test_serving import (
    ACCOUNT,
    LINE,
    PROGRAM,
    TOKEN,
    set_up_line,
    settings_for,
    surroundings,
)
from tests.serving.test_serving_pressed import HAND_OVER
from tests.waiting import LONG, until
from warmline.parts import Parts
from warmline.simulator import Exchange
from warmline.sockets import listening
from warmline.telephony.provision import provision

pytestmark = pytest.mark.usefixtures("fixed_clock")

CALLERS, MANY = 6, 30
SPEEDS: Final = (1.0, 4.0, 12.0)
"""The network's seconds for each of the service's."""
USUAL: Final = (6.0,)
LEAVES: Final = 3
"""Every third caller hangs up when they hear what is promised."""
PEERS_FROM, CALLERS_FROM = 110, 150


@contextmanager
def webs(
    url: str, port: int, provider: str, held: int, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The first of two that answer on one socket."""
    environment = surroundings(url, port) | PACE | {"WARMLINE_PROVIDER_URL": provider}
    command = [sys.executable, "-c", HAND_OVER, str(held), PROGRAM]
    with ExitStack() as stack, log.open("wb") as written:
        two = [
            stack.enter_context(
                subprocess.Popen(command, env=environment, pass_fds=[held], stderr=written)
            )
            for _ in range(2)
        ]
        for one in two:
            stack.callback(one.kill)
        until(lambda: log.read_bytes().count(b"startup complete") == len(two))
        yield two[0]


@contextmanager
def a_town(url: str, now: datetime, log: Path) -> Iterator[Killed]:
    """Everybody; its process is the web that may be killed."""
    set_up_line(url)
    with ExitStack() as stack:
        network = Exchange(ACCOUNT, TOKEN, start=now, calls_per_second=20, patience=LONG)
        stack.callback(network.close)
        held = stack.enter_context(listening("127.0.0.1", 0))
        provider, port = network.open(), held.getsockname()[1]
        settings = settings_for(url, port).model_copy(update={"provider_url": provider})
        parts, later = (
            Parts(settings, network.now),
            Parts(settings, lambda: network.now() + LATER),
        )
        for one in (parts, later):
            stack.callback(one.close)
        network.add_number(LINE)
        told = provision(parts.provider, [LINE], settings.public_url, dry_run=False)  # type: ignore[arg-type]  # it is the provider's own library here
        assert not any(one.is_error for one in told)
        network.faults.callbacks_twice = True
        first = stack.enter_context(webs(url, port, provider, held.fileno(), log))
        yield Killed(network, parts, later, first)


@pytest.mark.long
def test_every_caller_has_one_outcome_though_one_of_two_webs_is_killed_midway(
    postgresql_databases: Databases, fixed_clock: datetime, full: bool, tmp_path: Path
) -> None:
    for speed in SPEEDS if full else USUAL:
        with postgresql_databases.migrated() as url:
            _one_outcome_each(url, fixed_clock, speed, MANY if full else CALLERS, tmp_path / "log")


def _one_outcome_each(url: str, now: datetime, speed: float, many: int, log: Path) -> None:
    with a_town(url, now, log) as town:
        peers = [
            on_the_phone(town, f"Peer {number}", f"+1413555{number:04}")
            for number in range(PEERS_FROM, PEERS_FROM + many)
        ]
        phones = [
            town.network.phone(f"+1413555{number:04}", f"Caller {number}")
            for number in range(CALLERS_FROM, CALLERS_FROM + many)
        ]
        leaving = phones[::LEAVES]
        staying = [Caller(phone, town.network) for phone in phones if phone not in leaving]
        for caller in staying:
            caller.look(again=True)
        for phone in leaving:
            phone.dial(LINE)
        town.network.run_at_speed(lambda: speed)

        def have_left() -> int:
            """How many callers have hung up, each when it was their time."""
            for peer in peers:
                assert len(peer.talking_with) <= 1, "one caller for each peer"
            for phone in leaving:
                if phone.is_in_call and phone.has_heard("Our promise"):
                    phone.hang_up()
            still = [phone for phone in leaving if phone.is_in_call]
            return many - len(still) - sum(caller.look(again=False) for caller in staying)

        until(lambda: have_left() >= many // 2)
        kill_all(town.process.pid)
        until(lambda: have_left() == many)
        until(town.nothing_lives_on_later)
        story = town.network.story()
        assert [caller.lost for caller in staying] == [0] * len(staying), story
        for phone in (*phones, *peers):
            assert not phone.is_ringing, phone.name
            assert not phone.is_in_call, phone.name
            assert not phone.has_heard(SORRY), story
            assert not phone.has_heard(STOCK), story
        counts = town.counts()
        # Somebody may have pressed 1 before those left who leave soon.
        assert counts["answered"] >= len(staying), story
        assert counts["offered"] == counts["answered"] + counts.get("not reached", 0) == many, story
