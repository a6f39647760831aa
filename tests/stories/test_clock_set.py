"""The machine's clock is set by an hour while people wait, are rung and talk: nobody notices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import pytest
from sqlalchemy import select

from tests.stories.served import house, lives_in
from tests.stories.test_faults import calls, takes
from tests.stories.town import HOUR, LINE, Town
from tests.waiting import LONG
from warmline.models.people import Volunteer
from warmline.operations.timed_jobs import Job, run_once
from warmline.parts import Parts

SETTINGS: Final = {"back": -HOUR, "forward": HOUR}
ON: Final = (-3.0, 6.0)
SetBy = Callable[[timedelta], None]


@contextmanager
def whose_clock_is_set(town: Town) -> Iterator[SetBy]:
    """A service in the town's, whose own clock is set by so much, and which runs all its jobs."""
    ahead = [timedelta(0)]
    town.parts.close()
    parts = Parts(town.parts.settings, lambda: town.network.now() + ahead[0])
    parts.door.in_time.seconds = LONG
    with house() as home, lives_in(home, parts) as in_flight, town.clock.resting():
        town.network.reach(parts.settings.public_url, f"http://127.0.0.1:{home.port}")
        vars(town.parts).update(vars(parts))
        town.in_flight = in_flight
        for job in (*parts.jobs(), parts.sending):
            town.network.every(job.seconds, partial(_run, job))

        def set_by(much: timedelta) -> None:
            ahead[0] += much

        yield set_by


def _run(job: Job, _now: datetime) -> None:
    run_once(job)


@pytest.mark.parametrize("way", SETTINGS)
def test_whoever_waits_is_rung_or_talks_while_the_clock_is_set_by_an_hour_does_not_notice(
    town: Town, way: str
) -> None:
    for name in ("Ana", "Bo", "Chi", "Dee"):
        town.volunteer(name, on=ON)
    for name in ("Ana", "Bo", "Chi"):
        town.phone(name).never_picks_up()
    with whose_clock_is_set(town) as set_by:
        gus = calls(town, "Gus")
        town.until_talking(gus, takes(town, "Dee"))
        gus.hang_up()
        town.until_over(town.phone("Dee").never_picks_up())
        cal = calls(town)
        ana = takes(town, "Ana")
        town.until_talking(cal, ana)
        dot = calls(town, "Dot")
        town.until_rings(town.phone("Bo"))
        # What is to be tried again; an answer of an hour ago is none any more.
        town.network.faults.requests_refused = int(way == "back")
        texts = len(town.phone("Chi").texts)
        town.phone("Chi").write(LINE, "WORDS")
        town.until_hears(dot, "We're looking for someone")
        set_by(SETTINGS[way])
        _goes_on(town, texts)
        town.until_talking(dot, takes(town, "Chi"), within=60)
        gus.dial(LINE)
        town.until_talking(gus, takes(town, "Bo"), within=60)
        assert cal.talking_with == {"Ana"}
        for phone in (cal, dot, gus):
            phone.hang_up()
        town.wait(60)
        for name in ("Ana", "Bo", "Chi"):
            assert not town.phone(name).is_in_call
            assert not town.phone(name).is_ringing
        assert town.live_rows().keys() <= {"outbox"}
        assert town.effects_waiting() == 0
        assert _rests_for(town, "Dee") <= timedelta(minutes=10)
        assert town.counts() == {"offered": 4, "answered": 4}


def _goes_on(town: Town, texts: int) -> None:
    """No phone that nobody answers rings on, what was to be sent is, and nobody is hung up on."""
    chi, rings = town.phone("Chi"), len(town.phone("Chi").rings)
    assert town.network.run_until(lambda: len(chi.texts) > texts, 30), town.network.story()
    for name in ("Bo", "Chi"):
        phone = town.phone(name)
        assert town.network.run_until(lambda: not phone.is_ringing, 30)  # noqa: B023 - at once
    assert len(chi.rings) <= rings + 1
    assert town.phone("Dot").is_in_call
    assert not town.phone("Dot").has_heard("No one could pick up"), town.network.story()


def _rests_for(town: Town, name: str) -> timedelta:
    theirs = select(Volunteer.breather_until).where(Volunteer.person_id == town.people[name])
    with town.parts.database.reading() as db:
        until = db.execute(theirs).scalar_one()
    assert until is not None, f"{name} has no breather"
    return until - town.parts.now()
