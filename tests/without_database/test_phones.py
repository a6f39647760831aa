"""Phones that ring without a database: slots, and who is in a call already."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from warmline.telephony.port import FoundRing, TryLater, Unknown
from warmline.without_database.phones import Phones, Wanted

EVENING = datetime(2030, 3, 4, 23, 0, tzinfo=UTC)
ANA = "+14135550111"


class Network:
    """A provider that has these calls, and rings."""

    def __init__(self, *states: str) -> None:
        self.states = states
        self.rung: list[str] = []
        self.ended: list[str] = []
        self.says: Exception | None = None
        self.look_up_says: Exception | None = None

    def find_ring(self, to: str, since: datetime) -> Sequence[FoundRing]:
        if self.look_up_says:
            raise self.look_up_says
        return [FoundRing("CA1", state, since) for state in self.states]

    def ring(self, to: str, answer_url: str, status_url: str, ring_seconds: int) -> str:
        if self.says:
            raise self.says
        self.rung.append(to)
        return f"CA{len(self.rung)}"

    def hang_up(self, provider_id: str) -> None:
        self.ended.append(provider_id)


class Clock:
    def __init__(self) -> None:
        self.at = EVENING

    def now(self) -> datetime:
        return self.at


def phones_on(network: Network, clock: Clock, per_second: float = 1.0) -> Phones:
    phones = Phones(lambda: network, per_second, clock.now)  # type: ignore[arg-type, return-value]  # what is asked of it here
    phones.pause = lambda _seconds: None
    return phones


def wanted(*, busy: bool = False) -> Wanted:
    return Wanted("queue", 1, ANA, busy, 15, 0.0, "answer", "status")


def wish(phones: Phones) -> None:
    phones.wish("queue", 1, EVENING + timedelta(seconds=25))


def test_a_slot_a_second_and_none_that_is_far_ahead() -> None:
    clock = Clock()
    phones = phones_on(Network(), clock)
    assert [phones.take_slot() for _ in range(5)] == [0, 1, 2, 3, None]
    clock.at += timedelta(seconds=2)
    assert [phones.take_slot() for _ in range(3)] == [2, 3, None]
    clock.at -= timedelta(hours=1)
    assert phones.take_slot() == 0, "a clock that was set back holds nobody up"


def test_as_many_slots_a_second_as_the_provider_grants() -> None:
    phones = phones_on(Network(), Clock(), per_second=4)
    assert [phones.take_slot() for _ in range(3)] == [0, 0.25, 0.5]


def test_whoever_the_provider_says_is_in_a_call_is_not_rung_for_a_while() -> None:
    network, clock = Network("completed", "in-progress"), Clock()
    phones = phones_on(network, clock)
    wish(phones)
    phones.place(wanted())
    assert not network.rung
    assert phones.was_spared("queue", 1)
    assert not phones.is_free(1)
    clock.at += timedelta(seconds=20)
    assert phones.is_free(1)


def test_what_was_read_last_decides_where_the_provider_cannot_say() -> None:
    for busy in (False, True):
        network = Network()
        network.look_up_says = TryLater("not reached")
        phones = phones_on(network, Clock())
        wish(phones)
        phones.place(wanted(busy=busy))
        assert network.rung == ([] if busy else [ANA])


def test_a_ring_that_nobody_wishes_for_any_more_is_not_placed() -> None:
    network = Network()
    phones = phones_on(network, Clock())
    wish(phones)
    phones.stop(phones.unwanted("queue"), [], str)
    phones.place(wanted())
    assert not network.rung


def test_a_refused_ring_is_over_at_once_and_an_answer_that_was_lost_may_ring() -> None:
    for says, rings in ((TryLater("no"), False), (Unknown("lost"), True)):
        network = Network()
        network.says = says
        phones = phones_on(network, Clock())
        wish(phones)
        phones.place(wanted())
        assert phones.rings_for("queue", 1) is rings
