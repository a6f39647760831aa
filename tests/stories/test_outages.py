"""Each kind of outage: talks go on, whoever waits or calls is put through, then all is as ever."""

import time
from datetime import timedelta

import pytest
from starlette.types import Receive, Scope, Send

from tests.stories.kinds_of_outage import ON_POSTGRESQL, ON_SQLITE, Outage, crashed, cut_off
from tests.stories.test_faults import calls, takes
from tests.stories.test_faults_outside import NOT_ARRIVED, provisioned, was_told_the_truth
from tests.stories.test_without_database import CARRIED, SHORT
from tests.stories.town import LINE, Town
from warmline.database import breaker, engine, postgres
from warmline.database.postgres import BoundedConnection

ANSWERED_WITHIN = 3.0
"""Seconds of the wall for each webhook; said of a quiet machine, in the large size alone."""
SOON = 0.3
BRIEF = (crashed, cut_off)
"""Outages that may be over before anybody has gone on without the database."""


@pytest.fixture(autouse=True)
def given_up_soon(full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the small size nobody sits through the real time-outs."""
    if not full:
        monkeypatch.setattr(engine, "BUSY_SECONDS", SOON)
        soon = {**postgres.HURRIED, "lock_timeout": f"{int(SOON * 1000)}ms"}
        monkeypatch.setattr(postgres, "HURRIED", soon)
        monkeypatch.setattr(BoundedConnection, "patience", SOON)
        # A connection is waited for two seconds at least (libpq): fewer tries, fewer waits.
        monkeypatch.setattr(breaker, "A_TRY", timedelta(seconds=8))


class Timed:
    """Around the service: how long its slowest webhook took, in seconds of the wall."""

    def __init__(self, town: Town) -> None:
        self._app, town.in_flight._app = town.in_flight._app, self
        self.slowest = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.monotonic()

        async def sent(message: object) -> None:
            self.slowest = max(self.slowest, time.monotonic() - begun)
            await send(message)  # type: ignore[arg-type]  # as it came

        await self._app(scope, receive, sent)


def lives_through(outage: Outage, town: Town, *, full: bool) -> None:
    ana, cal = takes(town, "Ana"), calls(town)
    town.until_talking(cal, ana)
    bo, dot = town.volunteer("Bo").never_picks_up(), calls(town, "Dot")
    town.until_hears(dot, "We're looking for someone")
    chi, gus, eli = town.volunteer("Chi").never_picks_up(), town.phone("Gus"), town.phone("Eli")
    town.parts.remember()
    if full:
        town.parts.door.in_time.seconds = 2.8
    timed = Timed(town)
    with town.clock.resting(), outage(town):
        takes(town, "Bo")
        eli.write(LINE, "Hello?")
        town.until_talking(dot, bo, within=90)
        takes(town, "Chi")
        gus.dial(LINE)
        town.until_talking(gus, chi, within=90)
        assert ana.name in cal.talking_with, "the talk goes on"
        if outage not in BRIEF:
            assert dot.has_heard(CARRIED)
            assert gus.has_heard(SHORT)
    assert town.network.run_until(town.parts.door.in_time.look, 10), "as ever within 10 s"
    assert {"Bo", "Chi"} == {*dot.talking_with, *gus.talking_with}
    assert ana.name in cal.talking_with
    for phone in (ana, bo, chi, cal, dot, gus):
        assert was_told_the_truth(phone), phone.words
    assert any(NOT_ARRIVED in one.body or "Our promise" in one.body for one in eli.texts)
    if full:
        assert timed.slowest < ANSWERED_WITHIN
    for phone in (cal, dot, gus):
        phone.hang_up()
    town.wait(10)
    assert not town.live_rows().keys() & {"call", "ring"}, town.network.story()


@pytest.mark.parametrize("outage", ON_SQLITE)
def test_an_outage_of_sqlite_is_lived_through(outage: Outage, sqlite_url: str, full: bool) -> None:
    with provisioned(sqlite_url) as town:
        lives_through(outage, town, full=full)


@pytest.mark.parametrize("outage", ON_POSTGRESQL)
def test_an_outage_of_postgresql_is_lived_through(
    outage: Outage, postgresql_url: str, full: bool
) -> None:
    with provisioned(postgresql_url) as town:
        lives_through(outage, town, full=full)
