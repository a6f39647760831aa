"""CPU of the server for each text of a talk, beside a bare route on the same server."""

from collections import defaultdict
from statistics import mean, median

import pytest
from sqlalchemy import func, select

from tests.bench.crowd import PEER_NUMBERS
from tests.bench.figures import Figures
from tests.bench.one_call import BARE, METER, Measured, Network
from tests.stories.town import LINE
from warmline.database.engine import Database
from warmline.models.talks import AskedPeer, Talk, TalkText

pytestmark = pytest.mark.bench
AIM = 14
TEXTER = "+14135550199"
FROM_CALLER, FROM_PEER = "passed on to the peer", "passed on to the texter"
PASSED_ON = (FROM_CALLER, FROM_PEER)


def test_what_a_text_costs_that_is_passed_on(
    measured: Measured, figures: Figures, full: bool
) -> None:
    rounds, talks, each_way = (10, 10, 6) if full else (1, 1, 1)
    network, database = measured
    ratios: dict[str, list[float]] = defaultdict(list)
    bare: list[float] = []
    whole_talk(network, database, each_way)
    for _ in range(rounds):
        network.spent.clear()
        for _ in range(talks):
            whole_talk(network, database, each_way)
        costs = of_one_round(network)
        bare.append(costs[BARE])
        for step, cost in costs.items():
            ratios[step].append(cost / costs[BARE])
    rows = [
        row(step, ratios[step]) for step in sorted(ratios, key=lambda one: -median(ratios[one]))
    ]
    title = (
        f"CPU of a text on SQLite, {rounds * talks} talks;"
        f" the bare route takes {median(bare) * 1000:.2f} ms; medians of {rounds} rounds"
    )
    figures.table(title, ("", "times the bare route", "aim"), rows)


def of_one_round(network: Network) -> dict[str, float]:
    """Mean CPU seconds of each text, without what reading the meter costs."""
    meter = mean(network.spent[METER])
    return {step: mean(spent) - meter for step, spent in network.spent.items() if step != METER}


def row(step: str, ratios: list[float]) -> tuple[str, str, str]:
    times = median(ratios)
    aim = (str(AIM) if times <= AIM else f"over {AIM}") if step in PASSED_ON else ""
    return step, f"{times:.1f}", aim


def whole_talk(network: Network, database: Database, each_way: int) -> None:
    """From the first text to the second BYE: somebody takes it, both write, it is over."""
    sid = network.new_sid()
    for _ in range(4):
        network.ask(BARE, "/bare", sid)
        network.note_meter()
    text(network, "the first text, and who is asked", TEXTER, "Hello, is somebody there?")
    delivered(network, database)
    text(network, "OK takes the talk", asked(database), "OK")
    delivered(network, database)
    for _ in range(each_way):
        text(network, FROM_CALLER, TEXTER, "It has been a long day, and the night is longer.")
        delivered(network, database)
        text(network, FROM_PEER, peer(database), "I know such nights. Tell me about it.")
        delivered(network, database)
    text(network, "BYE", TEXTER, "BYE")
    delivered(network, database)
    text(network, "BYE again: it is over", TEXTER, "BYE")
    delivered(network, database)
    network.later(3600)


def text(network: Network, name: str, sender: str, body: str) -> None:
    """Somebody's text comes in."""
    sid = network.new_sid().replace("CA", "SM")
    facts = {"From": sender, "To": LINE, "Body": body, "NumMedia": "0", "NumSegments": "1"}
    network.ask(name, "/text", sid, MessageSid=sid, SmsSid=sid, SmsStatus="received", **facts)


def delivered(network: Network, database: Database) -> None:
    """What waits is sent, and the network says of each that it has arrived."""
    network.send()
    with database.reading() as db:
        sent = db.execute(select(TalkText.token, TalkText.provider_id)).all()
    for token, provider_id in sent:
        if provider_id is not None:
            status = {"MessageSid": provider_id, "MessageStatus": "delivered"}
            network.ask("it has arrived", f"/t/{token}/passed_on", provider_id, **status)


def asked(database: Database) -> str:
    """The phone of the first who was asked."""
    with database.reading() as db:
        person = db.execute(select(func.min(AskedPeer.person_id))).scalar_one()
    return PEER_NUMBERS[person]


def peer(database: Database) -> str:
    """The phone of whoever has the talk."""
    with database.reading() as db:
        person = db.execute(select(Talk.person_id)).scalar_one()
    assert person is not None
    return PEER_NUMBERS[person]
