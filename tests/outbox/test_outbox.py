"""Effects: nothing wished for is lost and nothing is done twice, whoever sends, however often."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Row, select

from tests.stories.town import LINE, NUMBERS, Town, town_on
from warmline.conversations.ringing import whom_to_ring
from warmline.models.calls import Ring
from warmline.models.outbox import Effect
from warmline.outbox import outbox
from warmline.outbox.outbox import DueEffect
from warmline.parts import Parts
from warmline.sending.sender import RING_URLS, Sender
from warmline.simulator import Phone
from warmline.telephony.port import RETRY_OVERRIDES, Provider

GONE_LEG = "CA" + "0" * 32
FAST = 10.0


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url, per_second=FAST) as town:
        yield town


@contextmanager
def another_process(town: Town) -> Iterator[Parts]:
    """The same service once more, on the same database and network."""
    parts = Parts(town.parts.settings, town.network.now)
    yield parts
    parts.close()


def waiting_caller(town: Town) -> Phone:
    """Cal waits while Bo's phone rings unheard."""
    town.volunteer("Bo").never_picks_up()
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_rings(town.phone("Bo"))
    town.until_hears(cal, "We're looking for someone now.")
    return cal


def wish_to_ring(town: Town, *names: str) -> list[Phone]:
    """The search wishes for rings of these who have just come on; committed, not yet sent."""
    phones = [town.volunteer(name).never_picks_up() for name in names]
    with town.parts.database.writing() as db:
        whom_to_ring.decide(db, 1, town.network.now(), town.parts.odds)
    assert effects(town, outbox.RING) == len(names)
    return phones


def wish(town: Town, kind: str, leg: str, path: str = "") -> None:
    with town.parts.database.writing() as db:
        if kind == outbox.MOVE:
            outbox.move(db, 1, leg, path, town.network.now())
        else:
            outbox.hang_up(db, 1, [leg], town.network.now())


def effects(town: Town, kind: str = "") -> int:
    with town.parts.database.reading() as db:
        kinds = db.execute(select(Effect.kind)).scalars().all()
    return sum(one == kind if kind else one != outbox.ERASE for one in kinds)


def in_hand(town: Town) -> DueEffect:
    """A sender takes the only ring there is, and is never heard of again."""
    now = town.network.now()
    with town.parts.database.writing() as db:
        [ring] = [one for one in outbox.due(db, now) if one.kind == outbox.RING]
        [taken] = outbox.take(db, [ring.id], now)
    assert taken is not None
    return taken


def place(town: Town, effect: DueEffect, phone: Phone) -> None:
    """What the lost sender still did: the provider has the ring, and nobody noted it."""
    answer, status = (url.format(token=effect.subject) for url in RING_URLS)
    base = town.parts.settings.public_url
    town.parts.provider.ring(phone.number, base + answer + RETRY_OVERRIDES, base + status, 40)


def ring_of(town: Town, name: str) -> Row[Any] | None:
    with town.parts.database.reading() as db:
        mine = select(Ring.__table__).where(Ring.person_id == town.people[name])
        return db.execute(mine).first()


# The process ends, at any moment.


@pytest.mark.both_databases
def test_a_ring_committed_by_a_process_that_then_dies_is_placed_by_another(town: Town) -> None:
    waiting_caller(town)
    [ana] = wish_to_ring(town, "Ana")
    with another_process(town) as other:
        assert other.sender.send_due() == 1
        assert town.parts.sender.send_due() == 0
    town.wait(10)
    assert ana.is_ringing
    assert len(ana.rings) == 1


@pytest.mark.parametrize("callbacks", ["come", "never come"])
def test_a_ring_placed_by_a_process_that_dies_before_noting_it_is_not_placed_again(
    town: Town, callbacks: str
) -> None:
    waiting_caller(town)
    town.network.faults.callbacks_never = callbacks == "never come"
    [ana] = wish_to_ring(town, "Ana")
    place(town, in_hand(town), ana)
    town.wait(outbox.HELD.total_seconds() + 2)
    ring = ring_of(town, "Ana")
    assert ring is not None
    assert ring.provider_id
    assert effects(town, outbox.RING) == 0
    assert len(ana.rings) == 1


def test_a_ring_of_which_nothing_is_found_is_dropped_and_the_search_goes_on(town: Town) -> None:
    waiting_caller(town)
    [ana] = wish_to_ring(town, "Ana")
    in_hand(town)
    town.wait(30)
    assert ana.rings == []
    town.until_rings(ana, within=15)


@pytest.mark.parametrize("kind", [outbox.MOVE, outbox.HANG_UP])
def test_a_move_or_hang_up_in_the_hands_of_a_dead_process_is_done_by_another(
    town: Town, kind: str
) -> None:
    cal = waiting_caller(town)
    wish(town, kind, town.network.records()[0]["sid"], "/c/0/hello")  # type: ignore[arg-type]  # text
    now = town.network.now()
    with town.parts.database.writing() as db:
        outbox.take(db, [outbox.due(db, now)[0].id], now)
    assert town.parts.sender.send_due() == 0
    town.wait(outbox.HELD.total_seconds() + 1)
    assert effects(town) == 0
    town.until_over(cal, within=10)


# A create whose answer was lost.


@pytest.mark.parametrize("callbacks", ["come", "never come"])
def test_a_ring_whose_creation_was_not_confirmed_is_found_and_is_rung_once(
    town: Town, callbacks: str
) -> None:
    cal = waiting_caller(town)
    town.network.faults.creates_lost = 1
    town.network.faults.callbacks_never = callbacks == "never come"
    [ana] = wish_to_ring(town, "Ana")
    ana.picks_up(after=9).when_hears("Press 1", press="1")
    town.until_talking(cal, ana, within=20)
    assert len(ana.rings) == 1
    assert effects(town) == 0


def test_who_takes_the_call_while_nothing_is_known_of_their_ring_stays_in_the_talk(
    town: Town,
) -> None:
    cal = waiting_caller(town)
    town.network.faults.creates_lost = 1
    town.network.faults.callbacks_never = True
    [ana] = wish_to_ring(town, "Ana")
    ana.picks_up(after=1).when_hears("Press 1", press="1")
    town.until_talking(cal, ana, within=10)
    town.wait(120)
    assert ana.talking_with == {"Cal"}
    ring = ring_of(town, "Ana")
    assert ring is not None
    assert ring.provider_id
    assert effects(town) == 0


def test_a_ring_that_nobody_needs_any_more_ends_itself_once_it_is_found(town: Town) -> None:
    cal = waiting_caller(town)
    town.network.faults.creates_lost = 1
    town.network.faults.callbacks_affected = lambda fields: fields["CallStatus"] != "completed"
    town.network.faults.callbacks_late = 3
    [ana] = wish_to_ring(town, "Ana")
    town.parts.sender.send_due()
    cal.hang_up()
    town.until_rings(ana, within=3)
    town.wait(3)
    assert ana.rings[0].how == "canceled"
    town.wait(30)
    assert town.live_rows() == {}


def test_a_phone_whose_ring_was_never_made_is_free_again_soon_after_the_provider_is_well(
    town: Town,
) -> None:
    """A provider that answered only after twenty seconds had done nothing of what it was asked."""
    ana = town.volunteer("Ana").picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    town.network.faults.creates_never = 1
    cal.dial(LINE)
    town.wait(20)
    assert not ana.rings
    town.until_talking(cal, ana, within=25)
    assert len(ana.rings) == 1


# The provider says no, or not now.


def test_too_many_requests_are_tried_again_later_and_later(town: Town) -> None:
    waiting_caller(town)
    town.network.faults.requests_refused = 3
    [ana] = wish_to_ring(town, "Ana")
    town.wait(5)
    assert ana.rings == []
    town.until_rings(ana, within=5)
    assert town.network.faults.requests_refused == 0
    assert len(ana.rings) == 1


def test_a_refusal_is_final_and_the_search_ends_in_honest_words(town: Town) -> None:
    ana = town.volunteer("Ana").picks_up(after=3)
    town.network.phone(LINE, "the line").is_busy()
    town.parts.settings = town.parts.settings.model_copy(update={"account_sid": "AC" + "9" * 32})
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_hears(cal, "No one could pick up", within=120)
    assert ana.rings == []
    assert effects(town) == 0


def test_a_number_that_may_not_be_dialled_is_passed_over_for_the_next(town: Town) -> None:
    town.volunteer("Ana", number="+19005550123").picks_up(after=1)  # number: premium, never dialled
    bo = town.volunteer("Bo").picks_up(after=3).when_hears("Press 1", press="1")
    cal = town.phone("Cal").when_hears("Our promise", press="#")
    cal.dial(LINE)
    town.until_talking(cal, bo)
    assert town.network.phone("+19005550123").rings == []  # number: premium, never dialled


@pytest.mark.parametrize("kind", [outbox.MOVE, outbox.HANG_UP])
def test_what_is_wished_of_a_leg_that_has_gone_counts_as_done(town: Town, kind: str) -> None:
    cal = town.phone("Cal")
    cal.dial(LINE)
    town.wait(2)
    ended = str(town.network.records()[0]["sid"])
    cal.hang_up()
    town.wait(2)
    for leg in (ended, GONE_LEG):
        wish(town, kind, leg, "/c/0/hello")
        assert town.parts.sender.send_due() == 1
        assert effects(town) == 0


def test_a_move_that_the_provider_does_not_take_for_two_minutes_has_lost_its_sense(
    town: Town,
) -> None:
    wish(town, outbox.MOVE, GONE_LEG, "/c/0/hello")
    town.network.faults.requests_refused = 1000
    town.wait(110)
    assert effects(town) == 1
    town.wait(60)
    assert effects(town) == 0


# In which order, and how fast.


@pytest.mark.both_databases
def test_hang_ups_and_moves_go_before_rings(town: Town) -> None:
    waiting_caller(town)
    wish_to_ring(town, "Ana", "Chi")
    wish(town, outbox.MOVE, GONE_LEG, "/c/0/hello")
    wish(town, outbox.HANG_UP, "CA" + "1" * 32)
    with town.parts.database.reading() as db:
        kinds = [effect.kind for effect in outbox.due(db, town.network.now())]
    assert kinds == [outbox.MOVE, outbox.HANG_UP, outbox.RING, outbox.RING]


def test_a_move_is_not_held_up_by_rings_that_wait_for_their_slot(database_url: str) -> None:
    with town_on(database_url, per_second=0.1) as town:
        waiting_caller(town)
        wish_to_ring(town, "Ana", "Chi")
        town.parts.sender.send_due()
        waits = effects(town, outbox.RING)
        wish(town, outbox.MOVE, GONE_LEG, "/c/0/hello")
        town.parts.sender.send_due()
        assert waits > 0
        assert effects(town, outbox.RING) == waits
        assert effects(town, outbox.MOVE) == 0


@pytest.mark.both_databases
def test_two_processes_together_place_no_more_rings_than_the_provider_lets_them(
    database_url: str,
) -> None:
    with town_on(database_url, per_second=1) as town, another_process(town) as other:
        town.network.every(0.1, lambda _now: other.sender.send_due())
        waiting_caller(town)
        names = ["Ana", "Chi", "Dee", "Eli", "Fay"]
        for name in names:
            town.volunteer(name).never_picks_up()
        town.set_rules(phones_at_once=6)
        town.wait(25)
        starts = sorted(ring.started for name in names for ring in town.phone(name).rings)
        assert len(starts) >= 2
        assert all(b - a > timedelta(seconds=0.9) for a, b in pairwise(starts))


class Counted:
    """The provider, and how often it was asked for what."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.asked: list[tuple[object, ...]] = []

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def ask(*given: object) -> Any:
            self.asked.append((verb, given[0]))
            return getattr(self._provider, verb)(*given)

        return ask


@pytest.mark.both_databases
def test_two_processes_with_two_threads_each_send_each_effect_once(database_url: str) -> None:
    with town_on(database_url, per_second=1000) as town, another_process(town) as other:
        waiting_caller(town)
        names = ["Ana"]
        wish_to_ring(town, *names)
        legs = [f"CA{number:032}" for number in range(12)]
        for number, leg in enumerate(legs):
            wish(town, outbox.MOVE if number % 2 else outbox.HANG_UP, leg, "/c/0/hello")
        counted = Counted(town.parts.provider)
        start = threading.Barrier(4)

        def send(sender: Sender) -> None:
            start.wait()
            sender.send_due()

        senders = [
            replace(parts.sender, provider=lambda: counted) for parts in (town.parts, other) * 2
        ]
        threads = [threading.Thread(target=send, args=(sender,)) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        phones = [("ring", NUMBERS[name]) for name in names]
        moves = [("move" if number % 2 else "hang_up", leg) for number, leg in enumerate(legs)]
        assert sorted(counted.asked) == sorted([*phones, *moves])
        assert effects(town) == 0


# A wish that replaces another.


@pytest.mark.both_databases
def test_a_later_move_replaces_one_not_yet_done_and_one_in_a_senders_hands(town: Town) -> None:
    now = town.network.now()
    wish(town, outbox.MOVE, GONE_LEG, "/c/0/first")
    wish(town, outbox.MOVE, GONE_LEG, "/c/0/second")
    with town.parts.database.writing() as db:
        [only] = outbox.due(db, now)
        [taken] = outbox.take(db, [only.id], now)
        assert taken is not None
        assert taken.url_path == "/c/0/second"
        outbox.move(db, 1, GONE_LEG, "/c/0/third", now)
        outbox.done(db, taken)
        outbox.again(db, taken, now + timedelta(hours=1))
        assert [effect.url_path for effect in outbox.due(db, now)] == ["/c/0/third"]


@pytest.mark.both_databases
def test_a_hang_up_takes_the_place_of_a_move(town: Town) -> None:
    wish(town, outbox.MOVE, GONE_LEG, "/c/0/hello")
    wish(town, outbox.HANG_UP, GONE_LEG)
    assert (effects(town, outbox.MOVE), effects(town, outbox.HANG_UP)) == (0, 1)


@pytest.mark.both_databases
def test_a_ring_can_be_taken_back_only_while_it_cannot_have_been_placed(town: Town) -> None:
    now = town.network.now()
    with town.parts.database.writing() as db:
        outbox.rings(db, 1, ["a"], now)
        assert outbox.unring(db, ["a"])
        outbox.rings(db, 1, ["b"], now)
        [effect] = outbox.due(db, now)
        [taken] = outbox.take(db, [effect.id], now)
        assert taken is not None
        assert not outbox.unring(db, ["b"])
        outbox.again(db, taken, now, unknown_since=now)
        assert not outbox.unring(db, ["b"])
