"""Requests of several at one instant, from outside: nobody is rung for two, nothing is taken twice.

What one lock for everybody held apart before: two steps of one call, two searches, two texts.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from itertools import count
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from shifts.models import Place
from tests.bench.crowd import PEER_NUMBERS
from tests.stories.served import TOKEN
from tests.stories.test_volunteer_texts import open_place
from tests.stories.town import LINE, Town, town_on
from warmline.models.calls import Call, Ring, TriedPeer
from warmline.models.counts import DayCount
from warmline.simulator.webhooks.courier import sign

pytestmark = pytest.mark.both_databases

AT_ONCE = 6
STRANGER = "+14135550199"
_ids = count(1)


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    with town_on(database_url) as town:
        yield town


def ask(town: Town, path: str, **form: str) -> str:
    """One signed webhook, as the network asks; the answer's text."""
    url = town.parts.settings.public_url
    fields = {"To": LINE, "Called": LINE, "From": STRANGER, "CallStatus": "in-progress", **form}
    line = HTTPConnection(urlsplit(url).netloc)
    line.request(
        "POST",
        path,
        urlencode(fields),
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": sign(TOKEN, url + path, fields.items()),
        },
    )
    answer = line.getresponse()
    said = answer.read().decode()
    line.close()
    assert answer.status in (200, 204), f"{path}: {answer.status} {said}"
    return said


def at_once(asks: Sequence[Callable[[], str]]) -> list[str]:
    """All at one instant; what each was answered."""
    together = Barrier(len(asks))

    def one(wished: Callable[[], str]) -> str:
        together.wait()
        return wished()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(one, asks))


def call_id() -> str:
    return f"CA{next(_ids):032x}"


def comes(town: Town, sid: str, number: str = STRANGER) -> str:
    """A call that comes in; the token of its addresses."""
    ask(town, "/voice", CallSid=sid, From=number, CallStatus="ringing")
    with town.parts.database.reading() as db:
        return str(db.scalar(select(Call.token).where(Call.provider_id == sid)))


def test_a_call_that_is_told_of_several_times_at_once_is_one_call(town: Town) -> None:
    town.volunteer("Ana")
    sid = call_id()
    said = at_once([lambda: ask(town, "/voice", CallSid=sid)] * AT_ONCE)
    assert len(set(said)) == 1
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Call)) == 1
        assert db.scalar(select(DayCount.number).where(DayCount.what == "offered")) == 1


def test_a_step_of_a_call_that_comes_several_times_at_once_rings_one_phone_once(
    town: Town,
) -> None:
    town.volunteer("Ana").never_picks_up()
    sid = call_id()
    token = comes(town, sid)
    for step in ("promise", "after_promise", "wait", "wait_key"):
        said = at_once(
            [partial(ask, town, f"/c/{token}/{step}", CallSid=sid, Digits="5")] * AT_ONCE
        )
        assert not [one for one in said if "Something is wrong" in one]
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Ring)) == 1
        assert list(db.scalars(select(TriedPeer.rings))) == [1]


def test_different_steps_of_one_call_at_once_leave_it_in_one_state(town: Town) -> None:
    """The end of the promise, a request of the queue, and the news that they have gone."""
    town.volunteer("Ana").never_picks_up()
    for _ in range(3):
        sid = call_id()
        token = comes(town, sid)
        ask(town, f"/c/{token}/promise", CallSid=sid)
        at_once(
            [
                partial(ask, town, f"/c/{token}/after_promise", CallSid=sid),
                partial(ask, town, f"/c/{token}/wait", CallSid=sid),
                partial(ask, town, f"/c/{token}/wait_key", CallSid=sid, Digits="4"),
                partial(ask, town, "/voice/status", CallSid=sid, CallStatus="completed"),
            ]
        )
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Call)) == 0
        assert db.scalar(select(func.count()).select_from(TriedPeer)) == 0
        assert not list(db.scalars(select(Ring.id).where(Ring.state == "asked for")))


def test_several_callers_who_look_at_once_ring_the_one_peer_there_is_once(town: Town) -> None:
    town.volunteer("Ana").never_picks_up()
    callers = [(call_id(), number) for number in PEER_NUMBERS[79 : 79 + AT_ONCE]]
    tokens = {sid: comes(town, sid, number) for sid, number in callers}

    def looks(sid: str, step: str) -> Callable[[], str]:
        return partial(ask, town, f"/c/{tokens[sid]}/{step}", CallSid=sid)

    for step in ("promise", "after_promise", "wait"):
        at_once([looks(sid, step) for sid in tokens])
    with town.parts.database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Ring)) == 1
        assert db.scalar(select(func.sum(TriedPeer.rings))) == 1


def test_of_several_peers_who_press_1_at_once_each_caller_has_one(town: Town) -> None:
    peers = [town.volunteer(f"Peer {n}", number=PEER_NUMBERS[n], breather=0) for n in range(3)]
    callers = [(call_id(), number) for number in PEER_NUMBERS[79:81]]
    for sid, number in callers:
        token = comes(town, sid, number)
        ask(town, f"/c/{token}/promise", CallSid=sid)
    rung = town.network.run_until(lambda: sum(one.is_ringing for one in peers) >= 2, 60)
    assert rung
    for peer in peers:
        if peer.is_ringing:
            peer.pick_up()
    town.wait(2)
    with town.parts.database.reading() as db:
        legs = db.execute(select(Ring.token, Ring.provider_id)).all()

    def takes(token: str, leg: str) -> Callable[[], str]:
        return partial(ask, town, f"/r/{token}/offer_key", CallSid=leg, Digits="1")

    # Each of them twice, as after an answer that was lost.
    said = at_once([takes(row.token, str(row.provider_id)) for row in legs] * 2)
    with town.parts.database.reading() as db:
        won = db.execute(select(Call.peer_id, Call.ring_id)).all()
    assert len({row.peer_id for row in won}) == len({row.ring_id for row in won}) == len(callers)
    assert sum("<Conference" in one for one in said) == 2 * len(callers)


def test_a_place_that_several_take_by_text_at_once_is_one_volunteers(town: Town) -> None:
    for number in range(AT_ONCE):
        town.volunteer(f"Peer {number}", number=PEER_NUMBERS[number], on=None)
    open_place(town, 20, 23)
    for number in range(AT_ONCE):
        texts(town, PEER_NUMBERS[number], "OPEN")
    at_once([_text(town, PEER_NUMBERS[number], "TAKE 1") for number in range(AT_ONCE)])
    with town.parts.database.reading() as db:
        held = [one for one in db.scalars(select(Place.person_id)) if one is not None]
    assert len(held) == 1


def test_what_one_volunteer_texts_several_times_at_once_is_done_once_each(town: Town) -> None:
    """Two phones of a family plan, or a text that was sent twice by an impatient thumb."""
    ana = town.volunteer("Ana", on=(-1, 3))
    at_once([_text(town, ana.number, "OUT")] * AT_ONCE)
    with town.parts.database.reading() as db:
        places = db.execute(select(Place.person_id, Place.ends_at).order_by(Place.starts_at)).all()
    # What is left of the shift is open, once.
    assert [row.person_id for row in places] == [town.people["Ana"], None]
    assert places[0].ends_at <= town.network.now()


def texts(town: Town, number: str, body: str) -> None:
    ask(town, "/text", MessageSid=f"SM{next(_ids):032x}", From=number, Body=body)


def _text(town: Town, number: str, body: str) -> Callable[[], str]:
    return lambda: ask(town, "/text", MessageSid=f"SM{next(_ids):032x}", From=number, Body=body)
