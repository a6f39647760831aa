"""The service is stopped again and again during a call and started anew: the call goes on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.databases import Databases
from tests.stories.served import InFlight, house, lives_in
from tests.stories.test_faults import STORIES, a_town, as_ever, ends, heard_by_all
from tests.stories.town import LINE, Town
from warmline.parts import Parts
from warmline.telephony.port import RETRY_OVERRIDES

EVERY = 2.3
"""Virtual seconds between two ends of the service."""
RESTARTED = (
    "counted_then_ended_kindly_then_somebody_else",
    "the_volunteers_menu",
    "passed_and_taken_by_another",
    "cut_off_and_passed_on",
)


@contextmanager
def service(town: Town) -> Iterator[tuple[Parts, InFlight]]:
    """A fresh service in the place of the one before: the same database, the same address."""
    parts = Parts(town.parts.settings, town.network.now)
    with house() as home, lives_in(home, parts) as in_flight:
        town.network.reach(parts.settings.public_url, f"http://127.0.0.1:{home.port}")
        yield parts, in_flight


class Restarted:
    """Whoever holds the town's time sees the service of the moment; nothing in memory outlives."""

    def __init__(self, town: Town, *, effects_wait: bool) -> None:
        self.town = town
        self.times = 0
        self._effects_wait = effects_wait
        self._stays = False
        self._running = ExitStack()

    def restart(self, _now: object = None) -> None:
        if self._stays:
            return
        self.times += 1
        # The server first: whatever it has in hand is done with the database that it knows.
        self._running.close()
        self.town.parts.close()
        parts, in_flight = self._running.enter_context(service(self.town))
        if self._effects_wait:
            # Every process ends between its commit and its effects.
            parts.door.send_effects = lambda: None
        vars(self.town.parts).update(vars(parts))
        self.town.in_flight = in_flight

    def stay(self) -> None:
        self._stays = True

    def close(self) -> None:
        self._running.close()


def played(databases: Databases, story: str, *, effects_wait: bool) -> Town:
    """The story with a new process every few seconds, to its end; what is left to look at."""
    with a_town(databases) as town:
        service = Restarted(town, effects_wait=effects_wait)
        service.restart()
        town.network.every(EVERY, service.restart)
        STORIES[story](town)
        service.stay()
        ends(town)
        service.close()
        assert service.times > 10
        return town


def last_words(heard: list[str]) -> dict[str, str]:
    """What each phone heard at the end, without the time."""
    return {line.split()[0]: line.split(maxsplit=2)[2] for line in heard}


@pytest.mark.both_databases
@pytest.mark.parametrize("story", RESTARTED[:1])
def test_a_call_through_many_restarts_goes_on_and_ends_in_the_same_words(
    story: str, databases: Databases
) -> None:
    _, heard = as_ever(databases, story)
    town = played(databases, story, effects_wait=False)
    assert last_words(heard_by_all(town)) == last_words(heard)


@pytest.mark.parametrize("story", RESTARTED[1:])
def test_a_call_whose_every_effect_is_left_to_the_next_process_goes_on_all_the_same(
    story: str, databases: Databases
) -> None:
    _, heard = as_ever(databases, story)
    town = played(databases, story, effects_wait=True)
    assert last_words(heard_by_all(town)) == last_words(heard)


@pytest.mark.both_databases
@pytest.mark.parametrize("effects_wait", [False, True], ids=["sends", "leaves its effects"])
def test_a_talk_by_text_through_many_restarts_loses_and_repeats_nothing(
    databases: Databases, effects_wait: bool
) -> None:
    with a_town(databases) as town:
        at = f"{town.parts.settings.public_url}/text{RETRY_OVERRIDES}"
        town.network.add_number(LINE, text_url=at)
        ana, dot = town.volunteer("Ana", breather=0), town.phone("Dot")
        service = Restarted(town, effects_wait=effects_wait)
        service.restart()
        town.network.every(EVERY, service.restart)
        for phone, body in ((dot, "Hello?"), (ana, "OK")):
            phone.write(LINE, body)
            town.wait(12)
        for number in range(5):
            dot.write(LINE, f"from Dot {number}")
            ana.write(LINE, f"from Ana {number}")
            town.wait(4)
        for _ in range(2):
            dot.write(LINE, "BYE")
            town.wait(8)
        service.stay()
        town.wait(30)
        service.close()
        assert service.times > 10
        from_dot = [text.body.split(": ")[-1] for text in ana.texts if "from Dot" in text.body]
        assert from_dot == [f"from Dot {number}" for number in range(5)]
        from_ana = [text.body for text in dot.texts if "from Ana" in text.body]
        assert from_ana == [f"from Ana {number}" for number in range(5)]
        assert "goodbye" in "".join(text.body for text in dot.texts[-2:])
